//! `/v1/BulkApi`.

mod answer;
mod events;
mod extension;
mod request;
mod results;
mod row;
mod template;

use app::{
    Answer, Begun,
    bulk::{RecordParser, cancel, find, process, submit, wait},
};
use axum::response::Response;
use billing::{account::Session, id::BulkJobId};

use self::{
    answer::Job,
    request::{ProcessRequest, SubmitRequest},
};
use super::payments::PaymentRequest;
use crate::{
    call::{Call, query_problem, respond, written},
    error::ApiError,
    operation::Operation,
    wire::de,
};

const TAG: &str = "BulkApi";

/// Reads the records of jobs as the calls for one read their bodies.
pub fn record_parser() -> RecordParser {
    RecordParser {
        payment: |text| de::from_slice::<PaymentRequest>(text.as_bytes())?.parse_record(),
        row: |text| row::parse(text.as_bytes()),
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/BulkApi", "Submit bulk job for validation", submit)
            .about(
                "Stores the records and validates them. Small jobs are validated when the answer comes; a larger one \
                 is still `Validating`. Refused while another job of the account is unfinished, unless that one was \
                 validated and no record of it passed.",
            )
            .takes::<SubmitRequest>("accountUpload")
            .answers::<Job>(),
        Operation::post("/v1/BulkApi/Process", "Process bulk job", process)
            .about("Processes the records that passed validation. A job that takes longer answers `Processing`.")
            .takes::<ProcessRequest>("accountUpload")
            .answers::<Job>(),
        Operation::get("/v1/BulkApi/{bulkJobId}", "Poll bulk job", read)
            .about("The job as it stands.")
            .with("view", "string", "`Full` adds the records.")
            .answers::<Job>(),
        Operation::post("/v1/BulkApi/Cancel/{bulkJobId}", "Cancel bulk job", cancel)
            .about(
                "Fails every record that has not ended, so that another job may be submitted. A cancelled job never \
                 changes again: under an `Idempotency-Key` a second request reads it once more.",
            )
            .answers::<Job>(),
        template::operation(),
        results::operation(),
        events::operation(),
    ]
    .into_iter()
    .chain(extension::operations())
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn submit(call: Call) -> Result<Response, ApiError> {
    let order = call.parse_large(SubmitRequest::parse).await?;
    let begun = submit::run(&call.app, &call.caller, call.idempotency.clone(), order, call.bulk).await?;
    when_ended(call, begun).await
}

async fn process(call: Call) -> Result<Response, ApiError> {
    let id = call.parse(ProcessRequest::parse)?;
    let run = move |tx: &mut app::Tx<'_>, session: &Session| Ok(process::run(tx, session, id)?.id.0);
    let begun = call.app.begin(&call.caller, call.idempotency.clone(), run).await?;
    when_ended(call, begun).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let view = call.query.one_of("view", &["Full"]).map_err(|problem| query_problem(problem.message))?;
    show(&call, id, view.is_some()).await.map(respond)
}

/// A cancelled job never changes again, so its answer is the job itself: a repeated call reads the same.
async fn cancel(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let run = move |tx: &mut app::Tx<'_>, session: &Session| Ok(cancel::run(tx, session, id)?.id.0);
    match call.app.begin(&call.caller, call.idempotency.clone(), run).await? {
        Begun::Answered(answer) => Ok(respond(answer)),
        Begun::Unanswered { is_replayed, .. } => {
            let answer = show(&call, id, true).await?;
            Ok(respond(Answer { is_replayed, ..answer }))
        }
    }
}

/// The job as it stands, rendered where it is read: an answer with all records may be large, and writing it holds up
/// neither other calls nor other writes.
async fn show(call: &Call, id: BulkJobId, is_full: bool) -> Result<Answer, ApiError> {
    let ask = move |tx: &mut app::Tx<'_>, session: &Session| {
        let job = find::run(tx, session, id)?;
        let records = if is_full { Some(find::records(tx, session, &job)?) } else { None };
        written(&Job::of(session.account.id, job, records))
    };
    Ok(call.app.question(&call.caller, ask).await?)
}

/// Gives the work that a call has left a moment, and answers with the job as it is then. Under an idempotency key that answer
/// is kept, and every equal call gets it.
async fn when_ended(call: Call, begun: Begun) -> Result<Response, ApiError> {
    let (id, is_replayed) = match begun {
        Begun::Answered(answer) => return Ok(respond(answer)),
        Begun::Unanswered { subject_id, is_replayed } => (BulkJobId(subject_id), is_replayed),
    };
    let job = wait::run(&call.app, &call.caller, id, call.bulk.wait_max).await?;
    let answer = written(&Job::of(call.caller.account, job, None))?;
    let answer = call.app.answer(&call.caller, call.idempotency, answer).await?;
    Ok(respond(Answer { is_replayed, ..answer }))
}
