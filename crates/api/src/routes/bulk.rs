//! `/v1/BulkApi`.

mod answer;
mod request;

use app::{
    Answer, Error,
    bulk::{Limits, RecordParser, cancel, find, process, submit, wait},
};
use axum::{
    http::HeaderValue,
    response::{IntoResponse, Response},
};
use billing::{account::Session, bulk::BulkJob, id::BulkJobId};

use self::{
    answer::Job,
    request::{ProcessRequest, SubmitRequest},
};
use super::payments::PaymentRequest;
use crate::{
    call::Call,
    error::ApiError,
    operation::Operation,
    wire::{answer::Json, de},
};

const TAG: &str = "BulkApi";

/// Reads the records of jobs as the calls for one read their bodies.
pub fn record_parser() -> RecordParser {
    RecordParser { payment: |text| de::from_slice::<PaymentRequest>(text.as_bytes())?.parse() }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/BulkApi", "Submit bulk job for validation", submit)
            .about(
                "Stores the records and validates them. Small jobs are validated when the answer comes; a larger one \
                 is still `Validating`. Refused while another job of the account is unfinished.",
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
            .about("Fails every record that has not ended, so that another job may be submitted.")
            .answers::<Job>(),
    ]
    .into_iter()
    .map(|operation| operation.tagged(TAG))
    .collect()
}

async fn submit(call: Call) -> Result<Response, ApiError> {
    let order = call.parse(SubmitRequest::parse)?;
    start(call, move |tx, session| submit::run(tx, session, &order, Limits::default())).await
}

async fn process(call: Call) -> Result<Response, ApiError> {
    let id = call.parse(ProcessRequest::parse)?;
    start(call, move |tx, session| process::run(tx, session, id)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let is_full = call.query.text("view").is_some_and(|view| view.eq_ignore_ascii_case("Full"));
    let ask = move |tx: &mut app::Tx<'_>, session: &Session| {
        let job = find::run(tx, session, id)?;
        let records = if is_full { Some(find::records(tx, session, &job)?) } else { None };
        Ok((job, records))
    };
    call.question(ask, |_, session, (job, records)| Job::of(session.account.id, job, records)).await
}

async fn cancel(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let run = move |tx: &mut app::Tx<'_>, session: &Session| {
        let job = cancel::run(tx, session, id)?;
        let records = find::records(tx, session, &job)?;
        Ok((job, records))
    };
    call.command(run, |_, session, (job, records)| Job::of(session.account.id, job, Some(records))).await
}

/// Runs a command that leaves work for a worker, gives it a moment, and answers with the job as it is then.
///
/// Under an idempotency key the id of the job is what is kept: a repeated call does nothing and is answered with the same
/// job, as far as it has come.
async fn start(
    call: Call,
    run: impl Fn(&mut app::Tx<'_>, &Session) -> Result<BulkJob, Error> + Send + Sync + 'static,
) -> Result<Response, ApiError> {
    let keep_id = |_: &Session, job: BulkJob| Ok(Answer::new(200, job.id.to_string()));
    let answer = call.app.command(&call.caller, call.idempotency, run, keep_id).await?;
    // What is kept under this path and body was written above, so it is an id; no job has the id 0.
    let id = BulkJobId(answer.body.parse().unwrap_or_default());
    let job = wait::run(&call.app, &call.caller, id).await?;
    let mut response = Json(Job::of(call.caller.account, job, None)).into_response();
    if answer.is_replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}
