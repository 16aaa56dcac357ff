//! A statement tells what counts in its time, whenever it was recorded.

use billing::{
    payment::PaymentOrder,
    statement::{ActKind, Statement},
};
use money::Amount;

use super::cash;
use crate::{
    shop::{each_shop, opening},
    trade::amount,
};

/// What a summary of it says: kind, invoice, change and balance.
fn told(statement: &Statement) -> Vec<(ActKind, Option<i64>, String, String)> {
    let acts = statement.acts().unwrap().into_iter();
    acts.map(|act| (act.kind, act.invoice, act.change.to_string(), act.balance.to_string())).collect()
}

fn figures(statement: &Statement) -> [Amount; 4] {
    [statement.opening, statement.closing(), statement.aging.total().unwrap(), statement.unapplied().unwrap()]
}

#[tokio::test]
async fn a_payment_that_is_recorded_late_counts_on_its_day() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let first = shop.invoice(customer, product, "10").await;
        let end = opening().plus_days(5);
        let before = shop.statement(customer, opening(), end).await;
        assert_eq!(figures(&before), ["0", "100", "100", "0"].map(amount));

        shop.clock.advance_days(10);
        let backdated =
            PaymentOrder { effective_at: Some(opening().plus_days(2)), ..cash(customer, "50", &[(first, "40")]) };
        shop.take(backdated).await.unwrap();
        let after = shop.statement(customer, opening(), end).await;
        assert_eq!(figures(&after), ["0", "50", "60", "10"].map(amount), "and pays its invoice on that day");
        let line = |kind, invoice, change: &str, balance: &str| (kind, invoice, change.to_owned(), balance.to_owned());
        let invoice = line(ActKind::Invoice, Some(1), "100", "100");
        assert_eq!(told(&after), [invoice, line(ActKind::Payment, None, "-50", "50")]);
        let later = shop.statement(customer, end, opening().plus_days(30)).await;
        assert_eq!((told(&later), figures(&later)), (vec![], ["50", "50", "60", "10"].map(amount)));
        assert_eq!(later.aged_on, shop.today(), "as far as it went");
    })
    .await;
}

#[tokio::test]
async fn what_was_settled_twice_over_owes_nothing_then() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoice = shop.invoice(customer, product, "10").await;
        let paid = shop.take(cash(customer, "100", &[(invoice, "100")])).await.unwrap().id;
        shop.clock.advance_days(10);
        shop.refund(paid, "100", &[(invoice, "100")]).await.unwrap();
        shop.clock.advance_days(1);
        let backdated = PaymentOrder { effective_at: Some(opening()), ..cash(customer, "100", &[(invoice, "100")]) };
        shop.take(backdated).await.unwrap();
        let between = shop.statement(customer, opening(), opening().plus_days(5)).await;
        assert_eq!(figures(&between), ["0", "-100", "0", "100"].map(amount));
        let cuts: Vec<_> = (0..14).map(|days| opening().plus_days(days)).collect();
        shop.assert_statements(customer, &cuts, "twice over").await;
    })
    .await;
}
