//! Accept a job: store its records as they came, a portion in a transaction, and have them validated.

use std::sync::Arc;

use billing::{
    account::Session,
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkJobType, CUT_OFF},
    event::EventType,
    id::{BulkJobId, BulkRecordId},
    problem::Problems,
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use store::bulk::LockedJob;

use super::{ABANDON, Limits, VALIDATE, not_found, tell};
use crate::{App, Begun, Caller, Error, Idempotency};

/// How long after its last portion a submission is taken for cut off: far longer than any portion takes, and not so long
/// that the account waits for its place.
pub const CUT_OFF_AFTER_MS: i64 = 30_000;

/// Text of the records that share a transaction; one record may be longer.
const PORTION_BYTES_MAX: usize = 1 << 20;

/// What is to be done, to what.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the records are.
    pub job_type: BulkJobType,
    /// The inputs as text, in order.
    pub records: Vec<String>,
}

/// Stores a job, `NotStarted` until its last record is there and `Validating` from then on. The records of a large one take
/// many short transactions, between which others get theirs.
///
/// A submission that is cut off in between goes on when the same call comes again under its idempotency key. Without a key
/// nobody can go on: where this call itself fails, the job fails at once, so that its sender may ask again. Otherwise it
/// fails after [`CUT_OFF_AFTER_MS`]; no worker ever begins with a part of the records.
pub async fn run(
    app: &App,
    caller: &Caller,
    idempotency: Option<Idempotency>,
    order: Order,
    limits: Limits,
) -> Result<Begun, Error> {
    let order = Arc::new(order);
    let whole = Arc::clone(&order);
    let open = move |tx: &mut Tx<'_>, session: &Session| Ok(open(tx, session, &whole, limits)?.id.0);
    let may_be_continued = idempotency.is_some();
    let begun = app.begin(caller, idempotency, open).await?;
    let Begun::Unanswered { subject_id, .. } = begun else { return Ok(begun) };
    let id = BulkJobId(subject_id);
    let stored = store_rest(app, caller, id, order, limits).await;
    if stored.is_err() && !may_be_continued {
        give_up(app, caller, id).await;
    }
    stored.map(|()| begun)
}

/// Stores what [`open`] has left, a portion in a transaction.
async fn store_rest(app: &App, caller: &Caller, id: BulkJobId, order: Arc<Order>, limits: Limits) -> Result<(), Error> {
    let mut is_partial = portion(&order.records, limits).len() < order.records.len();
    while is_partial {
        let order = Arc::clone(&order);
        is_partial = app.write(caller, move |tx, session| go_on(tx, session, id, &order, limits)).await?;
    }
    Ok(())
}

/// Ends a job whose submission has failed. Not in the caller's name, whose key may be what failed; and when this fails, too, the
/// job's own end by age remains.
async fn give_up(app: &App, caller: &Caller, id: BulkJobId) {
    let (account, now) = (caller.account, app.now());
    let unit = move |tx: &mut Tx<'_>| {
        let locked = store::bulk::lock(tx, account, id)?;
        let Some(mut locked) = locked.filter(|locked| locked.job.status == BulkJobStatus::NotStarted) else {
            return Ok(());
        };
        jobs::remove(tx, ABANDON, id.0)?;
        locked.job.give_up(BulkJobStatus::Failed, CUT_OFF, now);
        store::bulk::update(tx, account, &locked)?;
        tell(tx, account, EventType::BulkJobFailed, id, now)
    };
    if let Err(error) = app.db().write(unit).await {
        tracing::warn!(job = id.0, %error, "a submission that failed waits for its end by age");
    }
}

