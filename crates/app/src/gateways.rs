//! The payment gateways of the accounts: which one charges what, and opening one with the credentials that the vault keeps.

pub mod add;
pub mod list;
pub mod remove;
pub mod reseal;
pub mod set_secret;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use billing::{
    gateway::{GatewayAccount, GatewayKind},
    id::{AccountId, GatewayId},
    instrument::SecretString,
    refusal::Refusal,
};
use db::Tx;
use gateway::Gateway;
use money::Currency;
use vault::{Fault, Place, Vault};

use crate::Error;

/// How many open gateways are remembered; then all are opened anew.
const OPEN_COUNT_MAX: usize = 10_000;

/// What a gateway is opened with.
#[derive(Debug)]
pub struct Settings {
    /// Whose it is.
    pub account: AccountId,
    /// Which one.
    pub id: GatewayId,
    /// What kind.
    pub kind: GatewayKind,
    /// What it knows the account by.
    pub secret: Option<SecretString>,
    /// Where it is reached; where that kind usually is when absent.
    pub base_url: Option<String>,
}

/// Opens gateways; the text of an error is for the log and the caller, and holds no secret.
pub type Factory = Box<dyn Fn(&Settings) -> Result<Arc<dyn Gateway>, String> + Send + Sync>;

/// A gateway that is open, and the sealed secret that it was opened with.
type Open = (Option<String>, Arc<dyn Gateway>);

/// Opens the gateways of all accounts, and seals and opens their secrets.
pub struct Gateways {
    vault: Vault,
    factory: Factory,
    open: Mutex<HashMap<(AccountId, GatewayId), Open>>,
}

impl fmt::Debug for Gateways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gateways")
    }
}

impl Gateways {
    /// Opens gateways by `factory`, with the secrets of `vault`.
    pub fn new(vault: Vault, factory: Factory) -> Self {
        Self { vault, factory, open: Mutex::default() }
    }

    /// None at all: whatever needs one is refused.
    pub fn none() -> Self {
        Self::new(Vault::closed(), Box::new(|_| Err("this process opens no payment gateways".to_owned())))
    }

    /// The vault.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Opens a gateway, or finds it open. It may be called within a transaction: nothing is asked of the gateway.
    pub fn open(&self, account: AccountId, row: &GatewayAccount) -> Result<Arc<dyn Gateway>, Error> {
        if self.vault.is_closed() {
            // What the gateway stored could not be kept.
            return Err(Refusal::VaultClosed.into());
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((sealed, gateway)) = open.get(&(account, row.id))
            && *sealed == row.sealed_secret
        {
            return Ok(Arc::clone(gateway));
        }
        let place = secret_place(account, row.id);
        let secret = row.sealed_secret.as_ref().map(|sealed| self.unseal(place, sealed)).transpose()?;
        let gateway = self.open_with(account, row, secret)?;
        if open.len() >= OPEN_COUNT_MAX {
            open.clear();
        }
        open.insert((account, row.id), (row.sealed_secret.clone(), Arc::clone(&gateway)));
        Ok(gateway)
    }

    /// Opens a gateway with this secret instead of its own.
    fn open_with(
        &self,
        account: AccountId,
        row: &GatewayAccount,
        secret: Option<SecretString>,
    ) -> Result<Arc<dyn Gateway>, Error> {
        let settings = Settings { account, id: row.id, kind: row.kind, secret, base_url: row.base_url.clone() };
        let gateway = (self.factory)(&settings).map_err(|fault| {
            tracing::error!(%account, gateway = %row.id, fault, "a payment gateway could not be opened");
            Refusal::GatewayUnusable(row.id)
        })?;
        Ok(gateway)
    }

    /// What a gateway's notices are signed with, if it was ever told.
    pub fn webhook_secret(&self, account: AccountId, row: &GatewayAccount) -> Result<Option<SecretString>, Error> {
        let place = webhook_place(account, row.id);
        row.sealed_webhook_secret.as_ref().map(|sealed| self.unseal(place, sealed)).transpose()
    }

    /// Seals a secret for its place.
    pub(crate) fn seal(&self, place: Place, secret: &SecretString) -> Result<String, Error> {
        self.vault.seal(place, secret).map_err(refused)
    }

    /// Opens a sealed secret.
    pub(crate) fn unseal(&self, place: Place, sealed: &str) -> Result<SecretString, Error> {
        self.vault.open(place, sealed).map_err(refused)
    }
}

/// Where a gateway's secret is sealed.
fn secret_place(account: AccountId, id: GatewayId) -> Place {
    Place { column: store::sealed::Column::GatewaySecret.path(), account: account.0, row: id.0 }
}

/// Where the secret of a gateway's notices is sealed.
fn webhook_place(account: AccountId, id: GatewayId) -> Place {
    Place { column: store::sealed::Column::WebhookSecret.path(), account: account.0, row: id.0 }
}

/// A vault without the key is the operator's affair: the caller is told, and the log has the key's id.
fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Closed => Refusal::VaultClosed.into(),
        Fault::TooLong => Refusal::SecretTooLong.into(),
        Fault::KeyMissing { .. } | Fault::Damaged(_) | Fault::NoChance(_) => Error::defect(fault),
    }
}

/// The gateway that charges a currency.
pub fn for_currency(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<GatewayAccount, Error> {
    Ok(store::gateway::find_for(tx, account, currency)?.ok_or(Refusal::NoGateway(currency))?)
}

/// A gateway by its id, also one that is not in use any more: money may have to be given back there.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: GatewayId) -> Result<GatewayAccount, Error> {
    store::gateway::find(tx, account, id)?.ok_or(Error::not_found("Gateway", id.0))
}
