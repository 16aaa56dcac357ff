//! Create a general-ledger label.

use billing::{
    account::Session,
    event::{Event, EventType},
    gl_code::{GlCode, GlCodeFields},
    id::GlCodeId,
};
use db::Tx;

use super::check_code;
use crate::Error;

/// Stores a label whose fields are within their own limits; its code must be free in the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &GlCodeFields) -> Result<GlCode, Error> {
    check_code(tx, session, None, fields)?;
    let id = GlCodeId(tx.next_id()?);
    store::gl_code::insert(tx, session.account.id, id, fields)?;
    let event = Event { event_type: EventType::GlCodeCreated, customer: None, subject_id: id.0 };
    store::event::insert(tx, session.account.id, &[event], session.now)?;
    Ok(GlCode { id, fields: fields.clone() })
}
