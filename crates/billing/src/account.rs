//! The merchant whose data this is, as every command sees it.

use calendar::{Instant, Zone};
use money::Currency;

use crate::{
    id::{AccountId, ApiKeyId},
    term::Term,
};

/// An account and its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Currency of customers that name none.
    pub currency: Currency,
    /// Where its days begin.
    pub zone: Zone,
    /// Terms of customers that have none of their own.
    pub term: Term,
    /// `invoices/writeoff` and `BulkWriteOff` exist for it.
    pub may_write_off: bool,
    /// A reference of a tracked item may be used again once every earlier purchase that holds it is finalized
    /// (purchases.md §1.3).
    pub may_reuse_references: bool,
    /// Invoices wait as drafts until they are posted by a call, unless the customer's billing setting says otherwise.
    pub drafts_invoices: bool,
}

/// What every command is given: for whom, by whom, when.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub account: Account,
    /// The key that authenticated the call; `None` for the system's own work.
    pub key: Option<ApiKeyId>,
    /// The time of the command.
    pub now: Instant,
}
