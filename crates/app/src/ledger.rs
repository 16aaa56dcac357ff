//! What the ledger holds.

use billing::id::AccountId;
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

/// The trial balance of an account: per currency its amounts add up to zero.
pub fn balances(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Balance>, Error> {
    let rows = store::ledger::balances(tx, account)?.into_iter();
    Ok(rows.map(|(currency, ledger_account, amount)| Balance { currency, ledger_account, amount }).collect())
}
