//! Accept a job: store its records as they came, a portion in a transaction, and have them validated.

use std::sync::Arc;

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, CUT_OFF, SubmittedJobType},
    id::BulkJobId,
    problem::Problems,
};
use db::Tx;
use store::bulk::LockedJob;

pub use super::intake::CUT_OFF_AFTER_MS;
use super::{
    Limits,
    intake::{self, Header, PORTION_BYTES_MAX},
    not_found, numbers,
};
use crate::{App, Begun, Caller, Error, Idempotency};

/// What is to be done, to what.
#[derive(Debug, Clone)]
pub struct Order {
    /// What the records are.
    pub job_type: SubmittedJobType,
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
    numbers::refuse(&order.records, 0)?;
    let limits = limits.on(app.db().backend());
    let order = Arc::new(order);
    let whole = Arc::clone(&order);
    let open = move |tx: &mut Tx<'_>, session: &Session| Ok(open(tx, session, &whole, limits)?.id.0);
    let may_be_continued = idempotency.is_some();
    let begun = app.begin(caller, idempotency, open).await?;
    let Begun::Unanswered { subject_id, .. } = begun else { return Ok(begun) };
    let id = BulkJobId(subject_id);
    let stored = store_rest(app, caller, id, order, limits).await;
    if stored.is_err() && !may_be_continued {
        intake::give_up(app, caller, id, CUT_OFF).await;
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

/// Stores the job and its first records. Refused while another job of the account is unfinished; `BulkWriteOff` does not
/// exist until the account may write off over the API (bulk-jobs.md §2.1).
pub fn open(tx: &mut Tx<'_>, session: &Session, order: &Order, limits: Limits) -> Result<BulkJob, Error> {
    check(session, order, limits)?;
    let mut locked = intake::open(tx, session, &Header::of(order.job_type.into()), order.records.len(), limits)?;
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
    let stored = usize::try_from(locked.job.counts.total).unwrap_or(usize::MAX);
    let records = portion(order.records.get(stored..).unwrap_or_default(), limits);
    let is_last = stored + records.len() == order.records.len();
    intake::append(tx, session, locked, (records, is_last), limits)
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
    intake::require_enabled(session, order.job_type.into())?;
    let mut problems = Problems::new();
    if order.records.is_empty() {
        problems.push("Data", intake::NO_RECORD);
    }
    if order.records.len() > limits.record_count_max {
        problems.push("Data", intake::too_many(limits.record_count_max));
    }
    problems.into_result().map_err(Error::Invalid)
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