/// Stores the job and its first records. Refused while another job of the account is unfinished; `BulkWriteOff` does not
/// exist until the account may write off over the API (bulk-jobs.md §2.1).
pub fn open(tx: &mut Tx<'_>, session: &Session, order: &Order, limits: Limits) -> Result<BulkJob, Error> {
    check(session, order, limits)?;
    let (account, now) = (session.account.id, session.now);
    if let Some(open) = store::bulk::find_open(tx, account)? {
        return Err(Refusal::JobOpen(open).into());
    }
    let job = BulkJob {
        id: BulkJobId(tx.next_id()?),
        job_type: order.job_type,
        status: BulkJobStatus::NotStarted,
        counts: BulkCounts::default(),
        created_at: now,
        validated_at: None,
        processing_at: None,
        processed_at: None,
        file_name: file_name(order.job_type, now),
        reference: order.job_type.reference().to_owned(),
        related_id: None,
        is_internal: false,
        given_up: None,
    };
    let ids = tx.next_ids(i64::try_from(order.records.len()).unwrap_or(i64::MAX))?;
    let mut locked = LockedJob { job, next_record: BulkRecordId(ids.start) };
    store::bulk::insert(tx, account, &locked)?;
    tell(tx, account, EventType::BulkJobCreated, locked.job.id, now)?;
    store_portion(tx, session, &mut locked, order, limits)?;
    Ok(locked.job)
}

/// Stores the next records of a job that was opened; whether there are more. Calls that do this at the same time, for the
/// same order, help each other: each goes on where the job stands.
pub fn go_on(tx: &mut Tx<'_>, session: &Session, id: BulkJobId, order: &Order, limits: Limits) -> Result<bool, Error> {
    let mut locked = store::bulk::lock(tx, session.account.id, id)?.ok_or_else(|| not_found(id))?;
    if locked.job.status != BulkJobStatus::NotStarted {
        return Ok(false);
    }
    jobs::remove(tx, ABANDON, id.0)?;
    store_portion(tx, session, &mut locked, order, limits)?;
    Ok(locked.job.status == BulkJobStatus::NotStarted)
}

/// Stores records from where the job stands, and has it validated when they were the last.
fn store_portion(
    tx: &mut Tx<'_>,
    session: &Session,
    locked: &mut LockedJob,
    order: &Order,
    limits: Limits,
) -> Result<(), Error> {
    let (account, now) = (session.account.id, session.now);
    let stored = usize::try_from(locked.job.counts.total).unwrap_or(usize::MAX);
    let records = portion(order.records.get(stored..).unwrap_or_default(), limits);
    store::bulk::insert_records(tx, account, locked.job.id, locked.next_record, records)?;
    let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
    locked.job.counts.total += count;
    locked.next_record.0 += count;
    if stored + records.len() == order.records.len() {
        locked.job.status = BulkJobStatus::Validating;
        locked.next_record = locked.first_record();
        jobs::enqueue(tx, account.0, VALIDATE, locked.job.id.0, now)?;
    } else {
        jobs::enqueue(tx, account.0, ABANDON, locked.job.id.0, now.plus_millis(CUT_OFF_AFTER_MS))?;
    }
    Ok(store::bulk::update(tx, account, locked)?)
}

/// The first of these records, as many as one transaction stores.
fn portion(records: &[String], limits: Limits) -> &[String] {
    let count_max = usize::try_from(limits.chunk_record_count).unwrap_or_default();
    let mut byte_count = 0_usize;
    let fits = |record: &&String| {
        byte_count = byte_count.saturating_add(record.len());
        byte_count <= PORTION_BYTES_MAX
    };
    let count = records.iter().take(count_max).take_while(fits).count();
    &records[..count.max(1).min(records.len())]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_is_bounded_by_number_and_size_and_never_empty() {
        let limits = Limits { chunk_record_count: 3, ..Limits::default() };
        let length = |records: &[String]| portion(records, limits).len();
        assert_eq!([0, 1, 3, 4].map(|count| length(&vec![String::new(); count])), [0, 1, 3, 3]);
        let half = "x".repeat(PORTION_BYTES_MAX / 2);
        assert_eq!(length(&[half.clone(), half.clone(), half.clone()]), 2);
        assert_eq!(length(&["x".repeat(PORTION_BYTES_MAX + 1), half]), 1);
        let limits = Limits { chunk_record_count: 0, ..limits };
        assert_eq!(portion(&[String::new(), String::new()], limits).len(), 1);
    }
}
