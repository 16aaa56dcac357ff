//! What the original does not have: files of any size, pauses, and the list of the jobs.

use std::time::Duration;

use app::{
    Tx,
    bulk::{find, list, pause, types::layout, upload::Upload, wait},
};
use axum::response::{IntoResponse as _, Response};
use billing::{account::Session, bulk::BulkJob, id::BulkJobId};

use super::answer::FullJob;
use crate::{
    call::Call,
    error::ApiError,
    intake::{Format, Intake},
    operation::Operation,
    stream::{Next, Parts, unsupported},
    wire::answer::Json,
};

/// How often a submission whose file comes slowly shows that it goes on: far more often than one is taken for cut off.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

const MEDIA_TYPES: &[&str] = &["text/csv", "application/jsonl", "application/x-ndjson", "application/json"];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/BulkApi/Upload", "Upload bulk job for validation", upload)
            .about(
                "Stores the records of a file as they arrive, and validates them: rows of CSV below the names of the columns, \
                 JSON Lines, or one JSON array. A file that is no good is refused with line and column.",
            )
            .with("type", "string", "The type of the records. Required.")
            .with("mode", "string", "`Continue` (each record by itself, the default) or `Atomic` (all or none).")
            .with("dryRun", "boolean", "Process the records to see what comes of it, and take them back.")
            .with("pauseAfter", "integer", "Pause processing after so many records.")
            .with("startAt", "string", "Process the validated records by itself from this time on.")
            .with("reference", "string", "A label of the job, at most 255 characters.")
            .with("fileName", "string", "The name of the file, at most 255 characters.")
            .with("allowRepeat", "boolean", "Take the same records again that came in the last 24 hours.")
            .streams("upload", MEDIA_TYPES)
            .answers::<FullJob>(),
        Operation::post("/v1/BulkApi/Pause/{bulkJobId}", "Pause bulk job", pause)
            .about("Pauses the processing of a job between two records; one that is paused stays so.")
            .answers::<FullJob>(),
        Operation::post("/v1/BulkApi/Resume/{bulkJobId}", "Resume bulk job", resume)
            .about("Has a paused job go on where it is.")
            .answers::<FullJob>(),
        Operation::get("/v1/BulkApi/Jobs", "List bulk jobs", list_all)
            .about("The jobs of the account, of every type and status.")
            .lists::<FullJob>(list::COLUMNS),
        Operation::get("/v1/BulkApi/Jobs/{bulkJobId}", "Read bulk job", read)
            .about("The job as it stands, with what the original does not know of jobs.")
            .answers::<FullJob>(),
    ]
    .into_iter()
    .map(Operation::extension)
    .collect()
}

async fn upload(call: Call) -> Result<Response, ApiError> {
    let mut parts = call.stream.parts();
    let received = receive(&call, &mut parts).await;
    if received.is_err() {
        parts.drain().await;
    }
    let id = wait::run(&call.app, &call.caller, received?, call.bulk.wait_max).await?.id;
    let told = call.app.question(&call.caller, move |tx, session| find::with_totals(tx, session, id)).await?;
    Ok(Json(FullJob::of(call.caller.account, told)).into_response())
}

/// Stores all of the file. Where that fails, the job that was begun ends at once.
async fn receive(call: &Call, parts: &mut Parts) -> Result<BulkJobId, ApiError> {
    let order = super::request::upload(&call.query).map_err(ApiError::Body)?;
    order.check(call.app.now())?;
    let format = format(&call.stream.media_type()?)?;
    // Whatever has no layout was refused by the check.
    let layout = layout(order.header.job_type).ok_or(ApiError::Path)?;
    let mut intake = Intake::new(format, layout, call.stream.is_packed()?);
    let mut upload = Upload::new(&call.app, &call.caller, order, call.bulk);
    let stored = store(&mut upload, &mut intake, parts, call.bulk.chunk_record_count).await;
    if let Err(error) = &stored {
        upload.give_up(error.reason()).await;
    }
    stored
}

async fn store(
    upload: &mut Upload,
    intake: &mut Intake,
    parts: &mut Parts,
    portion_max: i64,
) -> Result<BulkJobId, ApiError> {
    let portion_max = usize::try_from(portion_max).unwrap_or(1);
    let mut stored_at = tokio::time::Instant::now();
    loop {
        match parts.next(SIGN_OF_LIFE).await? {
            Next::Bytes(bytes) => intake.feed(bytes),
            Next::Wait => {}
            Next::End => break,
        }
        while let Some(records) = intake.portion(portion_max).map_err(|error| ApiError::Body(error.into()))? {
            upload.set_columns(intake.columns());
            upload.store(records).await?;
            stored_at = tokio::time::Instant::now();
        }
        if stored_at.elapsed() >= SIGN_OF_LIFE {
            upload.set_columns(intake.columns());
            upload.store(intake.taken()).await?;
            stored_at = tokio::time::Instant::now();
        }
    }
    let records = intake.finish().map_err(|error| ApiError::Body(error.into()))?;
    upload.set_columns(intake.columns());
    Ok(upload.finish(records).await?)
}

fn format(media_type: &str) -> Result<Format, ApiError> {
    match media_type {
        "text/csv" => Ok(Format::Csv),
        "application/jsonl" | "application/x-ndjson" => Ok(Format::JsonLines),
        "application/json" => Ok(Format::Json),
        _ => Err(unsupported(format!("Send a Content-Type: one of {}.", MEDIA_TYPES.join(", ")))),
    }
}

async fn pause(call: Call) -> Result<Response, ApiError> {
    change(call, pause::run).await
}

async fn resume(call: Call) -> Result<Response, ApiError> {
    let app = call.app.clone();
    let answer = change(call, pause::resume).await?;
    app.wake_workers();
    Ok(answer)
}

type Change = fn(&mut Tx<'_>, &Session, BulkJobId) -> Result<BulkJob, app::Error>;

async fn change(call: Call, change: Change) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let account = call.caller.account;
    let change = move |tx: &mut Tx<'_>, session: &Session| {
        change(tx, session, id)?;
        find::with_totals(tx, session, id)
    };
    call.command(change, move |_, _, told| FullJob::of(account, told)).await
}

async fn list_all(call: Call) -> Result<Response, ApiError> {
    let account = call.caller.account;
    call.list(list::run, move |_, _, told| FullJob::of(account, told)).await
}

async fn read(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let account = call.caller.account;
    call.question(move |tx, session| find::with_totals(tx, session, id), move |_, _, told| FullJob::of(account, told))
        .await
}
