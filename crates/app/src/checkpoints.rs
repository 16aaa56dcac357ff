//! Seal what the customers' chains came to, so that nobody can take the end of one away unnoticed. Whoever notes the hash of a
//! checkpoint elsewhere can tell later whether anything before it was changed, even by somebody who may write everything.

pub mod seal;

use billing::account::Account;
use calendar::Instant;
use db::Tx;

use crate::{Error, rounds::next_round, standing};

/// The nightly round of an account.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// Sees to it that the nightly rounds of all accounts take place; those that an older version created have none yet.
pub fn ensure_rounds(tx: &mut Tx<'_>, now: Instant) -> Result<(), Error> {
    for account in store::account::list(tx)? {
        ensure_round(tx, &account, now)?;
        standing::ensure_round(tx, &account, now)?;
    }
    Ok(())
}

/// Sees to it that the nightly round of an account takes place, from the next midnight of its zone on.
pub(crate) fn ensure_round(tx: &mut Tx<'_>, account: &Account, now: Instant) -> Result<(), Error> {
    Ok(jobs::ensure(tx, account.id.0, CHECKPOINT, account.id.0, next_round(account, now))?)
}
