//! What a sequence of transactions leaves in every account of the chart.

use std::collections::BTreeMap;

use money::{Amount, Currency};

use crate::{LedgerAccount, LedgerError, Transaction};

/// The trial balance of one currency, which the first transaction decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    currency: Option<Currency>,
    amounts: BTreeMap<LedgerAccount, Amount>,
}

impl Balances {
    /// Adds a transaction. When it is refused, for another currency or a sum that is too large, nothing changes.
    pub fn post(&mut self, transaction: &Transaction) -> Result<(), LedgerError> {
        let found = transaction.currency();
        let expected = self.currency.unwrap_or(found);
        if expected != found {
            return Err(LedgerError::OtherCurrency { expected, found });
        }
        let mut amounts = self.amounts.clone();
        for line in transaction.lines() {
            for account in [line.debit(), line.credit()] {
                let balance = amounts.entry(account).or_default();
                *balance = balance.checked_add(line.change_of(account))?;
            }
        }
        *self = Self { currency: Some(expected), amounts };
        Ok(())
    }

    /// What an account holds: debits less credits.
    pub fn balance(&self, account: LedgerAccount) -> Amount {
        self.amounts.get(&account).copied().unwrap_or_default()
    }

    /// Whether all accounts together hold nothing, as they do after any sequence of transactions.
    pub fn is_balanced(&self) -> bool {
        Amount::sum(self.amounts.values().copied()) == Ok(Amount::ZERO)
    }
}
