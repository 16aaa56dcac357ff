//! Sell one purchase: a draft, always.

use billing::{
    account::Session,
    id::{CustomerId, ProductId},
    problem::Problem,
    purchase::{Purchase, PurchaseOrder},
};
use db::Tx;

use super::{bulk_create, finalize::Purpose};
use crate::Error;

/// What is to be sold, to whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// The buyer.
    pub customer: CustomerId,
    /// What is sold.
    pub purchase: PurchaseOrder,
}

/// Stores a draft by the rules of the bulk call (purchases.md §3.2).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Purchase, Error> {
    let created = bulk_create::create(tx, session, &in_bulk(order), Purpose::Post, at_body);
    let mut created = created.map_err(|error| alone(error, order.purchase.product))?;
    Ok(created.purchases.remove(0))
}

/// Everything that is wrong with an order that was `found` to have these problems already; see [`bulk_create::refuse`].
pub fn refuse(tx: &mut Tx<'_>, session: &Session, order: &Order, found: &[Problem]) -> Error {
    bulk_create::refuse_at(tx, session, &in_bulk(order), found, at_body)
}

fn in_bulk(order: &Order) -> bulk_create::Order {
    bulk_create::Order {
        customer: order.customer,
        auto_purchase: false,
        purchases: vec![order.purchase.clone()],
        collect: None,
    }
}

fn at_body(_: usize) -> String {
    String::new()
}

/// A product that is not there is an answer of its own when nothing else is wrong (conventions.md §6); an element of a list
/// has to be named instead.
fn alone(error: Error, product: ProductId) -> Error {
    let not_found = Error::not_found("Product", product.0);
    match error {
        Error::Invalid(problems) if problems == [Problem::new("ProductId", not_found.to_string())] => not_found,
        other => other,
    }
}
