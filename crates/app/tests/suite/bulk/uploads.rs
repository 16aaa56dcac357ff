//! Files whose records arrive: in portions, once, and within limits.

use app::bulk::{
    Header, Limits, submit,
    upload::{Order, Upload},
};
use billing::{
    bulk::{BulkJobStatus, BulkJobType, BulkMode, BulkOptions, SubmittedJobType},
    refusal::Refusal,
};

use super::{
    LIMITS, amount,
    calls::refusal,
    counts,
    modes::{DAY_MS, atomic, dry, order},
    payments,
};
use crate::shop::{each_shop, opening};

#[tokio::test]
async fn records_of_a_file_arrive_in_portions_and_once() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let records: Vec<String> = (1..=7).map(|number| format!("{customer} {number}")).collect();
        let header = Header {
            reference: Some("March".to_owned()),
            file_name: Some("march.csv".to_owned()),
            columns: Some("[]".to_owned()),
            ..Header::of(BulkJobType::BulkPayment)
        };
        let order = Order { header, allows_repeat: false };
        let id = shop.upload(order.clone(), &records).await.unwrap();
        let (job, stored) = shop.job(id).await;
        assert_eq!((job.status, job.counts.total), (BulkJobStatus::Validating, 7));
        assert_eq!(
            (job.reference.as_str(), job.file_name.as_str(), job.columns.as_deref()),
            ("March", "march.csv", Some("[]"))
        );
        assert!(stored.iter().map(|record| &record.data).eq(&records));
        assert!(stored.windows(2).all(|pair| pair[0].id.0 + 1 == pair[1].id.0));
        let worker = shop.worker();
        shop.settled(id).await;
        worker.stop().await;
        let (job, done) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(7, 7, 0, 7, 0)));
        assert_eq!(done[6].amount, Some(amount("7")));
        shop.assert_verified().await;

        // The same once more, cut another way.
        shop.clock.advance_millis(DAY_MS - 1);
        let again = shop.upload_within(order.clone(), &records, Limits { chunk_record_count: 7, ..LIMITS }).await;
        assert_eq!(refusal(again), Refusal::JobRepeated(id));
        let failed = shop.jobs().await.pop().unwrap();
        assert_eq!((failed.status, failed.counts.total), (BulkJobStatus::Failed, 6));
        assert_eq!(failed.given_up.unwrap(), Refusal::JobRepeated(id).to_string());
        let other: Vec<String> = records.iter().rev().cloned().collect();
        let other = shop.upload(order.clone(), &other).await.unwrap();
        shop.cancel(other).await.unwrap();
        let meant = shop.upload(Order { allows_repeat: true, ..order.clone() }, &records).await.unwrap();
        shop.cancel(meant).await.unwrap();
        shop.clock.advance_millis(1);
        let later = shop.upload(order, &records).await.unwrap();
        shop.cancel(later).await.unwrap();
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_cancelled_without_effect_may_come_again() {
    each_shop(async |shop| {
        let records = payments(shop.customer().await, 3);
        let id = shop.upload(order(BulkOptions::default()), &records).await.unwrap();
        assert_eq!(refusal(shop.upload(order(BulkOptions::default()), &records).await), Refusal::JobOpen(id));
        shop.cancel(id).await.unwrap();
        shop.upload(order(BulkOptions::default()), &records).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_cancelled_while_it_arrives_stores_nothing_more() {
    each_shop(async |shop| {
        let (caller, records) = (shop.caller().await, payments(shop.customer().await, 2));
        let mut upload = Upload::new(&shop.app, &caller, order(BulkOptions::default()), LIMITS);
        upload.store(records.clone()).await.unwrap();
        let id = shop.jobs().await[0].id;
        shop.cancel(id).await.unwrap();
        assert_eq!(refusal(upload.store(records.clone()).await), Refusal::UploadOver(id));
        assert_eq!(refusal(upload.finish(records).await), Refusal::UploadOver(id));
        upload.give_up(None).await;
        assert_eq!(shop.job(id).await.0.counts, counts(2, 2, 0, 0, 2));
    })
    .await;
}

#[tokio::test]
async fn the_number_of_a_card_is_in_no_record() {
    each_shop(async |shop| {
        let caller = shop.caller().await;
        let mut records = payments(shop.customer().await, 2);
        records.push(r#"{"creditCard":{"cardNumber":"4242424242424242"}}"#.to_owned());
        let told = "Records are stored, so cardNumber cannot be part of one.";
        let (submitted, uploaded) = (records.clone(), order(BulkOptions::default()));
        let order = submit::Order { job_type: SubmittedJobType::BulkPayment, records: submitted };
        let refused = submit::run(&shop.app, &caller, None, order, LIMITS).await.unwrap_err();
        assert_eq!(refused.to_string(), told);
        assert_eq!(shop.upload(uploaded, &records).await.unwrap_err().to_string(), told);
        for job in shop.jobs().await {
            assert!(shop.job(job.id).await.1.iter().all(|record| !record.data.contains("4242")));
        }
    })
    .await;
}

#[tokio::test]
async fn orders_and_files_beyond_the_limits_are_refused() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let problems = |result: Result<_, app::Error>| match result {
            Err(app::Error::Invalid(problems)) => {
                problems.into_iter().map(|one| one.message).collect::<Vec<_>>().join(" ")
            }
            other => panic!("not refused: {other:?}"),
        };
        let wrong = Order {
            header: Header {
                options: BulkOptions { pause_after: Some(0), ..atomic() },
                ..Header::of(BulkJobType::QuickBooksLatch)
            },
            allows_repeat: false,
        };
        let text = "Jobs of type QuickBooksLatch cannot be uploaded. PauseAfter must be at least 1. \
                    An atomic job and a dry run are done in one piece and cannot pause.";
        assert_eq!(problems(wrong.check(opening())), text);
        let plain = order(BulkOptions::default());
        assert_eq!(problems(shop.upload(plain.clone(), &[]).await.map(|_| ())), "At least one record is required.");
        let many = payments(customer, 201);
        assert_eq!(problems(shop.upload(plain, &many).await.map(|_| ())), "A job can have at most 200 records.");
        let text = "An atomic job or a dry run can have at most 20 records.";
        for options in [atomic(), dry(BulkMode::Continue)] {
            assert_eq!(problems(shop.upload(order(options), &many[..21]).await.map(|_| ())), text);
        }
        assert!(shop.jobs().await.iter().all(|job| job.status == BulkJobStatus::Failed));
        assert_eq!(shop.task_count().await, 0);
    })
    .await;
}
