//! The loop: who runs what, what becomes of failures, and how it stops.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use calendar::{Clock, ClockHand, Instant};
use db::{Db, Error, Tx, values};
use jobs::{ATTEMPT_COUNT_MAX, Lease, Options, Outcome, Stop, Task, Work, Worker, claim, enqueue};
use store::MIGRATIONS;
use testkit::{TestDatabase, each_database, patience::PATIENCE};
use tokio::{sync::Notify, time::timeout};

const KIND: &str = "count";

/// What the tests see of the work.
#[derive(Default)]
struct Seen {
    steps: AtomicUsize,
    running: AtomicUsize,
    running_max: AtomicUsize,
    finished: AtomicUsize,
    failures_left: AtomicUsize,
    given_up: AtomicUsize,
    /// Subjects locked while the task was still leased: before its row was written.
    locked_first: AtomicUsize,
}

/// Takes so many transactions for each task.
#[derive(Clone)]
struct Counting {
    db: Db,
    clock: Clock,
    wake: Arc<Notify>,
    seen: Arc<Seen>,
    step_count: usize,
}

impl Work for Counting {
    const KINDS: &'static [&'static str] = &[KIND];

    fn db(&self) -> &Db {
        &self.db
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    async fn woken(&self) {
        self.wake.notified().await;
    }

    async fn run(&self, lease: &Lease, stop: &Stop) -> Outcome {
        let running = self.seen.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.seen.running_max.fetch_max(running, Ordering::SeqCst);
        let outcome = self.steps(lease, stop).await;
        self.seen.running.fetch_sub(1, Ordering::SeqCst);
        outcome
    }

    fn lock_subject(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
        let leased = "SELECT COUNT(*) FROM task WHERE id = $1 AND lease_owner IS NOT NULL";
        let count: i64 = tx.scalar(leased, &values![task.id])?;
        self.seen.locked_first.fetch_add(usize::from(count == 1), Ordering::SeqCst);
        Ok(())
    }

    fn given_up(&self, _tx: &mut Tx<'_>, _task: &Task) -> Result<(), Error> {
        self.seen.given_up.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

impl Counting {
    async fn steps(&self, lease: &Lease, stop: &Stop) -> Outcome {
        let seen = &self.seen;
        let one_less = |left: usize| left.checked_sub(1);
        if seen.failures_left.try_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
            return Outcome::Failed("as planned".to_owned());
        }
        for step in 1..=self.step_count {
            if stop.is_asked() {
                return Outcome::Stopped;
            }
            let (lease, now, is_last) = (lease.clone(), self.now(), step == self.step_count);
            let kept = self.db.write(move |tx| {
                let kept = lease.keep(tx, now)?;
                if is_last {
                    lease.finish(tx)?;
                }
                Ok::<_, Error>(kept)
            });
            if !kept.await.unwrap() {
                return Outcome::Settled;
            }
            seen.steps.fetch_add(1, Ordering::SeqCst);
        }
        seen.finished.fetch_add(1, Ordering::SeqCst);
        Outcome::Settled
    }
}

fn counting(database: &TestDatabase, step_count: usize) -> (Counting, ClockHand) {
    let (clock, hand) = Clock::fixed(Instant::from_millis(0));
    (Counting { db: database.db.clone(), clock, wake: Arc::default(), seen: Arc::default(), step_count }, hand)
}

async fn queue(db: &Db, subjects: std::ops::Range<i64>) {
    let write = db.write(move |tx| {
        subjects.clone().try_for_each(|subject| enqueue(tx, 1, KIND, subject, Instant::from_millis(0)))
    });
    write.await.unwrap();
}

async fn queued(db: &Db) -> i64 {
    db.read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM task", &[])).await.unwrap()
}

async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("what was waited for has not happened");
}

#[tokio::test]
async fn two_workers_run_every_task_once() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 2);
        queue(&work.db, 0..30).await;
        let workers = [(); 2].map(|()| Worker::start(work.clone(), Options::default()));
        until(|| work.seen.finished.load(Ordering::SeqCst) == 30).await;
        for worker in workers {
            worker.stop().await;
        }
        assert_eq!(work.seen.steps.load(Ordering::SeqCst), 60);
        assert_eq!(queued(&work.db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn no_more_tasks_at_a_time_than_allowed() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 3);
        queue(&work.db, 0..12).await;
        let worker = Worker::start(work.clone(), Options { task_count_max: 2, ..Options::default() });
        until(|| work.seen.finished.load(Ordering::SeqCst) == 12).await;
        worker.stop().await;
        assert_eq!(work.seen.running_max.load(Ordering::SeqCst), 2);
    })
    .await;
}

