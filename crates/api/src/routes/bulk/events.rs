//! `GET /v1/BulkApi/Jobs/{id}/Events`: what was told of a job and its records, in order and from any event on.

use app::bulk::events;
use axum::response::Response;
use billing::{
    event::{EventType, StoredEvent},
    id::BulkJobId,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::{Call, query_problem},
    error::ApiError,
    name::Name,
    operation::Operation,
    wire::scalar::At,
};

/// Events of an answer, unless fewer are asked for.
const COUNT_MAX: i64 = 1_000;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/BulkApi/Jobs/{bulkJobId}/Events", "List events of bulk job", list)
        .about(
            "What was told of a job and of each of its records, in order. Whoever goes on after the last event that was read \
             misses none, and reads the same from any event on. While lanes of the job run, events come when nothing can come \
             before them any more.",
        )
        .with("after", "integer", "Only those that follow the event with this id.")
        .with("pageSize", "integer", "Events of an answer, at most 1000, which is the default.")
        .extension()
        .answers::<Vec<Event>>()
}

/// Something that happened to a job or a record of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Event {
    /// What happened.
    event_type: Name<EventType>,
    /// When.
    created_timestamp: At,
    /// The job.
    bulk_job_id: i64,
    /// The record that it happened to; null where it is the job.
    record_id: Option<i64>,
    /// The customer that the record is about, if it is about one.
    customer_id: Option<i64>,
    /// Its id, after which the next ones are asked for.
    id: i64,
    /// Always null.
    uri: Option<String>,
}

impl Event {
    fn of(job: i64, StoredEvent { id, event, told_at }: StoredEvent) -> Self {
        Self {
            event_type: Name(event.event_type),
            created_timestamp: At(told_at),
            bulk_job_id: job,
            record_id: (event.subject_id != job).then_some(event.subject_id),
            customer_id: event.customer.map(|customer| customer.0),
            id,
            uri: None,
        }
    }
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let id = BulkJobId(call.id("bulkJobId")?);
    let read = |name: &str| call.query.integer(name).map_err(|problem| query_problem(problem.message));
    let (after, limit) = (read("after")?, read("pageSize")?.unwrap_or(COUNT_MAX));
    if !(1..=COUNT_MAX).contains(&limit) {
        return Err(query_problem(format!("pageSize must be from 1 to {COUNT_MAX}.")));
    }
    let ask = move |tx: &mut app::Tx<'_>, session: &_| events::run(tx, session, id, after, limit);
    call.question(ask, move |_, _, told| told.into_iter().map(|event| Event::of(id.0, event)).collect::<Vec<_>>()).await
}
