//! Replace a discount of the catalogue.

use billing::{
    account::Session,
    catalogue_discount::{CatalogueDiscount, DiscountFields},
    event::{Event, EventType},
    id::DiscountId,
};
use db::Tx;

use super::check_code;
use crate::Error;

/// A discount as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which discount.
    pub id: DiscountId,
    /// Replaces all fields.
    pub fields: DiscountFields,
}

/// Replaces a discount. Purchases that it was put on keep what they were given.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<CatalogueDiscount, Error> {
    let account = session.account.id;
    if !store::discount::lock(tx, account, order.id)? {
        return Err(Error::not_found("Discount", order.id.0));
    }
    check_code(tx, session, Some(order.id), &order.fields)?;
    store::discount::update(tx, account, order.id, &order.fields, session.now)?;
    let event = Event { event_type: EventType::DiscountUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(CatalogueDiscount { id: order.id, fields: order.fields.clone() })
}
