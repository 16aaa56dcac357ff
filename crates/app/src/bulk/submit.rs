//! Accept a job: store its records as they came and have them validated.

use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkJobType},
    event::{Event, EventType},
    id::BulkJobId,
    problem::Problems,
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;

use super::{Limits, VALIDATE};
use crate::Error;

/// What is to be done, to what.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the records are.
    pub job_type: BulkJobType,
    /// The inputs as text, in order.
    pub records: Vec<String>,
}

/// Stores the job in `Validating`. Refused while another job of the account is unfinished; `BulkWriteOff` does not exist
/// until the account may write off over the API (bulk-jobs.md §2.1).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order, limits: Limits) -> Result<BulkJob, Error> {
    check(session, order, limits)?;
    if let Some(open) = store::bulk::find_open(tx, session.account.id)? {
        return Err(Refusal::JobOpen(open).into());
    }
    let job = BulkJob {
        id: BulkJobId(tx.next_id()?),
        job_type: order.job_type,
        status: BulkJobStatus::Validating,
        counts: BulkCounts { total: i64::try_from(order.records.len()).unwrap_or(i64::MAX), ..BulkCounts::default() },
        created_at: session.now,
        validated_at: None,
        processing_at: None,
        processed_at: None,
        file_name: file_name(order.job_type, session.now),
        reference: order.job_type.reference().to_owned(),
        related_id: None,
        is_internal: false,
    };
    let account = session.account.id;
    store::bulk::insert(tx, account, &job, &order.records)?;
    let event = Event { event_type: EventType::BulkJobCreated, customer: None, subject_id: job.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    jobs::enqueue(tx, account.0, VALIDATE, job.id.0, session.now)?;
    Ok(job)
}

fn check(session: &Session, order: &Order, limits: Limits) -> Result<(), Error> {
    if order.job_type == BulkJobType::BulkWriteOff && !session.account.may_write_off {
        return Err(Error::NotEnabled("BulkWriteOff is not enabled for this account."));
    }
    let mut problems = Problems::new();
    if !order.job_type.is_submittable() {
        let job_type = order.job_type;
        problems.push("AccountUploadType", format!("Jobs of type {job_type} cannot be submitted over the API."));
    }
    if order.records.is_empty() {
        problems.push("Data", "At least one record is required.");
    }
    let count_max = limits.record_count_max;
    if order.records.len() > count_max {
        problems.push("Data", format!("A job can have at most {count_max} records."));
    }
    problems.into_result().map_err(Error::Invalid)
}

/// `BulkWriteOff-20201207.csv`, by the day in UTC.
fn file_name(job_type: BulkJobType, now: Instant) -> String {
    let day = now.utc_date();
    format!("{job_type}-{:04}{:02}{:02}.csv", day.year(), day.month(), day.day())
}
