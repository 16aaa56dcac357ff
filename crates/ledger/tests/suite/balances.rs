//! What sequences of transactions leave behind.

use ledger::{Balances, LedgerAccount, LedgerError, Transaction, TransactionKind};
use money::{Amount, Currency, NumberError};
use proptest::prelude::*;

use crate::sample::{amount, any_lines, any_transaction, at};

fn after<'a>(transactions: impl IntoIterator<Item = &'a Transaction>) -> Balances {
    let mut balances = Balances::default();
    for transaction in transactions {
        balances.post(transaction).expect("small amounts of one currency");
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
        assert_eq!(balances.balance(account), amount(balance), "{account}");
    }
    assert!(balances.is_balanced());
}

#[test]
fn a_refused_transaction_changes_nothing() {
    let when = at("2024-01-15");
    let mut balances = after(&[Transaction::payment(when, Currency::USD, amount("5")).unwrap()]);
    let before = balances.clone();
    let euros = Transaction::payment(when, Currency::EUR, amount("5")).unwrap();
    let refused = LedgerError::OtherCurrency { expected: Currency::USD, found: Currency::EUR };
    assert_eq!(balances.post(&euros), Err(refused));
    let huge = Transaction::payment(when, Currency::USD, Amount::MAX).unwrap();
    assert_eq!(balances.post(&huge), Err(LedgerError::Number(NumberError::TooLarge)));
    assert_eq!(balances, before);
    assert!(Balances::default().is_balanced());
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
        prop_assert!(balances.is_balanced());
        let changes = story.iter().map(|transaction| transaction.receivable_change().unwrap());
        prop_assert_eq!(Amount::sum(changes), Ok(balances.balance(LedgerAccount::AccountsReceivable)));
        prop_assert_eq!(after(story.iter().rev()), balances, "order does not matter");
    }

    #[test]
    fn a_reversal_takes_back_and_its_own_restores(transaction in prop_oneof![any_transaction(), any_lines()], days in 0_i64..400) {
        let later = transaction.effective_at().plus_days(days);
        let reversed = transaction.reversed(TransactionKind::ReverseCharge, later);
        prop_assert_eq!((reversed.kind(), reversed.effective_at()), (TransactionKind::ReverseCharge, later));
        prop_assert_eq!(reversed.currency(), transaction.currency());
        let both = after([&transaction, &reversed]);
        for account in LedgerAccount::ALL {
            prop_assert_eq!(both.balance(*account), Amount::ZERO);
        }
        prop_assert_ne!(&reversed, &transaction);
        prop_assert_eq!(reversed.reversed(transaction.kind(), transaction.effective_at()), transaction);
    }
}
