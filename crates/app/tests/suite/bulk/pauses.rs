//! Jobs that pause, start at their time, and lose their records when they are old.

use std::time::Duration;

use app::{
    Tx,
    bulk::{Limits, pause},
    customers,
};
use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobStatus, BulkOptions},
    id::BulkJobId,
    refusal::Refusal,
};
use calendar::Instant;
use money::Currency;
use tokio::time::sleep;

use super::{
    LIMITS, amount,
    calls::refusal,
    counts,
    modes::{DAY_MS, order},
    payments,
};
use crate::shop::{Shop, each_shop};

/// What nobody does anything in, nothing will be done in.
const MOMENT: Duration = Duration::from_millis(30);

#[tokio::test]
async fn a_job_pauses_after_so_many_records_and_goes_on_when_told() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let options = BulkOptions { pause_after: Some(2), ..BulkOptions::default() };
        let mut records = payments(customer, 7);
        records[1] = "nonsense".to_owned();
        let id = shop.uploaded(options, &records).await;
        assert_eq!(refusal(shop.resume(id).await), Refusal::JobNotPaused(id));
        assert_eq!(refusal(shop.pause(id).await), Refusal::JobNotProcessing(id, BulkJobStatus::ValidatedWithErrors));
        let worker = shop.worker();
        shop.process(id).await.unwrap();
        let (job, _) = shop.when(id, |job| job.paused_at.is_some()).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processing, counts(7, 6, 1, 2, 0)));
        assert_eq!((shop.balance(customer).await, shop.task_count().await), (amount("-2"), 0));
        assert_eq!(shop.pause(id).await.unwrap(), job, "it stays paused");
        shop.resume(id).await.unwrap();
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts, job.paused_at), (BulkJobStatus::Processed, counts(7, 6, 1, 6, 0), None));
        let events = [
            "BulkJobCreated",
            "BulkJobValidated",
            "BulkJobStarted",
            "BulkJobPaused",
            "BulkJobResumed",
            "BulkJobProcessed",
        ];
        assert_eq!(shop.events(id).await, events);
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_paused_job_can_be_cancelled() {
    each_shop(async |shop| {
        let id = shop.uploaded(BulkOptions::default(), &payments(shop.customer().await, 3)).await;
        shop.process(id).await.unwrap();
        let paused = shop.pause(id).await.unwrap();
        assert_eq!((paused.paused_at, shop.task_count().await), (Some(shop.app.now()), 0));
        let worker = shop.worker();
        shop.app.wake_workers();
        sleep(MOMENT).await;
        worker.stop().await;
        assert_eq!(shop.job(id).await.0, paused, "nobody works on it");
        let job = shop.cancel(id).await.unwrap();
        assert_eq!((job.counts, job.paused_at), (counts(3, 3, 0, 0, 3), None));
        assert_eq!((job.given_up_count, job.cancelled_at()), (3, Some(shop.app.now())));
        assert_eq!(refusal(shop.resume(id).await), Refusal::JobNotPaused(id));
    })
    .await;
}

