//! What sequences of transactions leave behind.

use std::collections::BTreeMap;

use ledger::{LedgerAccount, Transaction};
use money::{Amount, Currency, NumberError};
use proptest::prelude::*;

use crate::sample::{amount, any_lines, any_transaction, at};

/// What every account holds after transactions of one currency: debits less credits.
fn after<'a>(transactions: impl IntoIterator<Item = &'a Transaction>) -> BTreeMap<LedgerAccount, Amount> {
    let mut balances: BTreeMap<_, _> = LedgerAccount::ALL.iter().map(|account| (*account, Amount::ZERO)).collect();
    for line in transactions.into_iter().flat_map(Transaction::lines) {
        for (account, balance) in &mut balances {
            *balance = balance.checked_add(line.change_of(*account)).expect("small amounts");
        }
    }
    balances
}

#[test]
fn a_sale_paid_in_part_and_written_off_leaves_nothing_owed() {
    let (when, usd) = (at("2024-01-15"), Currency::USD);
    let story = [
        Transaction::charge(when, usd, amount("100")),
        Transaction::discount(when, usd, amount("20")),
        Transaction::tax(when, usd, amount("10.4")),
        Transaction::earning(when, usd, amount("25")),
        Transaction::discount_earning(when, usd, amount("5")),
        Transaction::payment(when, usd, amount("60")),
        Transaction::write_off(when, usd, amount("30.4")),
    ]
    .map(Result::unwrap);
    let balances = after(&story);
    let held = [
        (LedgerAccount::AccountsReceivable, "0"),
        (LedgerAccount::Cash, "60"),
        (LedgerAccount::DeferredRevenue, "-75"),
        (LedgerAccount::EarnedRevenue, "-25"),
        (LedgerAccount::DeferredDiscount, "15"),
        (LedgerAccount::EarnedDiscount, "5"),
        (LedgerAccount::TaxPayable, "-10.4"),
        (LedgerAccount::Credit, "0"),
        (LedgerAccount::BadDebt, "30.4"),
        (LedgerAccount::OpeningBalance, "0"),
    ];
    for (account, balance) in held {
        assert_eq!(balances[&account], amount(balance), "{account}");
    }
}

#[test]
fn a_change_that_does_not_fit_is_refused() {
    let charge = Transaction::charge(at("2024-01-15"), Currency::USD, Amount::MAX).unwrap();
    let lines = charge.lines().repeat(2);
    let twice = Transaction::new(charge.kind(), charge.effective_at(), charge.currency(), lines).unwrap();
    assert_eq!(charge.receivable_change(), Ok(Amount::MAX));
    assert_eq!(twice.receivable_change(), Err(NumberError::TooLarge));
}

proptest! {
    #[test]
    fn any_sequence_balances(story in prop::collection::vec(prop_oneof![any_transaction(), any_lines()], 0..30)) {
        let balances = after(&story);
        prop_assert_eq!(Amount::sum(balances.values().copied()), Ok(Amount::ZERO));
        let changes = story.iter().map(|transaction| transaction.receivable_change().unwrap());
        prop_assert_eq!(Amount::sum(changes), Ok(balances[&LedgerAccount::AccountsReceivable]));
        prop_assert_eq!(after(story.iter().rev()), balances, "order does not matter");
    }
}
