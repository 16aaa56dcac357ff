//! List the definitions of custom fields of the account.

use billing::{
    account::Session,
    custom_field::CustomFieldDefinition,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::custom_field::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of definitions.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<CustomFieldDefinition>, Error> {
    Ok(store::custom_field::list(tx, session.account.id, page)?)
}
