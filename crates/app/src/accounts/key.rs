//! API keys: made once, shown once, kept as a hash.

use billing::id::{AccountId, ApiKeyId};
use calendar::Instant;
use db::Tx;
use store::account::ApiKey;

use crate::{Error, digest::sha256};

/// SHA-256 of a key, in hexadecimal: what the database keeps. A key holds 256 bits of chance and more, so that its hash
/// needs neither salt nor stretching.
pub fn hash(key: &str) -> String {
    sha256(&[key.as_bytes()])
}

/// Stores a new key of an account by its hash.
pub fn create(tx: &mut Tx<'_>, account: AccountId, label: &str, key: &str, now: Instant) -> Result<ApiKeyId, Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    let id = ApiKeyId(tx.next_id()?);
    store::account::insert_key(tx, account, id, label, &hash(key), now)?;
    Ok(id)
}

/// The keys of an account, revoked ones too.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ApiKey>, Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    Ok(store::account::list_keys(tx, account)?)
}

/// Revokes a key at once.
pub fn revoke(tx: &mut Tx<'_>, account: AccountId, id: ApiKeyId, now: Instant) -> Result<(), Error> {
    store::account::find(tx, account)?.ok_or(Error::not_found("Account", account.0))?;
    let revoked = store::account::revoke_key(tx, account, id, now)?;
    if revoked { Ok(()) } else { Err(Error::not_found("ApiKey", id.0)) }
}
