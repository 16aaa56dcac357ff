//! The payment gateways of an account.

use billing::{gateway::GatewayAccount, id::AccountId};
use db::Tx;

use crate::Error;

/// The gateways of an account, removed ones too.
pub fn run(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<GatewayAccount>, Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    Ok(store::gateway::list(tx, account)?)
}
