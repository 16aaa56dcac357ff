//! Payment gateways of an account.

use billing::{
    gateway::GatewayAccount,
    id::{AccountId, GatewayId},
    named::Named,
};
use db::{Error, Row, Tx, values};
use money::Currency;

use crate::row::{Columns, at, at_opt, text_opt, unknown};

const SELECT: &str = "g.id, g.kind, g.currency, g.base_url, g.secret, g.webhook_secret, g.created_at, g.removed_at";

/// Stores a new gateway. A second one in use for the same currency is refused with [`Error::Conflict`].
pub fn insert(tx: &mut Tx<'_>, account: AccountId, gateway: &GatewayAccount) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_gateway (account_id, id, kind, currency, base_url, secret, webhook_secret, created_at,
             removed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            account.0,
            gateway.id.0,
            gateway.kind.name(),
            gateway.currency.map(Currency::code),
            text_opt(gateway.base_url.as_ref()),
            text_opt(gateway.sealed_secret.as_ref()),
            text_opt(gateway.sealed_webhook_secret.as_ref()),
            at(gateway.created_at),
            at_opt(gateway.removed_at)
        ],
    )?;
    Ok(())
}

/// Replaces what can change of a gateway: its secrets, and whether it is in use.
pub fn update(tx: &mut Tx<'_>, account: AccountId, gateway: &GatewayAccount) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_gateway SET secret = $3, webhook_secret = $4, removed_at = $5
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            gateway.id.0,
            text_opt(gateway.sealed_secret.as_ref()),
            text_opt(gateway.sealed_webhook_secret.as_ref()),
            at_opt(gateway.removed_at)
        ],
    )?;
    Ok(())
}

/// One gateway, in use or not.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: GatewayId) -> Result<Option<GatewayAccount>, Error> {
    let sql = format!("SELECT {SELECT} FROM payment_gateway g WHERE g.account_id = $1 AND g.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], gateway)
}

/// The gateway that charges a currency: its own, else the one for any.
pub fn find_for(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<Option<GatewayAccount>, Error> {
    let sql = format!(
        "SELECT {SELECT} FROM payment_gateway g
         WHERE g.account_id = $1 AND g.removed_at IS NULL AND (g.currency = $2 OR g.currency IS NULL)
         ORDER BY g.currency IS NULL LIMIT 1"
    );
    tx.query_opt(&sql, &values![account.0, currency.code()], gateway)
}

/// A gateway by what its notices name, which is all that they say; and whose it is.
pub fn find_of_notice(tx: &mut Tx<'_>, id: GatewayId) -> Result<Option<(AccountId, GatewayAccount)>, Error> {
    let sql = format!("SELECT {SELECT}, g.account_id FROM payment_gateway g WHERE g.id = $1");
    tx.query_opt(&sql, &values![id.0], |row| Ok((AccountId(row.get(8)?), gateway(row)?)))
}

/// The gateways of an account, removed ones too, oldest first.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<GatewayAccount>, Error> {
    let sql = format!("SELECT {SELECT} FROM payment_gateway g WHERE g.account_id = $1 ORDER BY g.id");
    tx.query(&sql, &values![account.0], gateway)
}

fn gateway(row: &Row<'_>) -> Result<GatewayAccount, Error> {
    let mut columns = Columns::of(row);
    Ok(GatewayAccount {
        id: GatewayId(columns.next()?),
        kind: columns.named()?,
        currency: currency_opt(columns.next()?)?,
        base_url: columns.next()?,
        sealed_secret: columns.next()?,
        sealed_webhook_secret: columns.next()?,
        created_at: columns.instant()?,
        removed_at: columns.instant_opt()?,
    })
}

fn currency_opt(code: Option<String>) -> Result<Option<Currency>, Error> {
    code.map(|code| Currency::parse(&code).ok_or_else(|| unknown(&code))).transpose()
}
