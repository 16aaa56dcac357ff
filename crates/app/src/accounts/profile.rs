//! What an account says of itself on documents: read and replace.

use billing::{
    event::{Event, EventType},
    id::AccountId,
    profile::AccountProfile,
};
use calendar::Instant;
use db::Tx;

use crate::Error;

/// What the account says of itself; nothing while it has said nothing.
pub fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<AccountProfile, Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    Ok(store::account_profile::find(tx, account)?)
}

/// Replaces it.
pub fn set(tx: &mut Tx<'_>, account: AccountId, profile: &AccountProfile, now: Instant) -> Result<(), Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    store::account_profile::set(tx, account, profile, now)?;
    let event = Event { event_type: EventType::AccountProfileUpdated, customer: None, subject_id: account.0 };
    store::event::insert(tx, account, &[event], now)?;
    Ok(())
}
