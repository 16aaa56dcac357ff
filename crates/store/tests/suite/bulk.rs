//! Bulk jobs and their records.

use std::collections::HashMap;

use billing::{
    bulk::{
        BulkCounts, BulkJob, BulkJobStatus, BulkJobType, BulkMode, BulkOptions, BulkOutcome, BulkRecord,
        BulkRecordStatus, BulkTotal, Mark,
    },
    id::{BulkJobId, BulkLaneId, BulkRecordId},
    listing::Page,
    named::Named,
};
use db::{Error, Tx, values};
use money::{Amount, Currency};
use store::bulk::{self, LockedJob, RecordResult};

use crate::world::{ELSEWHERE, HERE, each_store, later, now, some};

/// Where the records of the job begin.
pub(crate) const FIRST: BulkRecordId = BulkRecordId(20);

pub(crate) fn job() -> BulkJob {
    BulkJob {
        id: BulkJobId(10),
        job_type: BulkJobType::BulkWriteOff,
        status: BulkJobStatus::NotStarted,
        counts: BulkCounts { total: 3, ..BulkCounts::default() },
        created_at: now(),
        validated_at: None,
        processing_at: None,
        processed_at: None,
        file_name: "file".to_owned(),
        reference: "reference".to_owned(),
        related_id: Some(9),
        is_internal: true,
        given_up: None,
        given_up_count: 0,
        options: BulkOptions {
            mode: BulkMode::Atomic,
            is_dry_run: true,
            pause_after: Some(3),
            starts_at: Some(later()),
        },
        paused_at: None,
        content_hash: None,
        columns: some("[]"),
        records_deleted_at: None,
    }
}

/// The job before its first record is stored.
pub(crate) fn locked(job: BulkJob) -> LockedJob {
    LockedJob { job, next_record: FIRST, lane_count: 2, last: Mark { at: now(), id: 11 }, lanes: Vec::new() }
}

