//! The worker of bulk jobs: chunk after chunk until the phase has ended.

use std::time::Duration;

use billing::{
    bulk::{BROKEN_OFF, BulkJobStatus},
    id::{AccountId, BulkJobId, BulkLaneId},
};
use calendar::Instant;
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};
use tokio::time::timeout;

use super::{
    ABANDON, EXPIRE, LATE, Limits, PROCESS, PROCESS_WHOLE, RETIRE, RecordParser, START, VALIDATE,
    chunk::{self, Calls, Left, Rules},
    late, overdue,
    pace::{Pace, Turn},
    phase, retire, whole,
};
use crate::{App, Error, collection};

/// How long a job is left alone whose start or end by age failed again and again.
const PAUSE_MS: i64 = 3_600_000;

/// How long a worker with a lane leaves the next one to others.
const PAUSE_PER_TASK: Duration = Duration::from_millis(100);

/// How often the queue is looked at in the time of a lease, when nobody wakes the worker.
const POLLS_A_LEASE: i64 = 10;

/// How long a worker stays with a task while those of other accounts wait: the lanes of one job may take all that it has room for.
const TURN: Duration = Duration::from_secs(1);

/// Starts to work on the bulk jobs of every account.
pub fn start_worker(app: &App, parser: RecordParser, limits: Limits) -> Worker {
    let lease_ms = limits.lease_ms;
    // Looked for often enough that a job whose worker died does not wait much longer than its lease.
    let poll_interval = Duration::from_millis(u64::try_from(lease_ms / POLLS_A_LEASE).unwrap_or_default());
    let options = Options { lease_ms, poll_interval, pause_per_task: PAUSE_PER_TASK, ..Options::default() };
    Worker::start(BulkWork { app: app.clone(), rules: Rules { parser, limits } }, options)
}

struct BulkWork {
    app: App,
    rules: Rules,
}

impl Work for BulkWork {
    const KINDS: &'static [&'static str] = &[VALIDATE, PROCESS, PROCESS_WHOLE, EXPIRE, START, ABANDON, LATE, RETIRE];

    fn db(&self) -> &Db {
        self.app.db()
    }

    fn now(&self) -> Instant {
        self.app.now()
    }

    async fn woken(&self) {
        self.app.woken().await;
    }

    async fn run(&self, lease: &Lease, stop: &Stop) -> Outcome {
        self.work(lease, stop).await.unwrap_or_else(|error| Outcome::Failed(error.to_string()))
    }

    fn lock_subject(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        if let Some(id) = job_of(tx, task)? {
            store::bulk::lock(tx, AccountId(task.account_id), id)?;
        }
        Ok(())
    }

    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        let (account, now) = (AccountId(task.account_id), self.app.now());
        if matches!(task.kind.as_str(), EXPIRE | START | ABANDON | LATE | RETIRE) {
            // Nothing is wrong with the job itself: it is what it was, and what its time has come for is tried again.
            return put_off(tx, task, now.plus_millis(PAUSE_MS));
        }
        let Some(id) = job_of(tx, task)? else { return Ok(()) };
        let Some(mut locked) = store::bulk::lock(tx, account, id)? else { return Ok(()) };
        phase::give_up(tx, account, &mut locked, (BulkJobStatus::Failed, BROKEN_OFF), now)
    }
}

/// The job that a task is about, if it is about one.
fn job_of(tx: &mut Tx<'_>, task: &Task) -> Result<Option<BulkJobId>, db::Error> {
    match task.kind.as_str() {
        VALIDATE | PROCESS => store::bulk::lane::find_job(tx, AccountId(task.account_id), BulkLaneId(task.subject_id)),
        RETIRE => Ok(None),
        _ => Ok(Some(BulkJobId(task.subject_id))),
    }
}

