//! Delete a payment method.

use billing::{account::Session, event::EventType, id::PaymentMethodId, payment::PaymentMethod};
use db::Tx;

use super::{discard, get_owned, keep::tell};
use crate::Error;

/// Deletes a method of that kind, if one is asked for, and lets the gateway forget it. The default goes last
/// (customers.md §4.7); descendants whose default it was have none any more.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: PaymentMethodId, kind: Option<PaymentMethod>) -> Result<(), Error> {
    let account = session.account.id;
    let (method, locked) = get_owned(tx, account, id, kind)?;
    locked.status.may_be_changed()?;
    let owner = locked.id;
    let others = store::payment_method::list(tx, account, &[owner])?.len().saturating_sub(1);
    let default = store::payment_method::find_default(tx, account, owner)?;
    method.may_be_deleted(default == Some(id), others)?;
    discard(tx, session, id)?;
    tell(tx, session, EventType::PaymentMethodDeleted, owner, id)
}