#[tokio::test]
async fn a_job_is_stored_locked_and_ended() {
    each_store(|tx| {
        let job = job();
        let place = locked(job.clone());
        bulk::insert(tx, HERE, &place)?;
        assert_eq!(bulk::find(tx, HERE, job.id)?.as_ref(), Some(&job));
        assert_eq!(bulk::lock(tx, HERE, job.id)?.as_ref(), Some(&place));
        assert_eq!((bulk::find(tx, ELSEWHERE, job.id)?, bulk::lock(tx, ELSEWHERE, job.id)?), (None, None));
        assert_eq!((bulk::find_open(tx, HERE)?, bulk::find_open(tx, ELSEWHERE)?), (Some(job.id), None));
        let counts = BulkCounts { total: 4, successful: 2, failed: 2, processed: 0, failed_processed: 2 };
        let (status, at) = (BulkJobStatus::ProcessedWithErrors, Some(later()));
        let ended = BulkJob {
            status,
            counts,
            validated_at: at,
            processing_at: at,
            processed_at: at,
            given_up: some("Given up."),
            given_up_count: 2,
            paused_at: at,
            content_hash: some("hash"),
            records_deleted_at: at,
            ..job.clone()
        };
        let last = Mark { at: later(), id: 99 };
        let ended = LockedJob { next_record: BulkRecordId(FIRST.0 + 4), lane_count: 3, last, ..locked(ended) };
        assert_eq!(ended.records(), FIRST..ended.next_record);
        bulk::update(tx, ELSEWHERE, &ended)?;
        assert_eq!(bulk::find(tx, HERE, job.id)?.as_ref(), Some(&job), "not through another account");
        bulk::update(tx, HERE, &ended)?;
        assert_eq!(bulk::lock(tx, HERE, job.id)?, Some(ended));
        assert_eq!(bulk::find_open(tx, HERE)?, None);
        let ids = |jobs: Vec<BulkJob>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
        for (account, hash, since, expected) in [
            (HERE, "hash", now().plus_millis(-1), vec![job.id]),
            (HERE, "hash", now(), vec![]),
            (HERE, "other", now().plus_millis(-1), vec![]),
            (ELSEWHERE, "hash", now().plus_millis(-1), vec![]),
        ] {
            assert_eq!(ids(bulk::with_content(tx, account, hash, since)?), expected);
        }
        assert_eq!(ids(bulk::list(tx, HERE, &Page::default())?.rows), [job.id]);
        assert_eq!(ids(bulk::list(tx, ELSEWHERE, &Page::default())?.rows), []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_atomic_job_with_a_record_that_failed_takes_no_place() {
    each_store(|tx| {
        for (id, mode, expected) in [(10, BulkMode::Atomic, None), (11, BulkMode::Continue, Some(BulkJobId(11)))] {
            let options = BulkOptions { mode, ..BulkOptions::default() };
            let job = BulkJob { id: BulkJobId(id), options, status: BulkJobStatus::ValidatedWithErrors, ..job() };
            let counts = BulkCounts { total: 3, successful: 2, failed: 1, ..BulkCounts::default() };
            let place = locked(BulkJob { counts, ..job });
            bulk::insert(tx, HERE, &place)?;
            bulk::update(tx, HERE, &place)?;
            assert_eq!(bulk::find_open(tx, HERE)?, expected);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_scheduled_job_takes_the_place_until_it_is_validated() {
    each_store(|tx| {
        for status in BulkJobStatus::ALL.iter().copied() {
            let options = BulkOptions { starts_at: Some(later()), ..BulkOptions::default() };
            let scheduled = BulkJob { status, options, ..job() };
            bulk::insert(tx, HERE, &locked(scheduled.clone()))?;
            assert_eq!(bulk::find_open(tx, HERE)?, scheduled.takes_place().then_some(scheduled.id), "{status}");
            tx.execute("DELETE FROM bulk_job WHERE account_id = $1", &values![HERE.0])?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn money_is_summed_over_lanes() {
    each_store(|tx| {
        let job = job();
        bulk::insert(tx, HERE, &locked(job.clone()))?;
        let total = |currency, expected, moved| BulkTotal {
            currency,
            expected: Amount::from_millionths(expected),
            moved: Amount::from_millionths(moved),
        };
        let (american, canadian) = (total(Currency::USD, 1, 2), total(Currency::CAD, 10, 20));
        bulk::total::add(tx, HERE, job.id, BulkLaneId(1), &[american, canadian])?;
        bulk::total::add(tx, HERE, job.id, BulkLaneId(1), &[american])?;
        bulk::total::add(tx, HERE, job.id, BulkLaneId(2), &[american])?;
        let found = bulk::total::of_jobs(tx, HERE, &[job.id, BulkJobId(99)])?;
        assert_eq!(found, HashMap::from([(job.id, vec![canadian, total(Currency::USD, 3, 6)])]));
        assert!(bulk::total::of_jobs(tx, ELSEWHERE, &[job.id])?.is_empty());
        tx.execute("UPDATE bulk_job SET has_totals = FALSE WHERE account_id = $1", &values![HERE.0])?;
        tx.execute("DELETE FROM bulk_total WHERE account_id = $1", &values![HERE.0])?;
        assert!(bulk::total::of_jobs(tx, HERE, &[job.id])?.is_empty(), "it was never counted");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn records_of_ended_jobs_are_deleted_the_oldest_first() {
    each_store(|tx| {
        for (id, status) in
            [(10, BulkJobStatus::Processed), (11, BulkJobStatus::Validated), (12, BulkJobStatus::Expired)]
        {
            let job = BulkJob { id: BulkJobId(id), status, ..job() };
            bulk::insert(tx, HERE, &locked(job))?;
            bulk::insert_records(tx, HERE, BulkJobId(id), FIRST, &["a", "b", "c"].map(str::to_owned))?;
        }
        let oldest =
            |tx: &mut Tx<'_>, account| Ok::<_, Error>(bulk::oldest_with_records(tx, account)?.map(|job| job.id.0));
        assert_eq!((oldest(tx, HERE)?, oldest(tx, ELSEWHERE)?), (Some(10), None));
        assert_eq!(bulk::delete_records(tx, ELSEWHERE, BulkJobId(10), 2)?, 0);
        assert_eq!(bulk::delete_records(tx, HERE, BulkJobId(10), 2)?, 2);
        let left = bulk::records_from(tx, HERE, &job(), BulkRecordId(0), 9)?;
        assert_eq!((left.len(), left[0].data.as_str(), oldest(tx, HERE)?), (1, "c", Some(10)));
        assert_eq!(bulk::delete_records(tx, HERE, BulkJobId(10), 2)?, 1);
        assert_eq!(oldest(tx, HERE)?, Some(10), "nobody has noted yet that there are none");
        bulk::set_without_records(tx, ELSEWHERE, BulkJobId(10))?;
        assert_eq!(oldest(tx, HERE)?, Some(10));
        bulk::set_without_records(tx, HERE, BulkJobId(10))?;
        assert_eq!(oldest(tx, HERE)?, Some(12), "one that is not over keeps its records");
        bulk::set_without_records(tx, HERE, BulkJobId(12))?;
        assert_eq!(
            (oldest(tx, HERE)?, bulk::has_unended(tx, HERE)?, bulk::has_unended(tx, ELSEWHERE)?),
            (None, true, false)
        );
        bulk::set_without_records(tx, HERE, BulkJobId(11))?;
        assert!(!bulk::has_unended(tx, HERE)?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn records_are_read_in_order_as_their_job_leaves_them() {
    each_store(|tx| {
        let mut job = job();
        bulk::insert(tx, HERE, &locked(job.clone()))?;
        bulk::insert_records(tx, HERE, job.id, FIRST, &["a", "b", "c"].map(str::to_owned))?;
        let data = |tx: &mut Tx<'_>, account, from: i64| {
            let records = bulk::records_from(tx, account, &self::job(), BulkRecordId(from), 2)?;
            Ok::<_, Error>(records.into_iter().map(|record| record.data).collect::<Vec<_>>())
        };
        assert_eq!(data(tx, HERE, FIRST.0)?, ["a", "b"]);
        assert_eq!(data(tx, HERE, FIRST.0 + 1)?, ["b", "c"]);
        assert_eq!(data(tx, ELSEWHERE, FIRST.0)?, [""; 0]);
        let (failed, details) = (BulkRecordStatus::FailedValidation, "no".to_owned());
        let passed = BulkRecordStatus::PassedValidation;
        bulk::set_status(tx, ELSEWHERE, job.id, FIRST..=BulkRecordId(FIRST.0 + 2), BulkRecordStatus::Processed)?;
        bulk::set_status(tx, HERE, job.id, BulkRecordId(FIRST.0 + 1)..=BulkRecordId(FIRST.0 + 1), passed)?;
        let records = bulk::records_from(tx, HERE, &job, FIRST, 3)?;
        let stand: Vec<_> = records.into_iter().map(|one| one.status).collect();
        assert_eq!(stand, [BulkRecordStatus::NotStarted, passed, BulkRecordStatus::NotStarted]);
        let amount = Some(Amount::from_millionths(7_000_000));
        let result = RecordResult { id: FIRST, status: failed, details: Some(&details), created_id: Some(8), amount };
        assert_eq!(bulk::set_results(tx, ELSEWHERE, job.id, &[result]), Err(Error::NoRow));
        bulk::set_results(tx, HERE, job.id, &[result])?;
        job.given_up = some("Given up.");
        let records = bulk::records_from(tx, HERE, &job, FIRST, 3)?;
        let told = |one: BulkRecord| (one.status, one.details, one.created_id, one.amount);
        let left: Vec<_> = records.into_iter().map(told).collect();
        let given_up = (BulkRecordStatus::FailedProcessing, some("Given up."), None, None);
        assert_eq!(left, [(failed, some("no"), Some(8), amount), given_up.clone(), given_up]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn results_are_read_by_outcome_in_pages_of_bounded_number_and_length() {
    each_store(|tx| {
        let mut job = job();
        bulk::insert(tx, HERE, &locked(job.clone()))?;
        bulk::insert_records(tx, HERE, job.id, FIRST, &["a", "bb", "cc", "dd", "e"].map(str::to_owned))?;
        for (offset, status) in [
            (0, BulkRecordStatus::FailedValidation),
            (1, BulkRecordStatus::PassedValidation),
            (2, BulkRecordStatus::Processed),
            (3, BulkRecordStatus::FailedProcessing),
        ] {
            let id = BulkRecordId(FIRST.0 + offset);
            bulk::set_status(tx, HERE, job.id, id..=id, status)?;
        }
        job.given_up = some("Given up.");
        let data = |tx: &mut Tx<'_>, account, outcome, from: i64, bounds| {
            let records = bulk::results_from(tx, account, &job, outcome, BulkRecordId(FIRST.0 + from), bounds)?;
            Ok::<_, Error>(records.into_iter().map(|record| (record.data, record.details)).collect::<Vec<_>>())
        };
        let own = |texts: &[&str]| texts.iter().map(|text| ((*text).to_owned(), None)).collect::<Vec<_>>();
        let given_up = |text: &str| (text.to_owned(), some("Given up."));
        for (outcome, expected) in [
            (BulkOutcome::Failed, own(&["a", "dd"])),
            (BulkOutcome::Succeeded, own(&["cc"])),
            (BulkOutcome::Unprocessed, vec![given_up("bb"), given_up("e")]),
        ] {
            assert_eq!(data(tx, HERE, outcome, 0, (9, 99))?, expected);
            assert_eq!(data(tx, ELSEWHERE, outcome, 0, (9, 99))?, []);
        }
        for (from, bounds, expected) in [
            (0, (9, 99), 5),
            (0, (2, 99), 2),
            (0, (9, 1), 1),
            (0, (9, 2), 2),
            (0, (9, 3), 2),
            (0, (9, 4), 3),
            (3, (9, 1), 1),
            (3, (9, 99), 2),
            (5, (9, 99), 0),
        ] {
            let found = data(tx, HERE, BulkOutcome::All, from, bounds)?;
            assert_eq!(found.len(), expected, "{from} {bounds:?}");
        }
        Ok(())
    })
    .await;
}
