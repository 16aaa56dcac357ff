//! The call: what the gateway is asked, outside of every transaction.

use std::{panic::resume_unwind, sync::Arc};

use billing::{
    collection::{Collection, CollectionPurpose, Moved},
    id::{AccountId, PaymentMethodId},
    instrument::Instrument,
    payment_method::Reserved,
};
use calendar::Instant;
use gateway::{Charge, Failure, Gateway, Receipt, Refund, Settled, Source};
use tokio::task::spawn_blocking;

use super::{outcome, source};
use crate::{App, Error};

/// What the gateway is asked, once the intent is stored.
#[derive(Debug)]
pub struct Call {
    /// The account.
    pub account: AccountId,
    /// The intent.
    pub collection: Collection,
    /// Where the money comes from or goes to.
    pub asked: Asked,
}

/// Where the money comes from or goes to.
#[derive(Debug)]
pub enum Asked {
    /// From a stored card or bank account.
    Stored(PaymentMethodId),
    /// From one that was provided, which is stored first if it is to be kept.
    Provided {
        /// It.
        instrument: Box<Instrument>,
        /// The payment method that it becomes.
        keeps: Option<Reserved>,
    },
    /// Back to where a charge of this name took it.
    Charge(String),
}

/// What the gateway said of money, or its words when nobody knows.
pub(super) type Known = Result<Settled, String>;

/// Runs to the end whether or not somebody waits for it.
pub(super) async fn by_itself<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    #[expect(
        clippy::disallowed_methods,
        reason = "its calls to gateways take a place each, for which `App::close` waits"
    )]
    let task = tokio::spawn(work);
    // The task is never cancelled, so what failed is a panic; it is this call's.
    task.await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

/// Asks the gateway and records what came of it. It begins now and runs by itself: who waits for its end and hangs up changes
/// nothing.
pub(crate) fn detached(app: &App, call: Box<Call>) -> impl Future<Output = ()> + Send + use<> {
    let own = app.clone();
    #[expect(clippy::disallowed_methods, reason = "`App::close` waits for every place that is taken")]
    let task = tokio::spawn(async move {
        let (account, activity) = (call.account, call.collection.activity);
        let asked = async {
            let place = own.till().enter(account).await;
            (ask(&own, *call).await, place)
        };
        let (known, place) = tokio::select! {
            asked = asked => asked,
            never = own.till().keep_alive(&own, account, activity) => match never {},
        };
        if let Err(error) = outcome::record(&own, account, activity, known).await {
            tracing::error!(%account, %activity, %error, "the end of a payment could not be recorded; it is asked for again");
        }
        drop(place);
    });
    async move {
        if let Err(error) = task.await {
            tracing::error!(%error, "a payment was broken off; the gateway is asked for its end again");
        }
    }
}

async fn ask(app: &App, call: Call) -> Known {
    let Call { account, collection, asked } = call;
    let gateway = match source::open(app, account, collection.via.gateway).await {
        Ok(gateway) => gateway,
        Err(error) => return unasked(&error),
    };
    let from = match asked {
        Asked::Charge(charge) => return give_back(gateway, refund(&collection, charge)).await,
        Asked::Stored(method) => source::stored(app, account, method).await.map_err(|error| unasked(&error)),
        Asked::Provided { instrument, keeps: None } => Ok(Source::Provided(*instrument)),
        Asked::Provided { instrument, keeps: Some(reserved) } => {
            source::keep(app, account, &gateway, reserved, *instrument).await
        }
    };
    match from {
        Ok(from) => take(gateway, charge(&collection, from, app.now())).await,
        Err(known) => known,
    }
}

/// What an error means before the gateway is asked for money. One that lasts is a no: nobody will charge anything under this
/// key. After one that passes, a worker asks the gateway, which then sees to it that nothing is charged.
pub(super) fn unasked(error: &Error) -> Known {
    if error.is_lasting() { Ok(Settled::Failed { text: error.outward() }) } else { Err(error.outward()) }
}

fn charge(collection: &Collection, source: Source, at: Instant) -> Charge {
    Charge {
        key: collection.key.clone(),
        amount: collection.amount,
        currency: collection.currency,
        source,
        description: format!("Customer {}, payment activity {}", collection.customer, collection.activity),
        at,
    }
}

pub(super) fn refund(collection: &Collection, charge: String) -> Refund {
    Refund { key: collection.key.clone(), charge, amount: collection.amount, currency: collection.currency }
}

async fn take(gateway: Arc<dyn Gateway>, charge: Charge) -> Known {
    blocking(move || {
        let settle = |_: String| gateway.settle(&charge.key);
        known(gateway.charge(&charge), settle)
    })
    .await
}

async fn give_back(gateway: Arc<dyn Gateway>, refund: Refund) -> Known {
    blocking(move || known(gateway.refund(&refund), |_| gateway.settle_refund(&refund))).await
}

/// What a first answer means. An unclear one is asked for once more, at once.
fn known(answer: Result<Receipt, Failure>, settle: impl FnOnce(String) -> Result<Settled, Failure>) -> Known {
    match answer {
        Ok(receipt) => Ok(Settled::Moved(receipt)),
        Err(Failure::Unclear(text)) => settle(text).map_err(|failure| failure.to_string()),
        Err(failure @ (Failure::Declined { .. } | Failure::Misconfigured(_))) => {
            Ok(Settled::Failed { text: failure.to_string() })
        }
    }
}

/// Asks what became of a collection whose caller is gone.
pub(super) async fn settle(app: &App, account: AccountId, collection: &Collection) -> Result<Known, Error> {
    let gateway = match source::open(app, account, collection.via.gateway).await {
        Ok(gateway) => gateway,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let settled = match collection.plan.purpose {
        CollectionPurpose::Pay | CollectionPurpose::Finalize | CollectionPurpose::PostDrafts => {
            let key = collection.key.clone();
            blocking(move || gateway.settle(&key)).await
        }
        CollectionPurpose::Refund => {
            let charge = source::charge_of(app, account, collection).await?;
            let refund = refund(collection, charge);
            blocking(move || gateway.settle_refund(&refund)).await
        }
    };
    Ok(settled.map_err(|failure| failure.to_string()))
}

/// Runs a call to a gateway where blocking is allowed.
pub(crate) async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    // The task is never cancelled, so what failed is a panic; it is this collection's.
    spawn_blocking(call).await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

/// The gateway's names, as they are kept.
pub(super) fn moved(receipt: &Receipt) -> Moved {
    Moved { transaction: receipt.transaction.clone(), authorization: receipt.authorization.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_database_that_passes_is_no_decline() {
        for (error, is_decline) in [
            (Error::Database(db::Error::Busy("a lock".to_owned())), false),
            (Error::Database(db::Error::Unavailable("no connection".to_owned())), false),
            (Error::Database(db::Error::Unknown("lost".to_owned())), false),
            (Error::not_found("PaymentMethod", 7), true),
            (Error::defect("unreadable"), true),
        ] {
            let known = unasked(&error);
            assert_eq!(matches!(known, Ok(Settled::Failed { .. })), is_decline, "{error}: {known:?}");
        }
    }
}
