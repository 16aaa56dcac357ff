//! A part of a lane in one transaction: its records, their effects and results, and the place reached.

use std::collections::HashMap;

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, BulkRecord, BulkRecordStatus, BulkTotal, Lane, Mark, slot_of},
    event::{Event, EventType},
    id::{AccountId, BulkLaneId, BulkRecordId},
};
use calendar::{Clock, Instant};
use db::Tx;
use jobs::Lease;
use store::bulk::{RecordResult, lane};

use super::{
    Limits, collecting, moment,
    pace::Pace,
    phase,
    record::{self, RecordParser, Verdict},
    tell,
};
use crate::{
    App, Error,
    collection::{Call, Till},
};

/// What a transaction leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// There may be more records.
    More,
    /// The lane has come to its end, or to a pause: [`finish`] says so to the job.
    End,
    /// The task has ended.
    Nothing,
    /// Another worker has the task, or nobody any more.
    Lost,
}

/// What every chunk of a worker has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) parser: RecordParser,
    pub(super) limits: Limits,
}

/// What gateways are asked when the transaction is committed.
pub(super) type Calls = Vec<Box<Call>>;

/// Records and what became of them.
pub(super) type Verdicts = Vec<(BulkRecordId, Verdict)>;

/// Does the next records of a lane. Only the lane is locked, so that others work on theirs. That is enough: whoever changes the
/// job locks its lanes, too, and takes their tasks away when they are not to be worked on. The lease counts from when the lane
/// is locked: the wait for it may have been longer than a lease. At the end of a lane it is not kept, which would count as progress.
pub(super) fn run(
    tx: &mut Tx<'_>,
    lease: &Lease,
    (rules, till): (Rules, &Till),
    pace: Pace,
    clock: &Clock,
) -> Result<(Left, Calls), Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkLaneId(lease.task.subject_id));
    let locked = lane::lock(tx, account, id)?;
    if locked.as_ref().is_some_and(Lane::is_over) {
        return Ok((Left::End, Calls::new()));
    }
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok((Left::Lost, Calls::new()));
    }
    let Some(mut lane) = locked else {
        lease.finish(tx)?;
        return Ok((Left::Nothing, Calls::new()));
    };
    let job = store::bulk::find(tx, account, lane.job)?.ok_or_else(|| super::not_found(lane.job))?;
    let count_max = pace.record_count().min(lane.pause_in.unwrap_or(i64::MAX));
    let records = lane::records(tx, account, &job, &lane, count_max)?;
    let is_full = i64::try_from(records.len()).is_ok_and(|count| count == count_max);
    lane.next_record = match records.last() {
        Some(last) if is_full => BulkRecordId(last.id.0 + 1),
        Some(_) | None => lane.reach(count_max),
    };
    let now = lane.last.next(now, tx.next_id()?);
    let session = App::own_session(tx, account, now)?;
    let collected = collecting::begin(tx, &session, (till, rules.parser), pace, &job, &records)?;
    let (ready, waiting) = records.split_at(collected.ready_count);
    if let Some(first) = waiting.first() {
        if ready.is_empty() && collected.calls.is_empty() {
            lease.again(tx, now.plus_millis(collecting::WAIT_MS))?;
            return Ok((Left::Nothing, collected.calls));
        }
        lane.next_record = first.id;
    }
    if !ready.is_empty() {
        let mut verdicts = judge_others(tx, &session, rules, pace, &job, (ready, collected.verdicts))?;
        collecting::refuse_in_whole(rules.parser, &job, ready, &mut verdicts);
        advance(&mut lane, &job, &verdicts);
        store_results(tx, &session, &job, lane.id, &verdicts, !lane.is_ordered)?;
        collecting::forget(tx, &session, &job, &collected.ended, ready)?;
    }
    lane.last = Mark { at: now, id: tx.next_id()? };
    lane::update(tx, account, &lane)?;
    Ok((if lane.is_over() { Left::End } else { Left::More }, collected.calls))
}

