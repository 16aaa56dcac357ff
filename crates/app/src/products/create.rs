//! Create a product.

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

/// Stores a product whose fields are within their own limits; its code must be free in the account, its
/// custom fields and its general-ledger label must be there.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &ProductFields) -> Result<Product, Error> {
    let (account, now) = (session.account.id, session.now);
    let mut problems = Problems::new();
    check_code(tx, session, None, fields, &mut problems)?;
    let fields = complete(tx, session, None, fields, &mut problems)?;
    problems.into_result().map_err(Error::Invalid)?;
    let id = ProductId(tx.next_id()?);
    store::product::insert(tx, account, id, &fields, now)?;
    let event = Event { event_type: EventType::ProductCreated, customer: None, subject_id: id.0 };
    store::event::insert(tx, account, &[event], now)?;
    super::find::run(tx, session, id)
}
