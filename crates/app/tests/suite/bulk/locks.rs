//! A chunk and whoever else locks several customers go by the order of their ids.

use billing::bulk::SubmittedJobType;

use super::{counts, write_offs};
use crate::locks::{is_free_while, shop_with_locks};

#[tokio::test]
async fn a_chunk_locks_its_customers_in_the_order_of_ids() {
    shop_with_locks(async |shop| {
        let (low, high, product) = (shop.customer().await, shop.customer().await, shop.product("P", "10").await);
        let of_low = shop.invoice(low, product, "1").await;
        let of_high = shop.invoice(high, product, "1").await;
        let payments = vec![format!("{high} 1"), format!("{low} 1")];
        for (job_type, records) in [
            (SubmittedJobType::BulkPayment, payments),
            (SubmittedJobType::BulkWriteOff, write_offs(&[of_high, of_low])),
        ] {
            let id = shop.validated(job_type, records).await;
            let (is_free, (job, _)) = is_free_while(shop, [low, high], shop.processed(id)).await;
            assert!(is_free, "{job_type}: the first record's customer is locked before that of the second");
            assert_eq!(job.counts, counts(2, 2, 0, 2, 0));
        }
    })
    .await;
}
