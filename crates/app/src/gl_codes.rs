//! General-ledger labels: create, read, replace.

pub mod create;
pub mod find;
pub mod list;
pub mod update;

use billing::{account::Session, gl_code::GlCodeFields, id::GlCodeId, problem::Problems};
use db::Tx;

use crate::Error;

/// Refuses a code that another label has already.
fn check_code(tx: &mut Tx<'_>, session: &Session, label: Option<GlCodeId>, fields: &GlCodeFields) -> Result<(), Error> {
    let mut problems = Problems::new();
    let holder = store::gl_code::find_by_code(tx, session.account.id, &fields.code)?;
    if holder.is_some_and(|holder| Some(holder.id) != label) {
        problems.push("Code", format!("Code {} is already in use.", fields.code));
    }
    problems.into_result().map_err(Error::Invalid)
}
