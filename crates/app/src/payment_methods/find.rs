//! Read one payment method.

use billing::{account::Session, id::PaymentMethodId, payment::PaymentMethod};
use db::Tx;

use super::{Seen, get};
use crate::Error;

/// A method as its owner sees it, of that kind if one is asked for.
pub fn run(
    tx: &mut Tx<'_>,
    session: &Session,
    id: PaymentMethodId,
    kind: Option<PaymentMethod>,
) -> Result<Seen, Error> {
    let account = session.account.id;
    let method = get(tx, account, id, kind)?;
    let owner = method.customer;
    let default = store::payment_method::find_default(tx, account, owner)?;
    Ok(Seen::of(method, owner, default))
}
