//! Create an account with its first key.

use billing::{account::Account, id::AccountId, term::Term};
use calendar::{Instant, Zone};
use db::Tx;
use money::Currency;

use super::key;
use crate::{Error, checkpoints, standing};

/// What an operator chooses.
#[derive(Debug, Clone)]
pub struct Order {
    /// The merchant's name.
    pub name: String,
    /// Currency of customers that name none.
    pub currency: Currency,
    /// Where its days begin.
    pub zone: Zone,
    /// Enables `invoices/writeoff` and `BulkWriteOff`.
    pub may_write_off: bool,
    /// Lets references of tracked items be used again.
    pub may_reuse_references: bool,
    /// Lets invoices wait as drafts.
    pub drafts_invoices: bool,
}

/// Stores the account and its first key; the terms are `Net0` until customers have their own.
pub fn run(tx: &mut Tx<'_>, order: &Order, key: &str, now: Instant) -> Result<AccountId, Error> {
    let account = Account {
        id: AccountId(tx.next_id()?),
        name: order.name.clone(),
        currency: order.currency,
        zone: order.zone.clone(),
        term: Term::NET_0,
        may_write_off: order.may_write_off,
        may_reuse_references: order.may_reuse_references,
        drafts_invoices: order.drafts_invoices,
    };
    store::account::insert(tx, &account, now)?;
    key::create(tx, account.id, "first key", key, now)?;
    checkpoints::ensure_round(tx, &account, now)?;
    standing::ensure_round(tx, &account, now)?;
    Ok(account.id)
}