impl BulkWork {
    async fn work(&self, lease: &Lease, stop: &Stop) -> Result<Outcome, Error> {
        let mut pace = Pace::new(self.rules.limits.chunk_record_count);
        let mut turn_begun_at = tokio::time::Instant::now();
        while !stop.is_asked() {
            if turn_begun_at.elapsed() >= TURN && !pace.is_hunting() {
                if self.gives_way(lease).await? {
                    return Ok(Outcome::Settled);
                }
                turn_begun_at = tokio::time::Instant::now();
            }
            match self.step(lease, pace).await {
                Ok(((left, calls), turn)) => {
                    self.collect(calls).await;
                    match left {
                        Left::More => pace = pace.onward(turn),
                        Left::End => return self.finish(lease).await,
                        Left::Nothing | Left::Lost => return Ok(Outcome::Settled),
                    }
                }
                Err(Error::Database(error)) if is_of_record(&error) => {
                    tracing::error!(task = lease.task.id, %error, ?pace, "a bulk record broke its transaction");
                    pace = pace.broken().ok_or(error)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Outcome::Stopped)
    }

    /// One transaction, and how it went.
    async fn step(&self, lease: &Lease, pace: Pace) -> Result<((Left, Calls), Turn), Error> {
        let till = self.app.till().clone();
        let (account, lease, rules, clock) = (lease.task.account_id, lease.clone(), self.rules, self.app.clock());
        let unit = move |tx: &mut Tx<'_>| {
            let begun_at = clock.now();
            let alone = |left| (left, Calls::new());
            let done = match lease.task.kind.as_str() {
                EXPIRE => overdue::expire(tx, &lease, &clock).map(alone),
                ABANDON => overdue::abandon(tx, &lease, &clock).map(alone),
                START => overdue::start(tx, &lease, &clock).map(alone),
                LATE => late::step(tx, &lease, &clock).map(alone),
                RETIRE => retire::step(tx, &lease, rules.limits, &clock).map(alone),
                PROCESS_WHOLE => whole::step(tx, &lease, rules, pace, &clock).map(alone),
                _ => chunk::run(tx, &lease, (rules, &till), pace, &clock),
            };
            let (left, calls) = done?;
            let has_calls = !calls.is_empty();
            let turn = Turn { took_ms: clock.now().since(begun_at), others_wait: tx.is_awaited()?, has_calls };
            Ok::<_, Error>(((left, calls), turn))
        };
        self.app.db().write_for(account, unit).await
    }

    /// Puts the task behind all that are due, if one of another account waits.
    async fn gives_way(&self, lease: &Lease) -> Result<bool, Error> {
        let (account, lease, now) = (lease.task.account_id, lease.clone(), self.app.now());
        let unit = move |tx: &mut Tx<'_>| {
            let do_others_wait = jobs::do_others_wait(tx, Self::KINDS, account, now)?;
            if do_others_wait {
                lease.again(tx, now.plus_millis(1))?;
            }
            Ok(do_others_wait)
        };
        self.app.db().write_for(account, unit).await
    }

    /// Asks the gateways, all at the same time, and waits for what they say while the lease lasts. Who takes longer goes on by
    /// itself: the lane finds it, whoever has it then.
    async fn collect(&self, calls: Calls) {
        let calls: Vec<_> = calls.into_iter().map(|call| collection::detached(&self.app, call)).collect();
        let all = async {
            for call in calls {
                call.await;
            }
        };
        // Not to the end of the lease, so that it is kept.
        let wait_ms = u64::try_from(self.rules.limits.lease_ms / 5 * 4).unwrap_or_default();
        let _ = timeout(Duration::from_millis(wait_ms), all).await;
    }

    /// Says to the job that a lane has come to its end.
    async fn finish(&self, lease: &Lease) -> Result<Outcome, Error> {
        let (account, lease, limits, clock) =
            (lease.task.account_id, lease.clone(), self.rules.limits, self.app.clock());
        let unit = move |tx: &mut Tx<'_>| chunk::finish(tx, &lease, limits, &clock);
        self.app.db().write_for(account, unit).await?;
        Ok(Outcome::Settled)
    }
}

/// Queues a task anew that was tried too often.
fn put_off(tx: &mut Tx<'_>, task: &Task, due_at: Instant) -> Result<(), db::Error> {
    let kind = BulkWork::KINDS.iter().find(|kind| **kind == task.kind);
    let Some(kind) = kind.copied() else { return Ok(()) };
    jobs::remove(tx, kind, task.subject_id)?;
    jobs::enqueue(tx, task.account_id, kind, task.subject_id, due_at)
}

/// Whether the record that was being applied is likely to break every transaction that it takes part in.
fn is_of_record(error: &db::Error) -> bool {
    use db::Error::{Check, Conflict, Missing, NoRow, NotNull, Panicked, Value};
    matches!(error, Panicked(_) | Value(_) | Check(_) | Conflict(_) | Missing(_) | NotNull { .. } | NoRow)
}
