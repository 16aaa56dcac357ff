//! Read one debit.

use billing::{account::Session, credit::Debit, id::DebitId};
use db::Tx;

use crate::Error;

/// The debit, with what its invoices owe now.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: DebitId) -> Result<Debit, Error> {
    store::credit::find_debit(tx, session.account.id, id)?.ok_or(Error::not_found("Debit", id.0))
}
