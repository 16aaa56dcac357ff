//! Sell one purchase: a draft, always.

use billing::{
    account::Session,
    id::{CustomerId, ProductId},
    preview::Preview,
    problem::Problem,
    purchase::{Purchase, PurchaseOrder},
    tax::Region,
};
use db::Tx;
use money::Currency;

use super::{
    bulk_create,
    finalize::{self, Purpose},
};
use crate::{Error, customers};

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

/// What is to be shown of a sale, to a customer or to anybody.
#[derive(Debug, Clone)]
pub struct PreviewOrder {
    /// The buyer; a new customer without settings if nobody is named.
    pub customer: Option<CustomerId>,
    /// The currency of a buyer who is not named; the account's if none is given.
    pub currency: Option<Currency>,
    /// Where it is taxed; where the buyer is, if nowhere.
    pub region: Option<Region>,
    /// What is sold.
    pub purchase: PurchaseOrder,
}

/// The draft and the invoice that finalizing it would make, for a caller who takes it all back: of somebody who is not
/// named by making a customer for the while, so that the same rules answer (purchases.md §3.2).
pub fn preview(tx: &mut Tx<'_>, session: &Session, order: &PreviewOrder) -> Result<(Purchase, Preview), Error> {
    let customer = buyer(tx, session, order)?;
    let purchase = run(tx, session, &Order { customer, purchase: order.purchase.clone() })?;
    let preview = finalize::foresee(tx, session, customer, std::slice::from_ref(&purchase), order.region)?;
    Ok((Purchase { customer: order.customer.unwrap_or(NOBODY), ..purchase.unmade() }, preview))
}

/// Everything that is wrong with a preview that was `found` to have these problems already, for a caller who takes it all
/// back; see [`bulk_create::refuse`].
pub fn refuse_preview(tx: &mut Tx<'_>, session: &Session, order: &PreviewOrder, found: &[Problem]) -> Error {
    match buyer(tx, session, order) {
        Ok(customer) => refuse(tx, session, &Order { customer, purchase: order.purchase.clone() }, found),
        Err(error) => error,
    }
}

fn buyer(tx: &mut Tx<'_>, session: &Session, order: &PreviewOrder) -> Result<CustomerId, Error> {
    let somebody = customers::create::Order { currency: order.currency, ..customers::create::Order::default() };
    let made = || customers::create::run(tx, session, &somebody).map(|customer| customer.id);
    order.customer.map_or_else(made, Ok)
}

/// The buyer of a preview that names none.
const NOBODY: CustomerId = CustomerId(0);
