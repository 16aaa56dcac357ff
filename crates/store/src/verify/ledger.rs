//! The ledger, customer by customer along the chain, and id by id beside the rows that it posts.

use billing::id::{AccountId, CustomerId};
use calendar::Instant;
use db::{Error, Millis, Row, Tx, values};
use ledger::Terms;
use money::Amount;

use super::{each, unknown_part};
use crate::terms::{self, COLUMNS, JOIN, NO_COLUMNS};

/// The head of a ledger transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredTransaction<'r> {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// Its place in the chain.
    pub sequence: i64,
    /// Name of its kind.
    pub kind: &'r str,
    /// Code of its currency.
    pub currency: &'r str,
    /// When it counts.
    pub effective_at: Instant,
    /// Hexadecimal digits of its hash.
    pub hash: &'r str,
}

/// A line of a ledger transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredLine<'r> {
    /// Its place in the transaction.
    pub number: i64,
    /// Name of the account debited.
    pub debit: &'r str,
    /// Name of the account credited.
    pub credit: &'r str,
    /// How much.
    pub amount: Amount,
}

/// A row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainRow<'r> {
    /// A customer, before its transactions.
    Customer {
        /// Its id.
        id: CustomerId,
        /// Code of its currency.
        currency: &'r str,
        /// What it is said to owe.
        balance: Amount,
        /// Sequence of its last transaction, it is said.
        sequence: i64,
        /// Hash of its last transaction, it is said.
        hash: &'r str,
    },
    /// A transaction, the terms of the row that it posts (none for most kinds), and one of its lines if it has any.
    Line(StoredTransaction<'r>, Terms, Option<StoredLine<'r>>),
}

/// Visits every customer of an account in order of id, followed by its transactions in the order of the chain. The lowest
/// of all sequences puts the customer before them without a column of its own to sort by, so the index gives the order.
pub fn each_chain_row(tx: &mut Tx<'_>, account: AccountId, mut visit: impl FnMut(ChainRow<'_>)) -> Result<(), Error> {
    let sql = format!(
        "SELECT t.customer_id, t.sequence, l.line_number, 1, t.sequence, t.id, t.kind, t.currency, t.effective_at, t.hash,
             COALESCE(l.debit, ''), COALESCE(l.credit, ''), COALESCE(l.amount, 0), {COLUMNS}
         FROM ledger_transaction t
         LEFT JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
         {JOIN}
         WHERE t.account_id = $1
         UNION ALL
         SELECT id, -9223372036854775807, 0, 0, ledger_sequence, 0, '', currency, created_at, ledger_hash, '', '', balance,
             {NO_COLUMNS}
         FROM customer WHERE account_id = $1
         ORDER BY 1, 2, 3"
    );
    each(tx, &sql, &values![account.0], |row| {
        visit(chain_row(row)?);
        Ok(())
    })
}

fn chain_row<'r>(row: &'r Row<'_>) -> Result<ChainRow<'r>, Error> {
    let customer = CustomerId(row.get(0)?);
    let (sequence, currency, hash, amount) =
        (row.get(4)?, row.text(7)?, row.text(9)?, Amount::from_millionths(row.get(12)?));
    match row.get(3)? {
        0 => Ok(ChainRow::Customer { id: customer, currency, balance: amount, sequence, hash }),
        1 => {
            let effective_at = Instant::from_millis(row.get::<Millis>(8)?.0);
            let (id, kind) = (row.get(5)?, row.text(6)?);
            let head = StoredTransaction { id, customer, sequence, kind, currency, effective_at, hash };
            let line = match row.get(2)? {
                Some(number) => Some(StoredLine { number, debit: row.text(10)?, credit: row.text(11)?, amount }),
                None => None,
            };
            Ok(ChainRow::Line(head, terms::of_row(row, 13, kind)?, line))
        }
        part => Err(unknown_part(part)),
    }
}

/// How many lines an account has, those of missing transactions too.
pub fn count_lines(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, Error> {
    tx.scalar("SELECT COUNT(*) FROM ledger_line WHERE account_id = $1", &values![account.0])
}

/// Visits the transaction ids of the lines that belong to no transaction.
pub fn each_orphan_line(tx: &mut Tx<'_>, account: AccountId, mut visit: impl FnMut(i64)) -> Result<(), Error> {
    each(
        tx,
        "SELECT l.transaction_id FROM ledger_line l WHERE l.account_id = $1 AND NOT EXISTS (
             SELECT 1 FROM ledger_transaction t WHERE t.account_id = l.account_id AND t.id = l.transaction_id
         ) ORDER BY l.transaction_id, l.line_number",
        &values![account.0],
        |row| {
            visit(row.get(0)?);
            Ok(())
        },
    )
}
