//! `POST /v1/Invoices`: a draft invoice becomes a posted one (receivables.md §3.2).

use app::{
    Tx,
    invoices::{find, post_draft},
};
use axum::response::Response;
use billing::{
    account::Session,
    id::{ChargeId, DraftInvoiceId},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Invoice, view};
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    links::Links,
    operation::Operation,
};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/Invoices", "Post draft invoice", post)
        .about("Posts a draft invoice in status Ready: all of it, or only the charges that are listed.")
        .takes::<PostRequest>("postDraftInvoice")
        .with("draftInvoiceId", "integer", "The draft. Required.")
        .with("preview", "boolean", "The same as in the body.")
        .answers::<Invoice>()
}

/// What of a draft to post; an empty body posts all of it.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
struct PostRequest {
    /// Post these charges and leave the others on the draft.
    draft_charge_ids: Option<Vec<i64>>,
    /// Changes nothing, and shows the invoice that would be posted.
    preview: Option<bool>,
}

impl PostRequest {
    /// Whether it is a preview, and the order for a draft; or everything that is wrong with it.
    fn parse(self, draft: DraftInvoiceId) -> Result<(bool, post_draft::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        if self.draft_charge_ids.as_ref().is_some_and(Vec::is_empty) {
            problems.push("DraftChargeIds", "At least one charge must be listed.");
        }
        problems.into_result()?;
        let only = self.draft_charge_ids.map(|ids| ids.into_iter().map(ChargeId).collect());
        Ok((self.preview.unwrap_or_default(), post_draft::Order { draft, only }))
    }
}

async fn post(call: Call) -> Result<Response, ApiError> {
    let draft = call.query.integer("draftInvoiceId").map_err(|problem| query_problem(problem.message))?;
    let draft = draft.ok_or_else(|| query_problem("The draftInvoiceId parameter is required."))?;
    let (asks_preview, view) = (call.switch("preview")?, view(&call)?);
    let (is_preview, order) = call.parse(|request: PostRequest| request.parse(DraftInvoiceId(draft)))?;
    let run = move |tx: &mut Tx<'_>, session: &Session| {
        let posted = post_draft::run(tx, session, &order)?;
        find::run(tx, session, posted)
    };
    let render = move |links: &Links, session: &Session, invoice| Invoice::of(links, &invoice, view, session.now);
    if asks_preview || is_preview {
        return call.preview(run, move |links, session, invoice| render(links, session, invoice).in_memory()).await;
    }
    call.command(run, render).await
}
