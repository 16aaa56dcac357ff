//! Claims, leases and retries, transaction by transaction.

use std::{
    pin::pin,
    sync::{Mutex, mpsc::channel},
    time::Duration,
};

use calendar::Instant;
use db::{Db, Error, Tx};
use jobs::{ATTEMPT_COUNT_MAX, Lease, Retry, claim, enqueue, ensure_locked, hasten, hasten_locked, postpone, remove};
use store::MIGRATIONS;
use testkit::{each_database, on_postgres};
use tokio::time::timeout;

const LEASE_MS: i64 = 5_000;
const START: Instant = Instant::NEVER_SET;

fn at(ms: i64) -> Instant {
    START.plus_millis(ms)
}

async fn write<T: Send + 'static>(
    db: &Db,
    unit: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + Sync + 'static,
) -> T {
    db.write(unit).await.unwrap()
}

async fn queue(db: &Db, subject_id: i64, due_ms: i64) {
    write(db, move |tx| enqueue(tx, 7, "bill", subject_id, at(due_ms))).await;
}

async fn take(db: &Db, now_ms: i64) -> Option<Lease> {
    write(db, move |tx| claim(tx, &["bill", "earn"], "test", at(now_ms), LEASE_MS)).await
}

async fn keep(db: &Db, lease: &Lease, now_ms: i64) -> bool {
    let lease = lease.clone();
    write(db, move |tx| lease.keep(tx, at(now_ms))).await
}

async fn retry(db: &Db, lease: &Lease, now_ms: i64) -> Retry {
    let lease = lease.clone();
    write(db, move |tx| lease.retry(tx, at(now_ms))).await
}

async fn finish(db: &Db, lease: &Lease) {
    let lease = lease.clone();
    write(db, move |tx| lease.finish(tx)).await;
}

async fn release(db: &Db, lease: &Lease) {
    let lease = lease.clone();
    write(db, move |tx| lease.release(tx)).await;
}

#[tokio::test]
async fn the_longest_due_comes_first_and_nothing_before_its_time() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 300).await;
        queue(db, 2, 200).await;
        assert_eq!(take(db, 199).await, None);
        let first = take(db, 300).await.unwrap();
        assert_eq!((first.task.account_id, first.task.kind.as_str(), first.task.subject_id), (7, "bill", 2));
        assert_eq!(take(db, 300).await.unwrap().task.subject_id, 1);
        assert_eq!(take(db, 300).await, None);
    })
    .await;
}

#[tokio::test]
async fn other_kinds_are_left_alone() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        write(db, |tx| enqueue(tx, 7, "newer", 1, at(0))).await;
        assert_eq!(take(db, 10).await, None);
    })
    .await;
}

#[tokio::test]
async fn one_of_a_kind_for_a_subject() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let twice = db.write(|tx| enqueue(tx, 7, "bill", 1, at(9))).await;
        let Err(Error::Conflict(conflict)) = twice else { panic!("{twice:?}") };
        assert_eq!(
            (conflict.table.as_str(), conflict.columns),
            ("task", vec!["kind".to_owned(), "subject_id".to_owned()])
        );
        write(db, |tx| enqueue(tx, 7, "earn", 1, at(0))).await;
        assert!(write(db, |tx| remove(tx, "bill", 1)).await);
        assert!(!write(db, |tx| remove(tx, "bill", 1)).await);
        assert_eq!(take(db, 9).await.unwrap().task.kind, "earn");
    })
    .await;
}

#[tokio::test]
async fn an_expired_lease_passes_to_another_and_its_holder_learns_of_it() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let slow = take(db, 0).await.unwrap();
        assert_eq!(take(db, LEASE_MS - 1).await, None);
        let quick = take(db, LEASE_MS).await.unwrap();
        assert_eq!(quick.attempt, 2);
        assert!(!keep(db, &slow, LEASE_MS).await);
        assert_eq!(retry(db, &slow, LEASE_MS).await, Retry::Lost);
        finish(db, &slow).await;
        release(db, &slow).await;
        assert!(keep(db, &quick, LEASE_MS + 1).await);
        assert_eq!(take(db, LEASE_MS + 1).await, None, "the loser must not free the task");
    })
    .await;
}

