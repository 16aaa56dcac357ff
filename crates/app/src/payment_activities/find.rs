//! Read one attempt to move money.

use billing::{account::Session, id::PaymentActivityId, payment_activity::PaymentActivity};
use db::Tx;

use crate::Error;

/// The attempt with what it brought about.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PaymentActivityId) -> Result<PaymentActivity, Error> {
    let found = store::payment_activity::find(tx, session.account.id, id)?;
    found.ok_or(Error::not_found("PaymentActivity", id.0))
}
