//! The accounts that a transaction must debit and credit: those that the posting rules of the ledger give.

use calendar::Instant;
use ledger::{LedgerAccount, LedgerError, Transaction, TransactionKind};
use money::{Amount, Currency};
use store::verify::StoredLine;

use crate::verify::{
    Rule,
    findings::{Findings, place},
};

/// A debit and a credit.
type Pair = [LedgerAccount; 2];

/// The sides of the kinds that are compared.
pub(super) struct Sides {
    charge: Pair,
    earning: Pair,
    payment: Pair,
    write_off: Pair,
}

impl Sides {
    /// Asks the posting rules once.
    pub(super) fn of_all() -> Result<Self, LedgerError> {
        Ok(Self {
            charge: pair(Transaction::charge)?,
            earning: pair(Transaction::earning)?,
            payment: pair(Transaction::payment)?,
            write_off: pair(Transaction::write_off)?,
        })
    }

    /// Compares the sides of a line with those of its transaction's kind.
    pub(super) fn compare(&self, id: i64, kind: TransactionKind, line: StoredLine<'_>, findings: &mut Findings) {
        let [debit, credit] = match kind {
            TransactionKind::Charge => self.charge,
            TransactionKind::Earning => self.earning,
            TransactionKind::Payment => self.payment,
            TransactionKind::WriteOff => self.write_off,
            // Nothing posts these yet, so there is no row to hold them against.
            TransactionKind::Discount
            | TransactionKind::Tax
            | TransactionKind::DiscountEarning
            | TransactionKind::Refund
            | TransactionKind::Credit
            | TransactionKind::Debit
            | TransactionKind::ReverseCharge
            | TransactionKind::ReverseDiscount
            | TransactionKind::ReverseTax
            | TransactionKind::ReverseEarning
            | TransactionKind::OpeningBalance => return,
        };
        findings.compare(Rule::PostingSides, place("ledger_line", id, "debit"), debit.name(), line.debit);
        findings.compare(Rule::PostingSides, place("ledger_line", id, "credit"), credit.name(), line.credit);
    }
}

/// The sides of what a posting rule makes.
fn pair(rule: fn(Instant, Currency, Amount) -> Result<Transaction, LedgerError>) -> Result<Pair, LedgerError> {
    let transaction = rule(Instant::from_millis(0), Currency::USD, Amount::ONE)?;
    let line = transaction.lines().first().ok_or(LedgerError::NoLines)?;
    Ok([line.debit(), line.credit()])
}
