//! Checkpoints with their heads, and with the transactions that the heads name.

use billing::id::AccountId;
use calendar::Instant;
use db::{Error, Millis, Tx, values};

use super::{each, unknown_part};

/// A checkpoint as it lies in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredCheckpoint<'r> {
    /// How many heads it has.
    pub head_count: i64,
    /// Hexadecimal digits of its hash.
    pub hash: &'r str,
    /// When it was made.
    pub created_at: Instant,
}

/// A row of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointRow<'r> {
    /// A checkpoint, before its heads.
    Checkpoint(StoredCheckpoint<'r>),
    /// A head.
    Head {
        /// Whose chain.
        customer: i64,
        /// Which transaction was its last.
        sequence: i64,
        /// Hexadecimal digits of that transaction's hash, as they were.
        hash: &'r str,
        /// The same as they are; nothing when there is no such transaction.
        found: Option<&'r str>,
    },
}

/// Visits the checkpoints of an account in order of their number, each followed by its heads in order of the customer.
/// Heads of missing checkpoints are visited, too.
pub fn each_checkpoint_row(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(i64, CheckpointRow<'_>),
) -> Result<(), Error> {
    each(
        tx,
        "SELECT checkpoint_number, 0, 0, head_count, hash, created_at, '' FROM checkpoint WHERE account_id = $1
         UNION ALL
         SELECT h.checkpoint_number, h.customer_id, 1, h.ledger_sequence, h.ledger_hash, a.created_at,
             COALESCE(t.hash, '')
         FROM checkpoint_head h
         JOIN account a ON a.id = h.account_id
         LEFT JOIN ledger_transaction t ON t.account_id = h.account_id AND t.customer_id = h.customer_id
             AND t.sequence = h.ledger_sequence
         WHERE h.account_id = $1
         ORDER BY 1, 3, 2",
        &values![account.0],
        |row| {
            let (hash, found) = (row.text(4)?, row.text(6)?);
            let seen = match row.get(2)? {
                0 => {
                    let created_at = Instant::from_millis(row.get::<Millis>(5)?.0);
                    CheckpointRow::Checkpoint(StoredCheckpoint { head_count: row.get(3)?, hash, created_at })
                }
                1 => {
                    let found = (!found.is_empty()).then_some(found);
                    CheckpointRow::Head { customer: row.get(1)?, sequence: row.get(3)?, hash, found }
                }
                part => return Err(unknown_part(part)),
            };
            visit(row.get(0)?, seen);
            Ok(())
        },
    )
}
