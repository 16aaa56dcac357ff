//! List the accounts of a database.

use billing::account::Account;
use db::Tx;

use crate::Error;

/// Every account, oldest first.
pub fn run(tx: &mut Tx<'_>) -> Result<Vec<Account>, Error> {
    Ok(store::account::list(tx)?)
}
