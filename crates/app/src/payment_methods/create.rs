//! Store a card or bank account at the customer's gateway: a new one, in the place of another one, or one that the gateway
//! has already.

use std::{sync::Arc, time::Duration};

use billing::{
    account::Session,
    event::EventType,
    gateway::GatewayAccount,
    id::{AccountId, CustomerId, PaymentActivityId, PaymentMethodId},
    instrument::{Holder, Instrument},
    payment::{PaymentMethod, PaymentSource},
    payment_activity::ActivityStatus,
    payment_method::{External, Reserved, Sharing},
    refusal::Refusal,
};
use db::Tx;
use gateway::{Failure, Gateway, Vaulted};
use money::Amount;
use tokio::{task::spawn_blocking, time::sleep};

use super::{Reservation, Seen, admit, discard, find, get, get_owned, hold, keep::tell, reserve};
use crate::{Answer, App, Begun, Caller, Error, Idempotency, gateways};

/// How often, and how long apart, a call looks whether an equal one that is under way has its answer.
const LOOKS: (usize, Duration) = (100, Duration::from_millis(100));

/// What is to be stored.
#[derive(Debug, Clone)]
pub enum Provided {
    /// A card or bank account.
    Instrument(Instrument),
    /// One that the gateway stores already.
    External(PaymentMethod, External),
}

/// A payment method as a caller asks for it; every field is within its own limits.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whose it is; the owner of what is replaced when absent.
    pub customer: Option<CustomerId>,
    /// The card or bank account.
    pub provided: Provided,
    /// Where the order came from.
    pub source: PaymentSource,
    /// Becomes the default, whatever the customer has.
    pub becomes_default: bool,
    /// Who else may use it; as with what is replaced, or all descendants, when absent.
    pub sharing: Option<Sharing>,
    /// The method, of the same kind, in whose place it comes.
    pub replaces: Option<PaymentMethodId>,
    /// What is collected with it at once ([`super::collect`]).
    pub collects: Option<Amount>,
}

/// What a gateway said: the method is there, or the words in which it was refused.
pub type Stored = Result<Seen, String>;

/// What came of asking the gateway.
type Ended = Result<PaymentMethodId, String>;

impl Order {
    fn kind(&self) -> PaymentMethod {
        match &self.provided {
            Provided::Instrument(Instrument::Card(_)) => PaymentMethod::CreditCard,
            Provided::Instrument(Instrument::BankAccount(_)) => PaymentMethod::Ach,
            Provided::External(kind, _) => *kind,
        }
    }

    fn holder(&self) -> Holder {
        match &self.provided {
            Provided::Instrument(instrument) => instrument.holder().clone(),
            Provided::External(..) => Holder::default(),
        }
    }

    fn external(&self) -> Option<&External> {
        match &self.provided {
            Provided::Instrument(_) => None,
            Provided::External(_, external) => Some(external),
        }
    }
}

impl App {
    /// Lets the gateway find out whether a card or bank account is good, and keeps what it stores. A refusal by the gateway
    /// is an answer as any other, and kept under an idempotency key; an unclear one is not, and whoever asks again under the
    /// same key gets what the gateway did then.
    pub async fn store_method(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        order: Order,
        render: impl Fn(&Session, Stored) -> Result<Answer, Error> + Send + Sync + 'static,
    ) -> Result<Answer, Error> {
        let order = Arc::new(order);
        let id = match self.reserve_method(caller, idempotency.as_ref(), &order).await? {
            Begun::Answered(answer) => return Ok(answer),
            Begun::Unanswered { subject_id, .. } => PaymentMethodId(subject_id),
        };
        let (own, account) = (self.clone(), caller.account);
        let place = self.till().enter(account).await;
        #[expect(clippy::disallowed_methods, reason = "`App::close` waits for every place that is taken")]
        let storing = tokio::spawn(async move {
            let ended = store_at_gateway(&own, account, id, order).await;
            drop(place);
            ended
        });
        let ended = storing.await.map_err(Error::defect)??;
        let rendered = self.write(caller, move |tx, session| {
            let stored = match &ended {
                Ok(id) => Ok(find::run(tx, session, *id, None)?),
                Err(text) => Err(text.clone()),
            };
            render(session, stored)
        });
        self.answer(caller, idempotency, rendered.await?).await
    }

    /// Reserves the method, or waits a while for the answer of an equal call that has.
    async fn reserve_method(
        &self,
        caller: &Caller,
        idempotency: Option<&Idempotency>,
        order: &Arc<Order>,
    ) -> Result<Begun, Error> {
        let (count, pause) = LOOKS;
        for _ in 1..count {
            match self.begin_method(caller, idempotency, order).await? {
                Begun::Unanswered { is_replayed: true, .. } => sleep(pause).await,
                begun => return Ok(begun),
            }
        }
        // Whoever had it is gone: the gateway is asked again, in the same words.
        self.begin_method(caller, idempotency, order).await
    }

    async fn begin_method(
        &self,
        caller: &Caller,
        idempotency: Option<&Idempotency>,
        order: &Arc<Order>,
    ) -> Result<Begun, Error> {
        let (gateways, order) = (Arc::clone(self.gateways()), Arc::clone(order));
        let run = move |tx: &mut Tx<'_>, session: &Session| {
            let (row, reservation) = gather(tx, session, &order)?;
            gateways.open(session.account.id, &row)?;
            Ok(reserve(tx, session, &row, reservation)?.id.0)
        };
        self.begin(caller, idempotency.cloned(), run).await
    }
}

