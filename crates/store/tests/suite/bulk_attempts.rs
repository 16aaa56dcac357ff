//! Attempts to charge for records of bulk jobs.

use billing::{
    bulk::BulkRecordStatus,
    collection::{CollectionPurpose, End},
    id::{BulkRecordId, PaymentActivityId},
};
use db::Error;
use store::{
    bulk::{self, attempt::Attempt},
    collection,
};

use crate::{
    bulk::{FIRST, job, locked},
    collections::{ACTIVITY, add, collection as any_collection},
    sales::add_invoice,
    world::{ELSEWHERE, HERE, each_store, later},
};

#[tokio::test]
async fn an_attempt_is_listed_until_its_record_tells_the_end() {
    each_store(|tx| {
        add_invoice(tx)?;
        add(tx, &any_collection(CollectionPurpose::Pay))?;
        let (id, second) = (job().id, BulkRecordId(FIRST.0 + 1));
        bulk::insert(tx, HERE, &locked(job()))?;
        bulk::insert_records(tx, HERE, id, FIRST, &["a", "b", "c"].map(str::to_owned))?;
        bulk::attempt::insert(tx, HERE, id, second, ACTIVITY)?;
        let again = tx.savepoint(|tx| bulk::attempt::insert(tx, HERE, id, second, PaymentActivityId(ACTIVITY.0 + 1)));
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");

        let begun =
            Attempt { record: second, status: BulkRecordStatus::NotStarted, activity: ACTIVITY, has_ended: false };
        assert_eq!(bulk::attempt::list(tx, HERE, id, FIRST..=second)?, [begun]);
        assert_eq!(bulk::attempt::list(tx, HERE, id, FIRST..=FIRST)?, []);
        assert_eq!(bulk::attempt::list(tx, ELSEWHERE, id, FIRST..=second)?, []);
        let found = [HERE, ELSEWHERE].map(|account| bulk::attempt::find_job(tx, account, ACTIVITY).unwrap());
        assert_eq!(found, [Some(id), None]);

        collection::end(tx, HERE, ACTIVITY, &End::Failed("Declined.".to_owned()), later())?;
        bulk::set_status(tx, HERE, id, second..=second, BulkRecordStatus::FailedProcessing)?;
        let ended = Attempt { status: BulkRecordStatus::FailedProcessing, has_ended: true, ..begun };
        assert_eq!(bulk::attempt::list(tx, HERE, id, second..=second)?, [ended]);

        bulk::attempt::delete(tx, ELSEWHERE, id, second)?;
        bulk::attempt::delete(tx, HERE, id, FIRST)?;
        assert_eq!(bulk::attempt::list(tx, HERE, id, FIRST..=second)?, [ended]);
        bulk::attempt::delete(tx, HERE, id, second)?;
        assert_eq!(bulk::attempt::list(tx, HERE, id, FIRST..=second)?, []);

        bulk::attempt::insert(tx, HERE, id, second, ACTIVITY)?;
        bulk::delete_records(tx, HERE, id, 1)?;
        assert_eq!(bulk::attempt::find_job(tx, HERE, ACTIVITY)?, None, "nobody is left to tell");
        Ok(())
    })
    .await;
}
