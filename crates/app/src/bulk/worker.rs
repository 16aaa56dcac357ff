//! The worker of bulk jobs: chunk after chunk until the phase has ended.

use billing::{
    bulk::BulkJobStatus,
    id::{AccountId, BulkJobId},
};
use calendar::Instant;
use db::{Db, Tx};
use jobs::{Lease, Options, Outcome, Stop, Task, Work, Worker};

use super::{
    EXPIRE, Limits, PROCESS, RecordParser, VALIDATE,
    chunk::{self, Left, Pace, Rules},
};
use crate::{App, Error};

/// Starts to work on the bulk jobs of every account.
pub fn start_worker(app: &App, parser: RecordParser, limits: Limits) -> Worker {
    Worker::start(BulkWork { app: app.clone(), rules: Rules { parser, limits } }, Options::default())
}

struct BulkWork {
    app: App,
    rules: Rules,
}

impl Work for BulkWork {
    const KINDS: &'static [&'static str] = &[VALIDATE, PROCESS, EXPIRE];

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
        let (account, id) = (AccountId(task.account_id), BulkJobId(task.subject_id));
        if let Some(mut locked) = store::bulk::lock(tx, account, id)?.filter(|locked| locked.job.status.is_open()) {
            locked.job.status = BulkJobStatus::Failed;
            store::bulk::update(tx, account, &locked)?;
        }
        Ok(())
    }
}

impl BulkWork {
    async fn work(&self, lease: &Lease, stop: &Stop) -> Result<Outcome, Error> {
        let mut pace = Pace::Full;
        while !stop.is_asked() {
            match self.step(lease, pace).await {
                Ok(Left::More) if pace == Pace::StepOver => pace = Pace::Full,
                Ok(Left::More) => {}
                Ok(Left::Nothing | Left::Lost) => return Ok(Outcome::Settled),
                Err(Error::Database(error)) if is_of_record(&error) && pace != Pace::StepOver => {
                    tracing::error!(job = lease.task.subject_id, %error, ?pace, "a bulk record broke its transaction");
                    pace = if pace == Pace::Full { Pace::Single } else { Pace::StepOver };
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Outcome::Stopped)
    }

    /// One transaction.
    async fn step(&self, lease: &Lease, pace: Pace) -> Result<Left, Error> {
        let (lease, rules, now) = (lease.clone(), self.rules, self.app.now());
        self.app
            .db()
            .write(move |tx| match lease.task.kind.as_str() {
                EXPIRE => chunk::expire(tx, &lease, now),
                _ => chunk::run(tx, &lease, rules, pace, now),
            })
            .await
    }
}

/// Whether the record that was being applied is likely to break every transaction that it takes part in.
fn is_of_record(error: &db::Error) -> bool {
    use db::Error::{Check, Conflict, Missing, NoRow, NotNull, Panicked, Value};
    matches!(error, Panicked(_) | Value(_) | Check(_) | Conflict(_) | Missing(_) | NotNull { .. } | NoRow)
}
