//! Discounts of the catalogue: create, read, replace, delete.

pub mod create;
pub mod delete;
pub mod find;
pub mod list;
pub mod update;

use billing::{account::Session, catalogue_discount::DiscountFields, id::DiscountId};
use db::Tx;

use crate::Error;

/// Refuses a code that another discount has already.
fn check_code(
    tx: &mut Tx<'_>,
    session: &Session,
    discount: Option<DiscountId>,
    fields: &DiscountFields,
) -> Result<(), Error> {
    let holder = store::discount::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder) != discount) {
        return Err(Error::invalid("Code", format!("Code {} is already in use.", fields.code)));
    }
    Ok(())
}
