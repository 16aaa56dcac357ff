//! Read one payment.

use billing::{account::Session, id::PaymentId, payment::Payment};
use db::Tx;

use crate::Error;

/// The payment, with what its invoices owe now.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PaymentId) -> Result<Payment, Error> {
    store::payment::find(tx, session.account.id, id)?.ok_or(Error::not_found("Payment", id.0))
}
