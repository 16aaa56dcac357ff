//! Create a discount of the catalogue.

use billing::{
    account::Session,
    catalogue_discount::{CatalogueDiscount, DiscountFields},
    event::{Event, EventType},
    id::DiscountId,
};
use db::Tx;

use super::check_code;
use crate::Error;

/// Stores a discount whose fields are within their own limits; its code must be free in the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &DiscountFields) -> Result<CatalogueDiscount, Error> {
    check_code(tx, session, None, fields)?;
    let id = DiscountId(tx.next_id()?);
    store::discount::insert(tx, session.account.id, id, fields, session.now)?;
    let event = Event { event_type: EventType::DiscountCreated, customer: None, subject_id: id.0 };
    store::event::insert(tx, session.account.id, &[event], session.now)?;
    Ok(CatalogueDiscount { id, fields: fields.clone() })
}
