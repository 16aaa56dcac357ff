//! What Stripe tells by itself: that it is time to ask. Nothing is recorded because of what it says.

use billing::{account::Session, id::GatewayId, payment::PaymentMethod};
use db::Tx;
use gateway::stripe::webhook::{self, Kind};

use super::{COLLECT, returns};
use crate::{App, Error};

/// The header with the signature of a notice.
const SIGNATURE: &str = "Stripe-Signature";

/// Reads a notice that was sent to a gateway of Billfold, with its signature. If the charge that it names is under way, nothing is
/// known of another of its customer, or a bank may have taken the money back, a worker asks the gateway now what became of it. A
/// notice that is not Stripe's, or not of now, is refused.
pub async fn notice(app: &App, gateway: GatewayId, signature: &str, body: &[u8]) -> Result<(), Error> {
    let found = app.db().read(move |tx| store::gateway::find_of_notice(tx, gateway)).await?;
    let (account, row) = found.ok_or(Error::not_found("Gateway", gateway.0))?;
    let secret = app.gateways().webhook_secret(account, &row)?;
    let unknown = || Error::invalid(SIGNATURE, format!("Payment gateway {gateway} has no webhook secret."));
    let (secret, now) = (secret.ok_or_else(unknown)?, app.now());
    let event = webhook::read(body, signature, &secret, now.millis().div_euclid(1_000));
    let Some(event) = event.map_err(|rejected| Error::invalid(SIGNATURE, rejected.to_string()))? else {
        return Ok(());
    };
    let clock = app.clock();
    let wake = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        let session = App::own_session(tx, account, clock.now())?;
        if let Some(key) = &event.key
            && let Some(activity) = store::collection::find_open_beside(tx, account, key)?
        {
            jobs::hasten(tx, COLLECT, activity.0, session.now)?;
        }
        match event.kind {
            Kind::Failed | Kind::Disputed => look_for_return(tx, &session, gateway, &event.transaction),
            Kind::Charged | Kind::Refunded => Ok(()),
        }
    };
    app.db().write_for(account.0, wake).await
}

/// Lets a worker ask now whether a bank took back what counted as paid. What becomes of a disputed card is not ours to know.
fn look_for_return(tx: &mut Tx<'_>, session: &Session, gateway: GatewayId, transaction: &str) -> Result<(), Error> {
    let account = session.account.id;
    let Some(activity) = store::collection::find_of_transaction(tx, account, gateway, transaction)? else {
        return Ok(());
    };
    match store::collection::find(tx, account, activity)? {
        Some(taken) if taken.method == PaymentMethod::Ach => Ok(returns::ask_at(tx, session, activity, session.now)?),
        Some(_) | None => Ok(()),
    }
}
