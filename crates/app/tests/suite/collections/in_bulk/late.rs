//! Charges that end after their records: the job was cancelled meanwhile, or nobody knew for long. The record tells it all the same.

use std::{sync::atomic::Ordering, time::Duration};

use app::bulk::pause;
use billing::{
    bulk::{
        BulkJob, BulkJobStatus,
        BulkRecordStatus::{FailedProcessing, Processed},
        SubmittedJobType,
    },
    id::{BulkJobId, CustomerId},
    payment_activity::ActivityStatus::{Failed, Successful, Unknown},
};
use testkit::until;
use tokio::time::sleep;

use super::{PAID, Till, each_till};

/// How long a record waits for an attempt of which nobody knows.
const UNKNOWN_MS: i64 = 5 * 60 * 1_000;

const HOUR_MS: i64 = 3_600_000;

const GIVEN_UP: &str = "Manually marked as Failed.";

fn counted(job: &BulkJob) -> (BulkJobStatus, i64, i64) {
    (job.status, job.counts.processed, job.counts.failed_processed)
}

impl Till {
    /// The one record that a job's others follow has come to a new end.
    async fn until_told(&self, id: BulkJobId, processed: i64) -> BulkJob {
        let worker = self.shop.worker();
        let told = self.shop.when(id, |job| job.counts.processed == processed);
        let (job, _) = self.while_time_goes_by(told).await;
        worker.stop().await;
        job
    }

    async fn record(&self, id: BulkJobId, place: usize) -> (billing::bulk::BulkRecordStatus, Option<String>) {
        let record = self.shop.job(id).await.1.swap_remove(place);
        (record.status, record.details)
    }

    /// What is told of the records of a job, in order.
    async fn told(&self, id: BulkJobId) -> Vec<String> {
        let names = self.shop.events_as_read(id).await.into_iter().map(|(name, ..)| name);
        names.skip_while(|name| name != "BulkJobStarted").skip(1).collect()
    }

    /// What nobody knew yet about the only attempt of a customer.
    async fn unknown(&self, customer: CustomerId) -> String {
        let activity = self.activities(customer).await[0].id;
        format!(
            "Nobody knows yet whether payment activity {activity} was made. This record tells how it ended as soon as that \
             is known."
        )
    }
}

#[tokio::test]
async fn what_is_charged_during_a_cancellation_is_processed_in_the_end() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        let job = till.shop.cancel(id).await.unwrap();
        assert_eq!(counted(&job), (BulkJobStatus::ProcessedWithErrors, 0, 2));
        let activity = till.activities(customer).await[0].id;
        let text = format!(
            "{GIVEN_UP} Payment activity {activity} was under way. This record tells how it ended as soon as that is known."
        );
        assert_eq!(till.record(id, 0).await, (FailedProcessing, Some(text)));
        till.let_go().await;
        worker.stop().await;
        let job = till.until_told(id, 1).await;
        assert_eq!(counted(&job), (BulkJobStatus::ProcessedWithErrors, 1, 1));
        let (_, records) = till.shop.job(id).await;
        let payment = till.activities(customer).await[0].outcome.clone();
        assert!(format!("{payment:?}").contains(&format!("PaymentId({})", records[0].created_id.unwrap())));
        assert_eq!(records[0].amount.map(|amount| amount.to_string()), Some("10".to_owned()));
        assert_eq!(till.record(id, 0).await, PAID);
        assert_eq!(till.record(id, 1).await, (FailedProcessing, Some(GIVEN_UP.to_owned())));
        assert_eq!(till.told(id).await, ["BulkJobProcessed", "BulkRecordProcessed"]);
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-10".to_owned()));
        assert_eq!(till.shop.task_count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_charged_before_a_cancellation_is_processed_at_once() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.charging(customer).await;
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.act(move |tx, session| pause::run(tx, session, id)).await.unwrap();
        till.let_go().await;
        worker.stop().await;
        until("the end", async || till.ends(customer).await == [Successful]).await;
        assert_eq!(till.shop.job(id).await.0.counts.processed, 0, "nobody has looked yet");
        let job = till.shop.cancel(id).await.unwrap();
        assert_eq!(counted(&job), (BulkJobStatus::ProcessedWithErrors, 1, 1));
        assert_eq!((till.record(id, 0).await, till.record(id, 1).await.0), (PAID, FailedProcessing));
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_stays_one_whatever_was_charged() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.shop.validated(SubmittedJobType::BulkPayment, vec![format!("{customer} 10 card")]).await;
        till.line.is_held.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.cancel(id).await.unwrap();
        till.let_go().await;
        worker.stop().await;
        let job = till.until_told(id, 1).await;
        assert_eq!(counted(&job), (BulkJobStatus::ProcessedWithErrors, 1, 0));
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_after_a_cancellation_says_why() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let records = vec![format!("{customer} 9000.05 card"), format!("{customer} 1")];
        let id = till.shop.validated(SubmittedJobType::BulkPayment, records).await;
        till.line.is_held.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.cancel(id).await.unwrap();
        till.let_go().await;
        until("the end", async || till.ends(customer).await == [Failed]).await;
        let refused = (FailedProcessing, Some("Your card was declined.".to_owned()));
        let told = until("the reason", async || till.record(id, 0).await == refused);
        till.while_time_goes_by(told).await;
        worker.stop().await;
        assert_eq!(counted(&till.shop.job(id).await.0), (BulkJobStatus::ProcessedWithErrors, 0, 2));
        assert_eq!(till.told(id).await, ["BulkJobProcessed"]);
    })
    .await;
}

