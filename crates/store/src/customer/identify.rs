//! Customers by what somebody else names them by.

use billing::{
    customer::Identity,
    id::{AccountId, CustomerId},
};
use calendar::Instant;
use db::{Error, Tx, Value, values};

use crate::row::at;

/// The customers that have everything of this identity, in any case of letters; of many, two.
pub fn identify(tx: &mut Tx<'_>, account: AccountId, identity: &Identity) -> Result<Vec<CustomerId>, Error> {
    let mut conditions = vec!["account_id = $1".to_owned()];
    let mut parameters = vec![Value::from(account.0)];
    if let Some(id) = identity.id {
        parameters.push(Value::from(id.0));
        conditions.push(format!("id = ${}", parameters.len()));
    }
    let texts = [
        ("reference", &identity.reference),
        ("company_name", &identity.company_name),
        ("primary_email", &identity.primary_email),
    ];
    for (column, text) in texts {
        if let Some(text) = text {
            parameters.push(Value::from(text));
            // Both sides by the same function, as in lists, so that both databases fold case in their one way.
            conditions.push(format!("LOWER({column}) = LOWER(${})", parameters.len()));
        }
    }
    let sql = format!("SELECT id FROM customer WHERE {} LIMIT 2", conditions.join(" AND "));
    tx.query(&sql, &parameters, |row| row.get(0).map(CustomerId))
}

/// Whether a customer with this reference, in any case of letters, was created at `since` or later.
pub fn has_new_reference(tx: &mut Tx<'_>, account: AccountId, reference: &str, since: Instant) -> Result<bool, Error> {
    let sql =
        "SELECT id FROM customer WHERE account_id = $1 AND LOWER(reference) = LOWER($2) AND created_at >= $3 LIMIT 1";
    Ok(tx.query_opt(sql, &values![account.0, reference, at(since)], |row| row.get::<i64>(0))?.is_some())
}
