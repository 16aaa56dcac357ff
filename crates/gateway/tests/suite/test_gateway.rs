//! The test gateway: its table of numbers and amounts, and its list.

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use billing::instrument::{Card, Expiration, ExposeSecret as _, Instrument};
use gateway::{
    Charge, Failure, Gateway as _, Receipt, Settled, Source, Trace,
    test::{Entry, TestGateway},
};

use crate::{
    contract::{Subject, contract},
    fixtures::{amount, bank_account, card, charge, day, provided, refund, stored},
};

contract!(subject);

#[expect(clippy::unnecessary_wraps, reason = "not every gateway can be had everywhere")]
fn subject() -> Option<Subject> {
    let gateway = Arc::new(TestGateway::in_memory());
    let losing = Arc::clone(&gateway);
    let lose = move |order: &Charge| losing.charge(&Charge { source: provided("4000000000000226"), ..order.clone() });
    Some(Subject { gateway, charge_and_lose_the_answer: Box::new(lose), run: "test".to_owned() })
}

/// One that does not keep a test waiting.
fn quick() -> TestGateway {
    TestGateway::in_memory().pausing(Duration::ZERO)
}

#[test]
fn every_magic_number_does_what_is_documented() {
    let gateway = quick();
    let sources = [
        ("5555555555554444", "Moved", "Moved"),
        ("4242 4242-42424242", "Moved", "Moved"),
        ("4242424242424241", "incorrect_number", ""),
        ("4000000000000002", "card_declined", ""),
        ("4000000000009995", "insufficient_funds", ""),
        ("4000000000000069", "expired_card", ""),
        ("4000000000000127", "incorrect_cvc", ""),
        ("4000000000000119", "processing_error", ""),
        ("4000000000000341", "card_declined", "card_declined"),
        ("4000000000000259", "Unclear", "Unclear"),
        ("4000000000000226", "Unclear", "Unclear"),
        ("4000000000000077", "Moved", "Moved"),
        ("4000000000000267", "Unclear", "Unclear"),
        ("4000000000000275", "Unclear", "Unclear"),
    ];
    let accounts = [
        ("000123456789", "Moved", "Moved"),
        ("not digits", "incorrect_number", ""),
        ("000111111116", "no_account", ""),
        ("000111111113", "account_closed", "account_closed"),
        ("000222222227", "insufficient_funds", "insufficient_funds"),
        ("000333333335", "debit_not_authorized", "debit_not_authorized"),
        ("000444444440", "Unclear", "Unclear"),
        ("000555555559", "Unclear", "Unclear"),
        ("000666666661", "Moved", "Moved"),
        ("000777777772", "Unclear", "Unclear"),
        ("000888888883", "Unclear", "Unclear"),
        ("000999999994", "Moved", "Moved"),
    ];
    let instruments = sources.iter().map(|row| (row, card(row.0)));
    for ((number, once, kept), instrument) in instruments.chain(accounts.iter().map(|row| (row, bank_account(row.0)))) {
        let paid = gateway.charge(&charge(&format!("once {number}"), "5", Source::Provided(instrument.clone())));
        assert_eq!(outcome(paid), *once, "{number}");
        let Ok(vaulted) = gateway.store(&format!("store {number}"), &instrument) else {
            assert!(kept.is_empty(), "{number}");
            continue;
        };
        let paid = gateway.charge(&charge(&format!("stored {number}"), "5", stored(vaulted)));
        assert_eq!(outcome(paid), *kept, "{number}");
    }
}

#[test]
fn every_magic_amount_does_what_is_documented() {
    let gateway = quick();
    for (dollars, expected) in [
        ("9000", "Moved"),
        ("9000.05", "card_declined"),
        ("9000.09", "Moved"),
        ("9000.51", "insufficient_funds"),
        ("9000.54", "expired_card"),
        ("9000.68", "Unclear"),
        ("9000.82", "incorrect_cvc"),
        ("9000.90", "Unclear"),
        ("9000.91", "Unclear"),
        ("9000.92", "Unclear"),
        ("9000.94", "duplicate_transaction"),
        ("9000.96", "processing_error"),
        ("9001", "Moved"),
        ("0", "invalid_amount"),
        ("-5", "invalid_amount"),
        ("1.001", "invalid_amount"),
    ] {
        let paid = gateway.charge(&charge(dollars, dollars, provided("4242424242424242")));
        assert_eq!(outcome(paid), expected, "{dollars}");
    }
    let charged = gateway.charge(&charge("big", "9999", provided("4242424242424242"))).unwrap().transaction;
    let lost = refund("back", &charged, "9000.68");
    assert_eq!(outcome(gateway.refund(&lost)), "Unclear");
    let settled = gateway.settle_refund(&lost).unwrap();
    assert!(matches!(settled, Settled::Moved(_)), "{settled:?}");
    let refused = gateway.refund(&refund("poor", &charged, "9000.51")).unwrap_err().to_string();
    assert_eq!(refused, "The refund was refused.", "no card is at fault");
}

