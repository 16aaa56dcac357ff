//! Take a payment gateway out of use.

use billing::{
    id::{AccountId, GatewayId},
    refusal::Refusal,
};
use calendar::Instant;
use db::Tx;

use crate::Error;

/// Takes a gateway out of use: nothing new is charged or stored there. Its secrets stay, so that money can be given back and
/// stored methods forgotten. While customers have methods there, it stays in use unless `abandons_methods`.
pub fn run(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: GatewayId,
    abandons_methods: bool,
    now: Instant,
) -> Result<(), Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    let mut gateway = super::get(tx, account, id)?;
    if gateway.removed_at.is_some() {
        return Ok(());
    }
    let methods = store::payment_method::count_at(tx, account, id)?;
    if methods > 0 && !abandons_methods {
        return Err(Refusal::GatewayHasMethods(id, methods).into());
    }
    gateway.removed_at = Some(now);
    Ok(store::gateway::update(tx, account, &gateway)?)
}
