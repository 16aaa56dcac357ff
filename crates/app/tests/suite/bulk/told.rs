//! What is told of records: each end once, in the order of the file, and nothing of what has not happened.

use billing::{
    bulk::{BulkMode, BulkOptions, SubmittedJobType},
    id::{BulkJobId, CustomerId},
};

use super::{
    modes::{atomic, dry},
    write_offs,
};
use crate::shop::{Shop, each_shop};

impl Shop {
    /// What is told of the records of a job: the place of each in the file, and whose it is.
    async fn told_of_records(&self, id: BulkJobId) -> Vec<(String, i64, Option<i64>)> {
        let first = self.job(id).await.1[0].id.0;
        let of_records = |(name, subject, customer): (String, i64, Option<i64>)| {
            name.starts_with("BulkRecord").then(|| (name, subject - first, customer))
        };
        self.events_as_read(id).await.into_iter().filter_map(of_records).collect()
    }
}

fn told(name: &str, place: i64, customer: Option<CustomerId>) -> (String, i64, Option<i64>) {
    (format!("BulkRecord{name}"), place, customer.map(|customer| customer.0))
}

#[tokio::test]
async fn every_end_of_a_record_is_told_once() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoices = write_offs(&shop.invoices(customer, product, 2).await);
        let records = vec![invoices[0].clone(), "x".to_owned(), invoices[0].clone(), invoices[1].clone()];
        let id = shop.validated(SubmittedJobType::BulkWriteOff, records).await;
        assert_eq!(shop.told_of_records(id).await, [told("Refused", 1, None)]);
        shop.processed(id).await;
        let owner = Some(customer);
        let expected = [
            told("Refused", 1, None),
            told("Processed", 0, owner),
            told("Failed", 2, owner),
            told("Processed", 3, owner),
        ];
        assert_eq!(shop.told_of_records(id).await, expected);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_of_records_to_which_nothing_happened() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoices = write_offs(&shop.invoices(customer, product, 2).await);
        let trial = shop.written_off(dry(BulkMode::Continue), &[&invoices[..], &["x".to_owned()]].concat()).await;
        shop.processed(trial).await;
        assert_eq!(shop.told_of_records(trial).await, []);

        let cancelled = shop.written_off(BulkOptions::default(), &invoices).await;
        shop.cancel(cancelled).await.unwrap();
        assert_eq!(shop.told_of_records(cancelled).await, []);

        // Of an atomic job that is undone, the record that is to blame.
        let twice = [&invoices[..1], &invoices[..1]].concat();
        let undone = shop.written_off(atomic(), &twice).await;
        shop.processed(undone).await;
        assert_eq!(shop.told_of_records(undone).await, [told("Failed", 1, Some(customer))]);
    })
    .await;
}