#[test]
fn a_charge_that_nobody_knows_of_stays_so_or_is_told_to_the_second_who_asks() {
    let gateway = quick();
    let silent = charge("silent", "5", provided("4000000000000267"));
    assert_eq!(outcome(gateway.charge(&silent)), "Unclear");
    for _ in 0..3 {
        assert!(matches!(gateway.settle("silent"), Err(Failure::Unclear(_))));
    }
    assert_eq!(outcome(gateway.charge(&silent)), "Unclear");
    assert_eq!(movements(&gateway), []);

    let late = charge("late", "5", provided("4000000000000275"));
    assert_eq!(outcome(gateway.charge(&late)), "Unclear");
    assert!(matches!(gateway.settle("late"), Err(Failure::Unclear(_))));
    let settled = gateway.settle("late").unwrap();
    assert!(matches!(settled, Settled::Moved(_)), "{settled:?}");
    assert_eq!(outcome(gateway.charge(&late)), "Moved");
    assert_eq!(movements(&gateway), [("late".to_owned(), amount("5"))]);
}

#[test]
fn a_card_pays_to_the_end_of_its_last_month() {
    let gateway = quick();
    let ends_in_march = |number| match card(number) {
        Instrument::Card(card) => Instrument::Card(Card { expiration: Expiration { year: 26, month: 3 }, ..card }),
        account @ Instrument::BankAccount(_) => account,
    };
    let pay = |key: &str, source, at| gateway.charge(&Charge { at: day(at), ..charge(key, "5", source) });
    let visa = ends_in_march("4242424242424242");
    assert_eq!(outcome(pay("last day", Source::Provided(visa.clone()), "2026-03-31")), "Moved");
    assert_eq!(outcome(pay("too late", Source::Provided(visa.clone()), "2026-04-01")), "expired_card");
    // It is stored all the same, and may be charged by whoever has a clock that is late.
    let vaulted = gateway.store("store", &visa).unwrap();
    assert_eq!(outcome(pay("stored", stored(vaulted), "2026-04-01")), "expired_card");
    let poor = ends_in_march("4000000000009995");
    assert_eq!(outcome(pay("both", Source::Provided(poor), "2026-04-01")), "insufficient_funds");
}

#[test]
fn a_bank_returns_money_after_three_days() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.jsonl");
    let gateway = TestGateway::with_journal(&path).unwrap();
    let pay = |key: &str, number| {
        gateway.charge(&charge(key, "5", Source::Provided(bank_account(number)))).unwrap().transaction
    };
    let (good, bad) = (pay("good", "000123456789"), pay("bad", "000999999994"));
    // Another process knows the same.
    let other = TestGateway::with_journal(&path).unwrap();
    let told = |charge: &str, at| other.returned(charge, day(at)).unwrap();
    assert_eq!((told(&bad, "2026-04-02"), told(&good, "2027-01-01")), (None, None));
    let text = "The bank returned the payment: insufficient funds.";
    assert_eq!(told(&bad, "2026-04-03").as_deref(), Some(text));
    assert!(matches!(other.settle("bad"), Ok(Settled::Moved(_))), "it had moved");
    assert!(other.returned("nothing", day("2026-04-03")).is_err());
}

#[test]
fn what_was_charged_and_stored_here_is_known_again() {
    let (gateway, other) = (quick(), quick());
    let charged = gateway.charge(&charge("key", "5", provided("4242424242424242"))).unwrap().transaction;
    let token = gateway.store("store", &card("4242424242424242")).unwrap().token;
    for trace in [Trace::Charge(charged), Trace::Stored(token)] {
        assert_eq!((gateway.keeps(&trace), other.keeps(&trace)), (Ok(true), Ok(false)), "{trace:?}");
    }
}

fn outcome(result: Result<Receipt, Failure>) -> String {
    match result {
        Ok(_) => "Moved".to_owned(),
        Err(Failure::Declined { code, .. }) => code,
        Err(Failure::Unclear(_)) => "Unclear".to_owned(),
        Err(Failure::Misconfigured(text)) => text,
    }
}

