//! Cards and bank accounts that a gateway stores for customers: who may use which, and how one comes and goes.
//!
//! No transaction is open while the gateway is asked. A method is reserved first, where nobody sees it; then the gateway
//! stores it; then it is held with its token, and admitted. Whoever dies in between leaves at most a token that nobody uses.

pub mod collect;
pub mod create;
pub mod delete;
pub mod find;
pub mod forget;
pub mod give;
mod keep;
pub mod list;
pub mod make_default;
mod usable;

use billing::{
    customer::LockedCustomer,
    id::{AccountId, CustomerId, PaymentMethodId},
    payment::PaymentMethod,
    payment_method::{MethodState, StoredMethod},
};
use db::Tx;

pub(crate) use self::usable::defaults_of;
pub use self::{
    keep::{Reservation, admit, discard, hold, note_result, reserve},
    usable::{ancestors, default_of, find_usable, list_usable, of_any_state},
};
use crate::Error;

/// A method as somebody who may use it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: StoredMethod,
    /// It is what that customer is collected from when nobody says otherwise.
    pub is_default: bool,
    /// It is an ancestor's.
    pub is_parents: bool,
}

impl Seen {
    fn of(method: StoredMethod, by: CustomerId, default: Option<PaymentMethodId>) -> Self {
        Self { is_default: default == Some(method.id), is_parents: method.customer != by, method }
    }
}

/// A method that can be charged, of that kind if one is asked for.
fn get(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    kind: Option<PaymentMethod>,
) -> Result<StoredMethod, Error> {
    let found = store::payment_method::find(tx, account, id)?;
    let is_asked = |method: &StoredMethod| {
        method.state == MethodState::Active && kind.is_none_or(|kind| kind == method.face.method())
    };
    found.filter(is_asked).ok_or(usable::absent(id))
}

/// The same, and its owner, who is locked.
fn get_owned(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    kind: Option<PaymentMethod>,
) -> Result<(StoredMethod, LockedCustomer), Error> {
    let owner = get(tx, account, id, kind)?.customer;
    let locked = store::customer::lock(tx, account, owner)?.ok_or(Error::not_found("Customer", owner.0))?;
    let method = get(tx, account, id, kind)?;
    still_of(&method, owner)?;
    Ok((method, locked))
}

/// A method that changed hands before its owner was locked is looked at anew: locking the new owner now would be out of turn.
fn still_of(method: &StoredMethod, owner: CustomerId) -> Result<(), Error> {
    if method.customer == owner {
        return Ok(());
    }
    Err(db::Error::Retryable("a payment method was given to another customer meanwhile".to_owned()).into())
}