#[tokio::test]
async fn a_kept_lease_lasts_and_a_removed_task_cannot_be_kept() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let lease = take(db, 0).await.unwrap();
        assert!(keep(db, &lease, LEASE_MS - 1).await);
        assert_eq!(take(db, LEASE_MS + 1).await, None);
        write(db, |tx| remove(tx, "bill", 1)).await;
        assert!(!keep(db, &lease, LEASE_MS).await);
    })
    .await;
}

#[tokio::test]
async fn a_finished_task_is_gone_and_a_released_one_is_free_at_once() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        release(db, &take(db, 0).await.unwrap()).await;
        let again = take(db, 0).await.unwrap();
        assert_eq!(again.attempt, 1, "giving back is not failing");
        finish(db, &again).await;
        assert_eq!(take(db, 2 * LEASE_MS).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_somebody_counts_on_ends_after_them() {
    on_postgres(MIGRATIONS, async |database| {
        let db = database.db.clone();
        queue(&db, 1, 0).await;
        let lease = take(&db, 0).await.unwrap();
        let (counted, is_counted_on) = channel();
        let (commit, may_commit) = channel();
        let may_commit = Mutex::new(may_commit);
        let counting = write(&db, move |tx| {
            ensure_locked(tx, 7, "bill", 1, at(0))?;
            counted.send(()).unwrap();
            may_commit.lock().unwrap().recv().unwrap();
            Ok(())
        });
        let ending = async {
            tokio::task::spawn_blocking(move || is_counted_on.recv().unwrap()).await.unwrap();
            let mut ending = pin!(finish(&db, &lease));
            let early = timeout(Duration::from_millis(100), &mut ending).await;
            assert!(early.is_err(), "it would end what is counted on");
            commit.send(()).unwrap();
            ending.await;
        };
        tokio::join!(counting, ending);
        write(&db, |tx| ensure_locked(tx, 7, "bill", 1, at(0))).await;
        assert!(take(&db, 0).await.is_some(), "what has ended begins anew");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_woken_while_at_work_looks_again() {
    on_postgres(MIGRATIONS, async |database| {
        let db = database.db.clone();
        queue(&db, 1, 0).await;
        let lease = take(&db, 0).await.unwrap();
        let (begun, has_begun) = channel();
        let (commit, may_commit) = channel();
        let may_commit = Mutex::new(may_commit);
        let working = write(&db, move |tx| {
            assert!(lease.keep(tx, at(0))?);
            begun.send(()).unwrap();
            may_commit.lock().unwrap().recv().unwrap();
            lease.again(tx, at(9_000))
        });
        let waking = async {
            tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
            let mut waking = pin!(write(&db, |tx| hasten_locked(tx, "bill", 1, at(1))));
            let early = timeout(Duration::from_millis(100), &mut waking).await;
            assert!(early.is_err(), "it would be put off again");
            commit.send(()).unwrap();
            waking.await;
        };
        tokio::join!(working, waking);
        assert!(take(&db, 1).await.is_some());
        write(&db, |tx| hasten_locked(tx, "bill", 2, at(1))).await;
    })
    .await;
}

#[tokio::test]
async fn pauses_double_until_the_task_is_parked() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let mut now = 0;
        let mut pauses = Vec::new();
        let parked = loop {
            let lease = take(db, now).await.unwrap();
            match retry(db, &lease, now).await {
                Retry::At(due_at) => {
                    let due = due_at.since(START);
                    assert_eq!(take(db, due - 1).await, None);
                    pauses.push((due - now) / 1_000);
                    now = due;
                }
                other => break other,
            }
        };
        assert_eq!(parked, Retry::Parked);
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(i64::try_from(pauses.len()).unwrap() + 1, ATTEMPT_COUNT_MAX);
        assert_eq!(take(db, now + 1_000_000_000).await, None);
        assert!(write(db, |tx| remove(tx, "bill", 1)).await, "a parked task is still there");
    })
    .await;
}

#[tokio::test]
async fn progress_starts_the_count_of_attempts_anew() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        for attempt in 1..=3 {
            assert_eq!(take(db, attempt * LEASE_MS).await.unwrap().attempt, attempt);
        }
        let lease = take(db, 5 * LEASE_MS).await.unwrap();
        assert!(keep(db, &lease, 5 * LEASE_MS).await);
        assert_eq!(retry(db, &lease, 5 * LEASE_MS).await, Retry::At(at(5 * LEASE_MS + 1_000)));
        assert_eq!(take(db, 6 * LEASE_MS).await.unwrap().attempt, 2);
    })
    .await;
}