#[test]
fn a_call_that_timed_out_took_nothing() {
    let gateway = quick();
    let order = charge("key", "5", provided("4000000000000259"));
    assert_eq!(outcome(gateway.charge(&order)), "Unclear");
    let settled = gateway.settle("key").unwrap();
    assert!(matches!(settled, Settled::Failed { .. }), "{settled:?}");
    assert_eq!(outcome(gateway.charge(&order)), "canceled");
}

#[test]
fn a_slow_call_that_was_given_up_takes_nothing() {
    let gateway = TestGateway::in_memory().pausing(Duration::from_millis(300));
    let order = charge("key", "5", provided("4000000000000077"));
    thread::scope(|scope| {
        let slow = scope.spawn(|| gateway.charge(&order));
        thread::sleep(Duration::from_millis(50));
        assert!(matches!(gateway.settle("key"), Ok(Settled::Failed { .. })));
        assert_eq!(outcome(slow.join().unwrap()), "canceled");
    });
}

#[test]
fn a_key_names_one_request() {
    let gateway = quick();
    gateway.charge(&charge("key", "5", provided("4242424242424242"))).unwrap();
    assert_eq!(outcome(gateway.charge(&charge("key", "6", provided("4242424242424242")))), "idempotency_error");
    assert_eq!(outcome(gateway.charge(&charge("key", "5", provided("5555555555554444")))), "idempotency_error");
    assert_eq!(movements(&gateway), [("key".to_owned(), amount("5"))]);
}

#[test]
fn the_list_is_shared_by_processes_and_outlives_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.jsonl");
    let [one, other] = [(); 2].map(|()| TestGateway::with_journal(&path).unwrap());
    let order = charge("key", "5", provided("4242424242424242"));
    let receipt = one.charge(&order).unwrap();
    assert_eq!(other.charge(&order), Ok(receipt.clone()));
    other.settle("late").unwrap();
    assert_eq!(outcome(one.charge(&charge("late", "5", provided("4242424242424242")))), "canceled");

    // What a crash leaves of a line is no line.
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(br#"{"kind":"char"#).unwrap();
    assert_eq!(one.settle("key"), Ok(Settled::Moved(receipt.clone())));
    other.charge(&charge("next", "7.50", provided("4242424242424242"))).unwrap();

    let later = TestGateway::with_journal(&path).unwrap();
    assert_eq!(later.entries().unwrap(), one.entries().unwrap());
    assert_eq!(movements(&later), [("key".to_owned(), amount("5")), ("next".to_owned(), amount("7.5"))]);
    let given_back = later.refund(&refund("back", &receipt.transaction, "5"));
    assert!(given_back.is_ok(), "{given_back:?}");
    let line = fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned();
    let expected = r#"{"kind":"charged","key":"key","transaction":"charge_key","amount":"5.00","currency":"USD","of":"Visa ending in 4242"}"#;
    assert_eq!(line, expected);
}

#[test]
fn many_at_once_take_each_key_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.jsonl");
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            let gateway = TestGateway::with_journal(&path).unwrap();
            scope.spawn(|| {
                let gateway = gateway;
                for key in 0..20 {
                    barrier.wait();
                    gateway.charge(&charge(&key.to_string(), "5", provided("4242424242424242"))).unwrap();
                }
            });
        }
    });
    assert_eq!(movements(&TestGateway::with_journal(&path).unwrap()).len(), 20);
}

/// The keys and amounts of all charges.
fn movements(gateway: &TestGateway) -> Vec<(String, money::Amount)> {
    let charges = gateway.entries().expect("the list can be read").into_iter().filter_map(|entry| match entry {
        Entry::Charged(movement) => Some((movement.key, movement.amount)),
        _ => None,
    });
    charges.collect()
}

#[test]
fn neither_the_list_nor_anything_answered_has_a_number_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.jsonl");
    let gateway = TestGateway::with_journal(&path).unwrap().pausing(Duration::ZERO);
    let numbers = ["4242424242424242", "4000000000000341", "4000000000000002", "000123456789", "000111111113"];
    let mut told = String::new();
    for number in numbers {
        let instrument = if number.len() == 16 { card(number) } else { bank_account(number) };
        let once =
            gateway.charge(&charge(&format!("once {}", number.len()), "5", Source::Provided(instrument.clone())));
        let vaulted = gateway.store(&format!("store {}", &number[8..]), &instrument);
        let token = vaulted.as_ref().map(|vaulted| vaulted.token.0.expose_secret().to_owned());
        write!(told, "{once:?} {vaulted:?} {token:?} {instrument:?} {gateway:?}").unwrap();
    }
    told.push_str(&fs::read_to_string(&path).unwrap());
    for number in numbers {
        assert!(!told.contains(number), "{number} in {told}");
    }
}
