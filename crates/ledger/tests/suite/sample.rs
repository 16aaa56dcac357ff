//! Transactions to test with.

use calendar::Instant;
use ledger::{LedgerAccount, LedgerError, Line, Transaction, TransactionKind};
use money::{Amount, Currency};
use proptest::prelude::*;

/// One rule of posting, taking its amount.
pub(crate) type Rule = fn(Instant, Currency, Amount) -> Result<Transaction, LedgerError>;

/// Every constructor of one amount, with its kind.
pub(crate) const RULES: [(TransactionKind, Rule); 13] = [
    (TransactionKind::Charge, Transaction::charge),
    (TransactionKind::Discount, Transaction::discount),
    (TransactionKind::Tax, Transaction::tax),
    (TransactionKind::Earning, Transaction::earning),
    (TransactionKind::DiscountEarning, Transaction::discount_earning),
    (TransactionKind::Payment, Transaction::payment),
    (TransactionKind::Refund, Transaction::refund),
    (TransactionKind::Credit, Transaction::credit),
    (TransactionKind::Debit, Transaction::debit),
    (TransactionKind::WriteOff, Transaction::write_off),
    (TransactionKind::OpeningBalance, Transaction::opening_balance),
    (TransactionKind::ReverseTax, Transaction::reverse_tax),
    (TransactionKind::OpeningDeferral, Transaction::opening_deferral),
];

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("a literal")
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a literal")
}

fn cents(range: std::ops::Range<i64>) -> impl Strategy<Value = Amount> {
    range.prop_map(|cents| Amount::from_millionths(cents * 10_000))
}

/// Any transaction that a constructor makes, in US dollars.
pub(crate) fn any_transaction() -> impl Strategy<Value = Transaction> {
    let when = (0_i64..2_000_000_000_000).prop_map(Instant::from_millis);
    let by_rule = (0..RULES.len(), when.clone(), cents(1..1_000_000_000))
        .prop_map(|(rule, at, amount)| RULES[rule].1(at, Currency::USD, amount));
    let deposit = (when.clone(), cents(-1_000_000_000..0))
        .prop_map(|(at, amount)| Transaction::opening_balance(at, Currency::USD, amount));
    let by_part = (any::<bool>(), when, cents(0..1_000_000_000), cents(1..1_000_000_000)).prop_map(
        |(is_charge, at, deferred, earned)| {
            let rule = if is_charge { Transaction::reverse_charge } else { Transaction::reverse_discount };
            rule(at, Currency::USD, deferred, earned)
        },
    );
    prop_oneof![8 => by_rule, 1 => deposit, 3 => by_part].prop_map(|made| made.expect("amounts above zero"))
}

/// A transaction of any lines, as nothing but the types restrains it.
pub(crate) fn any_lines() -> impl Strategy<Value = Transaction> {
    let account = || prop::sample::select(LedgerAccount::ALL);
    let line = (account(), account(), 1_i64..1_000_000_000_000)
        .prop_filter_map("one account", |(debit, credit, amount)| {
            Line::new(debit, credit, Amount::from_millionths(amount)).ok()
        });
    (
        prop::sample::select(TransactionKind::ALL),
        (0_i64..2_000_000_000_000).prop_map(Instant::from_millis),
        prop::collection::vec(line, 1..5),
    )
        .prop_map(|(kind, at, lines)| Transaction::new(kind, at, Currency::USD, lines).expect("has lines"))
}
