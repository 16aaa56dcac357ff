//! Rates of tax: create, read, replace, retire.

pub mod create;
pub mod find;
pub mod list;
pub mod retire;
pub mod update;

use billing::{
    account::Session,
    event::{Event, EventType},
    id::TaxRateId,
};
use db::Tx;

use crate::Error;

fn tell(tx: &mut Tx<'_>, session: &Session, event_type: EventType, id: TaxRateId) -> Result<(), Error> {
    let event = Event { event_type, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}
