//! The columns that hold sealed secrets, whatever they mean: to be sealed anew when the vault's key changes.

use billing::id::AccountId;
use db::{Error, Tx, values};

use crate::row::Columns;

/// A column of sealed texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// What a gateway knows an account by.
    GatewaySecret,
    /// What a gateway's notices are signed with.
    WebhookSecret,
    /// What a gateway knows a stored card or bank account by.
    MethodToken,
}

/// A sealed text and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The account of its row.
    pub account: AccountId,
    /// The id of its row.
    pub row: i64,
    /// The text.
    pub text: String,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GatewaySecret, Self::WebhookSecret, Self::MethodToken];

    /// Table and column.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::GatewaySecret => ("payment_gateway", "secret"),
            Self::WebhookSecret => ("payment_gateway", "webhook_secret"),
            Self::MethodToken => ("payment_method", "token"),
        }
    }

    /// Table and column as one text, which sealing binds a secret to.
    pub const fn path(self) -> &'static str {
        match self {
            Self::GatewaySecret => "payment_gateway.secret",
            Self::WebhookSecret => "payment_gateway.webhook_secret",
            Self::MethodToken => "payment_method.token",
        }
    }
}

/// The next sealed texts of a column, of all accounts, after a row.
pub fn list_after(
    tx: &mut Tx<'_>,
    column: Column,
    after: (AccountId, i64),
    count_max: i64,
) -> Result<Vec<Sealed>, Error> {
    let (table, name) = column.place();
    let sql = format!(
        "SELECT account_id, id, {name} FROM {table}
         WHERE {name} IS NOT NULL AND (account_id > $1 OR (account_id = $1 AND id > $2))
         ORDER BY account_id, id LIMIT $3"
    );
    tx.query(&sql, &values![after.0.0, after.1, count_max], |row| {
        let mut columns = Columns::of(row);
        Ok(Sealed { account: AccountId(columns.next()?), row: columns.next()?, text: columns.next()? })
    })
}

/// Puts a text in the place of one, unless somebody else has replaced that meanwhile.
pub fn replace(tx: &mut Tx<'_>, column: Column, old: &Sealed, new: &str) -> Result<bool, Error> {
    let (table, name) = column.place();
    let sql = format!("UPDATE {table} SET {name} = $4 WHERE account_id = $1 AND id = $2 AND {name} = $3");
    let replaced = tx.execute(&sql, &values![old.account.0, old.row, old.text.as_str(), new])?;
    Ok(replaced == 1)
}
