//! Read one opening balance.

use billing::{account::Session, id::OpeningBalanceId, opening_balance::OpeningBalance};
use db::Tx;

use crate::Error;

/// The opening balance.
pub fn run(tx: &mut Tx<'_>, session: &Session, id: OpeningBalanceId) -> Result<OpeningBalance, Error> {
    let found = store::opening_balance::find(tx, session.account.id, id)?;
    found.ok_or(Error::not_found("OpeningBalance", id.0))
}
