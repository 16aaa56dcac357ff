//! Replace the secrets of a payment gateway.

use billing::{
    id::{AccountId, GatewayId},
    instrument::SecretString,
};
use db::Tx;

use super::{Gateways, secret_place, webhook_place};
use crate::Error;

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