/// Locks the owner and finds the gateway.
pub(super) fn gather(
    tx: &mut Tx<'_>,
    session: &Session,
    order: &Order,
) -> Result<(GatewayAccount, Reservation), Error> {
    let account = session.account.id;
    let replaced =
        order.replaces.map(|id| get_owned(tx, account, id, Some(order.kind()))).transpose()?.map(|(method, _)| method);
    let owner = replaced.as_ref().map(|replaced| replaced.customer);
    let customer = owner.or(order.customer).ok_or_else(|| Error::defect("a payment method of nobody"))?;
    if order.customer.is_some_and(|named| named != customer) {
        return Err(Error::invalid("CustomerId", "A payment method cannot be given to another customer."));
    }
    let locked = store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    locked.status.may_be_changed()?;
    let sharing = order.sharing.clone().or(replaced.map(|replaced| replaced.sharing)).unwrap_or_default();
    for own in &sharing.overrides {
        if !super::ancestors(tx, account, own.customer)?.contains(&customer) {
            let text = format!("Customer {} is not a descendant of customer {customer}.", own.customer);
            return Err(Error::invalid("DescendantOverrides", text));
        }
    }
    let row = gateways::for_currency(tx, account, locked.currency)?;
    let reservation = Reservation { customer, source: order.source, sharing, original: order.replaces };
    Ok((row, reservation))
}

/// Asks the gateway and keeps its answer. What an equal call did already is not done again.
async fn store_at_gateway(
    app: &App,
    account: AccountId,
    id: PaymentMethodId,
    order: Arc<Order>,
) -> Result<Ended, Error> {
    let found = app.db().read(move |tx| {
        let reserved = store::payment_method::find_reserved(tx, account, id)?;
        let row = reserved.as_ref().map(|reserved| gateways::get(tx, account, reserved.gateway)).transpose()?;
        Ok::<_, Error>(reserved.zip(row))
    });
    let Some((reserved, row)) = found.await? else { return Ok(Ok(id)) };
    let gateway = app.gateways().open(account, &row)?;
    let (key, asked, name) = (reserved.gateway_key.clone(), Arc::clone(&order), gateway.name());
    let stored = spawn_blocking(move || ask(gateway.as_ref(), &key, &asked)).await.map_err(Error::defect)?;
    let (own, gateways, clock) = (app.clone(), Arc::clone(app.gateways()), app.clock());
    let unit = move |tx: &mut Tx<'_>| {
        let session = App::own_session(tx, account, clock.now())?;
        match &stored {
            Ok(vaulted) => keep(tx, &session, &gateways, &reserved, &order, vaulted).map(Ok),
            Err(Failure::Declined { text, .. }) => {
                note(tx, &session, &reserved, order.kind(), ActivityStatus::Failed)?;
                Ok(Err(text.clone()))
            }
            Err(failure @ (Failure::Misconfigured(_) | Failure::Unclear(_))) => {
                tracing::warn!(%account, gateway = name, %failure, "a payment method could not be stored");
                Err(Refusal::GatewayFailed(failure.to_string()).into())
            }
        }
    };
    own.db().write_for(account.0, unit).await
}

fn ask(gateway: &dyn Gateway, key: &str, order: &Order) -> Result<Vaulted, Failure> {
    match &order.provided {
        Provided::Instrument(instrument) => gateway.store(key, instrument),
        Provided::External(kind, external) => {
            let vaulted = gateway.adopt(&external.customer, &external.instrument)?;
            if vaulted.face.method() == *kind {
                return Ok(vaulted);
            }
            let text = format!("{} is no {kind}.", external.instrument);
            Err(Failure::Declined { code: "wrong_kind".to_owned(), text })
        }
    }
}

/// Makes what the gateway stored a method that can be charged, in the place of what it replaces.
fn keep(
    tx: &mut Tx<'_>,
    session: &Session,
    gateways: &gateways::Gateways,
    reserved: &Reserved,
    order: &Order,
    vaulted: &Vaulted,
) -> Result<PaymentMethodId, Error> {
    let (account, id, customer) = (session.account.id, reserved.id, reserved.customer);
    store::customer::lock(tx, account, customer)?.ok_or(Error::not_found("Customer", customer.0))?;
    if !hold(tx, gateways, account, id, vaulted, &order.holder(), order.external())? {
        return Ok(id);
    }
    admit(tx, session, id, order.becomes_default)?;
    note(tx, session, reserved, order.kind(), ActivityStatus::Successful)?;
    // One that was given to another customer while the gateway was asked is that one's.
    if let Some(replaced) = reserved.original
        && get(tx, account, replaced, None).is_ok_and(|replaced| replaced.customer == customer)
    {
        store::payment_method::move_defaults(tx, account, replaced, id)?;
        discard(tx, session, replaced)?;
        tell(tx, session, EventType::PaymentMethodDeleted, customer, replaced)?;
    }
    Ok(id)
}

/// Writes down that a card or bank account was tried (receivables.md §6).
fn note(
    tx: &mut Tx<'_>,
    session: &Session,
    reserved: &Reserved,
    method: PaymentMethod,
    status: ActivityStatus,
) -> Result<(), Error> {
    let account = session.account.id;
    let currency = store::customer::find_relative(tx, account, reserved.customer)?.map(|customer| customer.currency);
    let validation = store::payment_activity::Validation {
        id: PaymentActivityId(tx.next_id()?),
        customer: reserved.customer,
        status,
        source: reserved.source,
        method,
        amount: Amount::ZERO,
        currency: currency.ok_or(Error::not_found("Customer", reserved.customer.0))?,
    };
    Ok(store::payment_activity::insert_validation(tx, account, &validation, session.now)?)
}
