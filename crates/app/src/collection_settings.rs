//! How an account collects and when its invoices fall due: read and replace.

use billing::{
    collection_setting::CollectionSetting,
    event::{Event, EventType},
    id::AccountId,
    term::Term,
};
use calendar::Instant;
use db::Tx;

use crate::Error;

/// How an account bills and collects, for customers that do not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// When invoices fall due.
    pub term: Term,
    /// What happens then.
    pub collection: CollectionSetting,
}

/// The settings of an account.
pub fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<Settings, Error> {
    let stored = store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    Ok(Settings { term: stored.term, collection: store::collection_setting::find(tx, account)? })
}

/// Replaces them. Invoices that are posted keep their terms; everything else holds from the next midnight on.
pub fn set(tx: &mut Tx<'_>, account: AccountId, settings: &Settings, now: Instant) -> Result<(), Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    store::collection_setting::set_term(tx, account, settings.term)?;
    store::collection_setting::set(tx, account, &settings.collection, now)?;
    let event = Event { event_type: EventType::CollectionSettingUpdated, customer: None, subject_id: account.0 };
    Ok(store::event::insert(tx, account, &[event], now)?)
}
