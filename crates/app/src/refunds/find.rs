//! Read one refund.

use billing::{account::Session, id::RefundId, refund::Refund};
use db::Tx;

use crate::Error;

/// The refund, with what its invoices owe now.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: RefundId) -> Result<Refund, Error> {
    store::refund::find(tx, session.account.id, id)?.ok_or(Error::not_found("Refund", id.0))
}
