//! How payment methods are written: reserved, held, made visible, taken away.

use billing::{
    id::{AccountId, CustomerId, PaymentMethodId},
    instrument::Holder,
    named::Named,
    payment_method::{External, Face, MethodState, Reserved},
};
use calendar::Instant;
use db::{Error, Tx, Value, values};

use crate::row::{at, name_opt, text_opt};

/// Stores a method that is yet to be stored at its gateway.
pub fn reserve(tx: &mut Tx<'_>, account: AccountId, reserved: &Reserved, now: Instant) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_method (account_id, id, customer_id, state, gateway_id, gateway_key, source, is_shared,
             original_id, failure_count, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10)",
        &values![
            account.0,
            reserved.id.0,
            reserved.customer.0,
            MethodState::Pending.name(),
            reserved.gateway.0,
            reserved.gateway_key.as_str(),
            reserved.source.name(),
            reserved.sharing.is_shared,
            reserved.original.map(|original| original.0),
            at(now)
        ],
    )?;
    let ids = tx.next_ids(i64::try_from(reserved.sharing.overrides.len()).unwrap_or(i64::MAX))?;
    let rows = ids.zip(&reserved.sharing.overrides);
    let rows = rows.map(|(id, own)| values![account.0, reserved.id.0, own.customer.0, id, own.is_shared]);
    tx.insert("payment_method_sharing", &["account_id", "payment_method_id", "customer_id", "id", "is_shared"], rows)
}

/// Writes what the gateway said of a reserved method; nothing when it is not reserved any more. Whether it is.
pub fn hold(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    sealed_token: &str,
    face: &Face,
    holder: &Holder,
    external: Option<&External>,
) -> Result<bool, Error> {
    let mut row = values![account.0, id.0, sealed_token].to_vec();
    row.extend(face_values(face));
    row.extend(holder_values(holder));
    row.push(external.map(|external| external.customer.as_str()).into());
    row.push(external.map(|external| external.instrument.as_str()).into());
    row.push(MethodState::Pending.name().into());
    let held = tx.execute(
        "UPDATE payment_method SET token = $3, method = $4, last_four = $5, card_brand = $6, expiration_year = $7,
             expiration_month = $8, is_debit = $9, account_type = $10, transit_last_four = $11, first_name = $12,
             last_name = $13, address1 = $14, address2 = $15, city = $16, postal_zip = $17, country_id = $18,
             state_id = $19, external_customer_id = $20, external_card_id = $21
         WHERE account_id = $1 AND id = $2 AND state = $22",
        &row,
    )?;
    Ok(held == 1)
}

/// Moves a method to another state.
pub fn set_state(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    state: MethodState,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_method SET state = $3, modified_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, state.name(), at(now)],
    )?;
    Ok(())
}

/// Makes a method another customer's.
pub fn set_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    customer: CustomerId,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_method SET customer_id = $3, modified_at = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, customer.0, at(now)],
    )?;
    Ok(())
}

/// Forgets where a descendant differs from what a method says of sharing.
pub fn delete_override(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PaymentMethodId,
    descendant: CustomerId,
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM payment_method_sharing WHERE account_id = $1 AND payment_method_id = $2 AND customer_id = $3",
        &values![account.0, id.0, descendant.0],
    )?;
    Ok(())
}

/// Counts charges in a row that failed.
pub fn set_failures(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId, count: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_method SET failure_count = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, count],
    )?;
    Ok(())
}

/// Takes away the token of a deleted method, which the gateway has forgotten.
pub fn forget_token(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<(), Error> {
    tx.execute(
        "UPDATE payment_method SET token = NULL WHERE account_id = $1 AND id = $2 AND state = $3",
        &values![account.0, id.0, MethodState::Deleted.name()],
    )?;
    Ok(())
}

/// Deletes the row of a reserved method of which nothing was heard.
pub fn delete_pending(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<(), Error> {
    let key = values![account.0, id.0];
    tx.execute("DELETE FROM payment_method_sharing WHERE account_id = $1 AND payment_method_id = $2", &key)?;
    tx.execute(
        "DELETE FROM payment_method WHERE account_id = $1 AND id = $2 AND state = 'Pending' AND token IS NULL",
        &key,
    )?;
    Ok(())
}

/// The values from `method` to `transit_last_four`.
fn face_values(face: &Face) -> [Value<'_>; 8] {
    let method = face.method().name();
    match face {
        Face::Card { brand, last_four, expiration, is_debit } => values![
            method,
            last_four.as_str(),
            brand.name(),
            i64::from(expiration.year),
            i64::from(expiration.month),
            *is_debit,
            None::<&str>,
            None::<&str>
        ],
        Face::BankAccount { account_last_four, transit_last_four, account_type } => values![
            method,
            account_last_four.as_str(),
            None::<&str>,
            None::<i64>,
            None::<i64>,
            None::<bool>,
            name_opt(Some(*account_type)),
            transit_last_four.as_str()
        ],
    }
}

/// The values from `first_name` to `state_id`.
fn holder_values(holder: &Holder) -> [Value<'_>; 8] {
    values![
        holder.first_name.as_str(),
        holder.last_name.as_str(),
        text_opt(holder.address1.as_ref()),
        text_opt(holder.address2.as_ref()),
        text_opt(holder.city.as_ref()),
        text_opt(holder.postal_zip.as_ref()),
        holder.region.map(|region| region.country),
        holder.region.and_then(|region| region.state)
    ]
}
