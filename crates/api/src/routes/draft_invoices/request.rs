//! What callers send to change a draft invoice (receivables.md §3.2).

mod charge;

use app::draft_invoices::update;
use billing::{
    draft_invoice::{DraftChange, NOTES_LENGTH_MAX, PO_NUMBER_LENGTH_MAX},
    id::DraftInvoiceId,
    problem::{Problem, Problems},
    purchase::Change,
    term::Term,
};
use schemars::JsonSchema;
use serde::Deserialize;

use self::charge::ChargeRequest;
use crate::{
    name::Name,
    routes::parse::{flagged, required, text_change},
    wire::{scalar::Day, shape::Maybe},
};

/// What is to become of a draft. Members left out stay as they are.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DraftInvoiceRequest {
    /// The draft. Required.
    id: Option<i64>,
    /// A purchase-order number in place of the customer's standing one; null returns to that.
    #[schemars(length(max = 255))]
    po_number: Maybe<String>,
    /// Printed on the invoice.
    #[schemars(length(max = 2000))]
    notes: Maybe<String>,
    /// Terms in place of the customer's; null returns to those. Means nothing without `netTermsSet`.
    net_terms: Option<Name<Term>>,
    /// `netTerms` counts.
    net_terms_set: Option<bool>,
    /// A date that the merchant knows the invoice by, or null. Means nothing without `referenceDateSet`.
    reference_date: Option<Day>,
    /// `referenceDate` counts.
    reference_date_set: Option<bool>,
    /// Changes of charges.
    draft_charges: Option<Vec<ChargeRequest>>,
}

impl DraftInvoiceRequest {
    /// The order, or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<update::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let po_number = text_change(&mut problems, "PoNumber", self.po_number, PO_NUMBER_LENGTH_MAX);
        let notes = text_change(&mut problems, "Notes", self.notes, NOTES_LENGTH_MAX);
        let charges = self.draft_charges.unwrap_or_default().into_iter().enumerate();
        let charges = charges
            .filter_map(|(index, charge)| problems.item("DraftCharges", index, |problems| charge.parse(problems)))
            .collect();
        problems.into_result()?;
        let term: Change<Term> = flagged(self.net_terms_set, self.net_terms.map(|Name(term)| term));
        let reference_date = flagged(self.reference_date_set, self.reference_date.map(|Day(date)| date));
        Ok(update::Order {
            draft: DraftInvoiceId(id.unwrap_or_default()),
            change: DraftChange { term, po_number, notes, reference_date, charges },
        })
    }
}
