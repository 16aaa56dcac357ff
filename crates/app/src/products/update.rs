//! Replace a product.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::ProductId,
    problem::Problems,
    product::{Product, ProductFields},
};
use db::Tx;

use super::{check_code, complete};
use crate::Error;

/// A product as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which product.
    pub id: ProductId,
    /// Replaces all fields.
    pub fields: ProductFields,
}

/// Replaces what callers write of a product, prices included. Purchases that were made keep theirs.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Product, Error> {
    let (account, now) = (session.account.id, session.now);
    if let Some(label) = &order.fields.gl_code {
        store::gl_code::share_by_code(tx, account, label)?;
    }
    if !store::product::lock(tx, account, order.id)? {
        return Err(Error::not_found("Product", order.id.0));
    }
    let current = super::find::run(tx, session, order.id)?;
    let mut problems = Problems::new();
    current.check_update(&order.fields, &mut problems);
    check_code(tx, session, Some(order.id), &order.fields, &mut problems)?;
    let fields = complete(tx, session, Some(&current), &order.fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    store::product::update(tx, account, order.id, &fields, now)?;
    let event = Event { event_type: EventType::ProductUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], now)?;
    super::find::run(tx, session, order.id)
}
