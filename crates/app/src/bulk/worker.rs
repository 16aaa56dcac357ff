//! The worker of bulk jobs: chunk after chunk until the phase has ended.

use billing::{
    bulk::{BROKEN_OFF, BulkJobStatus},
    event::EventType,
    id::{AccountId, BulkJobId},
};
use calendar::Instant;
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use super::{
    ABANDON, EXPIRE, Limits, PROCESS, RETIRE, RecordParser, START, VALIDATE,
    chunk::{self, Left, Rules},
    pace::Pace,
    retire, task_of, tell,
};
use crate::{App, Error};

/// How long a job is left alone whose start or end by age failed again and again.
const PAUSE_MS: i64 = 3_600_000;

/// Starts to work on the bulk jobs of every account.
pub fn start_worker(app: &App, parser: RecordParser, limits: Limits) -> Worker {
    Worker::start(BulkWork { app: app.clone(), rules: Rules { parser, limits } }, Options::default())
}

struct BulkWork {
    app: App,
    rules: Rules,
}

impl Work for BulkWork {
    const KINDS: &'static [&'static str] = &[VALIDATE, PROCESS, EXPIRE, START, ABANDON, RETIRE];

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
        store::bulk::lock(tx, AccountId(task.account_id), BulkJobId(task.subject_id)).map(|_| ())
    }

    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), db::Error> {
        let (account, id, now) = (AccountId(task.account_id), BulkJobId(task.subject_id), self.app.now());
        if task.kind == RETIRE {
            jobs::remove(tx, RETIRE, task.subject_id)?;
            return jobs::enqueue(tx, account.0, RETIRE, task.subject_id, now.plus_millis(PAUSE_MS));
        }
        let Some(mut locked) = store::bulk::lock(tx, account, id)? else { return Ok(()) };
        let Some(kind) = task_of(&locked.job).filter(|kind| *kind == task.kind) else { return Ok(()) };
        jobs::remove(tx, kind, id.0)?;
        if matches!(kind, EXPIRE | START | ABANDON) {
            // Nothing is wrong with the job itself: it is what it was, and what its time has come for is tried again.
            return jobs::enqueue(tx, account.0, kind, id.0, now.plus_millis(PAUSE_MS));
        }
        locked.job.give_up(BulkJobStatus::Failed, BROKEN_OFF, now);
        store::bulk::update(tx, account, &locked)?;
        tell(tx, account, EventType::BulkJobFailed, id, now)
    }
}

impl BulkWork {
    async fn work(&self, lease: &Lease, stop: &Stop) -> Result<Outcome, Error> {
        let mut pace = Pace::Full;
        while !stop.is_asked() {
            match self.step(lease, pace).await {
                Ok(Left::More) => pace = pace.onward(),
                Ok(Left::Nothing | Left::Lost) => return Ok(Outcome::Settled),
                Err(Error::Database(error)) if is_of_record(&error) => {
                    tracing::error!(job = lease.task.subject_id, %error, ?pace, "a bulk record broke its transaction");
                    let slower = pace.broken(self.rules.record_count(Pace::Full));
                    pace = slower.ok_or(error)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Outcome::Stopped)
    }

    /// One transaction.
    async fn step(&self, lease: &Lease, pace: Pace) -> Result<Left, Error> {
        let (account, lease, rules, clock) = (lease.task.account_id, lease.clone(), self.rules, self.app.clock());
        self.app
            .db()
            .write_for(account, move |tx| match lease.task.kind.as_str() {
                EXPIRE => chunk::expire(tx, &lease, &clock),
                ABANDON => chunk::abandon(tx, &lease, &clock),
                START => chunk::start(tx, &lease, &clock),
                RETIRE => retire::step(tx, &lease, rules.limits, &clock),
                _ => chunk::run(tx, &lease, rules, pace, &clock),
            })
            .await
    }
}

/// Whether the record that was being applied is likely to break every transaction that it takes part in.
fn is_of_record(error: &db::Error) -> bool {
    use db::Error::{Check, Conflict, Missing, NoRow, NotNull, Panicked, Value};
    matches!(error, Panicked(_) | Value(_) | Check(_) | Conflict(_) | Missing(_) | NotNull { .. } | NoRow)
}
