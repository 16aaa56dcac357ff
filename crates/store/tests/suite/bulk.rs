//! Bulk jobs and their records.

use billing::{
    bulk::{BulkCounts, BulkJob, BulkJobStatus, BulkJobType, BulkRecordStatus},
    id::{BulkJobId, BulkRecordId},
};
use db::{Error, Tx};
use store::bulk::{self, LockedJob};

use crate::world::{ELSEWHERE, HERE, each_store, later, now, some};

/// Where the records of the job begin.
const FIRST: BulkRecordId = BulkRecordId(20);

fn job() -> BulkJob {
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
    }
}

#[tokio::test]
async fn a_job_is_stored_locked_and_ended() {
    each_store(|tx| {
        let job = job();
        let place = LockedJob { job: job.clone(), next_record: FIRST };
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
            ..job.clone()
        };
        let ended = LockedJob { job: ended, next_record: BulkRecordId(FIRST.0 + 4) };
        assert_eq!(ended.first_record(), FIRST);
        bulk::update(tx, ELSEWHERE, &ended)?;
        assert_eq!(bulk::find(tx, HERE, job.id)?.as_ref(), Some(&job), "not through another account");
        bulk::update(tx, HERE, &ended)?;
        assert_eq!(bulk::lock(tx, HERE, job.id)?, Some(ended));
        assert_eq!(bulk::find_open(tx, HERE)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn records_are_read_in_order_as_their_job_leaves_them() {
    each_store(|tx| {
        let mut job = job();
        bulk::insert(tx, HERE, &LockedJob { job: job.clone(), next_record: FIRST })?;
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
        bulk::set_result(tx, ELSEWHERE, job.id, FIRST, BulkRecordStatus::Processed, None, None)?;
        bulk::set_result(tx, HERE, job.id, FIRST, failed, Some(&details), Some(8))?;
        job.given_up = some("Given up.");
        let records = bulk::records_from(tx, HERE, &job, FIRST, 3)?;
        let left: Vec<_> = records.into_iter().map(|one| (one.status, one.details, one.created_id)).collect();
        let given_up = (BulkRecordStatus::FailedProcessing, some("Given up."), None);
        assert_eq!(left, [(failed, some("no"), Some(8)), given_up.clone(), given_up]);
        Ok(())
    })
    .await;
}
