//! What is charged: which gateway and whose instrument, and what becomes of one that is to be kept.

use std::sync::Arc;

use billing::{
    account::Session,
    collect::{CollectFrom, Keeps},
    collection::{Collection, Via},
    event::{Event, EventType},
    gateway::GatewayAccount,
    id::{AccountId, CustomerId, GatewayId, PaymentMethodId},
    instrument::Instrument,
    named::Named as _,
    payment::{PaymentMethod, PaymentSource},
    payment_method::{Reserved, Sharing, StoredMethod},
    refusal::Refusal,
};
use db::Tx;
use gateway::{Gateway, Settled, Source};
use money::Currency;
use store::collection::Shown;

use super::{
    Asked,
    call::{Known, blocking, unasked},
};
use crate::{
    App, Error, gateways,
    payment_methods::{self, Reservation},
};

/// How the money is to move.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// Through which gateway, from which stored method.
    pub(crate) via: Via,
    /// By what kind of instrument.
    pub(crate) method: PaymentMethod,
    /// How the attempt is shown.
    pub(crate) shown: Shown,
    /// What the gateway is asked.
    pub(crate) asked: Asked,
}

/// Chooses the gateway and what is charged, for a locked customer.
pub(crate) fn choose(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    currency: Currency,
    from: &CollectFrom,
) -> Result<Chosen, Error> {
    let account = session.account.id;
    match from {
        CollectFrom::Default => {
            let default = payment_methods::default_of(tx, account, customer)?;
            of_stored(tx, session, &default.ok_or(Refusal::NoDefaultPaymentMethod)?, false)
        }
        CollectFrom::Stored { method, becomes_default } => {
            let found = payment_methods::find_usable(tx, session, customer, *method)?;
            of_stored(tx, session, &found, *becomes_default)
        }
        CollectFrom::Provided { instrument, keeps } => {
            let gateway = gateways::for_currency(tx, account, currency)?;
            let (source, sharing) = (PaymentSource::Manual, Sharing::default());
            let reservation = Reservation { customer, source, sharing, original: None };
            let kept = match keeps {
                Keeps::Nothing => None,
                Keeps::Method | Keeps::Default => Some(reservation),
            };
            of_provided(tx, session, &gateway, instrument, kept, *keeps == Keeps::Default)
        }
    }
}

fn of_stored(
    tx: &mut Tx<'_>,
    session: &Session,
    method: &StoredMethod,
    becomes_default: bool,
) -> Result<Chosen, Error> {
    let gateway = gateways::get(tx, session.account.id, method.gateway)?;
    if gateway.removed_at.is_some() {
        return Err(Refusal::GatewayUnusable(gateway.id).into());
    }
    Ok(Chosen {
        via: Via { gateway: gateway.id, stored: Some(method.id), becomes_default, is_new: false },
        method: method.face.method(),
        shown: shown(&gateway, method.face.label()),
        asked: Asked::Stored(method.id),
    })
}

/// Charges what a caller provides, and stores it first if it is to be kept.
pub(crate) fn of_provided(
    tx: &mut Tx<'_>,
    session: &Session,
    gateway: &GatewayAccount,
    instrument: &Instrument,
    kept: Option<Reservation>,
    becomes_default: bool,
) -> Result<Chosen, Error> {
    let reserved = kept.map(|kept| payment_methods::reserve(tx, session, gateway, kept)).transpose()?;
    Ok(Chosen {
        via: Via {
            gateway: gateway.id,
            stored: reserved.as_ref().map(|reserved| reserved.id),
            becomes_default,
            is_new: reserved.is_some(),
        },
        method: instrument.method(),
        shown: shown(gateway, instrument.label()),
        asked: Asked::Provided { instrument: Box::new(instrument.clone()), keeps: reserved },
    })
}

fn shown(gateway: &GatewayAccount, label: String) -> Shown {
    Shown { label: Some(label), gateway: gateway.kind.name().to_owned() }
}

