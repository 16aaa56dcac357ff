//! List the general-ledger labels of the account.

use billing::{
    account::Session,
    gl_code::GlCode,
    listing::{Page, Slice},
};
use db::Tx;
pub use store::gl_code::LIST_COLUMNS as COLUMNS;

use crate::Error;

/// A page of labels, in any status.
pub fn run(tx: &mut Tx<'_>, session: &Session, page: &Page) -> Result<Slice<GlCode>, Error> {
    Ok(store::gl_code::list(tx, session.account.id, page)?)
}
