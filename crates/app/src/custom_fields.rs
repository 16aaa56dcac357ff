//! Definitions of custom fields: create, read, rename, delete; and the values of products and purchases under them.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;

use billing::{
    account::Session,
    custom_field::{CustomField, CustomFieldDefinition, DefinedField, define_all},
    problem::Problems,
};
use db::Tx;

use crate::Error;

/// The definitions of the account, shared until the transaction ends; not asked for when there is no value to define.
pub(crate) fn definitions<'f>(
    tx: &mut Tx<'_>,
    session: &Session,
    mut fields: impl Iterator<Item = &'f CustomField>,
) -> Result<Vec<CustomFieldDefinition>, Error> {
    if fields.next().is_none() {
        return Ok(Vec::new());
    }
    Ok(store::custom_field::share_all(tx, session.account.id)?)
}

/// The values of one thing under their definitions; what has none, or does not convert, is recorded under `{list}[i]`.
pub(crate) fn define(
    tx: &mut Tx<'_>,
    session: &Session,
    fields: &[CustomField],
    list: &str,
    problems: &mut Problems,
) -> Result<Vec<DefinedField>, Error> {
    let definitions = definitions(tx, session, fields.iter())?;
    Ok(define_all(&definitions, fields, list, problems))
}