/// What becomes of records of which some have collected.
fn judge_others(
    tx: &mut Tx<'_>,
    session: &Session,
    rules: Rules,
    pace: Pace,
    job: &BulkJob,
    (records, mut collected): (&[BulkRecord], HashMap<BulkRecordId, Verdict>),
) -> Result<Verdicts, Error> {
    if collected.is_empty() {
        return judge(tx, session, rules, pace, job, records);
    }
    let others: Vec<_> = records.iter().filter(|record| !collected.contains_key(&record.id)).cloned().collect();
    let mut verdicts = judge(tx, session, rules, pace, job, &others)?;
    verdicts.extend(records.iter().filter_map(|record| Some((record.id, collected.remove(&record.id)?))));
    verdicts.sort_by_key(|(id, _)| *id);
    Ok(verdicts)
}

/// Counts what became of records.
fn advance(lane: &mut Lane, job: &BulkJob, verdicts: &Verdicts) {
    for (_, verdict) in verdicts {
        lane.counts.count(verdict.status);
        lane.pause_in = lane.pause_in.map(|count| count - 1);
        // Nobody knows whom it would have to wait for.
        let is_of_nobody = verdict.status == BulkRecordStatus::PassedValidation && verdict.customer.is_none();
        lane.is_ordered |= is_of_nobody && job.status == BulkJobStatus::Validating;
    }
}

/// Says to the job that a lane has come to its end, or to the record after which the job pauses. The last lane ends the phase. The
/// other lanes are not locked: one of them may wait for a customer for long.
pub(super) fn finish(tx: &mut Tx<'_>, lease: &Lease, limits: Limits, clock: &Clock) -> Result<Left, Error> {
    let (account, id) = (AccountId(lease.task.account_id), BulkLaneId(lease.task.subject_id));
    let Some(job) = lane::find_job(tx, account, id)? else { return Ok(Left::Lost) };
    store::bulk::lock_row(tx, account, job)?;
    let lane = lane::lock(tx, account, id)?;
    let now = clock.now();
    if !lease.keep(tx, now)? {
        return Ok(Left::Lost);
    }
    lease.finish(tx)?;
    let Some(lane) = lane else { return Ok(Left::Nothing) };
    let is_at_pause = lane.pause_in == Some(0);
    // A lane that comes to a pause is the only one.
    if is_at_pause || lane::end(tx, account, &lane)? {
        let mut locked = store::bulk::lock(tx, account, job)?.ok_or_else(|| super::not_found(job))?;
        let moment = moment(tx, &locked, now)?;
        if is_at_pause {
            locked.job.paused_at = Some(moment);
            tell(tx, account, EventType::BulkJobPaused, &mut locked, moment)?;
            phase::mark_lanes(tx, account, &mut locked)?;
        } else {
            let session = App::own_session(tx, account, moment)?;
            phase::end(tx, &session, limits, &mut locked)?;
        }
        store::bulk::update(tx, account, &locked)?;
    }
    Ok(Left::Nothing)
}

/// What becomes of the records that have a part in this phase.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    session: &Session,
    rules: Rules,
    pace: Pace,
    job: &BulkJob,
    records: &[BulkRecord],
) -> Result<Verdicts, Error> {
    let (waiting, failed) = if job.status == BulkJobStatus::Validating {
        (BulkRecordStatus::NotStarted, BulkRecordStatus::FailedValidation)
    } else {
        (BulkRecordStatus::PassedValidation, BulkRecordStatus::FailedProcessing)
    };
    let records: Vec<_> = records.iter().filter(|record| record.status == waiting).collect();
    let verdicts = if pace.steps_over() {
        records.iter().map(|_| record::broken(failed)).collect()
    } else if waiting == BulkRecordStatus::NotStarted {
        record::validate_all(tx, session, rules.parser, job.job_type, &records)?
    } else {
        record::apply_all(tx, session, rules.parser, job, &records)?
    };
    Ok(records.iter().map(|record| record.id).zip(verdicts).collect())
}

