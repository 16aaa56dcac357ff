//! What callers are shown of credit notes: the note, its invoice in brief, and its lines in groups by purchase.

use billing::{
    credit_note::{CreditNote as Stored, Reversal},
    customer::Contact,
    invoice::{Charge, Invoice},
};
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    links::Links,
    wire::scalar::{At, Four, Percent},
};

/// A credit note, without its lines.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    /// What it says in brief.
    #[serde(flatten)]
    brief: Brief,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// What lists and single credit notes show alike.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Brief {
    /// What goes back: less discounts, with taxes.
    net_amount: Four,
    /// The number of the invoice.
    invoice_number: i64,
    /// Its own number, such as `360-CR-02`.
    credit_notes_number: String,
    /// The caller's own id of the customer.
    reference: Option<String>,
    /// The note that came with the reversal.
    reversal_reference: Option<String>,
    /// Who owes less.
    customer_id: i64,
    /// The invoice, in brief.
    invoice: InvoiceInBrief,
    /// The customer's currency.
    currency: &'static str,
    /// First and last name, as they were when the invoice was posted.
    customer_name: Option<String>,
    /// Company, as it was then.
    customer_company: Option<String>,
    /// When the invoice was posted.
    invoice_posted_date: At,
    /// When it took effect.
    effective_timestamp: At,
}

/// A credit note.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreditNote {
    /// What it says in brief.
    #[serde(flatten)]
    brief: Brief,
    /// Its lines in groups, one a purchase.
    line_items: Vec<Group>,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// The invoice of a credit note, as it stands now.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct InvoiceInBrief {
    /// The number printed on it.
    invoice_number: i64,
    /// The customer's purchase-order number.
    po_number: Option<String>,
    /// When it counts.
    effective_timestamp: At,
    /// When it was posted.
    posted_timestamp: At,
    /// Always null here.
    charge_groups: Option<()>,
    /// Sum of the charges before discounts.
    subtotal: Four,
    /// What was invoiced.
    invoice_amount: Four,
    /// Paid so far.
    total_payments: Four,
    /// Still owed.
    outstanding_balance: Four,
    /// Always null here.
    terms: Option<()>,
    /// Who owes.
    customer_id: i64,
    /// Reversed so far.
    sum_of_credit_notes: Four,
    /// Written off so far.
    total_writeoffs: Four,
    /// Sum of the discounts.
    total_discount: Four,
    /// Its id.
    id: i64,
    /// Where it is read.
    uri: String,
}

/// What was taken back of one purchase.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Group {
    /// The name of the purchase.
    charge_group_name: String,
    /// Its description.
    charge_group_description: Option<String>,
    /// Subscriptions only.
    charge_group_reference: Option<String>,
    /// The lines.
    line_items: Vec<Line>,
}

/// What was taken back of one charge.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Line {
    /// The charge's part.
    line_item: LineItem,
    /// The discounts on that.
    discount: Four,
    /// The taxes on that.
    tax: Four,
    /// The taxes by rate; those of which nothing went back are left out.
    taxes: Vec<Tax>,
    /// Less discounts, with taxes.
    net_amount: Four,
}

/// The part of a charge that was taken back.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LineItem {
    /// The charge.
    original_charge_id: i64,
    /// Printed on the invoice.
    name: String,
    /// Printed on the invoice.
    description: Option<String>,
    /// General-ledger label of the charge.
    gl_code: Option<String>,
    /// Before discounts and taxes.
    amount: Four,
    /// The reversal's id, which is its transaction's.
    id: i64,
    /// Always null: a reversal is read with its credit note.
    uri: Option<String>,
}

/// What went back of a tax.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Tax {
    /// The name of the rate.
    name: String,
    /// The merchant's number with the tax office.
    registration_code: Option<String>,
    /// Percent.
    percent: Percent,
    /// What went back.
    total: Four,
}

impl Summary {
    pub(super) fn of(links: &Links, note: &Stored, invoice: &Invoice) -> Self {
        Self { brief: Brief::of(links, note, invoice), id: note.id.0, uri: links.credit_note(note.id.0) }
    }
}

