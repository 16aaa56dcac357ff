//! Add a payment gateway to an account.

use billing::{
    gateway::{GatewayAccount, GatewayKind},
    id::{AccountId, GatewayId},
    instrument::SecretString,
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;
use money::Currency;

use super::{Gateways, secret_place, webhook_place};
use crate::Error;

/// A gateway as an operator asks for it.
#[derive(Debug)]
pub struct Order {
    /// What kind.
    pub kind: GatewayKind,
    /// What it charges; any currency that has no gateway of its own when absent.
    pub currency: Option<Currency>,
    /// What it knows the account by; Stripe needs it.
    pub secret: Option<SecretString>,
    /// What its notices are signed with.
    pub webhook_secret: Option<SecretString>,
    /// Where it is reached; where that kind usually is when absent.
    pub base_url: Option<String>,
}

/// Stores a gateway with its secrets sealed. One is in use for a currency at a time.
pub fn run(
    tx: &mut Tx<'_>,
    gateways: &Gateways,
    account: AccountId,
    order: &Order,
    now: Instant,
) -> Result<GatewayAccount, Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    if gateways.vault().is_closed() {
        return Err(Refusal::VaultClosed.into());
    }
    if order.kind == GatewayKind::Stripe && order.secret.is_none() {
        return Err(Refusal::GatewayNeedsSecret(order.kind).into());
    }
    let others = store::gateway::list(tx, account)?;
    if let Some(other) = others.iter().find(|other| other.removed_at.is_none() && other.currency == order.currency) {
        return Err(Refusal::GatewayInUse(other.id).into());
    }
    let id = GatewayId(tx.next_id()?);
    let seal =
        |place, secret: &Option<SecretString>| secret.as_ref().map(|secret| gateways.seal(place, secret)).transpose();
    let gateway = GatewayAccount {
        id,
        kind: order.kind,
        currency: order.currency,
        base_url: order.base_url.clone(),
        sealed_secret: seal(secret_place(account, id), &order.secret)?,
        sealed_webhook_secret: seal(webhook_place(account, id), &order.webhook_secret)?,
        created_at: now,
        removed_at: None,
    };
    store::gateway::insert(tx, account, &gateway)?;
    Ok(gateway)
}
