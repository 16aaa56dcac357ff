//! Read one general-ledger label.

use billing::{account::Session, gl_code::GlCode, id::GlCodeId};
use db::Tx;

use crate::Error;

/// The label.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: GlCodeId) -> Result<GlCode, Error> {
    store::gl_code::find(tx, session.account.id, id)?.ok_or(Error::not_found("GLCode", id.0))
}
