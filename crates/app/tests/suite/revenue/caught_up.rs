//! Rounds after long downtime: in short transactions, and to the same end as if they had never been missed.

use app::earning::run;
use billing::{
    discount::DiscountType,
    earning::{EarningInterval::Monthly, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, PurchaseId},
    purchase::PurchaseOrder,
};
use db::values;
use testkit::each_database;

use crate::{
    coupons::of,
    shop::{Shop, purchase_of},
    trade::over,
};

/// Two customers with charges that earn every day of three years, and one every month.
async fn sell(shop: &Shop) -> Vec<PurchaseId> {
    let service = shop.service("SERVICE").await;
    let mut sold = Vec::new();
    for customer in [shop.customer().await, shop.customer().await] {
        for (cut, price) in [(Cut::Daily, "1200"), (Cut::Daily, "99.99"), (Cut::Monthly, "1000")] {
            let order = PurchaseOrder {
                earning: Some(over(36, Monthly, cut, Falls::EndOfInterval)),
                discounts: vec![of(DiscountType::Percentage, "33.3")],
                ..purchase_of(service, price)
            };
            sold.push(shop.sell(customer, order).await.0);
        }
    }
    sold
}

async fn posting_count(shop: &Shop) -> i64 {
    let sql = "SELECT COUNT(*) FROM ledger_transaction WHERE account_id = $1";
    shop.act(move |tx, session| Ok(tx.scalar(sql, &values![session.account.id.0])?)).await.unwrap()
}

/// Makes up for what was missed, and states that no transaction posts more than it may. Like a worker that is killed again
/// and again, it forgets where it was.
async fn catch_up(shop: &Shop) -> usize {
    let posting_count_max = 2 * i64::try_from(run::PART_COUNT_MAX).unwrap();
    for transactions in 0.. {
        let before = posting_count(shop).await;
        let left = shop.act(|tx, session| run::step(tx, session, CustomerId(0))).await.unwrap();
        let posted = posting_count(shop).await - before;
        assert!(posted <= posting_count_max, "{posted} postings in one transaction");
        if left.is_none() {
            return transactions;
        }
        assert!(posted > 0, "a transaction that posts nothing would be repeated for ever");
    }
    unreachable!("the loop ends when nothing is left")
}

#[tokio::test]
async fn years_of_downtime_are_made_up_for_in_short_transactions() {
    const DAYS: i64 = 500;
    each_database(store::MIGRATIONS, async |database| {
        let (punctual, late) = (Shop::open(database).await, Shop::open_with(database, "another key").await);
        let (on_time, missed) = (sell(&punctual).await, sell(&late).await);
        for _ in 0..DAYS {
            punctual.clock.advance_days(1);
            punctual.earn().await;
        }
        late.clock.advance_days(DAYS);
        assert!(catch_up(&late).await >= 4, "2,032 parts in fewer than five transactions");
        for (expected, found) in on_time.into_iter().zip(missed) {
            for kind in ["Earning", "DiscountEarning"] {
                let expected = punctual.posted(expected, kind).await;
                assert!(expected.len() >= 16, "{expected:?}");
                assert_eq!(late.posted(found, kind).await, expected, "{kind}");
            }
        }
        assert_eq!(late.disagreements().await, [""; 0]);
    })
    .await;
}
