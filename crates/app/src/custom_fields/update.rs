//! Rename a custom field.

use billing::{
    account::Session,
    custom_field::{CustomFieldDefinition, DefinitionFields},
    event::{Event, EventType},
    id::CustomFieldId,
    problem::Problems,
};
use db::Tx;

use crate::Error;

/// A definition as it shall be; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which definition.
    pub id: CustomFieldId,
    /// Replaces all fields, of which only the name for people may be another.
    pub fields: DefinitionFields,
}

/// Replaces a definition; key and type are fixed (catalog.md §9).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<CustomFieldDefinition, Error> {
    let account = session.account.id;
    let stored = store::custom_field::lock(tx, account, order.id)?;
    let stored = stored.ok_or(Error::not_found("CustomField", order.id.0))?;
    let mut problems = Problems::new();
    stored.check_update(&order.fields, &mut problems);
    problems.into_result().map_err(Error::Invalid)?;
    store::custom_field::rename(tx, account, order.id, &order.fields.friendly_name)?;
    let event = Event { event_type: EventType::CustomFieldUpdated, customer: None, subject_id: order.id.0 };
    store::event::insert(tx, account, &[event], session.now)?;
    Ok(CustomFieldDefinition { id: order.id, fields: order.fields.clone() })
}
