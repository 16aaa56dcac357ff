//! Jobs that are cut off, cancelled in the middle, or meet a record or a database that breaks.

use std::{
    sync::{
        Mutex,
        mpsc::{Sender, channel},
    },
    time::Duration,
};

use app::Tx;
use billing::{
    account::Session,
    bulk::{BulkJobStatus, BulkRecordStatus, SubmittedJobType},
    id::CustomerId,
};
use calendar::Instant;
use db::{Millis, values};
use jobs::{ATTEMPT_COUNT_MAX, claim};
use tokio::time::sleep;

use super::{amount, counts, details, payments};
use crate::{
    locks::{MOMENT, shop_with_locks},
    shop::{Shop, each_shop},
};

#[tokio::test]
async fn every_record_once_however_often_the_worker_is_replaced() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.submit(SubmittedJobType::BulkPayment, payments(customer, 120)).await.unwrap().id;
        let mut worker_count = 0;
        loop {
            let (before, _) = shop.job(id).await;
            let worker = shop.worker();
            shop.when(id, |job| job.counts != before.counts || job.status != before.status).await;
            worker.stop().await;
            worker_count += 1;
            let (job, _) = shop.job(id).await;
            if job.status == BulkJobStatus::Validated {
                shop.process(id).await.unwrap();
            } else if job.processed_at.is_some() {
                break;
            }
        }
        assert!(worker_count > 2, "the job was never cut off");
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(120, 120, 0, 120, 0)));
        let mut created: Vec<_> = records.iter().filter_map(|record| record.created_id).collect();
        created.dedup();
        assert_eq!(created.len(), 120);
        assert_eq!(shop.balance(customer).await, amount("-120"));
    })
    .await;
}

#[tokio::test]
async fn a_dead_workers_job_goes_on_when_its_lease_ends() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.submit(SubmittedJobType::BulkPayment, payments(customer, 3)).await.unwrap().id;
        let now = shop.app.now();
        let dead = shop.act(move |tx, _| Ok(claim(tx, &["bulk-validate"], "dead", now, 5_000)?)).await.unwrap();
        assert!(dead.is_some());
        let worker = shop.worker();
        sleep(Duration::from_millis(30)).await;
        assert_eq!(shop.job(id).await.0.counts, counts(3, 0, 0, 0, 0));
        shop.clock.advance_millis(5_000);
        assert_eq!(shop.settled(id).await.0.status, BulkJobStatus::Validated);
        worker.stop().await;
    })
    .await;
}

/// Holds a row until the sender speaks or is gone.
fn hold(shop: &Shop, lock: &'static str, id: i64) -> (impl Future<Output = ()>, Sender<()>) {
    let (release, released) = channel();
    let released = Mutex::new(released);
    let held = shop.act(move |tx, session| {
        tx.lock(lock, &values![session.account.id.0, id], |row| row.get::<i64>(0))?.unwrap();
        let _ = released.lock().unwrap().recv_timeout(Duration::from_secs(20));
        Ok(())
    });
    (async { held.await.unwrap() }, release)
}

#[tokio::test]
async fn a_lease_counts_from_when_its_work_is_done_however_long_that_had_to_wait() {
    shop_with_locks(async |shop| {
        let (first, second) = (shop.customer().await, shop.customer().await);
        let records = [payments(first, 2), payments(second, 2)].concat();
        let id = shop.validated(SubmittedJobType::BulkPayment, records).await;
        shop.process(id).await.unwrap();
        let lane = shop.app.db().read(|tx| tx.scalar::<i64>("SELECT id FROM bulk_lane", &[])).await.unwrap();
        let lock_lane = "SELECT id FROM bulk_lane WHERE account_id = $1 AND id = $2";
        let lock_customer = "SELECT id FROM customer WHERE account_id = $1 AND id = $2";
        let (lane_held, release_lane) = hold(shop, lock_lane, lane);
        let (second_held, release_second) = hold(shop, lock_customer, second.0);
        let story = async {
            sleep(MOMENT).await;
            let worker = shop.worker();
            shop.app.wake_workers();
            sleep(MOMENT).await;
            shop.clock.advance_millis(6_000);
            release_lane.send(()).unwrap();
            shop.when(id, |job| job.counts.processed == 2).await;
            let sql = "SELECT lease_until FROM task WHERE subject_id = $1";
            let until = shop.app.db().read(move |tx| tx.scalar::<Millis>(sql, &values![lane])).await.unwrap();
            release_second.send(()).unwrap();
            shop.settled(id).await;
            worker.stop().await;
            Instant::from_millis(until.0)
        };
        let ((), (), until) = tokio::join!(lane_held, second_held, story);
        assert_eq!(until, shop.app.now().plus_millis(5_000), "nobody else may take the job over");
        assert_eq!(shop.balance(second).await, amount("-2"));
    })
    .await;
}

