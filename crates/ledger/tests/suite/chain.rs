//! The chain of hashes.

use ledger::{ChainHash, LedgerAccount, Line, Terms, Transaction, TransactionKind};
use money::{Amount, Currency};
use proptest::prelude::*;

use crate::sample::{amount, any_lines, at};

fn charge() -> Transaction {
    Transaction::charge(at("2024-01-15T10:00:00.5"), Currency::USD, amount("12.5")).expect("an amount above zero")
}

/// Computed apart from this program, from the documented bytes.
#[test]
fn the_encoding_is_the_documented_one() {
    let hash = ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 4, &charge());
    assert_eq!(hash.hex(), "1c6f0a4041fb591e554c792141f95e7512cd03d82d844a5e85df6a9f533ce626");
    let terms = Terms::default().number(Some(7)).number(None).text(Some("hi"));
    let hash = ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 4, &charge().on(terms));
    assert_eq!(hash.hex(), "5343c7f0906df5d1d671609e78db977156a80ca7643d5fb3c5c4e280efe4700a");
}

#[test]
fn hexadecimal_is_read_in_one_spelling() {
    let hash = ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 4, &charge());
    assert_eq!(ChainHash::parse_hex(&hash.hex()), Some(hash));
    assert_eq!(ChainHash::GENESIS.hex(), "0".repeat(64));
    assert_eq!(ChainHash::parse_hex(&hash.hex().to_uppercase()), None);
    for text in [String::new(), "0".repeat(63), "0".repeat(65), "g".repeat(64), "é".repeat(32)] {
        assert_eq!(ChainHash::parse_hex(&text), None, "{text}");
    }
}

#[test]
fn every_changed_member_changes_the_hash() {
    let next = |transaction: &Transaction| ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 4, transaction);
    let make = |kind, when, currency, lines: &[(LedgerAccount, LedgerAccount, &str)]| {
        let lines = lines.iter().map(|(debit, credit, text)| Line::new(*debit, *credit, amount(text)).unwrap());
        Transaction::new(kind, at(when), currency, lines.collect()).unwrap()
    };
    let (kind, when, usd) = (TransactionKind::Charge, "2024-01-15", Currency::USD);
    let (ar, deferred, earned) =
        (LedgerAccount::AccountsReceivable, LedgerAccount::DeferredRevenue, LedgerAccount::EarnedRevenue);
    let base = make(kind, when, usd, &[(ar, deferred, "1"), (ar, earned, "2")]);
    let changed = [
        next(&base),
        next(&make(TransactionKind::Tax, when, usd, &[(ar, deferred, "1"), (ar, earned, "2")])),
        next(&make(kind, "2024-01-15T00:00:00.001", usd, &[(ar, deferred, "1"), (ar, earned, "2")])),
        next(&make(kind, when, Currency::EUR, &[(ar, deferred, "1"), (ar, earned, "2")])),
        next(&make(kind, when, usd, &[(ar, deferred, "1")])),
        next(&make(kind, when, usd, &[(ar, earned, "2"), (ar, deferred, "1")])),
        next(&make(kind, when, usd, &[(ar, deferred, "1"), (ar, earned, "2.000001")])),
        next(&make(kind, when, usd, &[(ar, deferred, "1"), (earned, ar, "2")])),
        next(&make(kind, when, usd, &[(ar, deferred, "1"), (ar, LedgerAccount::Cash, "2")])),
        next(&base.clone().on(Terms::default().number(None))),
        next(&base.clone().on(Terms::default().number(Some(0)))),
        next(&base.clone().on(Terms::default().text(Some("")))),
        next(&base.clone().on(Terms::default().text(Some("a")).text(Some("b")))),
        next(&base.clone().on(Terms::default().text(Some("ab")).text(None))),
        ChainHash::next(next(&base), 1, 2, 3, 4, &base),
        ChainHash::next(ChainHash::GENESIS, 2, 2, 3, 4, &base),
        ChainHash::next(ChainHash::GENESIS, 1, 3, 3, 4, &base),
        ChainHash::next(ChainHash::GENESIS, 1, 2, 4, 4, &base),
        ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 5, &base),
        ChainHash::next(ChainHash::GENESIS, 2, 1, 3, 4, &base),
    ];
    for (index, hash) in changed.iter().enumerate() {
        assert!(!changed[..index].contains(hash), "change {index} goes unnoticed");
    }
}

proptest! {
    #[test]
    fn different_transactions_have_different_hashes(left in any_lines(), right in any_lines(), nudge in 1_i64..1000) {
        let next = |transaction: &Transaction| ChainHash::next(ChainHash::GENESIS, 1, 2, 3, 4, transaction);
        prop_assert_eq!(next(&left) == next(&right), left == right);
        let (first, rest) = left.lines().split_first().unwrap();
        let more = first.amount().checked_add(Amount::from_millionths(nudge)).unwrap();
        let mut lines = vec![Line::new(first.debit(), first.credit(), more).unwrap()];
        lines.extend_from_slice(rest);
        let nudged = Transaction::new(left.kind(), left.effective_at(), left.currency(), lines).unwrap();
        prop_assert_ne!(next(&nudged), next(&left));
    }
}
