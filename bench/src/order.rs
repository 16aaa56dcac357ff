//! What is asked and answered, and how it travels to the database.

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// Every database of the floor has the customers from 1 to this one.
pub(crate) const CUSTOMER_COUNT: i64 = 256;

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
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) product_id: i64,
    pub(crate) name: String,
    pub(crate) quantity: i64,
}

/// Purchases that were made, with the members that the product answers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    customer_id: i64,
    purchases: Vec<Purchase>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Purchase {
    product_id: i64,
    name: String,
    description: Option<&'static str>,
    status: &'static str,
    quantity: i64,
    target_order_quantity: Option<i64>,
    is_tracking_items: bool,
    pricing_model_type: &'static str,
    custom_fields: [i64; 0],
    discounts: [i64; 0],
    price_ranges: [PriceRange; 1],
    product_items: [i64; 0],
    coupon_codes: [i64; 0],
    earning_settings: Option<i64>,
    id: i64,
    uri: String,
}

#[derive(Serialize)]
struct PriceRange {
    min: i64,
    max: Option<i64>,
    amount: i64,
}

/// An order and whoever waits for its answer.
pub(crate) struct Unit {
    pub(crate) order: Order,
    pub(crate) answer: oneshot::Sender<Result<Created, String>>,
}

impl Created {
    /// The answer to an order whose rows have the ids from `first` on.
    pub(crate) fn of(order: Order, first: i64) -> Self {
        let purchases = (first..).zip(order.purchases).map(|(id, item)| Purchase::of(id, item));
        Self { customer_id: order.customer_id, purchases: purchases.collect() }
    }
}

impl Purchase {
    fn of(id: i64, item: Item) -> Self {
        Self {
            product_id: item.product_id,
            name: item.name,
            description: None,
            status: STATUS,
            quantity: item.quantity,
            target_order_quantity: None,
            is_tracking_items: false,
            pricing_model_type: PRICING_MODEL,
            custom_fields: [],
            discounts: [],
            price_ranges: [PriceRange { min: 0, max: None, amount: 10 }],
            product_items: [],
            coupon_codes: [],
            earning_settings: None,
            id,
            uri: format!("http://127.0.0.1/v1/Purchases/{id}"),
        }
    }
}

/// The account that everything belongs to.
pub(crate) const ACCOUNT: i64 = 1;

/// What every purchase has in the columns that a rule would fill.
pub(crate) const STATUS: &str = "Draft";
pub(crate) const PRICING_MODEL: &str = "Standard";
pub(crate) const PRICE_RANGES: &str = "0:=9950000";
pub(crate) const AMOUNT: i64 = 9_950_000;
pub(crate) const CREATED_AT: i64 = 1_700_000_000_000;
pub(crate) const EVENT_TYPE: &str = "PurchaseCreated";

/// How many ids the rows of an order take.
pub(crate) fn id_count(order: &Order) -> i64 {
    i64::try_from(order.purchases.len()).unwrap_or(i64::MAX).saturating_mul(1 + EVENT_COUNT)
}
