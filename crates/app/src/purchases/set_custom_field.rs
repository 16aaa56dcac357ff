//! Set the value of a custom field on a draft purchase.

use billing::{
    account::Session,
    custom_field::{CustomField, DefinedField, unknown_key},
    id::PurchaseId,
};
use db::Tx;

use super::draft::LockedDraft;
use crate::Error;

/// Which value, on which draft.
#[derive(Debug, Clone)]
pub struct Order {
    /// The draft.
    pub purchase: PurchaseId,
    /// Key and value; an absent value empties the field.
    pub field: CustomField,
}

/// Stores the value in the text form of its type (purchases.md §3.17).
pub fn run(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<DefinedField, Error> {
    let account = session.account.id;
    let draft = LockedDraft::find(tx, session, order.purchase)?;
    let CustomField { key, value } = &order.field;
    let definition = store::custom_field::share_by_key(tx, account, key)?;
    let definition = definition.ok_or_else(|| Error::invalid("Key", unknown_key(key)))?;
    let defined = definition.define(value.as_deref()).map_err(|problem| Error::Invalid(vec![problem]))?;
    store::custom_field::set_value(tx, account, order.purchase.0, &defined)?;
    draft.changed(tx, session)?;
    Ok(defined)
}
