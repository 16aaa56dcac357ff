//! The trial balance: all accounts of the chart in each currency.

use std::collections::BTreeMap;

use billing::id::AccountId;
use ledger::LedgerAccount;
use money::Amount;

use crate::verify::{
    Rule,
    findings::{Findings, Sum, place},
};

/// What every account holds in each currency, debits positive. A side whose account is not known is missing, and then
/// the balance is not zero.
#[derive(Default)]
pub(super) struct Trial {
    currencies: BTreeMap<String, [Sum; LedgerAccount::ALL.len()]>,
}

impl Trial {
    /// Adds a line with the sides of it that are known: the account debited and the one credited.
    pub(super) fn add(&mut self, currency: &str, sides: [Option<LedgerAccount>; 2], amount: Amount) {
        // The codes are few; looked up before one is copied, because lines are many.
        if !self.currencies.contains_key(currency) {
            self.currencies.insert(currency.to_owned(), Default::default());
        }
        let Some(sums) = self.currencies.get_mut(currency) else { return };
        let [debit, credit] = sides;
        if let Some(debit) = debit {
            sums[debit as usize].add(amount);
        }
        if let Some(credit) = credit {
            sums[credit as usize].subtract(amount);
        }
    }

    /// Compares the sum of each currency with zero; the row that it names is the account's.
    pub(super) fn check(&self, account: AccountId, findings: &mut Findings) {
        for (code, sums) in &self.currencies {
            let mut total = Sum::default();
            for sum in sums {
                total.add_sum(*sum);
            }
            let place = place("account", account.0, "id");
            let text = |sum| format!("a trial balance of {sum} {code}");
            findings.compare(Rule::TrialBalance, place, text(Sum::default()), text(total));
        }
    }
}
