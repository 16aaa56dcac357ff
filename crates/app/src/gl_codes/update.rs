//! Replace a general-ledger label.

use billing::{
    account::Session,
    event::{Event, EventType},
    gl_code::{GlCode, GlCodeFields},
    id::GlCodeId,
};
use db::Tx;

use super::check_code;
use crate::Error;

/// A label as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which label.
    pub id: GlCodeId,
    /// Replaces all fields.
    pub fields: GlCodeFields,
}

/// Replaces a label. Products that have it follow; charges that were posted keep what they were posted with.
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<GlCode, Error> {
    let account = session.account.id;
    let stored = store::gl_code::lock(tx, account, order.id)?.ok_or(Error::not_found("GLCode", order.id.0))?;
    check_code(tx, session, Some(order.id), &order.fields)?;
    store::gl_code::update(tx, account, &stored, &order.fields)?;
    let event = Event { event_type: EventType::GlCodeUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(GlCode { id: order.id, fields: order.fields.clone() })
}
