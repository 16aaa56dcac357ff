//! `GET /v1/BulkApi/Jobs/{id}/Results`: what became of a job's records, as a file that is sent as it is read.

mod sheet;

use app::{
    App, Caller, Error,
    bulk::results::{self, Results},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use billing::{
    bulk::BulkOutcome,
    id::{BulkJobId, BulkRecordId},
    named::Named as _,
};
use futures_util::{StreamExt as _, stream};

use self::sheet::{Form, Sheet};
use crate::{
    call::{Call, query_problem},
    error::ApiError,
    operation::Operation,
};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/BulkApi/Jobs/{bulkJobId}/Results", "Read results of bulk job", read)
        .about(
            "A file with the records and what became of each, in input order. It can be corrected and uploaded as it is: what \
             it tells beside the records is passed over. Of a job that is under way, each record is as it was when it was read.",
        )
        .with("outcome", "string", "`Succeeded`, `Failed`, `Unprocessed` or `All` (the default).")
        .with("format", "string", "`csv` (the default) or `jsonl`.")
        .sends_any(&["text/csv", "application/jsonl"])
        .extension()
}

/// The first page is read before the answer begins, so that what can be refused is; each further one when the caller has taken
/// what came before it. Nothing is held in between, however long that takes.
async fn read(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let read =
        |name, names: &[&'static str]| call.query.one_of(name, names).map_err(|problem| query_problem(problem.message));
    let outcome = read("outcome", BulkOutcome::NAMES)?.and_then(BulkOutcome::from_name).unwrap_or(BulkOutcome::All);
    let form = read("format", Form::NAMES)?.map_or(Form::Csv, Form::of);
    let mut reading = Reading { app: call.app, caller: call.caller, id, outcome, from: Some(BulkRecordId(0)) };
    let first = reading.page(BulkRecordId(0)).await?;
    let sheet = Sheet::of(form, &first.job);
    let begun = sheet.head()? + &sheet.records(&first.records)?;
    let rest = stream::try_unfold((reading, sheet), |(mut reading, sheet)| async {
        let Some(from) = reading.from else { return Ok(None) };
        let page = reading.page(from).await?;
        let text = sheet.records(&page.records)?;
        Ok(Some((Bytes::from(text), (reading, sheet))))
    });
    let told = move |error: &Error| tracing::warn!(job = id.0, %error, "a file of results was broken off");
    let body = stream::once(async { Ok::<_, Error>(Bytes::from(begun)) }).chain(rest);
    let body = body.map(move |part| part.inspect_err(told));
    let name = format!("attachment; filename=\"{}-{id}-{outcome}.{}\"", first.job.job_type, form.extension());
    Ok(respond(form, &name, Body::from_stream(body)))
}

/// A file under a name of its own. What strangers wrote is in it: nobody is to guess that it is anything else.
fn respond(form: Form, disposition: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A file on its way out.
struct Reading {
    app: App,
    caller: Caller,
    id: BulkJobId,
    outcome: BulkOutcome,
    /// The first record that has not been read; absent when all have.
    from: Option<BulkRecordId>,
}

impl Reading {
    /// The next records, and the job as it was when they were read.
    async fn page(&mut self, from: BulkRecordId) -> Result<Results, Error> {
        let (id, outcome) = (self.id, self.outcome);
        let ask = move |tx: &mut app::Tx<'_>, session: &_| results::run(tx, session, id, outcome, from);
        let page = self.app.question(&self.caller, ask).await?;
        self.from = page.next();
        Ok(page)
    }
}
