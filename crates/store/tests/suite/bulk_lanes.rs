//! The lanes of bulk jobs, and jobs from before there were any.

use std::{
    sync::{Mutex, mpsc::channel},
    time::Duration,
};

use billing::{
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkRecordStatus, BulkTotal, Lane, Mark, Share},
    event::{Event, EventType, StoredEvent},
    id::{AccountId, BulkJobId, BulkLaneId, BulkRecordId},
    listing::Page,
};
use db::{Error, Tx, values};
use money::Currency;
use store::{
    MIGRATIONS,
    bulk::{self, LockedJob},
    event,
};
use testkit::{each_database, on_postgres};
use tokio::{task::spawn_blocking, time::timeout};

use crate::{
    bulk::{FIRST, job, locked},
    world::{ELSEWHERE, HERE, add_accounts, each_store, later, now},
};

/// A lane of the job with three records behind it.
fn lane(id: i64) -> Lane {
    Lane {
        id: BulkLaneId(id),
        job: job().id,
        share: Some(Share { number: 1, of: 2 }),
        next_record: FIRST,
        end_record: BulkRecordId(FIRST.0 + 3),
        counts: BulkCounts { total: 0, successful: 1, failed: 2, processed: 3, failed_processed: 4 },
        is_ordered: false,
        pause_in: Some(9),
        last: Mark { at: now(), id: 12 },
    }
}

