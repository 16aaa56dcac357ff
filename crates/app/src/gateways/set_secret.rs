//! Replace the secrets of a payment gateway, by others of the same account there.

use billing::{
    gateway::GatewayKind,
    id::{AccountId, GatewayId},
    instrument::SecretString,
    refusal::Refusal,
};
use db::Tx;
use gateway::{Gateway, Trace};

use super::{Gateways, get, secret_place, webhook_place};
use crate::{App, Error, collection::blocking};

/// How many charges the new secret may be asked about: a person may have named one as the gateway does not.
const CHARGE_COUNT_MAX: i64 = 5;

/// Refuses a secret of another account than the one that the gateway has charged and stored with: money could not be given
/// back, and no stored method be charged. The gateway is asked; one that was never used takes any secret.
pub async fn check(app: &App, account: AccountId, id: GatewayId, secret: &SecretString) -> Result<(), Error> {
    let gather = move |tx: &mut Tx<'_>| {
        let charges = store::collection::list_last_transactions(tx, account, id, CHARGE_COUNT_MAX)?;
        Ok::<_, Error>((get(tx, account, id)?, charges, store::payment_method::find_last_at(tx, account, id)?))
    };
    let (row, charges, method) = app.db().read(gather).await?;
    match row.kind {
        GatewayKind::Stripe => {}
        // Everybody has the same one.
        GatewayKind::Test => return Ok(()),
    }
    let token = method.map(|method| app.gateways().token(account, &method)).transpose()?;
    let traces: Vec<_> = charges.into_iter().map(Trace::Charge).chain(token.map(Trace::Stored)).collect();
    let gateway = app.gateways().open_with(account, &row, Some(secret.clone()))?;
    let is_known = blocking(move || keeps_any(&*gateway, &traces)).await?;
    if is_known { Ok(()) } else { Err(Refusal::SecretOfAnother(id).into()) }
}

/// Whether the account of the gateway keeps one of these, if there is any.
fn keeps_any(gateway: &dyn Gateway, traces: &[Trace]) -> Result<bool, Error> {
    for trace in traces {
        let unchecked = |failure| Error::invalid("Secret", format!("The new secret could not be checked: {failure}"));
        if gateway.keeps(trace).map_err(unchecked)? {
            return Ok(true);
        }
    }
    Ok(traces.is_empty())
}

/// Seals new secrets; one that is absent stays as it is. Servers use them from their next call on.
pub fn run(
    tx: &mut Tx<'_>,
    gateways: &Gateways,
    account: AccountId,
    id: GatewayId,
    secret: Option<&SecretString>,
    webhook_secret: Option<&SecretString>,
) -> Result<(), Error> {
    let mut gateway = super::get(tx, account, id)?;
    if let Some(secret) = secret {
        gateway.sealed_secret = Some(gateways.seal(secret_place(account, id), secret)?);
    }
    if let Some(secret) = webhook_secret {
        gateway.sealed_webhook_secret = Some(gateways.seal(webhook_place(account, id), secret)?);
    }
    Ok(store::gateway::update(tx, account, &gateway)?)
}
