//! What of a charge is deferred and what is earned, as the ledger's own accounts say.

use ledger::LedgerAccount;
use money::Amount;
use store::verify::{StoredLine, StoredSchedule};

use crate::verify::{
    Rule,
    findings::{Findings, Sum, place},
};

/// The balances of the four accounts, each positive as revenue or discount usually is.
#[derive(Default)]
pub(super) struct Revenue {
    deferred: Sum,
    earned: Sum,
    deferred_discount: Sum,
    earned_discount: Sum,
}

impl Revenue {
    /// Adds a line; one of other accounts changes nothing.
    pub(super) fn add(&mut self, line: StoredLine<'_>) {
        let [debit, credit] = [line.debit, line.credit].map(LedgerAccount::parse);
        if let Some((sum, is_credit_normal)) = debit.and_then(|account| self.of(account)) {
            if is_credit_normal { sum.subtract(line.amount) } else { sum.add(line.amount) }
        }
        if let Some((sum, is_credit_normal)) = credit.and_then(|account| self.of(account)) {
            if is_credit_normal { sum.add(line.amount) } else { sum.subtract(line.amount) }
        }
    }

    /// The balance of an account, and whether credits make it grow.
    fn of(&mut self, account: LedgerAccount) -> Option<(&mut Sum, bool)> {
        match account {
            LedgerAccount::DeferredRevenue => Some((&mut self.deferred, true)),
            LedgerAccount::EarnedRevenue => Some((&mut self.earned, true)),
            LedgerAccount::DeferredDiscount => Some((&mut self.deferred_discount, false)),
            LedgerAccount::EarnedDiscount => Some((&mut self.earned_discount, false)),
            LedgerAccount::AccountsReceivable
            | LedgerAccount::Cash
            | LedgerAccount::TaxPayable
            | LedgerAccount::Credit
            | LedgerAccount::BadDebt
            | LedgerAccount::OpeningBalance => None,
        }
    }

    /// Compares deferred and earned together with what was charged and not reversed: gross and discount.
    pub(super) fn compare_total(&self, charge: i64, gross: Sum, discount: Sum, findings: &mut Findings) {
        let of = |deferred: Sum, earned| {
            let mut total = deferred;
            total.add_sum(earned);
            total
        };
        let total = of(self.deferred, self.earned);
        findings.compare(Rule::ChargeRevenue, place("charge", charge, "amount"), total, gross);
        let total = of(self.deferred_discount, self.earned_discount);
        findings.compare(Rule::ChargeRevenue, place("charge_discount", charge, "amount"), total, discount);
    }

    /// Compares the balances with the schedule, or with none.
    pub(super) fn compare_place(&self, charge: i64, schedule: Option<StoredSchedule>, findings: &mut Findings) {
        if let Some(schedule) = schedule {
            let StoredSchedule { amount, discount, earned, earned_discount, .. } = schedule;
            let mut compare = |column, expected, found: Sum| {
                findings.compare(Rule::EarningPlace, place("earning_schedule", charge, column), expected, found);
            };
            compare("earned", self.earned, earned.into());
            compare("amount", self.deferred.plus(&[earned]), amount.into());
            compare("earned_discount", self.earned_discount, earned_discount.into());
            compare("discount", self.deferred_discount.plus(&[earned_discount]), discount.into());
        } else {
            let place = place("charge", charge, "earning_timing_interval");
            findings.compare(Rule::EarningPlace, place, Sum::default(), self.deferred);
            findings.compare(Rule::EarningPlace, place, Sum::default(), self.deferred_discount);
        }
    }

    /// Compares the balances with what an opening deferral says is earned and was taken back.
    pub(super) fn compare_deferral(
        &self,
        id: i64,
        amount: Amount,
        [earned, reversed]: [Amount; 2],
        findings: &mut Findings,
    ) {
        let mut compare = |column, expected: Sum, found: Sum| {
            findings.compare(Rule::OpeningDeferral, place("opening_deferral", id, column), expected, found);
        };
        compare("earned", self.earned, earned.into());
        compare("amount", self.deferred.plus(&[earned, reversed]), amount.into());
    }
}