#[tokio::test]
async fn two_workers_share_a_job_without_harm() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let workers = [shop.worker(), shop.worker()];
        let id = shop.submit(SubmittedJobType::BulkPayment, payments(customer, 40)).await.unwrap().id;
        shop.settled(id).await;
        shop.process(id).await.unwrap();
        // After each step its worker's lease has run out, so that the other may take over in the middle of the next.
        let mut seen = shop.job(id).await.0;
        while seen.status == BulkJobStatus::Processing {
            shop.clock.advance_millis(5_000);
            seen = shop.when(id, |job| job.counts != seen.counts || job.status != seen.status).await.0;
        }
        for worker in workers {
            worker.stop().await;
        }
        assert_eq!(shop.job(id).await.0.counts, counts(40, 40, 0, 40, 0));
        assert_eq!(shop.balance(customer).await, amount("-40"));
    })
    .await;
}

#[tokio::test]
async fn cancelled_in_the_middle_the_rest_is_given_up() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 200)).await;
        shop.process(id).await.unwrap();
        let worker = shop.worker();
        shop.when(id, |job| job.counts.processed > 0).await;
        let job = shop.cancel(id).await.unwrap();
        worker.stop().await;
        let (after, records) = shop.job(id).await;
        assert_eq!(job, after, "a cancelled job does not move");
        let processed = job.counts.processed;
        assert!((2..200).contains(&processed), "{processed}");
        assert_eq!(job.counts, counts(200, 200, 0, processed, 200 - processed));
        assert_eq!(job.status, BulkJobStatus::ProcessedWithErrors);
        let (done, given_up) = records.split_at(usize::try_from(processed).unwrap());
        assert!(done.iter().all(|record| record.status == BulkRecordStatus::Processed));
        assert!(details(given_up).iter().all(|text| *text == Some("Manually marked as Failed.")));
        assert_eq!(shop.balance(customer).await, amount(&format!("-{processed}")));
        assert_eq!(shop.task_count().await, 0);
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_record_that_panics_fails_alone() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let mut records = payments(customer, 6);
        records[3] = "panic".to_owned();
        let id = shop.validated(SubmittedJobType::BulkPayment, records).await;
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ValidatedWithErrors, counts(6, 5, 1, 0, 0)));
        let text = "The record could not be processed because of an internal error.";
        assert_eq!(records[3].details.as_deref(), Some(text));
        let (job, _) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(6, 5, 1, 5, 0)));
    })
    .await;
}

/// Moves the end of the customer's ledger; behind the last number there is, the next posting panics.
pub(super) async fn set_sequence(shop: &Shop, customer: CustomerId, sequence: i64) {
    let sql = "UPDATE customer SET ledger_sequence = $3 WHERE account_id = $1 AND id = $2";
    let set = move |tx: &mut Tx<'_>, session: &Session| {
        Ok(tx.execute(sql, &values![session.account.id.0, customer.0, sequence])?)
    };
    assert_eq!(shop.act(set).await.unwrap(), 1);
}

