//! Checkpoints over the ends of the customers' chains: appended, never changed.

use billing::id::{AccountId, CustomerId};
use calendar::Instant;
use db::{Error, Tx, values};
use ledger::ChainHash;

use crate::row::{Columns, at};

/// The end of a customer's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Whose chain.
    pub customer: CustomerId,
    /// Sequence of its last transaction.
    pub sequence: i64,
    /// Hash of its last transaction.
    pub hash: ChainHash,
}

/// A sealed checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// 1 for the account's first.
    pub number: i64,
    /// Over its heads and everything before it.
    pub hash: ChainHash,
}

/// The last checkpoint of an account.
pub fn find_last(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Checkpoint>, Error> {
    tx.query_opt(
        "SELECT checkpoint_number, hash FROM checkpoint WHERE account_id = $1 ORDER BY checkpoint_number DESC LIMIT 1",
        &values![account.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Checkpoint { number: columns.next()?, hash: columns.chain_hash()? })
        },
    )
}

/// The customers after `after` whose chains have grown since the last checkpoint that saw them, by id, at most so many.
pub fn grown(tx: &mut Tx<'_>, account: AccountId, after: CustomerId, count_max: i64) -> Result<Vec<Head>, Error> {
    tx.query(
        "SELECT c.id, c.ledger_sequence, c.ledger_hash FROM customer c
         WHERE c.account_id = $1 AND c.id > $2 AND c.ledger_sequence > (
             SELECT COALESCE(MAX(h.ledger_sequence), 0) FROM checkpoint_head h
             WHERE h.account_id = c.account_id AND h.customer_id = c.id
         ) ORDER BY c.id LIMIT $3",
        &values![account.0, after.0, count_max],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Head { customer: CustomerId(columns.next()?), sequence: columns.next()?, hash: columns.chain_hash()? })
        },
    )
}

/// Appends a checkpoint with its heads.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    checkpoint: Checkpoint,
    heads: &[Head],
    now: Instant,
) -> Result<(), Error> {
    let head_count = i64::try_from(heads.len()).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO checkpoint (account_id, checkpoint_number, head_count, hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        &values![account.0, checkpoint.number, head_count, checkpoint.hash.hex(), at(now)],
    )?;
    let columns = &["account_id", "customer_id", "ledger_sequence", "checkpoint_number", "ledger_hash"];
    let rows =
        heads.iter().map(|head| values![account.0, head.customer.0, head.sequence, checkpoint.number, head.hash.hex()]);
    tx.insert("checkpoint_head", columns, rows)
}
