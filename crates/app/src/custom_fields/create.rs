//! Define a custom field.

use billing::{
    account::Session,
    custom_field::{CustomFieldDefinition, DefinitionFields},
    event::{Event, EventType},
    id::CustomFieldId,
};
use db::Tx;

use crate::Error;

/// Stores a definition whose fields are within their own limits; its key must be free in the account.
pub fn run(tx: &mut Tx<'_>, session: &Session, fields: &DefinitionFields) -> Result<CustomFieldDefinition, Error> {
    let account = session.account.id;
    if store::custom_field::find_by_key(tx, account, &fields.key)?.is_some() {
        return Err(Error::invalid("Key", format!("Key {} is already in use.", fields.key)));
    }
    let id = CustomFieldId(tx.next_id()?);
    store::custom_field::insert(tx, account, id, fields)?;
    let event = Event { event_type: EventType::CustomFieldCreated, customer: None, subject_id: id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(CustomFieldDefinition { id, fields: fields.clone() })
}
