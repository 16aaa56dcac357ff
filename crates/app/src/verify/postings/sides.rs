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

/// The sides of the kinds that post one line.
pub(super) struct Sides {
    charge: Pair,
    discount: Pair,
    tax: Pair,
    earning: Pair,
    discount_earning: Pair,
    payment: Pair,
    refund: Pair,
    credit: Pair,
    debit: Pair,
    write_off: Pair,
    reverse_tax: Pair,
    opening_deferral: Pair,
}

impl Sides {
    /// Asks the posting rules once.
    pub(super) fn of_all() -> Result<Self, LedgerError> {
        Ok(Self {
            charge: pair(Transaction::charge)?,
            discount: pair(Transaction::discount)?,
            tax: pair(Transaction::tax)?,
            earning: pair(Transaction::earning)?,
            discount_earning: pair(Transaction::discount_earning)?,
            payment: pair(Transaction::payment)?,
            refund: pair(Transaction::refund)?,
            credit: pair(Transaction::credit)?,
            debit: pair(Transaction::debit)?,
            write_off: pair(Transaction::write_off)?,
            reverse_tax: pair(Transaction::reverse_tax)?,
            opening_deferral: pair(Transaction::opening_deferral)?,
        })
    }

    /// Compares the sides of a line with those of its transaction's kind.
    pub(super) fn compare(&self, id: i64, kind: TransactionKind, line: StoredLine<'_>, findings: &mut Findings) {
        let [debit, credit] = match kind {
            TransactionKind::Charge => self.charge,
            TransactionKind::Discount => self.discount,
            TransactionKind::Tax => self.tax,
            TransactionKind::Earning => self.earning,
            TransactionKind::DiscountEarning => self.discount_earning,
            TransactionKind::Payment => self.payment,
            TransactionKind::Refund => self.refund,
            TransactionKind::Credit => self.credit,
            TransactionKind::Debit => self.debit,
            TransactionKind::WriteOff => self.write_off,
            TransactionKind::ReverseTax => self.reverse_tax,
            TransactionKind::OpeningDeferral => self.opening_deferral,
            // Their sides depend on what was earned, or on who owed whom; balances by charge and customer tell.
            TransactionKind::ReverseCharge
            | TransactionKind::ReverseDiscount
            | TransactionKind::ReverseOpeningDeferral
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
