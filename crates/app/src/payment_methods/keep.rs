//! How a method comes to be: reserved, held with its token, admitted; or discarded, and forgotten at the gateway.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use billing::{
    account::Session,
    event::{Event, EventType},
    gateway::GatewayAccount,
    id::{AccountId, CustomerId, PaymentMethodId},
    instrument::Holder,
    payment::PaymentSource,
    payment_method::{External, MethodState, Reserved, Sharing, StoredMethod},
};
use db::Tx;
use gateway::{Token, Vaulted};
use vault::Place;

use super::{forget, usable};
use crate::{Error, gateways::Gateways};

/// What is known of a method before the gateway has seen it.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// Whose it is to be.
    pub customer: CustomerId,
    /// Where the order came from.
    pub source: PaymentSource,
    /// Who else may use it.
    pub sharing: Sharing,
    /// The method that it replaces.
    pub original: Option<PaymentMethodId>,
}

/// Reserves a method of a locked customer: nobody sees it. One of which nothing is heard is tidied away.
pub fn reserve(
    tx: &mut Tx<'_>,
    session: &Session,
    gateway: &GatewayAccount,
    reservation: Reservation,
) -> Result<Reserved, Error> {
    let account = session.account.id;
    let id = PaymentMethodId(tx.next_id()?);
    let Reservation { customer, source, sharing, original } = reservation;
    let gateway_key = new_gateway_key(id);
    let reserved = Reserved { id, customer, gateway: gateway.id, gateway_key, source, sharing, original };
    store::payment_method::reserve(tx, account, &reserved, session.now)?;
    forget::later(tx, account, id, session.now)?;
    Ok(reserved)
}

/// A name that no other installation uses at the same gateway.
fn new_gateway_key(id: PaymentMethodId) -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("method-{id}-{:016x}{:016x}", word(), word())
}

/// Writes down what the gateway stored, so that it can be charged; still nobody sees it. `false` when the reservation is
/// gone.
pub fn hold(
    tx: &mut Tx<'_>,
    gateways: &Gateways,
    account: AccountId,
    id: PaymentMethodId,
    vaulted: &Vaulted,
    holder: &Holder,
    external: Option<&External>,
) -> Result<bool, Error> {
    let sealed = gateways.seal(token_place(account, id), &vaulted.token.0)?;
    Ok(store::payment_method::hold(tx, account, id, &sealed, &vaulted.face, holder, external)?)
}

/// Makes a held method one that can be charged. It becomes the default when that is asked for, or when its locked owner has
/// none.
pub fn admit(
    tx: &mut Tx<'_>,
    session: &Session,
    id: PaymentMethodId,
    becomes_default: bool,
) -> Result<StoredMethod, Error> {
    let account = session.account.id;
    let held = usable::of_any_state(tx, account, id)?;
    store::payment_method::set_state(tx, account, id, MethodState::Active, session.now)?;
    if becomes_default || usable::default_of(tx, account, held.customer)?.is_none() {
        store::payment_method::set_default(tx, account, held.customer, id)?;
    }
    tell(tx, session, EventType::PaymentMethodCreated, held.customer, id)?;
    usable::of_any_state(tx, account, id)
}

/// Takes a method from its locked owner, whatever its state; its token is forgotten at the gateway soon.
pub fn discard(tx: &mut Tx<'_>, session: &Session, id: PaymentMethodId) -> Result<(), Error> {
    let account = session.account.id;
    // The task before its subject, as the worker takes them.
    forget::soon(tx, account, id, session.now)?;
    store::payment_method::set_state(tx, account, id, MethodState::Deleted, session.now)?;
    store::payment_method::clear_default(tx, account, id)?;
    Ok(())
}

/// Counts charges in a row that failed; one that did not begins anew.
pub fn note_result(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId, has_failed: bool) -> Result<(), Error> {
    let Some(method) = store::payment_method::find(tx, account, id)? else { return Ok(()) };
    let count = if has_failed { method.failure_count.saturating_add(1) } else { 0 };
    if count != method.failure_count {
        store::payment_method::set_failures(tx, account, id, count)?;
    }
    Ok(())
}

/// Tells what became of a method.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    session: &Session,
    event_type: EventType,
    customer: CustomerId,
    id: PaymentMethodId,
) -> Result<(), Error> {
    let event = Event { event_type, customer: Some(customer), subject_id: id.0 };
    Ok(store::event::insert(tx, session.account.id, &[event], session.now)?)
}

fn token_place(account: AccountId, id: PaymentMethodId) -> Place {
    Place { column: store::sealed::Column::MethodToken.path(), account: account.0, row: id.0 }
}

impl Gateways {
    /// What the gateway knows a stored method by.
    pub fn token(&self, account: AccountId, method: &StoredMethod) -> Result<Token, Error> {
        let sealed = method.sealed_token.as_ref().ok_or_else(|| usable::absent(method.id))?;
        self.unseal(token_place(account, method.id), sealed).map(Token)
    }
}
