//! The loop that takes tasks from the queue: several at a time, woken or looking by itself, and never left running.

use std::{
    future::{Future, pending},
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::Arc,
    time::Duration,
};

use calendar::Instant;
use db::{Db, Error, Tx};
use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet},
    time::sleep,
};

use crate::{ATTEMPT_COUNT_MAX, Lease, Retry, Task, claim};

/// What a worker does, and where.
pub trait Work: Send + Sync + 'static {
    /// The kinds of task that [`run`](Self::run) knows.
    const KINDS: &'static [&'static str];

    /// The database with the queue.
    fn db(&self) -> &Db;

    /// The time by which tasks are due and leases end.
    fn now(&self) -> Instant;

    /// Returns when there may be something to do; returning too often or never, as here, does no harm.
    fn woken(&self) -> impl Future<Output = ()> + Send {
        pending()
    }

    /// Works on a task, keeping the lease in every transaction and looking at `stop` between them.
    fn run(&self, lease: &Lease, stop: &Stop) -> impl Future<Output = Outcome> + Send;

    /// Locks what the task is about, in the transaction that decides whether it is parked: whoever needs both locks the
    /// subject first. Nothing for subjects that nobody locks.
    fn lock_subject(&self, _tx: &mut Tx<'_>, _task: &Task) -> Result<(), Error> {
        Ok(())
    }

    /// Records that a task is parked for good, in the transaction that parks it.
    fn given_up(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), Error>;
}

/// How a piece of work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The task is finished, in the transaction that completed it, or somebody else has it.
    Settled,
    /// The worker is to stop, and there is more to do.
    Stopped,
    /// Something that may pass went wrong; the text is for the log.
    Failed(String),
}

/// How a worker behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a task stays with a worker that shows no sign of life.
    pub lease_ms: i64,
    /// How often the queue is looked at when nobody wakes the worker.
    pub poll_interval: Duration,
    /// Tasks worked on at the same time, so that a long one does not hold up the others; at least 1.
    pub task_count_max: usize,
    /// How long the next task is left to other workers, for each that this one has; zero takes all at once.
    pub pause_per_task: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lease_ms: 5_000,
            poll_interval: Duration::from_millis(500),
            task_count_max: 4,
            pause_per_task: Duration::ZERO,
        }
    }
}

/// Whether the worker is to stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Whether it was asked to; also when its owner is gone.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    async fn asked(&mut self) {
        // The sender's end means the same as its word.
        let _ = self.0.wait_for(|is_asked| *is_asked).await;
    }
}

/// A running worker. When it is dropped it stops too, but nobody waits for its last transaction.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    dispatcher: JoinHandle<()>,
}

impl Worker {
    /// Starts to work.
    pub fn start(work: impl Work, options: Options) -> Self {
        let (stop, asked) = watch::channel(false);
        let name = format!("{}-{:08x}", std::process::id(), RandomState::new().build_hasher().finish() >> 32);
        let dispatcher = Dispatcher { work: Arc::new(work), options, name, stop: Stop(asked), is_failing: false };
        #[expect(clippy::disallowed_methods, reason = "the worker owns this loop, and `stop` joins it")]
        let dispatcher = tokio::spawn(dispatcher.run());
        Self { stop, dispatcher }
    }

    /// Stops after the transactions under way and waits for their end; what is unfinished is free for others at once.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        note_panic(self.dispatcher.await);
    }
}

struct Dispatcher<W> {
    work: Arc<W>,
    options: Options,
    name: String,
    stop: Stop,
    is_failing: bool,
}

impl<W: Work> Dispatcher<W> {
    async fn run(mut self) {
        let mut running = JoinSet::new();
        while !self.stop.is_asked() {
            let mut pause = self.options.poll_interval;
            while running.len() < self.options.task_count_max.max(1)
                && let Some(lease) = self.claim().await
            {
                running.spawn(run_one(Arc::clone(&self.work), lease, self.stop.clone()));
                if !self.options.pause_per_task.is_zero() {
                    let count = u32::try_from(running.len()).unwrap_or(u32::MAX);
                    pause = pause.min(self.options.pause_per_task.saturating_mul(count));
                    break;
                }
            }
            tokio::select! {
                () = self.stop.asked() => {}
                () = self.work.woken(), if running.len() < self.options.task_count_max => {}
                Some(ended) = running.join_next(), if !running.is_empty() => note_panic(ended),
                () = sleep(pause) => {}
            }
        }
        while let Some(ended) = running.join_next().await {
            note_panic(ended);
        }
    }

    async fn claim(&mut self) -> Option<Lease> {
        let (work, name, lease_ms) = (Arc::clone(&self.work), self.name.clone(), self.options.lease_ms);
        match self.work.db().write(move |tx| claim(tx, W::KINDS, &name, work.now(), lease_ms)).await {
            Ok(lease) => {
                self.is_failing = false;
                lease
            }
            Err(error) => {
                // Once an outage, not twice a second.
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(%error, "the queue cannot be read; trying again");
                }
                None
            }
        }
    }
}

async fn run_one<W: Work>(work: Arc<W>, lease: Lease, stop: Stop) {
    let outcome = if lease.attempt > ATTEMPT_COUNT_MAX {
        Outcome::Failed("every attempt was cut off".to_owned())
    } else {
        work.run(&lease, &stop).await
    };
    let task = lease.task.clone();
    let settled = match outcome {
        Outcome::Settled => return,
        Outcome::Stopped => work.db().write_for(task.account_id, move |tx| lease.release(tx)).await,
        Outcome::Failed(reason) => fail(&work, lease, &reason).await,
    };
    if let Err(error) = settled {
        tracing::error!(task.id, task.kind, task.subject_id, %error, "a task was left to the end of its lease");
    }
}

async fn fail<W: Work>(work: &Arc<W>, lease: Lease, reason: &str) -> Result<(), Error> {
    let (task, attempt, own) = (lease.task.clone(), lease.attempt, Arc::clone(work));
    let retry = work.db().write_for(task.account_id, move |tx| {
        own.lock_subject(tx, &lease.task)?;
        let retry = lease.retry(tx, own.now())?;
        if retry == Retry::Parked {
            own.given_up(tx, &lease.task)?;
        }
        Ok::<_, Error>(retry)
    });
    match retry.await? {
        Retry::At(due_at) => {
            tracing::warn!(task.id, task.kind, task.subject_id, attempt, %due_at, reason, "a task failed and is tried again");
        }
        Retry::Parked => {
            tracing::error!(
                task.id,
                task.kind,
                task.subject_id,
                attempt,
                reason,
                "a task failed too often and is parked"
            );
        }
        Retry::Lost => {}
    }
    Ok(())
}

/// A panic of a task is its failure: the lease ends, and the attempt counts.
fn note_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a worker's task panicked");
    }
}
