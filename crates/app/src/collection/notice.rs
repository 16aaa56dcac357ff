//! What Stripe tells by itself: that it is time to ask. Nothing is recorded because of what it says.

use billing::id::GatewayId;
use db::Tx;
use gateway::stripe::webhook;

use super::COLLECT;
use crate::{App, Error};

/// The header with the signature of a notice.
const SIGNATURE: &str = "Stripe-Signature";

/// Reads a notice that was sent to a gateway of Billfold, with its signature. If something of the customer whose charge it
/// names is under way, a worker asks the gateway now what became of it. A notice that is not Stripe's, or not of now, is refused.
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
    let wake = move |tx: &mut Tx<'_>| -> Result<(), db::Error> {
        match store::collection::find_open_beside(tx, account, &event.key)? {
            Some(activity) => jobs::hasten(tx, COLLECT, activity.0, now),
            None => Ok(()),
        }
    };
    Ok(app.db().write_for(account.0, wake).await?)
}