#[tokio::test]
async fn each_attempt_without_progress_has_twice_the_time() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let (mut now, mut lengths, mut lease) = (0, Vec::new(), take(db, 0).await.unwrap());
        for length_ms in [LEASE_MS, LEASE_MS, 10_000, 20_000, 40_000, 60_000, 60_000] {
            assert_eq!(take(db, now + length_ms - 1).await, None, "after {lengths:?}");
            now += length_ms;
            lease = take(db, now).await.unwrap();
            lengths.push(length_ms);
        }
        assert!(keep(db, &lease, now + 59_999).await, "who needs so long comes to an end");
        assert_eq!(take(db, now + 59_999 + LEASE_MS - 1).await, None);
        assert!(
            take(db, now + 59_999 + LEASE_MS).await.is_some(),
            "whoever has shown a sign of life has no longer lease"
        );
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_is_longer_than_the_longest_stays_as_it_is() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 0).await;
        let hour_ms = 3_600_000;
        let take = |now_ms| write(db, move |tx| claim(tx, &["bill"], "test", at(now_ms), hour_ms));
        assert!(take(0).await.is_some());
        for hours in 1..=3 {
            assert_eq!(take(hours * hour_ms - 1).await, None);
            assert!(take(hours * hour_ms).await.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn claims_at_the_same_time_get_different_tasks() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        for subject in 1..=8 {
            queue(db, subject, 0).await;
        }
        let claims: Vec<_> = (0..16)
            .map(|_| {
                let db = db.clone();
                #[expect(clippy::disallowed_methods, reason = "joined below")]
                tokio::spawn(async move { take(&db, 0).await })
            })
            .collect();
        let mut taken = Vec::new();
        for claim in claims {
            taken.extend(claim.await.unwrap().map(|lease| lease.task.subject_id));
        }
        // A claim passes over a row that another is just taking, so it may find nothing; it must not find the same.
        while let Some(lease) = take(db, 0).await {
            taken.push(lease.task.subject_id);
        }
        taken.sort_unstable();
        assert_eq!(taken, [1, 2, 3, 4, 5, 6, 7, 8]);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_nobody_holds_may_be_due_sooner_or_later() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        queue(db, 1, 300).await;
        write(db, |tx| postpone(tx, "bill", 1, at(200))).await;
        write(db, |tx| hasten(tx, "bill", 1, at(400))).await;
        assert_eq!(take(db, 299).await, None, "neither moves it the other way");
        write(db, |tx| postpone(tx, "bill", 1, at(500))).await;
        write(db, |tx| postpone(tx, "earn", 1, at(900))).await;
        assert_eq!(take(db, 499).await, None);
        write(db, |tx| hasten(tx, "bill", 1, at(400))).await;
        let lease = take(db, 400).await.unwrap();
        write(db, |tx| postpone(tx, "bill", 1, at(9_000))).await;
        release(db, &lease).await;
        assert_eq!(take(db, 401).await.unwrap().task, lease.task, "whoever held it was left alone");
    })
    .await;
}