/// Opens a gateway with the credentials of the account.
pub(super) async fn open(app: &App, account: AccountId, id: GatewayId) -> Result<Arc<dyn Gateway>, Error> {
    let row = app.db().read(move |tx| gateways::get(tx, account, id)).await?;
    app.gateways().open(account, &row)
}

/// A stored payment method, as the gateway knows it.
pub(super) async fn stored(app: &App, account: AccountId, id: PaymentMethodId) -> Result<Source, Error> {
    let method = app.db().read(move |tx| payment_methods::of_any_state(tx, account, id)).await?;
    Ok(Source::Stored { token: app.gateways().token(account, &method)?, face: method.face })
}

/// Lets the gateway store what was provided, and keeps its token before anything is charged: whoever ends the collection
/// needs no number any more.
pub(super) async fn keep(
    app: &App,
    account: AccountId,
    gateway: &Arc<dyn Gateway>,
    reserved: Reserved,
    instrument: Instrument,
) -> Result<Source, Known> {
    let (own, key, holder) = (Arc::clone(gateway), reserved.gateway_key, instrument.holder().clone());
    let vaulted = blocking(move || own.store(&key, &instrument)).await;
    // Nothing was charged, and nobody will charge anything under this key.
    let refused = |text| Ok(Settled::Failed { text });
    let vaulted = vaulted.map_err(|failure| refused(failure.to_string()))?;
    let (gateways, id, stored) = (Arc::clone(app.gateways()), reserved.id, vaulted.clone());
    let hold = move |tx: &mut Tx<'_>| payment_methods::hold(tx, &gateways, account, id, &stored, &holder, None);
    match app.db().write_for(account.0, hold).await {
        Ok(true) => Ok(Source::Stored { token: vaulted.token, face: vaulted.face }),
        Ok(false) => Err(refused("The payment method could not be stored.".to_owned())),
        Err(error) => Err(unasked(&error)),
    }
}

/// What becomes of the payment method when the money moved: a new one is kept, and it becomes the default if that was asked
/// for. One that is gone by now stays gone: the gateway's answer may have taken days.
pub(super) fn after_success(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<(), Error> {
    let (account, customer) = (session.account.id, collection.customer);
    let Via { stored: Some(id), becomes_default, is_new, .. } = collection.via else { return Ok(()) };
    let Some(method) = store::payment_method::find(tx, account, id)? else { return Ok(()) };
    if is_new {
        payment_methods::admit(tx, session, id, becomes_default)?;
        return Ok(());
    }
    payment_methods::note_result(tx, account, id, false)?;
    let ancestors = payment_methods::ancestors(tx, account, customer)?;
    if becomes_default && method.is_usable(customer, &ancestors) {
        store::payment_method::set_default(tx, account, customer, id)?;
        let event_type = EventType::PaymentMethodUpdated;
        let event = Event { event_type, customer: Some(customer), subject_id: id.0 };
        store::event::insert(tx, account, &[event], session.now)?;
    }
    Ok(())
}

/// What becomes of the payment method when the money did not move: a new one goes.
pub(super) fn after_failure(tx: &mut Tx<'_>, session: &Session, collection: &Collection) -> Result<(), Error> {
    let Some(id) = collection.via.stored else { return Ok(()) };
    if collection.via.is_new {
        payment_methods::discard(tx, session, id)
    } else {
        payment_methods::note_result(tx, session.account.id, id, true)
    }
}

/// The gateway's name of the charge that a refund gives back.
pub(super) async fn charge_of(app: &App, account: AccountId, collection: &Collection) -> Result<String, Error> {
    let payment = collection.plan.refunds.ok_or_else(|| Error::defect("a refund names no payment"))?;
    let found = app.db().read(move |tx| store::collection::find_of_payment(tx, account, payment)).await?;
    let end =
        found.and_then(|taken| taken.end).ok_or_else(|| Error::defect("a refund of a charge that is not there"))?;
    end.transaction().map(str::to_owned).ok_or_else(|| Error::defect("a refund of a charge that failed"))
}
