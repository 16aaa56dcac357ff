//! The payment methods of a customer.

use billing::{account::Session, id::CustomerId, payment::PaymentMethod};
use db::Tx;

use super::{Seen, list_usable};
use crate::Error;

/// Which methods are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Everything that the customer may use, with what its ancestors share.
    All,
    /// The customer's own, of one kind.
    Own(PaymentMethod),
}

/// The customer's own methods first, oldest first; then what the nearest ancestor shares, and so on.
pub fn run(tx: &mut Tx<'_>, session: &Session, customer: CustomerId, which: Which) -> Result<Vec<Seen>, Error> {
    let account = session.account.id;
    if !store::customer::exists(tx, account, customer)? {
        return Err(Error::not_found("Customer", customer.0));
    }
    let default = store::payment_method::find_default(tx, account, customer)?;
    let mut methods = list_usable(tx, account, customer)?;
    if let Which::Own(kind) = which {
        methods.retain(|method| method.customer == customer && method.face.method() == kind);
    }
    Ok(methods.into_iter().map(|method| Seen::of(method, customer, default)).collect())
}
