//! What callers are shown of a charge that was taken back.

use app::reversal::charge::Reversed;
use money::Amount;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::scalar::Four;

/// What was taken back of a charge.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reversal {
    /// As the caller gave it.
    reference: Option<String>,
    /// Gross: before discounts and taxes.
    amount: Four,
    /// The charge.
    original_charge_id: i64,
    /// What goes back, and where it leaves the invoice.
    reverse_charge_preview: Effect,
    /// QuickBooks only.
    quick_books_id: Option<String>,
    /// QuickBooks only.
    quick_books_attempt_number: Option<i64>,
    /// Its id, which is its transaction's; 0 in a preview.
    id: i64,
    /// Always null: a reversal is read with its credit note.
    uri: Option<String>,
}

/// What a reversal takes back, and where it leaves the invoice.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Effect {
    /// Taken from the charge, before discounts and taxes.
    charge_amount: Four,
    /// The discounts on that.
    discount_amount: Four,
    /// The taxes on that.
    tax_amount: Four,
    /// Less discounts, with taxes: what goes back.
    net_charge_amount: Four,
    /// What was invoiced, less all credit notes.
    net_invoice_amount: Four,
    /// What the invoice owes afterwards.
    outstanding_balance: Four,
    /// The net amount that was asked for cannot be reached; this is the nearest to it.
    reversal_amount_warning_flag: bool,
    /// Always null: charges do not earn by milestones.
    milestones_remaining: Option<i64>,
}

impl Reversal {
    /// One that took place. Sums that passed when they were stored pass again.
    pub(super) fn of(reversed: &Reversed) -> Self {
        let (reversal, totals) = (&reversed.reversal, &reversed.invoice.totals);
        let net_of_notes = totals.amount().and_then(|amount| amount.checked_sub(totals.credit_notes));
        Self {
            reference: reversed.reference.clone(),
            amount: Four(reversal.amount),
            original_charge_id: reversal.charge.0,
            reverse_charge_preview: Effect {
                charge_amount: Four(reversal.amount),
                discount_amount: Four(reversal.discount),
                tax_amount: Four(reversal.tax),
                net_charge_amount: Four(reversal.net().unwrap_or(Amount::ZERO)),
                net_invoice_amount: Four(net_of_notes.unwrap_or(Amount::ZERO)),
                outstanding_balance: Four(totals.outstanding().unwrap_or(Amount::ZERO)),
                reversal_amount_warning_flag: reversed.is_nearest,
                milestones_remaining: None,
            },
            quick_books_id: None,
            quick_books_attempt_number: None,
            id: reversal.id.0,
            uri: None,
        }
    }

    /// One that was undone.
    pub(super) fn preview_of(reversed: &Reversed) -> Self {
        Self { id: 0, ..Self::of(reversed) }
    }
}
