//! The ledger as a journal: every line in the order in which transactions were recorded, and the customers it is about.

use billing::id::{AccountId, ChargeId, CustomerId, OpeningDeferralId};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use ledger::{ChainHash, LedgerAccount, Line, TransactionKind};
use money::{Amount, Currency};

use super::ledger_account;
use crate::row::{Columns, unknown};

/// A line with the transaction that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Id of the transaction.
    pub transaction: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// The transaction's place in the customer's chain.
    pub sequence: i64,
    /// What happened.
    pub kind: TransactionKind,
    /// The charge that it is about, if any.
    pub charge: Option<ChargeId>,
    /// The opening deferral that it is about, if any.
    pub deferral: Option<OpeningDeferralId>,
    /// The name of that charge, or the description of that deferral.
    pub name: Option<String>,
    /// The currency of the transaction.
    pub currency: Currency,
    /// When it counts.
    pub effective_at: Instant,
    /// The transaction's place in the chain, sealed.
    pub hash: ChainHash,
    /// The line's place in the transaction, from 1.
    pub number: i64,
    /// What it moves.
    pub line: Line,
}

/// When the first and the last transaction of an account count; nothing when there is none.
pub fn span(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<(Instant, Instant)>, Error> {
    let sql = "SELECT MIN(effective_at), MAX(effective_at) FROM ledger_transaction WHERE account_id = $1";
    tx.query_one(sql, &values![account.0], |row| {
        let mut columns = Columns::of(row);
        Ok(columns.instant_opt()?.zip(columns.instant_opt()?))
    })
}

/// Visits every line of an account, by transaction id.
pub fn each_line<E: From<Error>>(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(JournalLine) -> Result<(), E>,
) -> Result<(), E> {
    tx.each(
        "SELECT t.id, t.customer_id, t.sequence, t.kind, t.charge_id, t.deferral_id, COALESCE(c.name, d.description),
             t.currency, t.effective_at, t.hash,
             l.line_number, l.debit, l.credit, l.amount
         FROM ledger_transaction t
         JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
         LEFT JOIN charge c ON c.account_id = t.account_id AND c.id = t.charge_id
         LEFT JOIN opening_deferral d ON d.account_id = t.account_id AND d.id = t.deferral_id
         WHERE t.account_id = $1 ORDER BY t.id, l.line_number",
        &values![account.0],
        |row| visit(journal_line(row)?),
    )
}

fn journal_line(row: &Row<'_>) -> Result<JournalLine, Error> {
    let mut columns = Columns::of(row);
    Ok(JournalLine {
        transaction: columns.next()?,
        customer: CustomerId(columns.next()?),
        sequence: columns.next()?,
        kind: kind(&mut columns)?,
        charge: columns.next::<Option<i64>>()?.map(ChargeId),
        deferral: columns.next::<Option<i64>>()?.map(OpeningDeferralId),
        name: columns.next()?,
        currency: columns.currency()?,
        effective_at: columns.instant()?,
        hash: columns.chain_hash()?,
        number: columns.next()?,
        line: {
            let (debit, credit) = (ledger_account(&mut columns)?, ledger_account(&mut columns)?);
            line(debit, credit, columns.amount()?)?
        },
    })
}

fn kind(columns: &mut Columns<'_, '_>) -> Result<TransactionKind, Error> {
    let name: String = columns.next()?;
    TransactionKind::parse(&name).ok_or_else(|| unknown(&name))
}

fn line(debit: LedgerAccount, credit: LedgerAccount, amount: Amount) -> Result<Line, Error> {
    Line::new(debit, credit, amount).map_err(|error| Error::Value(error.to_string()))
}

/// Visits every customer of an account that has transactions, in order of id: the currency, and what it is said to owe.
pub fn each_balance<E: From<Error>>(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(CustomerId, Currency, Amount) -> Result<(), E>,
) -> Result<(), E> {
    tx.each(
        "SELECT id, currency, balance FROM customer WHERE account_id = $1 AND ledger_sequence > 0 ORDER BY id",
        &values![account.0],
        |row| {
            let mut columns = Columns::of(row);
            let (customer, currency) = (CustomerId(columns.next()?), columns.currency()?);
            visit(customer, currency, columns.amount()?)
        },
    )
}
