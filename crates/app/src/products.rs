//! Products: create, read, replace.

pub mod create;
pub mod find;
pub mod list;
pub mod update;

use billing::{account::Session, id::ProductId, problem::Problems, product::ProductFields};
use db::Tx;

use crate::Error;

/// Records that another product has the code already.
fn check_code(
    tx: &mut Tx<'_>,
    session: &Session,
    product: Option<ProductId>,
    fields: &ProductFields,
    problems: &mut Problems,
) -> Result<(), Error> {
    let holder = store::product::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder) != product) {
        problems.push("Code", format!("Code {} is already in use.", fields.code));
    }
    Ok(())
}
