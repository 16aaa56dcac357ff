//! Delete the definition of a custom field.

use billing::{
    account::Session,
    event::{Event, EventType},
    id::CustomFieldId,
    refusal::Refusal,
};
use db::Tx;

use crate::Error;

/// Deletes a definition that no value is under.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomFieldId) -> Result<(), Error> {
    let account = session.account.id;
    let stored = store::custom_field::lock(tx, account, id)?.ok_or(Error::not_found("CustomField", id.0))?;
    if store::custom_field::has_values(tx, account, &stored.fields.key)? {
        return Err(Refusal::CustomFieldNotDeletable.into());
    }
    store::custom_field::delete(tx, account, id)?;
    let event = Event { event_type: EventType::CustomFieldDeleted, customer: None, subject_id: id.0 };
    Ok(store::event::insert(tx, account, &[event], session.now)?)
}
