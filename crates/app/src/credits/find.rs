//! Read one credit.

use billing::{account::Session, credit::Credit, id::CreditId};
use db::Tx;

use crate::Error;

/// The credit, with what its invoices owe now.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: CreditId) -> Result<Credit, Error> {
    store::credit::find(tx, session.account.id, id)?.ok_or(Error::not_found("Credit", id.0))
}