#[tokio::test]
async fn a_job_counts_what_its_lanes_count() {
    each_store(|tx| {
        let stored = BulkJob { status: BulkJobStatus::Processing, ..job() };
        bulk::insert(tx, HERE, &locked(stored.clone()))?;
        bulk::lane::insert(tx, HERE, &[lane(31), lane(30)])?;
        let twice = BulkCounts { total: 3, successful: 2, failed: 4, processed: 6, failed_processed: 8 };
        let found = LockedJob {
            job: BulkJob { counts: twice, ..stored.clone() },
            lanes: vec![lane(30), lane(31)],
            ..locked(stored)
        };
        assert_eq!(bulk::lock(tx, HERE, found.job.id)?.as_ref(), Some(&found));
        assert_eq!(bulk::find(tx, HERE, found.job.id)?.as_ref(), Some(&found.job));
        assert_eq!(bulk::list(tx, HERE, &Page::default())?.rows, std::slice::from_ref(&found.job));
        bulk::update(tx, HERE, &found)?;
        assert_eq!(bulk::lock(tx, HERE, found.job.id)?.as_ref(), Some(&found), "what lanes count is not counted twice");

        // A lane that ends leaves its counters to the job.
        bulk::lane::delete(tx, ELSEWHERE, BulkLaneId(30))?;
        bulk::lane::delete(tx, HERE, BulkLaneId(30))?;
        let folded = LockedJob { lanes: vec![lane(31)], ..found };
        bulk::update(tx, HERE, &folded)?;
        assert_eq!(bulk::lock(tx, HERE, folded.job.id)?.as_ref(), Some(&folded));
        assert_eq!(folded.last_of_all(), Mark { at: now(), id: 12 });

        // One that ends by itself leaves all that it has come to, and the others alone.
        bulk::lane::insert(tx, HERE, &[lane(32)])?;
        assert_eq!(
            (bulk::lock_row(tx, HERE, folded.job.id)?, bulk::lock_row(tx, ELSEWHERE, folded.job.id)?),
            (true, false)
        );
        assert!(!bulk::lane::end(tx, HERE, &lane(31))?);
        let last = Mark { at: later(), id: 7 };
        assert!(bulk::lane::end(tx, HERE, &Lane { is_ordered: true, last, ..lane(32) })?);
        let thrice = twice.plus(BulkCounts { total: 0, ..lane(32).counts });
        let job = BulkJob { counts: thrice, ..folded.job };
        let ended = LockedJob { job, lanes: vec![], lane_count: 1, last, ..folded };
        assert_eq!(bulk::lock(tx, HERE, ended.job.id)?, Some(ended));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_lane_is_found_locked_and_moved_by_its_own_account() {
    each_store(|tx| {
        bulk::insert(tx, HERE, &locked(job()))?;
        let stored = Lane { share: None, pause_in: None, ..lane(30) };
        bulk::lane::insert(tx, HERE, std::slice::from_ref(&stored))?;
        assert_eq!(bulk::lane::lock(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(bulk::lane::find_job(tx, HERE, stored.id)?, Some(stored.job));
        assert_eq!(
            (bulk::lane::lock(tx, ELSEWHERE, stored.id)?, bulk::lane::find_job(tx, ELSEWHERE, stored.id)?),
            (None, None)
        );
        let moved = Lane {
            next_record: BulkRecordId(FIRST.0 + 2),
            counts: BulkCounts { total: 0, successful: 5, failed: 6, processed: 7, failed_processed: 8 },
            is_ordered: true,
            pause_in: Some(0),
            last: Mark { at: later(), id: 13 },
            ..stored.clone()
        };
        bulk::lane::update(tx, ELSEWHERE, &moved)?;
        assert_eq!(bulk::lane::lock(tx, HERE, stored.id)?, Some(stored), "not through another account");
        bulk::lane::update(tx, HERE, &moved)?;
        assert_eq!(bulk::lane::lock(tx, HERE, moved.id)?, Some(moved));
        Ok(())
    })
    .await;
}

/// Whoever cancels a job has it locked and waits for its lanes: a lane that waited for the job would wait in a circle.
#[tokio::test]
async fn a_lane_sums_its_money_while_somebody_has_the_job() {
    on_postgres(MIGRATIONS, async |database| {
        let db = &database.db;
        let insert = |tx: &mut Tx<'_>| add_accounts(tx).and_then(|()| bulk::insert(tx, HERE, &locked(job())));
        db.write(insert).await.unwrap();
        let ((lock, is_locked), (release, is_released)) = (channel(), channel());
        let is_released = Mutex::new(is_released);
        let holding = db.write(move |tx| {
            bulk::lock_row(tx, HERE, job().id)?;
            lock.send(()).unwrap();
            is_released.lock().unwrap().recv().unwrap();
            Ok::<_, Error>(())
        });
        let adding = async {
            spawn_blocking(move || is_locked.recv().unwrap()).await.unwrap();
            let total = BulkTotal::none(Currency::USD);
            let add = db.write(move |tx| bulk::total::add(tx, HERE, job().id, BulkLaneId(30), &[total]));
            let added = timeout(Duration::from_secs(2), add).await;
            release.send(()).unwrap();
            added
        };
        let (held, added) = tokio::join!(holding, adding);
        assert_eq!((held, added), (Ok(()), Ok(Ok(()))));
    })
    .await;
}

#[tokio::test]
async fn a_lane_has_the_records_of_its_slots() {
    each_store(|tx| {
        let job = job();
        bulk::insert(tx, HERE, &locked(job.clone()))?;
        bulk::insert_records(tx, HERE, job.id, FIRST, &["a", "b", "c", "d"].map(str::to_owned))?;
        let record = |place: i64| BulkRecordId(FIRST.0 + place);
        assert_eq!(bulk::set_passed(tx, ELSEWHERE, job.id, &[(record(0), 3)]), Err(Error::NoRow));
        bulk::set_passed(tx, HERE, job.id, &[(record(0), 3), (record(2), 5), (record(3), 8)])?;
        let read = |tx: &mut Tx<'_>, account, lane: &Lane, limit| {
            let records = bulk::lane::records(tx, account, &self::job(), lane, limit)?;
            Ok::<_, Error>(records.into_iter().map(|one| (one.data, one.status)).collect::<Vec<_>>())
        };
        let passed = |data: &str| (data.to_owned(), BulkRecordStatus::PassedValidation);
        let not_started = ("b".to_owned(), BulkRecordStatus::NotStarted);
        let odd = Lane { end_record: record(4), ..lane(30) };
        assert_eq!(read(tx, HERE, &odd, 9)?, [passed("a"), passed("c")]);
        assert_eq!(read(tx, HERE, &odd, 1)?, [passed("a")]);
        assert_eq!(read(tx, ELSEWHERE, &odd, 9)?, []);
        let even = Lane { share: Some(Share { number: 0, of: 2 }), ..odd.clone() };
        assert_eq!(read(tx, HERE, &even, 9)?, [passed("d")]);
        assert_eq!(read(tx, HERE, &even, 1)?, [], "it looks no further than among two");
        let further = Lane { next_record: record(1), ..odd.clone() };
        assert_eq!(read(tx, HERE, &further, 9)?, [passed("c")]);
        let all = Lane { share: None, end_record: record(3), ..odd };
        assert_eq!(read(tx, HERE, &all, 9)?, [passed("a"), not_started, passed("c")]);
        Ok(())
    })
    .await;
}

/// Accounts with a job each: what it is, its place, how it is to be done, and its task.
const UNDER_WAY: [(i64, &str, i64, &str, &str); 5] = [
    (1, "Validating", 22, "Continue", "bulk-validate"),
    (2, "Processing", 21, "Continue", "bulk-process"),
    (3, "Processing", 20, "Atomic", "bulk-process"),
    (4, "Validated", 23, "Continue", "bulk-expire"),
    (5, "Processed", 23, "Continue", "other"),
];

/// The id of the job of an account; its three records begin at 20.
fn job_of(account: i64) -> i64 {
    account * 100
}

fn insert_before_lanes(tx: &mut Tx<'_>) -> Result<(), Error> {
    for (account, status, place, mode, task) in UNDER_WAY {
        tx.execute(
            "INSERT INTO account (id, name, currency, time_zone, term, may_write_off, created_at)
             VALUES ($1, 'A', 'USD', 'UTC', 'Net0', FALSE, $2)",
            &values![account, db::Millis(now().millis())],
        )?;
        tx.execute(
            "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed, failed_processed,
                 created_at, file_name, reference, is_internal, next_record_id, mode, pause_after)
             VALUES ($1, $2, 'BulkPayment', $3, 3, 2, 0, 1, 0, $4, '', '', FALSE, $5, $6, 2)",
            &values![account, job_of(account), status, db::Millis(now().millis()), place, mode],
        )?;
        let records = (20_i64..23).map(|id| values![account, job_of(account), id, "PassedValidation", "x"]);
        tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], records)?;
        tx.execute(
            "INSERT INTO task (id, account_id, kind, subject_id, due_at, attempt_count) VALUES ($1, $1, $2, $3, $4, 0)",
            &values![account, task, job_of(account), db::Millis(now().millis())],
        )?;
    }
    let given_up = "UPDATE bulk_job SET given_up = 'Given up.' WHERE account_id = 5";
    tx.execute(given_up, &[]).map(|_| ())
}

#[tokio::test]
async fn a_job_that_was_under_way_goes_on_in_one_lane_and_in_order() {
    let lanes_come = MIGRATIONS.iter().position(|migration| migration.name == "0034_bulk_lanes").unwrap();
    each_database(&MIGRATIONS[..lanes_come], async |database| {
        database.db.write(insert_before_lanes).await.unwrap();
        database.db.migrate(MIGRATIONS).await.unwrap();
        let read = |tx: &mut Tx<'_>| {
            UNDER_WAY
                .iter()
                .map(|(account, ..)| bulk::lock(tx, AccountId(*account), BulkJobId(job_of(*account))))
                .collect()
        };
        let jobs: Vec<Option<LockedJob>> = database.db.write(read).await.unwrap();
        for (job, (account, status, place, ..)) in jobs.into_iter().flatten().zip(UNDER_WAY) {
            let id = job_of(account);
            let counts = BulkCounts { total: 3, successful: 2, processed: 1, ..BulkCounts::default() };
            assert_eq!((job.job.counts, job.lane_count, job.next_record), (counts, 1, BulkRecordId(23)), "{status}");
            assert_eq!(job.job.given_up_count, if account == 5 { 3 } else { 0 }, "{status}");
            let lane = Lane {
                id: BulkLaneId(id),
                job: BulkJobId(id),
                share: None,
                next_record: BulkRecordId(place),
                end_record: BulkRecordId(23),
                counts: BulkCounts::default(),
                is_ordered: true,
                pause_in: (status == "Processing").then_some(1),
                last: Mark { at: now(), id },
            };
            assert_eq!(job.lanes, if account < 3 { vec![lane] } else { vec![] }, "{status}");
        }
        let kinds = |tx: &mut Tx<'_>| tx.query("SELECT kind FROM task ORDER BY id", &[], |row| row.get::<String>(0));
        let kinds = database.db.read(kinds).await.unwrap();
        assert_eq!(kinds, ["bulk-validate", "bulk-process", "bulk-process-whole", "bulk-expire", "other"]);
    })
    .await;
}