/// Stores what became of records and the money that they move, and tells it: who has ended is told of. A dry run is not, for
/// nothing has happened. With `keeps_slots`, who passed validation is to be processed in the lane of its customer.
///
/// Neighbours share a statement where there is nothing to tell but where they stand, which in a good job is everywhere.
pub(super) fn store_results(
    tx: &mut Tx<'_>,
    session: &Session,
    job: &BulkJob,
    lane: BulkLaneId,
    verdicts: &Verdicts,
    keeps_slots: bool,
) -> Result<(), Error> {
    let (account, id) = (session.account.id, job.id);
    let slot = |verdict: &Verdict| {
        let has_passed = verdict.status == BulkRecordStatus::PassedValidation;
        verdict.customer.filter(|_| keeps_slots && has_passed).map(slot_of)
    };
    let are_alike = |(id, verdict): &(BulkRecordId, Verdict), (next_id, next): &(BulkRecordId, Verdict)| {
        let are_plain = [verdict, next].iter().all(|verdict| verdict.is_plain() && slot(verdict).is_none());
        next_id.0 == id.0 + 1 && next.status == verdict.status && are_plain
    };
    let (mut results, mut passed) = (Vec::new(), Vec::new());
    for alike in verdicts.chunk_by(are_alike) {
        match alike {
            [(first, verdict), .., (last, _)] => {
                store::bulk::set_status(tx, account, id, *first..=*last, verdict.status)?;
            }
            [(record, verdict)] => match slot(verdict) {
                Some(slot) => passed.push((*record, slot)),
                None => results.push(result(*record, verdict)),
            },
            [] => {}
        }
    }
    store::bulk::set_passed(tx, account, id, &passed)?;
    store::bulk::set_results(tx, account, id, &results)?;
    store::bulk::total::add(tx, account, id, lane, &totals(verdicts))?;
    if job.options.is_dry_run { Ok(()) } else { Ok(tell_of_records(tx, account, verdicts, session.now)?) }
}

/// What is stored of a record.
pub(super) fn result(id: BulkRecordId, verdict: &Verdict) -> RecordResult<'_> {
    let Verdict { status, details, created_id, amount: _, customer: _, currency: _ } = verdict;
    RecordResult { id, status: *status, details: details.as_ref(), created_id: *created_id, amount: verdict.moved() }
}

/// The money of records, by currency.
fn totals(verdicts: &Verdicts) -> Vec<BulkTotal> {
    let mut totals: Vec<BulkTotal> = Vec::new();
    for (_, verdict) in verdicts {
        let Some((currency, amount)) = verdict.currency.zip(verdict.amount) else { continue };
        let total = match verdict.moved() {
            Some(moved) => BulkTotal { moved, ..BulkTotal::none(currency) },
            None => BulkTotal { expected: amount, ..BulkTotal::none(currency) },
        };
        match totals.iter_mut().find(|known| known.currency == currency) {
            Some(known) => known.add(total),
            None => totals.push(total),
        }
    }
    totals
}

/// One event for each record that has ended, in input order.
fn tell_of_records(tx: &mut Tx<'_>, account: AccountId, verdicts: &Verdicts, now: Instant) -> Result<(), db::Error> {
    let event = |(id, verdict): &(BulkRecordId, Verdict)| {
        let event_type = match verdict.status {
            BulkRecordStatus::NotStarted | BulkRecordStatus::PassedValidation => return None,
            BulkRecordStatus::FailedValidation => EventType::BulkRecordRefused,
            BulkRecordStatus::Processed => EventType::BulkRecordProcessed,
            BulkRecordStatus::FailedProcessing => EventType::BulkRecordFailed,
        };
        Some(Event { event_type, customer: verdict.customer, subject_id: id.0 })
    };
    let events: Vec<_> = verdicts.iter().filter_map(event).collect();
    store::event::insert(tx, account, &events, now)
}