#[tokio::test]
async fn a_short_outage_of_the_gateway_fails_nobody() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let records = vec![format!("{customer} 10 card"), format!("{customer} 1")];
        let id = till.shop.validated(SubmittedJobType::BulkPayment, records).await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        till.shop.clock.advance_millis(UNKNOWN_MS / 2);
        sleep(Duration::from_millis(100)).await;
        assert_eq!(counted(&till.shop.job(id).await.0), (BulkJobStatus::Processing, 0, 0));
        worker.stop().await;
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.work_until(customer, &[Successful]).await;
        assert_eq!(till.ended(id).await, [PAID, PAID]);
    })
    .await;
}

#[tokio::test]
async fn a_charge_of_which_nobody_knows_holds_nobody_up_for_long_and_is_told_later() {
    each_till(async |till| {
        let (customer, other) = (till.with_stored_card().await, till.with_stored_card().await);
        let records = vec![
            format!("{customer} 10 card"),
            format!("{customer} 1"),
            format!("{customer} 11 card"),
            format!("{other} 2"),
        ];
        let id = till.shop.validated(SubmittedJobType::BulkPayment, records).await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        worker.stop().await;
        assert_eq!(till.ends(customer).await, [Unknown]);
        till.shop.clock.advance_millis(UNKNOWN_MS);
        let ended = till.ended(id).await;
        let activity = till.activities(customer).await[0].id;
        let behind =
            format!("Payment activity {activity} of this customer is not finished; its end has to be known first.");
        let failed = |text: String| (FailedProcessing, Some(text));
        assert_eq!(ended, [failed(till.unknown(customer).await), PAID, failed(behind.clone()), PAID]);
        assert_eq!(counted(&till.shop.job(id).await.0), (BulkJobStatus::ProcessedWithErrors, 2, 2));

        till.line.is_cut.store(false, Ordering::SeqCst);
        // The other one is the cash.
        till.work_until(customer, &[Successful, Successful]).await;
        let job = till.until_told(id, 3).await;
        assert_eq!(counted(&job), (BulkJobStatus::ProcessedWithErrors, 3, 1));
        assert_eq!((till.record(id, 0).await, till.record(id, 2).await), (PAID, failed(behind)));
        let told = till.told(id).await;
        assert_eq!(told[0], "BulkRecordFailed");
        assert_eq!(told[4..], ["BulkJobProcessed", "BulkRecordProcessed"]);
        assert_eq!((till.line.charges(), till.balance(customer).await), (vec!["10".to_owned()], "-11".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_only_failure_was_made_after_all_is_processed() {
    each_till(async |till| {
        let customer = till.with_stored_card().await;
        let id = till.shop.validated(SubmittedJobType::BulkPayment, vec![format!("{customer} 10 card")]).await;
        till.line.is_cut.store(true, Ordering::SeqCst);
        till.shop.process(id).await.unwrap();
        let worker = till.shop.worker();
        till.until_asked(customer).await;
        worker.stop().await;
        till.shop.clock.advance_millis(UNKNOWN_MS);
        assert_eq!(till.ended(id).await, [(FailedProcessing, Some(till.unknown(customer).await))]);
        // By and by it is looked at ever more rarely.
        till.shop.clock.advance_millis(10 * HOUR_MS);
        let worker = till.shop.worker();
        let is_put_off = async || till.shop.due_at(id).await > till.shop.app.now().plus_millis(HOUR_MS / 2);
        until("the next look", is_put_off).await;
        worker.stop().await;
        till.line.is_cut.store(false, Ordering::SeqCst);
        till.work_until(customer, &[Successful]).await;
        assert!(till.shop.due_at(id).await <= till.shop.app.now(), "who ends it calls");
        assert_eq!(counted(&till.until_told(id, 1).await), (BulkJobStatus::Processed, 1, 0));
        assert_eq!(till.shop.job(id).await.1[0].status, Processed);
    })
    .await;
}
