//! Submit, process, cancel: who is refused, and when.

use app::{
    Error,
    bulk::{self, submit},
};
use billing::{
    bulk::{BulkJobStatus, BulkRecordStatus, SubmittedJobType},
    id::BulkJobId,
    named::Named,
    refusal::Refusal,
};

use super::{LIMITS, counts, details, payments, write_offs};
use crate::shop::each_shop;

const UNKNOWN: BulkJobId = BulkJobId(9);

pub(super) fn refusal(result: Result<impl std::fmt::Debug, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

fn messages(result: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    match result {
        Err(Error::Invalid(problems)) => {
            problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect()
        }
        other => panic!("not a wrong field: {other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_submitted() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let empty = shop.submit(SubmittedJobType::BulkPayment, Vec::new()).await;
        assert_eq!(messages(empty), ["Data: At least one record is required."]);
        let large = shop.submit(SubmittedJobType::BulkPayment, payments(customer, LIMITS.record_count_max + 1)).await;
        assert_eq!(messages(large), ["Data: A job can have at most 200 records."]);
    })
    .await;
}

#[tokio::test]
async fn write_offs_do_not_exist_until_they_are_enabled() {
    each_shop(async |shop| {
        let shop = shop.beside("other key", false).await;
        let refused = shop.submit(SubmittedJobType::BulkWriteOff, vec!["1".to_owned()]).await;
        assert!(matches!(refused, Err(Error::NotEnabled(_))), "{refused:?}");
        shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_open_job_an_account() {
    each_shop(async |shop| {
        let other = shop.beside("other key", true).await;
        let records = || vec!["1".to_owned()];
        let first = shop.submit(SubmittedJobType::BulkWriteOff, records()).await.unwrap();
        assert_eq!(refusal(shop.submit(SubmittedJobType::BulkPayment, records()).await), Refusal::JobOpen(first.id));
        other.submit(SubmittedJobType::BulkPayment, records()).await.unwrap();
        shop.cancel(first.id).await.unwrap();
        shop.submit(SubmittedJobType::BulkPayment, records()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_submissions_at_the_same_time_one_wins() {
    each_shop(async |shop| {
        let caller = shop.caller().await;
        let submit = || {
            let order = submit::Order { job_type: SubmittedJobType::BulkPayment, records: vec!["1".to_owned(); 5] };
            submit::run(&shop.app, &caller, None, order, LIMITS)
        };
        let (one, two, three) = tokio::join!(submit(), submit(), submit());
        let (won, lost): (Vec<_>, Vec<_>) = [one, two, three].into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.into_iter().all(|lost| matches!(refusal(lost), Refusal::JobOpen(_))));
    })
    .await;
}

#[tokio::test]
async fn of_process_calls_at_the_same_time_one_wins() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 3)).await;
        let (one, two, three) = tokio::join!(shop.process(id), shop.process(id), shop.process(id));
        let (won, lost): (Vec<_>, Vec<_>) = [one, two, three].into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        let text = format!("Cannot process Upload {id} that is not in status Validated or ValidatedWIthErrors");
        assert!(lost.into_iter().all(|lost| refusal(lost).to_string() == text));
        let worker = shop.worker();
        let (job, _) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!(job.counts, counts(3, 3, 0, 3, 0));
        assert_eq!(shop.balance(customer).await, super::amount("-3"));
    })
    .await;
}

/// Every status against both calls; a job is put into each by hand.
#[tokio::test]
async fn statuses_and_the_calls_they_allow() {
    each_shop(async |shop| {
        for status in BulkJobStatus::ALL.iter().copied() {
            let id = shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await.unwrap().id;
            let counts = counts(1, 1, 0, 0, 0);
            let put = move |tx: &mut app::Tx<'_>, session: &billing::account::Session| {
                let mut locked = store::bulk::lock(tx, session.account.id, id)?.unwrap();
                locked.job.status = status;
                locked.job.counts = counts;
                Ok(store::bulk::update(tx, session.account.id, &locked)?)
            };
            shop.act(put).await.unwrap();
            let may_be_processed = matches!(status, BulkJobStatus::Validated | BulkJobStatus::ValidatedWithErrors);
            let processed = shop.process(id).await;
            assert_eq!(processed.is_ok(), may_be_processed, "{status}");
            let cancelled = shop.cancel(id).await;
            assert_eq!(cancelled.is_ok(), status.is_open(), "{status}");
            if !status.is_open() {
                assert_eq!(
                    refusal(cancelled).to_string(),
                    format!("Cannot cancel Upload {id} that is in status {status}.")
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn unknown_jobs_and_those_of_others_are_not_found() {
    each_shop(async |shop| {
        let other = shop.beside("other key", true).await;
        let theirs = other.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned()]).await.unwrap().id;
        for id in [UNKNOWN, theirs] {
            let text = format!("AccountUpload with id {id} not found.");
            assert_eq!(shop.process(id).await.unwrap_err().to_string(), text);
            assert_eq!(shop.cancel(id).await.unwrap_err().to_string(), text);
            let found = shop.act(move |tx, session| bulk::find::run(tx, session, id)).await;
            assert_eq!(found.unwrap_err().to_string(), text);
        }
        assert_eq!(other.job(theirs).await.0.status, BulkJobStatus::Validating);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_gives_up_what_is_left() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let mut records = write_offs(&shop.invoices(customer, product, 2).await);
        records.push("none".to_owned());
        let id = shop.validated(SubmittedJobType::BulkWriteOff, records).await;
        shop.clock.advance_millis(60_000);
        let cancelled = shop.cancel(id).await.unwrap();
        let (job, records) = shop.job(id).await;
        assert_eq!(cancelled, job);
        assert_eq!((job.status, job.processed_at), (BulkJobStatus::ProcessedWithErrors, Some(shop.app.now())));
        assert_eq!(job.counts, counts(3, 2, 1, 0, 2));
        let given_up = Some("Manually marked as Failed.");
        assert_eq!(details(&records), [given_up, given_up, Some("'none' is not an invoice id.")]);
        assert_eq!(records[2].status, BulkRecordStatus::FailedValidation);
        assert_eq!(shop.balance(customer).await, super::amount("20"));
        assert_eq!(shop.task_count().await, 0);
        assert!(matches!(refusal(shop.cancel(id).await), Refusal::JobEnded(..)));
    })
    .await;
}

#[tokio::test]
async fn before_validation_a_cancellation_leaves_no_work() {
    each_shop(async |shop| {
        let id = shop.submit(SubmittedJobType::BulkPayment, vec!["1".to_owned(); 3]).await.unwrap().id;
        shop.cancel(id).await.unwrap();
        assert_eq!(shop.task_count().await, 0);
        let (job, _) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(3, 3, 0, 0, 3)));
    })
    .await;
}
