//! Records that collect money. The gateway is asked between two transactions of a lane: the first begins the attempts of the
//! records that may go on, and a record has its result when its attempt has ended, whoever ended it.

use std::collections::{BTreeSet, HashMap, HashSet};

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, BulkRecord, BulkRecordStatus},
    collection::{Collection, End},
    id::{BulkRecordId, PaymentActivityId},
    refusal::Refusal,
};
use db::Tx;
use store::bulk::attempt;

use super::{
    chunk::{Calls, Verdicts},
    pace::Pace,
    record::{self, RecordParser, Verdict},
    types,
};
use crate::{
    Error,
    collection::Till,
    payments::collect::{self, Asked, Order},
};

/// Attempts of a lane that are under way at the same time.
const CALL_COUNT_MAX: usize = 16;

/// How long a lane waits whose next record's attempt has no end yet, in milliseconds.
pub(super) const WAIT_MS: i64 = 1_000;

/// How long a record waits for an attempt of which nobody knows how it ended, in milliseconds, counted from where it began. A
/// gateway that is out of reach for some minutes fails nobody; the records behind wait no longer.
const UNKNOWN_MS_MAX: i64 = 5 * 60 * 1_000;

/// What is said of a record whose attempt ends later than the record ([`late`](super::late)).
pub(super) const TELLS_LATER: &str = "This record tells how it ended as soon as that is known.";

const FAILED: BulkRecordStatus = BulkRecordStatus::FailedProcessing;

const IN_WHOLE: &str =
    "CreditCard and ACH are not collected in atomic jobs and dry runs: what a gateway did cannot be taken back.";

/// How far the records of a chunk are.
pub(super) struct Collected {
    /// How many of them, from the first on, have no attempt to wait for.
    pub(super) ready_count: usize,
    /// What became of those that have collected, or that wait no longer.
    pub(super) verdicts: HashMap<BulkRecordId, Verdict>,
    /// Whose attempts have ended.
    pub(super) ended: Vec<BulkRecordId>,
    /// What the gateway is asked as soon as the transaction is committed.
    pub(super) calls: Calls,
}

/// A record that may begin its attempt.
struct Beginning {
    place: usize,
    record: BulkRecordId,
    order: Order,
}

/// Begins the attempts of records that collect, unless records of the same customer come before, and finds what became of those
/// that were begun. Whoever does this again begins none twice: an attempt has the name of its record.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    session: &Session,
    (till, parser): (&Till, RecordParser),
    pace: Pace,
    job: &BulkJob,
    records: &[BulkRecord],
) -> Result<Collected, Error> {
    let mut collected =
        Collected { ready_count: records.len(), verdicts: HashMap::new(), ended: Vec::new(), calls: Calls::new() };
    if job.status != BulkJobStatus::Processing || !types::collects(job.job_type) || pace.steps_over() {
        return Ok(collected);
    }
    for Beginning { place, record, order } in look(tx, session, parser, job, records, &mut collected)? {
        match tx.savepoint(|tx| collect::begin_as(tx, session, &order, key(job, record))) {
            Ok(call) => {
                let activity = call.collection.activity;
                attempt::insert(tx, session.account.id, job.id, record, activity)?;
                till.lease(tx, activity, session.now)?;
                collected.calls.push(call);
                collected.wait_at(place);
            }
            // Somebody else collects from the customer.
            Err(Error::Refused(Refusal::Collecting(other))) if !is_given_up(tx, session, other)? => {
                collected.wait_at(place);
            }
            Err(error) => {
                let verdict = record::processed(Some(order.payment.customer), Err(error))?;
                collected.verdicts.insert(record, verdict);
            }
        }
    }
    Ok(collected)
}

/// Finds how far the attempts of records are, and which may begin: their customers are locked, with all others that this chunk may
/// come to, in their order.
fn look(
    tx: &mut Tx<'_>,
    session: &Session,
    parser: RecordParser,
    job: &BulkJob,
    records: &[BulkRecord],
    collected: &mut Collected,
) -> Result<Vec<Beginning>, Error> {
    let begun = begun(tx, session, job, records)?;
    let (mut customers, mut beginning, mut open_count) = (BTreeSet::new(), Vec::new(), 0);
    let waiting = records.iter().enumerate().filter(|(_, record)| record.status == BulkRecordStatus::PassedValidation);
    for (place, record) in waiting {
        // What cannot be read is refused with the others.
        let Some(asked) = types::asked(job.job_type, parser, &record.data) else { continue };
        let is_first = customers.insert(asked.payment().customer);
        let Asked::Collected(order) = asked else { continue };
        match begun.get(&record.id) {
            Some(activity) => {
                if collected.find_end(tx, session, record.id, *activity)? {
                    continue;
                }
                collected.wait_at(place);
            }
            None if is_first => beginning.push(Beginning { place, record: record.id, order }),
            None => {
                collected.wait_at(place);
                continue;
            }
        }
        open_count += 1;
        if open_count == CALL_COUNT_MAX {
            collected.wait_at(place + 1);
            break;
        }
    }
    if !beginning.is_empty() {
        store::customer::lock_many(tx, session.account.id, &customers)?;
    }
    Ok(beginning)
}

