//! What is asked and answered, and how it travels to the database.

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// The customer that every database of the floor has.
pub(crate) const CUSTOMER: i64 = 1;

/// The first id that is given out.
pub(crate) const FIRST_ID: i64 = 100_001;

/// Events of each purchase; with the purchase itself three rows, so that four purchases are twelve.
pub(crate) const EVENT_COUNT: i64 = 2;

/// Purchases to make.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) customer_id: i64,
    pub(crate) purchases: Vec<Item>,
}

/// One of them.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) product_id: i64,
    pub(crate) name: String,
    pub(crate) quantity: i64,
}

/// Purchases that were made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    customer_id: i64,
    purchases: Vec<Purchase>,
}

#[derive(Serialize)]
struct Purchase {
    id: i64,
    status: &'static str,
    #[serde(flatten)]
    item: Item,
}

/// An order and whoever waits for its answer.
pub(crate) struct Unit {
    pub(crate) order: Order,
    pub(crate) answer: oneshot::Sender<Result<Created, String>>,
}

impl Created {
    /// The answer to an order whose rows have the ids from `first` on.
    pub(crate) fn of(order: Order, first: i64) -> Self {
        let purchases = (first..).zip(order.purchases).map(|(id, item)| Purchase { id, status: STATUS, item });
        Self { customer_id: order.customer_id, purchases: purchases.collect() }
    }
}

/// The status of every purchase.
pub(crate) const STATUS: &str = "Draft";

/// How many ids the rows of an order take.
pub(crate) fn id_count(order: &Order) -> i64 {
    i64::try_from(order.purchases.len()).unwrap_or(i64::MAX).saturating_mul(1 + EVENT_COUNT)
}
