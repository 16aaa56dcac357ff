//! Which accounts every event moves.

use ledger::{LedgerAccount, LedgerError, Line, Transaction, TransactionKind, Unbalanced};
use money::{Amount, Currency};

use crate::sample::{RULES, amount, at};

/// The lines of a transaction, as an accountant would write them.
fn written(transaction: &Transaction) -> Vec<String> {
    let line = |line: &Line| format!("{} / {} {}", line.debit(), line.credit(), line.amount());
    transaction.lines().iter().map(line).collect()
}

#[test]
fn every_event_debits_and_credits_as_designed() {
    let lines = [
        "AccountsReceivable / DeferredRevenue 12.5",
        "DeferredDiscount / AccountsReceivable 12.5",
        "AccountsReceivable / TaxPayable 12.5",
        "DeferredRevenue / EarnedRevenue 12.5",
        "EarnedDiscount / DeferredDiscount 12.5",
        "Cash / AccountsReceivable 12.5",
        "AccountsReceivable / Cash 12.5",
        "Credit / AccountsReceivable 12.5",
        "AccountsReceivable / Credit 12.5",
        "BadDebt / AccountsReceivable 12.5",
        "AccountsReceivable / OpeningBalance 12.5",
        "TaxPayable / AccountsReceivable 12.5",
        "OpeningBalance / DeferredRevenue 12.5",
    ];
    let when = at("2024-01-15T10:00:00");
    for ((kind, rule), line) in RULES.into_iter().zip(lines) {
        let transaction = rule(when, Currency::CAD, amount("12.5")).unwrap();
        assert_eq!(written(&transaction), [line]);
        assert_eq!(transaction.kind(), kind);
        assert_eq!((transaction.effective_at(), transaction.currency()), (when, Currency::CAD));
    }
}

#[test]
fn reversals_take_back_what_is_deferred_and_what_is_earned() {
    let (when, usd) = (at("2024-01-15"), Currency::USD);
    let charge = Transaction::reverse_charge(when, usd, amount("30"), amount("10")).unwrap();
    assert_eq!(charge.kind(), TransactionKind::ReverseCharge);
    assert_eq!(written(&charge), ["DeferredRevenue / AccountsReceivable 30", "EarnedRevenue / AccountsReceivable 10"]);
    assert_eq!(charge.receivable_change(), Ok(amount("-40")));
    let discount = Transaction::reverse_discount(when, usd, amount("3"), amount("1")).unwrap();
    assert_eq!(discount.kind(), TransactionKind::ReverseDiscount);
    assert_eq!(
        written(&discount),
        ["AccountsReceivable / DeferredDiscount 3", "AccountsReceivable / EarnedDiscount 1"]
    );
    let unearned = Transaction::reverse_charge(when, usd, amount("30"), Amount::ZERO).unwrap();
    assert_eq!(written(&unearned), ["DeferredRevenue / AccountsReceivable 30"]);
    let earned = Transaction::reverse_discount(when, usd, Amount::ZERO, amount("1")).unwrap();
    assert_eq!(written(&earned), ["AccountsReceivable / EarnedDiscount 1"]);
}

#[test]
fn a_deposit_opens_on_the_other_side() {
    let deposit = Transaction::opening_balance(at("2024-01-15"), Currency::USD, amount("-7")).unwrap();
    assert_eq!(written(&deposit), ["OpeningBalance / AccountsReceivable 7"]);
    assert_eq!(deposit.receivable_change(), Ok(amount("-7")));
}

#[test]
fn what_was_deferred_before_comes_and_goes_without_receivables() {
    let (when, usd) = (at("2024-01-15"), Currency::USD);
    let opened = Transaction::opening_deferral(when, usd, amount("7")).unwrap();
    assert_eq!(opened.receivable_change(), Ok(Amount::ZERO));
    let taken_back = Transaction::reverse_opening_deferral(when, usd, amount("5"), amount("2")).unwrap();
    assert_eq!(taken_back.kind(), TransactionKind::ReverseOpeningDeferral);
    assert_eq!(written(&taken_back), ["DeferredRevenue / OpeningBalance 5", "EarnedRevenue / OpeningBalance 2"]);
    assert_eq!(taken_back.receivable_change(), Ok(Amount::ZERO));
}

#[test]
fn nothing_and_less_cannot_be_posted() {
    let (when, usd) = (at("2024-01-15"), Currency::USD);
    for (kind, rule) in RULES {
        let refused = LedgerError::Line(Unbalanced::NotPositive(Amount::ZERO));
        assert_eq!(rule(when, usd, Amount::ZERO), Err(refused), "{kind}");
        let is_signed = kind == TransactionKind::OpeningBalance;
        assert_eq!(rule(when, usd, amount("-1")).is_ok(), is_signed, "{kind}");
    }
    for rule in [Transaction::reverse_charge, Transaction::reverse_discount, Transaction::reverse_opening_deferral] {
        assert_eq!(rule(when, usd, Amount::ZERO, Amount::ZERO), Err(LedgerError::NoLines));
        assert!(rule(when, usd, amount("2"), amount("-1")).is_err());
        assert!(rule(when, usd, amount("-1"), amount("2")).is_err());
    }
    assert_eq!(Transaction::new(TransactionKind::Charge, when, usd, vec![]), Err(LedgerError::NoLines));
    let cash = LedgerAccount::Cash;
    assert_eq!(Line::new(cash, cash, Amount::ONE), Err(Unbalanced::SameAccount(cash)));
}

#[test]
fn names_lead_back_to_their_values() {
    for account in LedgerAccount::ALL {
        assert_eq!(LedgerAccount::parse(account.name()), Some(*account));
    }
    for kind in TransactionKind::ALL {
        assert_eq!(TransactionKind::parse(kind.name()), Some(*kind));
    }
    assert_eq!((LedgerAccount::ALL.len(), TransactionKind::ALL.len()), (10, 16));
    assert_eq!(LedgerAccount::parse("cash"), None);
    assert_eq!(TransactionKind::parse(""), None);
}
