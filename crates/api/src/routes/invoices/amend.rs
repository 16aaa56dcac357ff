//! `PATCH /v1/Invoices`: terms, visibility and texts of a posted invoice (receivables.md §2.6).

use app::invoices::amend;
use axum::response::Response;
use billing::{
    draft_invoice::{NOTES_LENGTH_MAX, PO_NUMBER_LENGTH_MAX},
    id::InvoiceId,
    invoice::InvoiceChange,
    problem::{Problem, Problems},
    term::Term,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Invoice, View};
use crate::{
    call::Call,
    error::ApiError,
    name::Name,
    operation::Operation,
    routes::parse::{flagged, required, text_change},
    wire::shape::Maybe,
};

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/Invoices", "Change invoice", amend)
        .about(
            "Changes when a posted invoice falls due, whether the self-service portal hides it, and what is printed on it; \
             earlier texts are kept as revisions. Amounts never change.",
        )
        .takes::<InvoiceRequest>("invoice")
        .answers::<Invoice>()
}

/// What is to become of a posted invoice. Members left out stay as they are.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct InvoiceRequest {
    /// The invoice. Required.
    id: Option<i64>,
    /// Other terms, counted from the posting; null returns to the default ones. Means nothing without `netTermsSet`.
    net_terms: Option<Name<Term>>,
    /// `netTerms` counts.
    net_terms_set: Option<bool>,
    /// Whether the self-service portal hides it. Means nothing without `hideOnSSPSet`.
    #[serde(rename = "hideOnSSP")]
    hide_on_ssp: Option<bool>,
    /// `hideOnSSP` counts.
    #[serde(rename = "hideOnSSPSet")]
    hide_on_ssp_set: Option<bool>,
    /// Printed on it.
    #[schemars(length(max = 255))]
    po_number: Maybe<String>,
    /// Printed on it.
    #[schemars(length(max = 2000))]
    notes: Maybe<String>,
}

impl InvoiceRequest {
    fn parse(self) -> Result<amend::Order, Vec<Problem>> {
        let mut problems = Problems::new();
        let id = required(&mut problems, "Id", self.id);
        let po_number = text_change(&mut problems, "PoNumber", self.po_number, PO_NUMBER_LENGTH_MAX);
        let notes = text_change(&mut problems, "Notes", self.notes, NOTES_LENGTH_MAX);
        let hides = self.hide_on_ssp_set == Some(true);
        let is_hidden_on_portal = if hides { required(&mut problems, "HideOnSSP", self.hide_on_ssp) } else { None };
        problems.into_result()?;
        let term = flagged(self.net_terms_set, self.net_terms.map(|Name(term)| term));
        let change = InvoiceChange { term, is_hidden_on_portal, po_number, notes };
        Ok(amend::Order { invoice: InvoiceId(id.unwrap_or_default()), change })
    }
}

async fn amend(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(InvoiceRequest::parse)?;
    call.command(
        move |tx, session| amend::run(tx, session, &order),
        |links, session, invoice| Invoice::of(links, &invoice, View::default(), session.now),
    )
    .await
}