#[tokio::test]
async fn beside_a_payment_that_panics_each_is_paid_once() {
    each_shop(async |shop| {
        let (customer, broken) = (shop.customer().await, shop.customer().await);
        let mut records = payments(customer, 4);
        records[1] = format!("{broken} 13");
        let id = shop.validated(SubmittedJobType::BulkPayment, records).await;
        set_sequence(shop, broken, i64::MAX).await;
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(4, 4, 0, 3, 1)));
        let text = "The record could not be processed because of an internal error.";
        assert_eq!(details(&records), [None, Some(text), None, None]);
        assert_eq!(shop.balance(customer).await, amount("-3"));
        assert_eq!(shop.balance(broken).await, amount("0"));
        let count = "SELECT COUNT(*) FROM payment";
        assert_eq!(shop.app.db().read(|tx| tx.scalar::<i64>(count, &[])).await, Ok(3));
        set_sequence(shop, broken, 0).await;
        shop.assert_verified().await;
    })
    .await;
}

/// Takes the payments away, or brings them back: every transaction that needs them fails in between.
async fn rename(shop: &Shop, from: &'static str, to: &'static str) {
    let sql = format!("ALTER TABLE {from} RENAME TO {to}");
    shop.act(move |tx, _| Ok(tx.execute(&sql, &[])?)).await.unwrap();
}

#[tokio::test]
async fn a_broken_database_fails_no_record() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 3)).await;
        shop.process(id).await.unwrap();
        rename(shop, "payment", "payment_away").await;
        let worker = shop.worker();
        shop.app.wake_workers();
        sleep(Duration::from_millis(100)).await;
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processing, counts(3, 3, 0, 0, 0)));
        assert!(records.iter().all(|record| record.status == BulkRecordStatus::PassedValidation));
        rename(shop, "payment_away", "payment").await;
        shop.clock.advance_millis(60_000);
        assert_eq!(shop.settled(id).await.0.counts, counts(3, 3, 0, 3, 0));
        worker.stop().await;
        assert_eq!(shop.balance(customer).await, amount("-3"));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_never_gets_further_has_failed_and_frees_the_slot() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 3)).await;
        shop.process(id).await.unwrap();
        rename(shop, "payment", "payment_away").await;
        let worker = shop.worker();
        let mut look_count = 0;
        while shop.job(id).await.0.status == BulkJobStatus::Processing {
            shop.clock.advance_millis(60_000);
            shop.app.wake_workers();
            sleep(Duration::from_millis(2)).await;
            look_count += 1;
        }
        worker.stop().await;
        assert!(look_count >= ATTEMPT_COUNT_MAX - 1, "given up after {look_count}");
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Failed, counts(3, 3, 0, 0, 3)));
        assert!(job.processed_at.is_some());
        let text = "The job failed because of an internal error.";
        assert_eq!(details(&records), [Some(text); 3]);
        assert!(records.iter().all(|record| record.status == BulkRecordStatus::FailedProcessing));
        let told = ["BulkJobCreated", "BulkJobValidated", "BulkJobStarted", "BulkJobFailed"];
        assert_eq!(shop.events(id).await, told);
        assert_eq!(shop.task_count().await, 0);
        rename(shop, "payment_away", "payment").await;
        shop.assert_verified().await;
        shop.submit(SubmittedJobType::BulkPayment, payments(customer, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_job_that_cannot_expire_stays_validated_until_it_can() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 1)).await;
        rename(shop, "event", "event_away").await;
        shop.clock.advance_millis(86_400_000);
        let worker = shop.worker();
        let hour_from_now = shop.app.now().plus_millis(3_600_000);
        while shop.due_at(id).await < hour_from_now {
            shop.clock.advance_millis(60_000);
            shop.app.wake_workers();
            sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::Validated);
        rename(shop, "event_away", "event").await;
        shop.clock.advance_millis(3_600_000);
        shop.when(id, |job| job.status == BulkJobStatus::Expired).await;
        worker.stop().await;
        assert_eq!(shop.events(id).await, ["BulkJobCreated", "BulkJobValidated", "BulkJobExpired"]);
        assert_eq!(shop.task_count().await, 0);
    })
    .await;
}