impl Brief {
    fn of(links: &Links, note: &Stored, invoice: &Invoice) -> Self {
        Self {
            net_amount: Four(note.amount),
            invoice_number: invoice.number,
            credit_notes_number: note.number.clone(),
            reference: invoice.contact.reference.clone(),
            reversal_reference: note.reference.clone(),
            customer_id: note.customer.0,
            invoice: InvoiceInBrief::of(links, invoice),
            currency: invoice.currency.code(),
            customer_name: full_name(&invoice.contact),
            customer_company: invoice.contact.company_name.clone(),
            invoice_posted_date: At(invoice.posted_at),
            effective_timestamp: At(note.created_at),
        }
    }
}

fn full_name(contact: &Contact) -> Option<String> {
    let names = [&contact.first_name, &contact.last_name];
    let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

impl CreditNote {
    pub(super) fn of(links: &Links, note: &Stored, invoice: &Invoice) -> Self {
        let mut groups: Vec<(i64, Group)> = Vec::new();
        // Every reversal is of a charge on the invoice: foreign keys and `verify` hold that.
        let charge_of = |reversal: &Reversal| invoice.charges.iter().find(|charge| charge.id == reversal.charge);
        for (reversal, charge) in note.reversals.iter().filter_map(|reversal| Some((reversal, charge_of(reversal)?))) {
            let line = Line::of(reversal, charge, invoice);
            match groups.iter_mut().find(|(purchase, _)| *purchase == charge.purchase.0) {
                Some((_, group)) => group.line_items.push(line),
                None => groups.push((charge.purchase.0, Group::of(charge, line))),
            }
        }
        let line_items = groups.into_iter().map(|(_, group)| group).collect();
        Self { brief: Brief::of(links, note, invoice), line_items, id: note.id.0, uri: links.credit_note(note.id.0) }
    }
}

impl InvoiceInBrief {
    /// Sums that passed when they were stored pass again.
    fn of(links: &Links, invoice: &Invoice) -> Self {
        let totals = &invoice.totals;
        Self {
            invoice_number: invoice.number,
            po_number: invoice.po_number.clone(),
            effective_timestamp: At(invoice.posted_at),
            posted_timestamp: At(invoice.posted_at),
            charge_groups: None,
            subtotal: Four(totals.subtotal),
            invoice_amount: Four(totals.amount().unwrap_or(Amount::ZERO)),
            total_payments: Four(totals.payments),
            outstanding_balance: Four(totals.outstanding().unwrap_or(Amount::ZERO)),
            terms: None,
            customer_id: invoice.customer.0,
            sum_of_credit_notes: Four(totals.credit_notes),
            total_writeoffs: Four(totals.write_offs),
            total_discount: Four(totals.discount),
            id: invoice.id.0,
            uri: links.invoice(invoice.id.0),
        }
    }
}

impl Group {
    fn of(charge: &Charge, line: Line) -> Self {
        Self {
            charge_group_name: charge.name.clone(),
            charge_group_description: charge.description.clone(),
            charge_group_reference: None,
            line_items: vec![line],
        }
    }
}

impl Line {
    fn of(reversal: &Reversal, charge: &Charge, invoice: &Invoice) -> Self {
        let taxes = reversal.taxes.iter().filter_map(|part| {
            let line = &invoice.taxes.iter().find(|tax| tax.id == part.tax)?.line;
            Some(Tax {
                name: line.name.clone(),
                registration_code: line.registration_code.clone(),
                percent: Percent(line.percentage),
                total: Four(part.amount),
            })
        });
        Self {
            line_item: LineItem {
                original_charge_id: charge.id.0,
                name: charge.name.clone(),
                description: charge.description.clone(),
                gl_code: charge.gl_code.clone(),
                amount: Four(reversal.amount),
                id: reversal.id.0,
                uri: None,
            },
            discount: Four(reversal.discount),
            tax: Four(reversal.tax),
            taxes: taxes.collect(),
            net_amount: Four(reversal.net().unwrap_or(Amount::ZERO)),
        }
    }
}
