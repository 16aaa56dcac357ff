//! Ledger transactions: appended, never changed.

pub mod journal;

use billing::id::{AccountId, ChargeId, CustomerId, OpeningDeferralId};
use calendar::Instant;
use db::{Error, Tx, values};
use ledger::{ChainHash, LedgerAccount, Transaction};
use money::Amount;

use crate::row::{Columns, at, sum_of, unknown};

/// A transaction with its place in its customer's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; also that of the charge, payment or write-off that it posts.
    pub id: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// 1 for the customer's first.
    pub sequence: i64,
    /// What it is about, if it is about a charge or the like.
    pub about: Option<About>,
    /// What it posts.
    pub transaction: Transaction,
    /// Hash over it and everything before it.
    pub hash: ChainHash,
}

/// What transactions beside the one that posts it are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A charge.
    Charge(ChargeId),
    /// An opening deferral.
    Deferral(OpeningDeferralId),
}

impl About {
    /// The charge.
    fn charge(self) -> Option<i64> {
        match self {
            Self::Charge(charge) => Some(charge.0),
            Self::Deferral(_) => None,
        }
    }

    /// The opening deferral.
    fn deferral(self) -> Option<i64> {
        match self {
            Self::Charge(_) => None,
            Self::Deferral(deferral) => Some(deferral.0),
        }
    }
}

const TRANSACTION: &[&str] = &[
    "account_id",
    "id",
    "customer_id",
    "sequence",
    "kind",
    "currency",
    "effective_at",
    "created_at",
    "hash",
    "charge_id",
    "deferral_id",
];
const LINE: &[&str] = &["account_id", "transaction_id", "line_number", "debit", "credit", "amount"];

/// Appends transactions, in the order of their sequence.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, entries: &[Entry], now: Instant) -> Result<(), Error> {
    let transactions = entries.iter().map(|entry| {
        values![
            account.0,
            entry.id,
            entry.customer.0,
            entry.sequence,
            entry.transaction.kind().name(),
            entry.transaction.currency().code(),
            at(entry.transaction.effective_at()),
            at(now),
            entry.hash.hex(),
            entry.about.and_then(About::charge),
            entry.about.and_then(About::deferral)
        ]
    });
    tx.insert("ledger_transaction", TRANSACTION, transactions)?;
    let lines = entries.iter().flat_map(|entry| {
        (1i64..).zip(entry.transaction.lines()).map(|(number, line)| {
            values![account.0, entry.id, number, line.debit().name(), line.credit().name(), line.amount().millionths()]
        })
    });
    tx.insert("ledger_line", LINE, lines)
}

fn ledger_account(columns: &mut Columns<'_, '_>) -> Result<LedgerAccount, Error> {
    let name: String = columns.next()?;
    LedgerAccount::parse(&name).ok_or_else(|| unknown(&name))
}

/// What every ledger account of an account holds in one currency, debits positive: the trial balance of everything, or of
/// what counts before `until`. Refused where an account holds more than an amount can be.
pub fn balances(
    tx: &mut Tx<'_>,
    account: AccountId,
    until: Option<Instant>,
) -> Result<Vec<(money::Currency, LedgerAccount, Amount)>, Error> {
    let mut parameters = values![account.0].to_vec();
    parameters.extend(until.map(at));
    let before = if until.is_some() { "AND t.effective_at < $2" } else { "" };
    let sql = format!(
        "SELECT currency, ledger_account, {} FROM (
             SELECT t.currency AS currency, l.debit AS ledger_account, l.amount AS amount
             FROM ledger_line l
             JOIN ledger_transaction t ON t.account_id = l.account_id AND t.id = l.transaction_id
             WHERE l.account_id = $1 {before}
             UNION ALL
             SELECT t.currency, l.credit, -l.amount
             FROM ledger_line l
             JOIN ledger_transaction t ON t.account_id = l.account_id AND t.id = l.transaction_id
             WHERE l.account_id = $1 {before}
         ) AS side GROUP BY currency, ledger_account ORDER BY currency, ledger_account",
        sum_of("amount")
    );
    tx.query(&sql, &parameters, |row| {
        let mut columns = Columns::of(row);
        Ok((columns.currency()?, ledger_account(&mut columns)?, columns.sum()?))
    })
}
