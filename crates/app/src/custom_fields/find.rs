//! Read one definition of a custom field.

use billing::{account::Session, custom_field::CustomFieldDefinition, id::CustomFieldId};
use db::Tx;

use crate::Error;

/// The definition.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CustomFieldId) -> Result<CustomFieldDefinition, Error> {
    store::custom_field::find(tx, session.account.id, id)?.ok_or(Error::not_found("CustomField", id.0))
}
