//! A call to a gateway shows signs of life; without them, others ask the gateway soon.

use std::{sync::atomic::Ordering, time::Duration};

use app::Tx;
use billing::{account::Session, payment_activity::ActivityStatus::Successful};
use db::{Millis, values};

use super::till::{Till, VISA, each_till, first, once};

/// Long enough for three signs within it on a busy machine.
const LEASE_MS: i64 = 300;

impl Till {
    /// When somebody else asks about the one payment that is under way.
    async fn due_at(&self) -> Option<i64> {
        let sql = "SELECT due_at FROM task WHERE account_id = $1 AND kind = 'collect'";
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query_opt(sql, &values![session.account.id.0], |row| row.get::<Millis>(0))?)
        };
        self.shop.act(read).await.unwrap().map(|Millis(at)| at)
    }
}

#[tokio::test]
async fn a_long_call_keeps_others_from_asking() {
    each_till(async |till| {
        let shop = crate::shop::Shop {
            app: till.shop.app.clone().with_collection_lease_ms(LEASE_MS),
            clock: till.shop.clock.clone(),
            gateway: std::sync::Arc::clone(&till.shop.gateway),
            ..till.shop
        };
        let till =
            Till { shop, line: std::sync::Arc::clone(&till.line), caller: till.caller.clone(), product: till.product };
        let customer = till.shop.customer().await;
        till.line.is_held.store(true, Ordering::SeqCst);
        let watch = async {
            while till.due_at().await.is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            for _ in 0..3 {
                till.shop.clock.advance_millis(10 * LEASE_MS);
                let expected = till.shop.app.now().millis() + LEASE_MS;
                for _ in 0..500 {
                    if till.due_at().await == Some(expected) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                assert_eq!(till.due_at().await, Some(expected), "it lives");
            }
            till.line.is_held.store(false, Ordering::SeqCst);
        };
        let (bought, ()) = tokio::join!(till.buy(customer, "10", first(once(VISA)), None), watch);
        assert_eq!(bought.unwrap().status, 200);
        assert_eq!((till.ends(customer).await, till.due_at().await), (vec![Successful], None));
    })
    .await;
}