#[tokio::test]
async fn events_are_read_as_far_as_the_slowest_lane_has_come() {
    each_store(|tx| {
        let stored = BulkJob { status: BulkJobStatus::Processing, ..job() };
        let end = Mark { at: later(), id: i64::MAX };
        let whole = LockedJob { next_record: BulkRecordId(FIRST.0 + 3), last: end, ..locked(stored) };
        bulk::insert(tx, HERE, &whole)?;
        let of = |subject_id| Event { event_type: EventType::BulkRecordProcessed, customer: None, subject_id };
        // The job and its first and last record; the records beside it, and what is told earlier although it is written later.
        event::insert(tx, HERE, &[of(job().id.0), of(FIRST.0), of(FIRST.0 - 1), of(FIRST.0 + 3)], later())?;
        event::insert(tx, HERE, &[of(FIRST.0 + 2)], now())?;
        let start = Mark { at: now(), id: 0 };
        let read = |tx: &mut Tx<'_>, account, after, limit| bulk::events(tx, account, job().id, after, limit);
        let subjects = |told: &[StoredEvent]| told.iter().map(|told| told.event.subject_id).collect::<Vec<_>>();
        let told = read(tx, HERE, start, 9)?;
        assert_eq!(subjects(&told), [FIRST.0 + 2, job().id.0, FIRST.0]);
        assert_eq!((read(tx, ELSEWHERE, start, 9)?, read(tx, HERE, start, 1)?), (Vec::new(), told[..1].to_vec()));
        for (index, one) in told.iter().enumerate() {
            let after = Mark { at: one.told_at, id: one.id };
            assert_eq!(read(tx, HERE, after, 9)?, told[index + 1..]);
            assert_eq!((event::find(tx, HERE, one.id)?, event::find(tx, ELSEWHERE, one.id)?), (Some(*one), None));
        }
        let (slow, fast) = (Mark { at: later(), id: told[1].id }, Mark { at: later(), id: told[2].id });
        bulk::lane::insert(tx, HERE, &[Lane { last: fast, ..lane(30) }, Lane { last: slow, ..lane(31) }])?;
        assert_eq!(read(tx, HERE, start, 9)?, told[..2]);
        bulk::lane::delete(tx, HERE, BulkLaneId(31))?;
        assert_eq!(read(tx, HERE, start, 9)?, told);
        Ok(())
    })
    .await;
}