#[tokio::test]
async fn a_worker_with_a_task_leaves_the_next_to_others_for_a_while() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 1_000_000);
        queue(&work.db, 0..3).await;
        let options = Options { pause_per_task: Duration::from_millis(200), ..Options::default() };
        let worker = Worker::start(work.clone(), options);
        until(|| work.seen.running.load(Ordering::SeqCst) > 0).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(work.seen.running.load(Ordering::SeqCst), 1);
        until(|| work.seen.running.load(Ordering::SeqCst) == 3).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_wake_up_is_quicker_than_the_next_look() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 1);
        let options = Options { poll_interval: Duration::from_hours(1), ..Options::default() };
        let worker = Worker::start(work.clone(), options);
        queue(&work.db, 0..1).await;
        work.wake.notify_one();
        until(|| work.seen.finished.load(Ordering::SeqCst) == 1).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_wake_up_it_looks_by_itself() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 1);
        let options = Options { poll_interval: Duration::from_millis(5), ..Options::default() };
        let worker = Worker::start(work.clone(), options);
        tokio::time::sleep(Duration::from_millis(20)).await;
        queue(&work.db, 0..1).await;
        until(|| work.seen.finished.load(Ordering::SeqCst) == 1).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_stopped_worker_has_ended_its_transaction_and_gives_the_task_back() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 1_000_000);
        queue(&work.db, 0..1).await;
        let worker = Worker::start(work.clone(), Options::default());
        until(|| work.seen.steps.load(Ordering::SeqCst) >= 3).await;
        worker.stop().await;
        assert_eq!(work.seen.running.load(Ordering::SeqCst), 0);
        // The clock stands still, so only a task that was given back can be taken.
        let rest = Counting { step_count: 1, seen: Arc::default(), ..work.clone() };
        let worker = Worker::start(rest.clone(), Options::default());
        until(|| rest.seen.finished.load(Ordering::SeqCst) == 1).await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_failure_is_tried_again_when_its_pause_is_over() {
    each_database(MIGRATIONS, async |database| {
        let (work, hand) = counting(database, 1);
        work.seen.failures_left.store(1, Ordering::SeqCst);
        queue(&work.db, 0..1).await;
        let options = Options { poll_interval: Duration::from_millis(5), ..Options::default() };
        let worker = Worker::start(work.clone(), options);
        until(|| work.seen.failures_left.load(Ordering::SeqCst) == 0).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(work.seen.finished.load(Ordering::SeqCst), 0, "the pause is not over");
        // More than once: on a busy machine the pause has perhaps just begun.
        until(|| {
            hand.advance_millis(1_000);
            work.seen.finished.load(Ordering::SeqCst) == 1
        })
        .await;
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_failed_tasks_subject_is_locked_before_the_task() {
    each_database(MIGRATIONS, async |database| {
        let (work, _hand) = counting(database, 1);
        work.seen.failures_left.store(1, Ordering::SeqCst);
        queue(&work.db, 0..1).await;
        let worker = Worker::start(work.clone(), Options::default());
        until(|| work.seen.failures_left.load(Ordering::SeqCst) == 0).await;
        worker.stop().await;
        assert_eq!(work.seen.locked_first.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn what_always_fails_is_given_up_once_and_kept() {
    each_database(MIGRATIONS, async |database| {
        let (work, hand) = counting(database, 1);
        work.seen.failures_left.store(usize::MAX, Ordering::SeqCst);
        queue(&work.db, 0..1).await;
        let options = Options { poll_interval: Duration::from_millis(2), ..Options::default() };
        let worker = Worker::start(work.clone(), options);
        until(|| {
            hand.advance_millis(60_000);
            work.seen.given_up.load(Ordering::SeqCst) == 1
        })
        .await;
        let tried = usize::MAX - work.seen.failures_left.load(Ordering::SeqCst);
        assert_eq!(i64::try_from(tried).unwrap(), ATTEMPT_COUNT_MAX);
        hand.advance_days(1_000);
        tokio::time::sleep(Duration::from_millis(20)).await;
        worker.stop().await;
        assert_eq!(queued(&work.db).await, 1);
        assert_eq!(usize::MAX - work.seen.failures_left.load(Ordering::SeqCst), tried);
    })
    .await;
}

#[tokio::test]
async fn what_kills_every_worker_is_given_up_within_minutes_and_not_tried_again() {
    each_database(MIGRATIONS, async |database| {
        let (work, hand) = counting(database, 1);
        queue(&work.db, 0..1).await;
        for attempt in 1..=ATTEMPT_COUNT_MAX {
            let now = work.now();
            let claimed = work.db.write(move |tx| claim(tx, &[KIND], "dead", now, Options::default().lease_ms)).await;
            assert_eq!(claimed.unwrap().unwrap().attempt, attempt);
            hand.advance_millis(60_000);
        }
        let worker = Worker::start(work.clone(), Options::default());
        until(|| work.seen.given_up.load(Ordering::SeqCst) == 1).await;
        worker.stop().await;
        assert_eq!((work.seen.steps.load(Ordering::SeqCst), queued(&work.db).await), (0, 1));
    })
    .await;
}