/// The attempts of records that have begun one.
fn begun(
    tx: &mut Tx<'_>,
    session: &Session,
    job: &BulkJob,
    records: &[BulkRecord],
) -> Result<HashMap<BulkRecordId, PaymentActivityId>, Error> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(HashMap::new()) };
    let attempts = attempt::list(tx, session.account.id, job.id, first.id..=last.id)?;
    Ok(attempts.into_iter().map(|attempt| (attempt.record, attempt.activity)).collect())
}

impl Collected {
    fn wait_at(&mut self, place: usize) {
        self.ready_count = self.ready_count.min(place);
    }

    /// Whether there is something to tell of a record that has begun its attempt.
    fn find_end(
        &mut self,
        tx: &mut Tx<'_>,
        session: &Session,
        record: BulkRecordId,
        activity: PaymentActivityId,
    ) -> Result<bool, Error> {
        if let Some(verdict) = ended(tx, session, activity)? {
            self.verdicts.insert(record, verdict);
            self.ended.push(record);
        } else if is_given_up(tx, session, activity)? {
            self.verdicts.insert(record, unknown(tx, session, activity)?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

/// Forgets the attempts that have ended of records whose results are stored.
pub(super) fn forget(
    tx: &mut Tx<'_>,
    session: &Session,
    job: &BulkJob,
    ended: &[BulkRecordId],
    stored: &[BulkRecord],
) -> Result<(), Error> {
    let Some(last) = stored.last() else { return Ok(()) };
    for record in ended.iter().filter(|record| **record <= last.id) {
        attempt::delete(tx, session.account.id, job.id, *record)?;
    }
    Ok(())
}

/// Names the attempt of a record at the gateway. The time tells databases apart that share one.
fn key(job: &BulkJob, record: BulkRecordId) -> String {
    format!("billfold-bulk-{}-{record}-{:x}", job.id, job.created_at.millis())
}

/// What became of a record whose attempt has ended; nothing when it has not. Money that moved is not to be taken again, whatever it
/// could be used for.
pub(super) fn ended(tx: &mut Tx<'_>, session: &Session, activity: PaymentActivityId) -> Result<Option<Verdict>, Error> {
    let attempt = find(tx, session, activity)?;
    let Some(end) = &attempt.end else { return Ok(None) };
    let customer = Some(attempt.customer);
    let complaints = attempt.complaints();
    let details = (!complaints.is_empty()).then(|| complaints.join(" "));
    Ok(Some(match end {
        End::Failed(text) => record::failed(customer, FAILED, details.unwrap_or_else(|| text.clone())),
        End::Moved(_) | End::Stranded(..) => {
            let payment = collect::end(tx, session, &attempt)?;
            Verdict {
                status: BulkRecordStatus::Processed,
                details,
                created_id: Some(payment.id.0),
                amount: Some(payment.amount),
                customer,
                currency: Some(payment.currency),
            }
        }
    }))
}

/// What a record tells that waits no longer for its attempt.
fn unknown(tx: &mut Tx<'_>, session: &Session, activity: PaymentActivityId) -> Result<Verdict, Error> {
    let customer = find(tx, session, activity)?.customer;
    let details = format!("Nobody knows yet whether payment activity {activity} was made. {TELLS_LATER}");
    Ok(record::failed(Some(customer), FAILED, details))
}

/// Whether nobody waits any more for an attempt that has not ended.
fn is_given_up(tx: &mut Tx<'_>, session: &Session, activity: PaymentActivityId) -> Result<bool, Error> {
    let attempt = crate::payment_activities::find::run(tx, session, activity)?;
    Ok(session.now >= attempt.created_at.plus_millis(UNKNOWN_MS_MAX))
}

fn find(tx: &mut Tx<'_>, session: &Session, activity: PaymentActivityId) -> Result<Collection, Error> {
    let found = store::collection::find(tx, session.account.id, activity)?;
    found.ok_or_else(|| Error::defect("a bulk record has begun an attempt that is not stored"))
}

/// Refuses records that collect in a job that is kept or taken back as a whole: a gateway takes nothing back.
pub(super) fn refuse_in_whole(parser: RecordParser, job: &BulkJob, records: &[BulkRecord], verdicts: &mut Verdicts) {
    if job.status != BulkJobStatus::Validating || !job.options.is_whole() || !types::collects(job.job_type) {
        return;
    }
    let asked = |record: &BulkRecord| types::asked(job.job_type, parser, &record.data);
    let collects = |record: &&BulkRecord| matches!(asked(record), Some(Asked::Collected(_)));
    let refused: HashSet<_> = records.iter().filter(collects).map(|record| record.id).collect();
    for (id, verdict) in verdicts {
        if refused.contains(id) && verdict.status == BulkRecordStatus::PassedValidation {
            *verdict = record::failed(verdict.customer, BulkRecordStatus::FailedValidation, IN_WHOLE.to_owned());
        }
    }
}
