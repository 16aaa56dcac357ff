//! `/v1/CreditNotes` (receivables.md §10).

mod answer;

use app::credit_notes::{find, list};
use axum::response::Response;
use billing::id::CreditNoteId;

use self::answer::{CreditNote, Summary};
use crate::{call::Call, error::ApiError, operation::Operation};

const TAG: &str = "Credit notes";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/CreditNotes", "List credit note summaries", list_all)
            .about("What was taken back of the account's invoices, without the lines.")
            .lists::<Summary>(list::COLUMNS),
        Operation::get("/v1/CreditNotes/{id}", "Read credit note", read)
            .about("A credit note with its lines, by what was bought.")
            .answers::<CreditNote>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    call.list(list::run, |links, _, (note, invoice)| Summary::of(links, &note, &invoice)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = CreditNoteId(call.id("id")?);
    let ask = move |tx: &mut app::Tx<'_>, session: &_| find::run(tx, session, id);
    call.question(ask, |links, _, (note, invoice)| CreditNote::of(links, &note, &invoice)).await
}
