//! What the ledger holds: the trial balance, and the journal as other programs read it.

mod beancount;
mod csv;
pub mod export;

use billing::{account::Session, id::AccountId};
use calendar::{Date, Instant, add_days};
use db::Tx;
use ledger::LedgerAccount;
use money::{Amount, Currency};

use crate::Error;

/// What one ledger account holds in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The currency.
    pub currency: Currency,
    /// The ledger account.
    pub ledger_account: LedgerAccount,
    /// Debits less credits.
    pub amount: Amount,
}

/// The trial balance of an account by everything posted: per currency its amounts add up to zero.
pub fn balances(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Balance>, Error> {
    before(tx, account, None)
}

/// The trial balance at the end of a day of the account's time zone.
pub fn balances_on(tx: &mut Tx<'_>, session: &Session, on: Date) -> Result<Vec<Balance>, Error> {
    before(tx, session.account.id, Some(session.account.zone.start_of(add_days(on, 1))))
}

fn before(tx: &mut Tx<'_>, account: AccountId, until: Option<Instant>) -> Result<Vec<Balance>, Error> {
    let rows = store::ledger::balances(tx, account, until)?.into_iter();
    Ok(rows.map(|(currency, ledger_account, amount)| Balance { currency, ledger_account, amount }).collect())
}

/// An amount with the decimals of its currency.
fn scaled(amount: Amount, currency: Currency) -> String {
    amount.with_scale(usize::try_from(currency.minor_digits()).unwrap_or_default())
}
