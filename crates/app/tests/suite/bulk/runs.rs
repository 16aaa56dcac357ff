//! What becomes of the records of a job that nobody disturbs.

use app::{
    Tx,
    bulk::{self, Limits},
};
use billing::{
    account::Session,
    bulk::{BulkJobStatus, BulkRecordStatus, SubmittedJobType},
    id::CustomerId,
    payment::{Allocation, PaymentOrder},
};
use db::values;

use super::{LIMITS, PARSER, amount, counts, details, payment, payments, write_offs};
use crate::shop::each_shop;

#[tokio::test]
async fn write_offs_from_submission_to_end() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoices = shop.invoices(customer, product, 5).await;
        let submitted = shop.submit(SubmittedJobType::BulkWriteOff, write_offs(&invoices)).await.unwrap();
        assert_eq!(submitted.status, BulkJobStatus::Validating);
        assert_eq!(submitted.file_name, "BulkWriteOff-20240115.csv");
        assert_eq!(submitted.reference, "Bulk write off");
        let created_at = shop.app.now();
        shop.clock.advance_millis(1_000);
        let worker = shop.worker();
        let (job, records) = shop.settled(submitted.id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Validated, counts(5, 5, 0, 0, 0)));
        assert_eq!((job.created_at, job.validated_at, job.processing_at), (created_at, Some(shop.app.now()), None));
        let texts: Vec<_> = records.iter().map(|record| record.data.clone()).collect();
        assert_eq!(texts, write_offs(&invoices));
        assert!(records.windows(2).all(|pair| pair[0].id.0 + 1 == pair[1].id.0));
        assert_eq!(shop.balance(customer).await, amount("50"), "validation changes nothing");

        shop.clock.advance_millis(1_000);
        let processing_at = Some(shop.app.now());
        shop.process(job.id).await.unwrap();
        let (job, records) = shop.settled(job.id).await;
        worker.stop().await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(5, 5, 0, 5, 0)));
        assert_eq!((job.processing_at, job.processed_at), (processing_at, Some(shop.app.now())));
        assert!(records.iter().all(|record| record.created_id.is_none() && record.details.is_none()));
        assert_eq!(shop.balance(customer).await, amount("0"));
        assert_eq!(shop.task_count().await, 0);
        let told = ["BulkJobCreated", "BulkJobValidated", "BulkJobStarted", "BulkJobProcessed"];
        assert_eq!(shop.events(job.id).await, told);
    })
    .await;
}

#[tokio::test]
async fn invoices_that_were_paid_in_between_fail_and_the_job_does_not() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoices = shop.invoices(customer, product, 3).await;
        let id = shop.validated(SubmittedJobType::BulkWriteOff, write_offs(&invoices)).await;
        let (job, _) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Validated, counts(3, 3, 0, 0, 0)));
        let order = PaymentOrder {
            allocations: invoices
                .iter()
                .map(|invoice| Allocation { invoice: *invoice, amount: amount("10") })
                .collect(),
            ..payment(&format!("{customer} 30")).unwrap().payment().clone()
        };
        shop.act(move |tx, session| app::payments::create::run(tx, session, &order)).await.unwrap();
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(3, 3, 0, 0, 3)));
        for (record, invoice) in records.iter().zip(&invoices) {
            let text = format!("Invoice with id {invoice} has no outstanding balance.");
            assert_eq!(record.details.as_deref(), Some(text.as_str()));
        }
        assert_eq!(shop.balance(customer).await, amount("0"));
    })
    .await;
}

