//! What moved a balance adds up to it.

use app::{Error, ar_activities};
use billing::{
    ar_activity::{ArActivity, END_DATE, START_DATE},
    id::CustomerId,
    listing::{Clause, Condition, Operand, Page},
};
use calendar::Instant;
use db::values;
use ledger::TransactionKind::Payment;
use money::Amount;

use crate::{
    shop::{Shop, each_shop, opening},
    verify::tell_story,
};

async fn listed(shop: &Shop, customer: CustomerId, page: Page) -> Vec<ArActivity> {
    let list = shop.act(move |tx, session| ar_activities::list_of_customer(tx, session, customer, &page));
    list.await.unwrap().rows
}

/// Debits less credits.
fn sum(activities: &[ArActivity]) -> Amount {
    let changes = activities.iter().map(|activity| activity.debit.checked_sub(activity.credit).unwrap());
    Amount::sum(changes).unwrap()
}

fn bound(field: &'static str, at: Instant) -> Clause {
    Clause { field, condition: Condition::Equals(Operand::Instant(at)) }
}

#[tokio::test]
async fn activities_sum_to_the_balance_and_a_day_parts_them() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let buyer = "SELECT id, balance FROM customer WHERE account_id = $1 AND ledger_sequence > 0";
        let account = shop.account;
        let found = shop.act(move |tx, _| {
            Ok(tx.query_one(buyer, &values![account.0], |row| Ok((CustomerId(row.get(0)?), row.get::<i64>(1)?)))?)
        });
        let (customer, balance) = found.await.unwrap();
        let all = listed(shop, customer, Page::default()).await;
        assert_eq!(sum(&all), Amount::from_millionths(balance));
        assert!(all.iter().all(|activity| activity.debit.is_zero() != activity.credit.is_zero()), "{all:?}");
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for activity in &all {
            let kind = activity.kind.name();
            match counts.iter_mut().find(|(name, _)| *name == kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((kind, 1)),
            }
        }
        let of_goods = [("Charge", 5), ("Discount", 1), ("Tax", 1), ("ReverseCharge", 2), ("ReverseTax", 1)];
        let of_money =
            [("Payment", 1), ("Refund", 1), ("Credit", 1), ("Debit", 1), ("OpeningBalance", 2), ("WriteOff", 1)];
        assert_eq!(counts, [&of_goods[..], &of_money].concat(), "nothing that is only earned");
        let payment = all.iter().find(|activity| activity.kind == Payment).unwrap();
        assert_eq!(
            payment.invoices.iter().map(|part| part.amount.to_string()).collect::<Vec<_>>(),
            ["14", "3"],
            "15 less a refund, and what was available later"
        );
        assert!(payment.payment_activity.is_some());

        let day = opening().plus_days(2);
        let of = |conditions| listed(shop, customer, Page { conditions, ..Page::default() });
        let (before, after) = (of(vec![bound(END_DATE, day)]).await, of(vec![bound(START_DATE, day)]).await);
        assert!(!before.is_empty() && !after.is_empty());
        assert_eq!([before, after].concat(), all, "in the order of the chain");
        assert_eq!(of(vec![bound(START_DATE, day), bound(END_DATE, day)]).await, []);
        let whole = shop.act(|tx, session| ar_activities::list(tx, session, &Page::default())).await.unwrap();
        assert_eq!(whole.matching, i64::try_from(all.len()).unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_unknown_customer_has_no_list() {
    each_shop(async |shop| {
        let list = |tx: &mut app::Tx<'_>, session: &billing::account::Session| {
            ar_activities::list_of_customer(tx, session, CustomerId(1), &Page::default())
        };
        let listed = shop.act(list).await;
        assert!(matches!(listed, Err(Error::NotFound { entity: "Customer", id: 1 })), "{listed:?}");
    })
    .await;
}
