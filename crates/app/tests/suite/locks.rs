//! Locks are taken in one order by everybody (docs/decisions/0002): who waits for one holds none that comes after it.

use std::{sync::mpsc::channel, thread, time::Duration};

use app::{Error, Tx, customers::update};
use billing::{account::Session, customer::CustomerFields, id::CustomerId};
use db::values;
use testkit::on_postgres;
use tokio::time::sleep;

use crate::shop::Shop;

/// Long enough for a command to come to the lock that it waits for.
const MOMENT: Duration = Duration::from_millis(300);

/// Runs a test in a new shop on the database that has row locks.
pub(crate) async fn shop_with_locks(test: impl AsyncFn(&Shop)) {
    on_postgres(store::MIGRATIONS, async |database| test(&Shop::open(database).await).await).await;
}

/// Whether the customer `second` can be locked while a command waits for the customer `first`, and what the command says
/// in the end.
pub(crate) async fn is_free_while<T>(
    shop: &Shop,
    [first, second]: [CustomerId; 2],
    command: impl Future<Output = T>,
) -> (bool, T) {
    let (sender, is_locked) = channel();
    let holder = shop.act(move |tx, session| {
        store::customer::lock(tx, session.account.id, first)?;
        sender.send(()).unwrap();
        thread::sleep(MOMENT);
        let sql = "SELECT id FROM customer WHERE account_id = $1 AND id = $2";
        let free = tx.claim(sql, &values![session.account.id.0, second.0], |row| row.get::<i64>(0))?;
        Ok(free.is_some())
    });
    let command = async {
        while is_locked.try_recv().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        command.await
    };
    let (is_free, answer) = tokio::join!(holder, command);
    (is_free.unwrap(), answer)
}

#[tokio::test]
async fn a_move_locks_its_hierarchy_in_the_order_of_ids() {
    shop_with_locks(async |shop| {
        let (low, high) = (shop.customer().await, shop.customer().await);
        assert!(low < high);
        let below_low = move |tx: &mut Tx<'_>, session: &Session| -> Result<_, Error> {
            let current = app::customers::find::run(tx, session, high)?;
            let fields = CustomerFields { parent: Some(low), ..current.fields };
            let (status, account_status) = (current.status, Some(current.account_status));
            update::run(tx, session, &update::Order { id: high, status, account_status, currency: None, fields })
        };
        let (is_free, moved) = is_free_while(shop, [low, high], shop.act(below_low)).await;
        assert!(is_free, "the customer waits for its parent-to-be before it is locked itself");
        assert_eq!(moved.unwrap().fields.parent, Some(low));
    })
    .await;
}