#[tokio::test]
async fn only_what_passed_is_processed() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoice = shop.invoices(customer, product, 1).await[0].to_string();
        let records = vec!["x".to_owned(), invoice.clone(), "7".to_owned(), invoice.clone(), String::new()];
        let id = shop.validated(SubmittedJobType::BulkWriteOff, records).await;
        let (job, records) = shop.job(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ValidatedWithErrors, counts(5, 2, 3, 0, 0)));
        let wrong = [Some("'x' is not an invoice id."), None, Some("Invoice with id 7 not found."), None];
        assert_eq!(details(&records)[..4], wrong);
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(5, 2, 3, 1, 1)));
        assert_eq!(details(&records)[..3], wrong[..3]);
        let twice = format!("Invoice with id {invoice} has no outstanding balance.");
        assert_eq!(records[3].details.as_deref(), Some(twice.as_str()));
        assert_eq!(shop.balance(customer).await, amount("0"));
    })
    .await;
}

/// Good neighbours are stored together, and nothing between them is touched.
#[tokio::test]
async fn in_one_chunk_each_record_gets_its_own_result() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let mut records = write_offs(&shop.invoices(customer, product, 6).await);
        records.insert(2, "x".to_owned());
        records.insert(5, records[0].clone());
        let limits = Limits { chunk_record_count: 500, ..LIMITS };
        let worker = bulk::start_worker(&shop.app, PARSER, limits);
        let id = shop.submit(SubmittedJobType::BulkWriteOff, records).await.unwrap().id;
        shop.settled(id).await;
        shop.process(id).await.unwrap();
        let (job, records) = shop.settled(id).await;
        worker.stop().await;
        assert_eq!(job.counts, counts(8, 7, 1, 6, 1));
        let wrong: Vec<_> = records.iter().filter(|record| record.status != BulkRecordStatus::Processed).collect();
        assert_eq!(wrong.iter().map(|record| record.id.0 - records[0].id.0).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(wrong[0].status, BulkRecordStatus::FailedValidation);
        assert_eq!(wrong[0].details.as_deref(), Some("'x' is not an invoice id."));
        assert_eq!(wrong[1].status, BulkRecordStatus::FailedProcessing);
        assert_eq!(shop.balance(customer).await, amount("0"));
    })
    .await;
}

#[tokio::test]
async fn a_job_with_nothing_to_process_ends_without_errors() {
    each_shop(async |shop| {
        let id = shop.validated(SubmittedJobType::BulkWriteOff, vec!["x".to_owned(); 4]).await;
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::ValidatedWithErrors);
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(4, 0, 4, 0, 0)));
        assert!(records.iter().all(|record| record.status == BulkRecordStatus::FailedValidation));
        let told = ["BulkJobCreated", "BulkJobValidated", "BulkJobStarted", "BulkJobProcessed"];
        assert_eq!(shop.events(id).await, told);
        assert_eq!(shop.task_count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_with_nothing_to_process_makes_room_for_the_corrected_one() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let wrong = shop.validated(SubmittedJobType::BulkPayment, vec!["x".to_owned(); 3]).await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 3)).await;
        // Meanwhile the wrong one may still be processed, which does nothing, or be cancelled.
        let job = shop.process(wrong).await.unwrap();
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(3, 0, 3, 0, 0)));
        assert_eq!((job.processing_at, job.processed_at), (Some(shop.app.now()), Some(shop.app.now())));
        let (job, _) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(3, 3, 0, 3, 0)));
        shop.assert_verified().await;
    })
    .await;
}

