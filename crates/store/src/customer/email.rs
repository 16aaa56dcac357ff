//! Which mail a customer wants.

use billing::{
    customer::EmailPreferences,
    id::{AccountId, CustomerId},
    named::Named,
};
use db::{Error, Tx, values};

use crate::row::Columns;

/// What a customer wants where it differs from the account.
pub fn email_preferences(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<EmailPreferences, Error> {
    let rows = tx.query(
        "SELECT email_type, is_enabled FROM customer_email_preference WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok((columns.named()?, columns.next()?))
        },
    )?;
    Ok(rows.into_iter().collect())
}

/// Stores what a locked customer wants in place of what is stored.
pub fn set_email_preferences(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    preferences: &EmailPreferences,
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM customer_email_preference WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
    )?;
    let rows = preferences
        .iter()
        .map(|(email_type, is_enabled)| values![account.0, customer.0, email_type.name(), *is_enabled]);
    tx.insert("customer_email_preference", &["account_id", "customer_id", "email_type", "is_enabled"], rows)
}
