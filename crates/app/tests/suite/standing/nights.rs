//! What the nightly round does for many customers, beside one that is broken, and when it cannot be done.

use app::{Tx, invoices::write_off, rounds};
use billing::{account::Session, id::CustomerId, term::Term, write_off::Extent};
use db::{Millis, values};
use jobs::ATTEMPT_COUNT_MAX;
use testkit::until;

use super::{GOOD, HOUR_MS, POOR, Stands, owes};
use crate::{
    shop::{Shop, each_shop},
    trade::amount,
};

/// More than one transaction of a round has.
const CROWD: usize = 51;

impl Shop {
    async fn overwrite(&self, sql: &'static str, id: i64) {
        let change = move |tx: &mut Tx<'_>, session: &Session| Ok(tx.execute(sql, &values![session.account.id.0, id])?);
        assert_eq!(self.act(change).await.unwrap(), 1, "{sql}");
    }

    async fn stand(&self, customers: &[CustomerId]) -> Vec<Stands> {
        let mut all = Vec::new();
        for customer in customers {
            all.push(self.stands(*customer).await);
        }
        all
    }
}

#[tokio::test]
async fn the_round_goes_through_everybody() {
    each_shop(async |shop| {
        let product = shop.product("P", "1").await;
        let mut customers = Vec::new();
        for _ in 0..CROWD {
            let customer = shop.customer().await;
            shop.invoice(customer, product, "1").await;
            customers.push(customer);
        }
        shop.next_day().await;
        assert_eq!(shop.stand(&customers).await, [POOR; CROWD]);
    })
    .await;
}

#[tokio::test]
async fn funds_reach_every_overdue_invoice() {
    each_shop(async |shop| {
        let (customer, _) = owes(shop, Term::NET_0).await;
        let product = shop.product("Q", "3").await;
        shop.invoice(customer, product, "1").await;
        shop.bring(customer, "13").await;
        shop.next_day().await;
        assert_eq!(shop.stands(customer).await, GOOD);
        assert_eq!(shop.told(customer).await, [""; 0], "it was not in poor standing meanwhile");
    })
    .await;
}

#[tokio::test]
async fn a_write_off_ends_poor_standing() {
    each_shop(async |shop| {
        let (customer, invoice) = owes(shop, Term::NET_0).await;
        shop.next_day().await;
        let mut stands = Vec::new();
        for extent in [Extent::Part(amount("4")), Extent::Whole] {
            let order = write_off::Order { invoice, extent, reference: None };
            shop.act(move |tx, session| write_off::run(tx, session, &order)).await.unwrap();
            stands.push(shop.stands(customer).await);
        }
        assert_eq!(stands, [POOR, GOOD], "six dollars were overdue in between");
    })
    .await;
}

#[tokio::test]
async fn a_broken_customer_keeps_nobody_from_the_day() {
    each_shop(async |shop| {
        let ((broken, _), (other, _)) = (owes(shop, Term::NET_0).await, owes(shop, Term::NET_0).await);
        let set_term = "UPDATE customer_billing_setting SET term = 'Never' WHERE account_id = $1 AND customer_id = $2";
        shop.overwrite(set_term, broken.0).await;
        shop.next_day().await;
        assert_eq!(shop.stand(&[broken, other]).await, [GOOD, POOR]);
        let set_term = "UPDATE customer_billing_setting SET term = 'Net0' WHERE account_id = $1 AND customer_id = $2";
        shop.overwrite(set_term, broken.0).await;
        shop.next_day().await;
        assert_eq!(shop.stands(broken).await, POOR, "it is looked at again");
    })
    .await;
}

#[tokio::test]
async fn a_round_that_failed_too_often_comes_back_after_an_hour() {
    each_shop(async |shop| {
        let (customer, _) = owes(shop, Term::NET_0).await;
        let exhaust = "UPDATE task SET attempt_count = $2 WHERE account_id = $1 AND kind = 'standing'";
        shop.overwrite(exhaust, ATTEMPT_COUNT_MAX).await;
        shop.clock.advance_days(1);
        let due_at = move |tx: &mut Tx<'_>, session: &Session| {
            let sql = "SELECT due_at FROM task WHERE account_id = $1 AND kind = 'standing'";
            Ok(tx.scalar::<Millis>(sql, &values![session.account.id.0])?.0)
        };
        let in_an_hour = shop.app.now().millis() + HOUR_MS;
        let worker = rounds::start_worker(&shop.app);
        until("the end of the last attempt", async || shop.act(due_at).await.unwrap() == in_an_hour).await;
        assert_eq!(shop.stands(customer).await, GOOD, "nothing was done");
        shop.clock.advance_millis(HOUR_MS);
        until("the round", async || shop.stands(customer).await == POOR).await;
        worker.stop().await;
    })
    .await;
}
