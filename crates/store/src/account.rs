//! Accounts and the keys that open them.

use billing::{
    account::Account,
    id::{AccountId, ApiKeyId},
    named::Named,
};
use calendar::{Instant, Zone};
use db::{Error, Row, Tx, Value, values};

use crate::{
    many::{padded, placeholders},
    row::{Columns, at, unknown},
};

/// A key as it is shown: never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What the operator called it.
    pub label: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it stopped to work.
    pub revoked_at: Option<Instant>,
}

/// Stores a new account and starts its number series.
pub fn insert(tx: &mut Tx<'_>, account: &Account, now: Instant) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO account (id, name, currency, time_zone, term, may_write_off, may_reuse_references, drafts_invoices,
             created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            account.id.0,
            account.name.as_str(),
            account.currency.code(),
            account.zone.name(),
            account.term.name(),
            account.may_write_off,
            account.may_reuse_references,
            account.drafts_invoices,
            at(now)
        ],
    )?;
    tx.execute(
        "INSERT INTO number_series (account_id, series, next) VALUES ($1, 'invoice', 1)",
        &values![account.id.0],
    )?;
    Ok(())
}

/// The account that a key with this hash opens now, and the key's id.
pub fn find_by_key(tx: &mut Tx<'_>, key_hash: &str) -> Result<Option<(ApiKeyId, Account)>, Error> {
    tx.query_opt(
        "SELECT k.id, a.id, a.name, a.currency, a.time_zone, a.term, a.may_write_off, a.may_reuse_references,
             a.drafts_invoices
         FROM api_key k JOIN account a ON a.id = k.account_id
         WHERE k.key_hash = $1 AND k.revoked_at IS NULL",
        &values![key_hash],
        |row| {
            let mut columns = Columns::of(row);
            Ok((ApiKeyId(columns.next()?), account(&mut columns)?))
        },
    )
}

/// The first of these hashes, at most 64 of them, by which a key opens an account now; with the key's id and the
/// account.
pub fn find_by_any_key(tx: &mut Tx<'_>, key_hashes: &[String]) -> Result<Option<(String, ApiKeyId, AccountId)>, Error> {
    if key_hashes.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT key_hash, id, account_id FROM api_key WHERE revoked_at IS NULL AND key_hash IN ({})",
        placeholders(1)
    );
    let asked: Vec<Value<'_>> = padded(key_hashes, |hash| Value::from(hash.as_str())).collect();
    let found =
        tx.query(&sql, &asked, |row| Ok((row.get::<String>(0)?, ApiKeyId(row.get(1)?), AccountId(row.get(2)?))))?;
    let place = |hash: &String| key_hashes.iter().position(|asked| asked == hash);
    Ok(found.into_iter().min_by_key(|(hash, ..)| place(hash)))
}

/// One account.
pub fn find(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>, Error> {
    tx.query_opt(
        "SELECT id, name, currency, time_zone, term, may_write_off, may_reuse_references, drafts_invoices
         FROM account WHERE id = $1",
        &values![id.0],
        |row| account(&mut Columns::of(row)),
    )
}

/// Every account, in order of id.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Account>, Error> {
    tx.query(
        "SELECT id, name, currency, time_zone, term, may_write_off, may_reuse_references, drafts_invoices
         FROM account ORDER BY id",
        &[],
        |row| account(&mut Columns::of(row)),
    )
}

fn account(columns: &mut Columns<'_, '_>) -> Result<Account, Error> {
    Ok(Account {
        id: AccountId(columns.next()?),
        name: columns.next()?,
        currency: columns.currency()?,
        zone: {
            let name: String = columns.next()?;
            Zone::parse(&name).map_err(|_| unknown(&name))?
        },
        term: columns.named()?,
        may_write_off: columns.next()?,
        may_reuse_references: columns.next()?,
        drafts_invoices: columns.next()?,
    })
}

/// Stores a key by its hash.
pub fn insert_key(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: ApiKeyId,
    label: &str,
    key_hash: &str,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO api_key (account_id, id, label, key_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        &values![account.0, id.0, label, key_hash, at(now)],
    )?;
    Ok(())
}

/// The keys of an account, oldest first, revoked ones too.
pub fn list_keys(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ApiKey>, Error> {
    tx.query(
        "SELECT id, label, created_at, revoked_at FROM api_key WHERE account_id = $1 ORDER BY id",
        &values![account.0],
        api_key,
    )
}

fn api_key(row: &Row<'_>) -> Result<ApiKey, Error> {
    let mut columns = Columns::of(row);
    Ok(ApiKey {
        id: ApiKeyId(columns.next()?),
        label: columns.next()?,
        created_at: columns.instant()?,
        revoked_at: columns.instant_opt()?,
    })
}

/// Revokes a key; `false` when there is no such key or it was revoked before.
pub fn revoke_key(tx: &mut Tx<'_>, account: AccountId, id: ApiKeyId, now: Instant) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE api_key SET revoked_at = $3 WHERE account_id = $1 AND id = $2 AND revoked_at IS NULL",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(changed == 1)
}

/// Takes the next number of a series of the account. The row stays locked until the transaction ends, so a number is
/// used exactly when its transaction commits, and the series has no gaps.
pub fn next_number(tx: &mut Tx<'_>, account: AccountId, series: &str) -> Result<i64, Error> {
    tx.query_one(
        "UPDATE number_series SET next = next + 1 WHERE account_id = $1 AND series = $2 RETURNING next - 1",
        &values![account.0, series],
        |row| row.get(0),
    )
}
