//! Parts of payments, credits, refunds and debits in invoices, as callers send and see them.

use billing::{
    id::InvoiceId,
    payment::{ALLOCATION_COUNT_MAX, Allocation as Order, InvoiceAllocation, REFERENCE_LENGTH_MAX},
    problem::{Problem, Problems},
};
use money::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parse::{money, required, text};
use crate::{
    links::Links,
    wire::scalar::{Decimal, Four},
};

/// So much for one invoice, or back from it.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AllocationRequest {
    /// The invoice. Required.
    invoice_id: Option<i64>,
    /// How much; positive, at most two decimals. Required.
    amount: Option<Decimal>,
}

/// The allocations of a body, under the name of their member.
pub(super) fn allocations(
    problems: &mut Problems,
    member: &str,
    requests: Option<Vec<AllocationRequest>>,
) -> Vec<Order> {
    let requests = requests.unwrap_or_default();
    if requests.len() > ALLOCATION_COUNT_MAX {
        problems.push(member, format!("One call may name at most {ALLOCATION_COUNT_MAX} invoices."));
        return Vec::new();
    }
    let requests = requests.into_iter().enumerate();
    requests.filter_map(|(index, part)| problems.item(member, index, |problems| part.parse(problems))).collect()
}

/// What credits, debits and refunds ask for alike.
pub(super) struct Asked {
    /// The id of what they are about.
    pub(super) subject: i64,
    pub(super) amount: Amount,
    pub(super) reference: Option<String>,
    pub(super) allocations: Vec<Order>,
}

/// The members that they share, or everything that is wrong with them; the subject and the allocations have names of their
/// own.
pub(super) fn asked(
    (subject_name, subject): (&str, Option<i64>),
    amount: Option<Decimal>,
    reference: Option<String>,
    (member, parts): (&str, Option<Vec<AllocationRequest>>),
) -> Result<Asked, Vec<Problem>> {
    let mut problems = Problems::new();
    let subject = required(&mut problems, subject_name, subject);
    let amount = money(&mut problems, "Amount", amount);
    let reference = text(&mut problems, "Reference", reference, REFERENCE_LENGTH_MAX);
    let allocations = allocations(&mut problems, member, parts);
    problems.into_result()?;
    // Nothing is missing here: whatever was, is a problem above.
    let (subject, amount) = (subject.unwrap_or_default(), amount.unwrap_or_default());
    Ok(Asked { subject, amount, reference, allocations })
}

impl AllocationRequest {
    fn parse(self, problems: &mut Problems) -> Option<Order> {
        let invoice = required(problems, "InvoiceId", self.invoice_id);
        let amount = money(problems, "Amount", self.amount);
        Some(Order { invoice: InvoiceId(invoice?), amount: amount? })
    }
}

/// A part in one invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Allocation {
    /// The invoice.
    invoice_id: i64,
    /// Its number.
    invoice_number: i64,
    /// How much it took, or gave back.
    amount: Four,
    /// What it owes now.
    outstanding_balance: Four,
    /// What was invoiced.
    invoice_total: Four,
    /// Gateways only.
    surcharging_fee: Option<Four>,
    /// Its purchase-order number.
    po_number: Option<String>,
    /// NetSuite only.
    netsuite_id: Option<String>,
    /// QuickBooks only.
    quick_books_id: Option<i64>,
    /// Its notes.
    invoice_note: Option<String>,
    /// Where the invoice is read.
    uri: String,
}

impl Allocation {
    pub(super) fn of(links: &Links, part: InvoiceAllocation) -> Self {
        Self {
            invoice_id: part.invoice.0,
            invoice_number: part.number,
            amount: Four(part.amount),
            outstanding_balance: Four(part.outstanding),
            invoice_total: Four(part.total),
            surcharging_fee: None,
            po_number: part.po_number,
            netsuite_id: None,
            quick_books_id: None,
            invoice_note: part.notes,
            uri: links.invoice(part.invoice.0),
        }
    }
}