#[tokio::test]
async fn a_job_starts_by_itself_at_its_time() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let starts_at = shop.app.now().plus_millis(3 * DAY_MS);
        let options = BulkOptions { starts_at: Some(starts_at), ..BulkOptions::default() };
        let worker = shop.worker();
        let id = shop.upload(order(options), &payments(customer, 3)).await.unwrap();
        shop.settled(id).await;
        assert_eq!(shop.due_at(id).await, starts_at);
        shop.clock.advance_millis(3 * DAY_MS - 1);
        shop.app.wake_workers();
        sleep(MOMENT).await;
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::Validated, "it does not expire before its time");
        shop.clock.advance_millis(1);
        let (job, _) = shop.when(id, |job| job.processed_at.is_some()).await;
        assert_eq!(
            (job.status, job.counts, job.processing_at),
            (BulkJobStatus::Processed, counts(3, 3, 0, 3, 0), Some(starts_at))
        );
        assert_eq!(shop.balance(customer).await, amount("-3"));

        // A time that is over is at once; whoever does not want to wait calls, and nothing happens twice.
        let past = BulkOptions { starts_at: Some(Instant::NEVER_SET), ..BulkOptions::default() };
        let id = shop.upload(order(past), &payments(customer, 2)).await.unwrap();
        shop.when(id, |job| job.status == BulkJobStatus::Processed).await;
        worker.stop().await;
        let id = shop.uploaded(options_at(shop.app.now().plus_millis(DAY_MS)), &payments(customer, 1)).await;
        shop.processed(id).await;
        assert_eq!((shop.task_count().await, shop.balance(customer).await), (0, amount("-6")));
        let id = shop.uploaded(options_at(shop.app.now().plus_millis(DAY_MS)), &payments(customer, 4)).await;
        shop.cancel(id).await.unwrap();
        assert_eq!(shop.task_count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_waits_for_its_time_stands_in_nobodys_way() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let starts_at = shop.app.now().plus_millis(DAY_MS / 2);
        let scheduled = shop.uploaded(options_at(starts_at), &payments(customer, 3)).await;
        let again = shop.upload(order(options_at(starts_at)), &payments(customer, 3)).await;
        assert_eq!(refusal(again), Refusal::JobRepeated(scheduled), "it will do something yet");
        let next = shop.uploaded(BulkOptions::default(), &payments(customer, 2)).await;
        let third = shop.upload(order(BulkOptions::default()), &payments(customer, 4)).await;
        assert_eq!(refusal(third), Refusal::JobOpen(next));
        let worker = shop.worker();
        shop.clock.advance_millis(DAY_MS / 2);
        let (job, _) = shop.when(scheduled, |job| job.processed_at.is_some()).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(3, 3, 0, 3, 0)));
        shop.process(next).await.unwrap();
        shop.settled(next).await;
        worker.stop().await;
        assert_eq!(shop.balance(customer).await, amount("-5"));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn money_is_summed_by_currency_before_and_after_it_moves() {
    each_shop(async |shop| {
        let order = customers::create::Order { currency: Some(Currency::CAD), ..customers::create::Order::default() };
        let canadian = shop.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id;
        let (local, old) = (shop.customer().await, shop.named("O-1", "Old", "old@acme.example").await);
        let mut records = ["1.10", "2.20", "nothing", "3.30"].map(|amount| format!("{local} {amount}")).to_vec();
        records.extend([format!("{canadian} 5"), format!("{old} 7"), "7 9".to_owned()]);
        let id = shop.uploaded(BulkOptions::default(), &records).await;
        let told = |currency, expected: &str, moved: &str| (currency, expected.to_owned(), moved.to_owned());
        assert_eq!(shop.totals(id).await, [told("CAD", "5", "0"), told("USD", "13.6", "0")]);
        let delete = move |tx: &mut Tx<'_>, session: &Session| customers::delete::run(tx, session, old);
        shop.act(delete).await.unwrap();
        shop.processed(id).await;
        assert_eq!(shop.totals(id).await, [told("CAD", "5", "5"), told("USD", "13.6", "6.6")]);
        let none = shop.uploaded(BulkOptions::default(), &["7 9".to_owned()]).await;
        assert_eq!(shop.totals(none).await, []);
        shop.assert_verified().await;
    })
    .await;
}

fn options_at(starts_at: Instant) -> BulkOptions {
    BulkOptions { starts_at: Some(starts_at), ..BulkOptions::default() }
}

#[tokio::test]
async fn records_of_old_jobs_are_deleted_where_that_is_wanted() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let kept = Limits { records_kept_ms: Some(10 * DAY_MS), ..LIMITS };
        let plain = || order(BulkOptions::default());
        let id = shop.upload_within(plain(), &payments(customer, 5), kept).await.unwrap();
        let worker = app::bulk::start_worker(&shop.app, super::PARSER, kept);
        shop.settled(id).await;
        shop.process(id).await.unwrap();
        let (before, _) = shop.settled(id).await;
        shop.clock.advance_millis(5 * DAY_MS);
        let young = shop.upload_within(plain(), &payments(customer, 2), kept).await.unwrap();
        shop.settled(young).await;
        shop.clock.advance_millis(5 * DAY_MS - 1);
        shop.app.wake_workers();
        sleep(MOMENT).await;
        assert_eq!(shop.job(id).await.1.len(), 5);
        shop.clock.advance_millis(1);
        shop.app.wake_workers();
        let job = shop.until_deleted(id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts), (before.status, before.counts));
        assert_eq!(shop.record_count(id).await, 0);
        assert_eq!(shop.record_count(young).await, 2);
        shop.assert_verified().await;
    })
    .await;
}

impl Shop {
    async fn pause(&self, id: BulkJobId) -> Result<BulkJob, app::Error> {
        self.act(move |tx, session| pause::run(tx, session, id)).await
    }

    async fn resume(&self, id: BulkJobId) -> Result<BulkJob, app::Error> {
        self.act(move |tx, session| pause::resume(tx, session, id)).await
    }

    /// The job when its records are gone.
    async fn until_deleted(&self, id: BulkJobId) -> BulkJob {
        for _ in 0..2_000 {
            let job = self.jobs().await.into_iter().find(|job| job.id == id).unwrap();
            if job.records_deleted_at.is_some() {
                return job;
            }
            sleep(Duration::from_millis(5)).await;
        }
        panic!("the records are still there")
    }

    async fn record_count(&self, id: BulkJobId) -> i64 {
        let sql = "SELECT COUNT(*) FROM bulk_record WHERE job_id = $1";
        self.app.db().read(move |tx| tx.scalar::<i64>(sql, &db::values![id.0])).await.unwrap()
    }
}