/// Not even a record that has passed validation reaches another account.
#[tokio::test]
async fn another_accounts_invoice_is_not_written_off() {
    each_shop(async |shop| {
        let other = shop.beside("other key", true).await;
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (stranger, theirs) = (other.customer().await, other.product("P", "10").await);
        let records = write_offs(&shop.invoices(customer, product, 2).await);
        let invoice = other.invoices(stranger, theirs, 1).await[0];
        let id = shop.validated(SubmittedJobType::BulkWriteOff, records).await;
        let put = move |tx: &mut app::Tx<'_>, session: &Session| {
            let sql = "UPDATE bulk_record SET data = $3 WHERE account_id = $1 AND job_id = $2
                AND id = (SELECT MAX(id) FROM bulk_record WHERE account_id = $1 AND job_id = $2)";
            Ok(tx.execute(sql, &values![session.account.id.0, id.0, invoice.to_string()])?)
        };
        assert_eq!(shop.act(put).await.unwrap(), 1);
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::ProcessedWithErrors, counts(2, 2, 0, 1, 1)));
        let text = format!("Invoice with id {invoice} not found.");
        assert_eq!(details(&records), [None, Some(text.as_str())]);
        assert_eq!(other.balance(stranger).await, amount("10"));
        other.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn payments_in_input_order_with_what_they_created() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let mut records = payments(customer, 2);
        records.insert(1, "wrong".to_owned());
        records.push("7 1".to_owned());
        let id = shop.validated(SubmittedJobType::BulkPayment, records).await;
        let (job, records) = shop.processed(id).await;
        assert_eq!((job.status, job.counts), (BulkJobStatus::Processed, counts(4, 2, 2, 2, 0)));
        assert_eq!(job.reference, "Bulk Payment");
        let both = "The CustomerId field is required., The Amount field is required.";
        assert_eq!(details(&records), [None, Some(both), None, Some("Customer with id 7 not found.")]);
        let created: Vec<_> = records.iter().filter_map(|record| record.created_id).collect();
        assert!(created.is_sorted() && created.len() == 2);
        for id in created {
            let find = move |tx: &mut app::Tx<'_>, session: &_| {
                app::payments::find::run(tx, session, billing::id::PaymentId(id))
            };
            assert_eq!(shop.act(find).await.unwrap().customer, customer);
        }
        assert_eq!(shop.balance(customer).await, amount("-2"));
    })
    .await;
}

#[tokio::test]
async fn a_small_job_ends_within_the_call() {
    each_shop(async |shop| {
        let (caller, customer) = (shop.caller().await, shop.customer().await);
        let worker = shop.worker();
        let id = shop.submit(SubmittedJobType::BulkPayment, payments(customer, 1)).await.unwrap().id;
        let job = bulk::wait::run(&shop.app, &caller, id, LIMITS.wait_max).await.unwrap();
        assert_eq!(job.status, BulkJobStatus::Validated);
        shop.process(id).await.unwrap();
        let job = bulk::wait::run(&shop.app, &caller, id, LIMITS.wait_max).await.unwrap();
        assert_eq!(job.status, BulkJobStatus::Processed);
        worker.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_validated_job_expires_after_a_day() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let id = shop.validated(SubmittedJobType::BulkPayment, payments(customer, 1)).await;
        shop.clock.advance_millis(86_400_000 - 1);
        let worker = shop.worker();
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        assert_eq!(shop.job(id).await.0.status, BulkJobStatus::Validated);
        shop.clock.advance_millis(1);
        shop.when(id, |job| job.status == BulkJobStatus::Expired).await;
        worker.stop().await;
        assert!(shop.process(id).await.is_err());
        assert_eq!(shop.task_count().await, 0);
        assert_eq!(shop.events(id).await, ["BulkJobCreated", "BulkJobValidated", "BulkJobExpired"]);
        assert_eq!(shop.job(id).await.1[0].status, BulkRecordStatus::PassedValidation);
        shop.submit(SubmittedJobType::BulkPayment, payments(customer, 1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_told_of_a_record_names_nobody_who_is_not_there() {
    each_shop(async |shop| {
        let (customer, stranger) = (shop.customer().await, shop.beside("other", false).await.customer().await);
        let records = [customer, stranger, CustomerId(7)].map(|customer| format!("{customer} 0.001"));
        shop.validated(SubmittedJobType::BulkPayment, records.to_vec()).await;
        let sql =
            "SELECT customer_id FROM event WHERE account_id = $1 AND event_type = 'BulkRecordRefused' ORDER BY id";
        let account = shop.account.0;
        let ask = move |tx: &mut Tx<'_>| tx.query(sql, &values![account], |row| row.get::<Option<i64>>(0));
        assert_eq!(shop.app.db().read(ask).await.unwrap(), [Some(customer.0), None, None]);
    })
    .await;
}
