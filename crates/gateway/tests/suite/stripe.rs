//! Stripe, played by localstripe behind a faulty line; and what is refused before anything is sent.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use billing::{
    collect::BankAccountType,
    instrument::{ExposeSecret as _, SecretString},
    payment_method::Face,
};
use gateway::{
    Charge, Failure, Gateway as _, Settled, Trace,
    stripe::{Settings, SettingsError, Stripe},
    test::TestGateway,
};
use money::Currency;
use testkit::{StripeLine, stripe::Fault};

use crate::{
    contract::{GOOD, Subject, contract},
    fixtures::{amount, bank_account, card, charge, day, provided, refund, stored},
};

contract!(subject);

fn subject() -> Option<Subject> {
    let line = Arc::new(StripeLine::find()?);
    let gateway = Arc::new(open(&line));
    let losing = Arc::clone(&gateway);
    let lose = move |order: &Charge| {
        line.fault("/confirm", Fault::LoseAnswer);
        losing.charge(order)
    };
    Some(Subject { gateway, charge_and_lose_the_answer: Box::new(lose), run: StripeLine::new_prefix() })
}

fn open(line: &StripeLine) -> Stripe {
    let settings = Settings::new(SecretString::from("sk_test_12345"));
    Stripe::open(&Settings { url: line.url(), ..settings }).expect("good settings")
}

/// A line of its own, a gateway behind it, and a beginning for keys.
fn begin() -> Option<(StripeLine, Stripe, String)> {
    let line = StripeLine::find()?;
    let gateway = open(&line);
    Some((line, gateway, StripeLine::new_prefix()))
}

#[test]
fn whatever_goes_wrong_settling_and_stripe_agree() {
    let Some((line, gateway, run)) = begin() else { return };
    let steps = ["payment_methods", "POST /v1/payment_intents", "payment_intents/pi_", "/confirm"];
    let faults = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::Spoil(500),
        Fault::SpoilAnswer(502),
        Fault::Spoil(429),
        Fault::Spoil(409),
    ];
    for step in steps {
        for fault in faults {
            let key = format!("{run}-{step}-{fault:?}");
            line.fault(step, fault);
            let charged = gateway.charge(&charge(&key, "12.34", provided(GOOD)));
            assert!(matches!(charged, Err(Failure::Unclear(_))), "{step} {fault:?}: {charged:?}");
            let moved = matches!(gateway.settle(&key), Ok(Settled::Moved(_)));
            let is_asked = step == "/confirm" && matches!(fault, Fault::LoseAnswer | Fault::SpoilAnswer(_));
            assert_eq!(moved, is_asked, "{step} {fault:?}");
            assert_eq!(line.charged(&key).len(), usize::from(is_asked), "{step} {fault:?}");
        }
    }
}

#[test]
fn an_answer_that_comes_too_late_is_none() {
    let Some((line, gateway, run)) = begin() else { return };
    let settings = Settings::new(SecretString::from("sk_test_12345"));
    let hasty = Settings { url: line.url(), time_max: Duration::from_secs(2), ..settings };
    line.fault("/confirm", Fault::DelayAnswer(Duration::from_secs(4)));
    let charged = Stripe::open(&hasty).unwrap().charge(&charge(&run, "5", provided(GOOD)));
    assert!(matches!(charged, Err(Failure::Unclear(_))), "{charged:?}");
    let settled = gateway.settle(&run);
    assert!(matches!(settled, Ok(Settled::Moved(_))), "{settled:?}");
    assert_eq!(line.charged(&run).len(), 1);
}

#[test]
fn a_settlement_that_fails_says_nothing_and_can_be_repeated() {
    let Some((line, gateway, run)) = begin() else { return };
    for step in ["POST /v1/payment_intents", "GET /v1/payment_intents/pi_", "/cancel", "/search"] {
        for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Spoil(500), Fault::Spoil(401)] {
            let key = format!("{run}-{step}-{fault:?}");
            line.fault(step, fault);
            let settled = gateway.settle(&key);
            assert!(matches!(settled, Err(Failure::Unclear(_))), "{step} {fault:?}: {settled:?}");
            let settled = gateway.settle(&key);
            assert!(matches!(settled, Ok(Settled::Failed { .. })), "{step} {fault:?}: {settled:?}");
        }
    }
    assert_eq!(line.charged(&run), []);
}

#[test]
fn a_charge_that_was_overtaken_by_its_settlement_takes_nothing() {
    let Some((line, gateway, run)) = begin() else { return };
    for step in ["POST /v1/payment_intents", "payment_intents/pi_", "/confirm"] {
        let key = format!("{run}-{step}");
        line.fault(step, Fault::DelayRequest(Duration::from_millis(500)));
        std::thread::scope(|scope| {
            let slow = scope.spawn(|| gateway.charge(&charge(&key, "12.34", provided(GOOD))));
            std::thread::sleep(Duration::from_millis(250));
            // While a step is on its way under its key, there may be no clear answer yet.
            while gateway.settle(&key).is_err() {
                std::thread::sleep(Duration::from_millis(20));
            }
            let charged = slow.join().unwrap();
            let settled = gateway.settle(&key);
            assert_eq!(charged.is_ok(), matches!(settled, Ok(Settled::Moved(_))), "{step}: {charged:?} {settled:?}");
            assert_eq!(line.charged(&key).len(), usize::from(charged.is_ok()), "{step}");
        });
    }
}

#[test]
fn a_charge_of_long_ago_is_found_without_its_idempotency_key() {
    let Some((line, gateway, run)) = begin() else { return };
    let key = format!("{run}-old'key");
    let receipt = gateway.charge(&charge(&key, "12.34", provided(GOOD))).unwrap();
    line.forget_keys();
    // When the search fails, the intent that the question made must not be mistaken for the charge.
    line.fault("/search", Fault::Spoil(500));
    assert!(gateway.settle(&key).is_err());
    for _ in 0..2 {
        assert_eq!(gateway.settle(&key), Ok(Settled::Moved(receipt.clone())));
    }
}

#[test]
fn amounts_are_sent_in_minor_units() {
    let Some((line, gateway, run)) = begin() else { return };
    for (currency, text, expected) in
        [(Currency::USD, "0.01", 1), (Currency::EUR, "1234567.89", 123_456_789), (Currency::JPY, "500", 500)]
    {
        let key = format!("{run}-{currency}");
        let order = Charge { currency, amount: amount(text), ..charge(&key, "1", provided(GOOD)) };
        gateway.charge(&order).unwrap();
        let units: Vec<i64> = line.charged(&key).iter().map(|moved| moved.units).collect();
        assert_eq!(units, [expected], "{text} {currency}");
    }
    for text in ["0", "-1", "1.001"] {
        let charged = gateway.charge(&charge(&format!("{run}{text}"), text, provided(GOOD)));
        assert!(matches!(charged, Err(Failure::Declined { .. })), "{text}: {charged:?}");
    }
}

#[test]
fn a_card_whose_owner_must_confirm_is_declined() {
    let Some((line, gateway, run)) = begin() else { return };
    let charged = gateway.charge(&charge(&run, "5", provided("4000002500003155")));
    let Err(Failure::Declined { code, .. }) = charged else { panic!("{charged:?}") };
    assert_eq!(code, "authentication_required");
    assert!(matches!(gateway.settle(&run), Ok(Settled::Failed { .. })));
    assert_eq!(line.charged(&run), []);
}

#[test]
fn a_refund_that_went_wrong_is_settled() {
    let Some((line, gateway, run)) = begin() else { return };
    let charged = gateway.charge(&charge(&format!("{run}-charge"), "100", provided(GOOD))).unwrap().transaction;
    let line_of = "POST /v1/refunds";
    for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Spoil(500), Fault::SpoilAnswer(500)] {
        let order = refund(&format!("{run}-{fault:?}"), &charged, "7");
        line.fault(line_of, fault);
        let lost = gateway.refund(&order);
        assert!(matches!(lost, Err(Failure::Unclear(_))), "{fault:?}: {lost:?}");
        let moved = matches!(gateway.settle_refund(&order), Ok(Settled::Moved(_)));
        assert_eq!(moved, matches!(fault, Fault::LoseAnswer | Fault::SpoilAnswer(_)), "{fault:?}");
        assert_eq!(line.refunded(&order.key).len(), usize::from(moved), "{fault:?}");
        assert_eq!(gateway.refund(&order).is_ok(), moved, "{fault:?}");
    }
}

#[test]
fn a_key_that_is_refused_is_said_so_before_anything_is_done() {
    let Some((line, gateway, run)) = begin() else { return };
    for (step, fault) in [("payment_methods", Fault::Spoil(401)), ("POST /v1/payment_intents", Fault::Spoil(403))] {
        line.fault(step, fault);
        let charged = gateway.charge(&charge(&format!("{run}-{step}"), "5", provided(GOOD)));
        assert!(matches!(charged, Err(Failure::Misconfigured(_))), "{charged:?}");
    }
    assert_eq!(line.charged(&run), []);
}

#[test]
fn a_redirection_is_not_followed() {
    let Some((line, gateway, run)) = begin() else { return };
    line.fault("payment_methods", Fault::Spoil(307));
    let charged = gateway.charge(&charge(&run, "5", provided(GOOD)));
    assert!(matches!(charged, Err(Failure::Unclear(_))), "{charged:?}");
    assert_eq!(line.requests(), ["POST /v1/payment_methods"]);
}

#[test]
fn nothing_that_comes_back_has_a_number_in_it() {
    let Some((line, gateway, run)) = begin() else { return };
    let mut told = format!("{gateway:?}");
    for number in [GOOD, "4000000000000002", "4000000000000341", "4242424242424241"] {
        let once = gateway.charge(&charge(&format!("{run}-once-{}", &number[12..]), "5", provided(number)));
        let kept = gateway.store(&format!("{run}-store-{}", &number[12..]), &card(number));
        let token = kept.as_ref().map(|vaulted| vaulted.token.0.expose_secret().to_owned());
        let failed = once.as_ref().err().map(ToString::to_string);
        told.push_str(&[format!("{once:?} {kept:?} {token:?} {failed:?}"), line.requests().join(" ")].concat());
        assert!(!told.contains(number), "{told}");
    }
    assert!(!told.contains("sk_test_12345"), "{told}");
}

#[test]
fn nobody_listening_is_no_clear_answer() {
    let settings = Settings { url: "http://127.0.0.1:1".to_owned(), ..Settings::new(SecretString::from("sk_test_1")) };
    let gateway = Stripe::open(&settings).unwrap();
    let charged = gateway.charge(&charge("key", "5", provided(GOOD)));
    assert!(matches!(charged, Err(Failure::Unclear(_))), "{charged:?}");
}

#[test]
fn a_key_is_not_told_to_somebody_without_a_certificate() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let settings = Settings { url, ..Settings::new(SecretString::from("sk_test_12345")) };
    let gateway = Stripe::open(&settings).unwrap();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = vec![0; 4096];
        let length = stream.read(&mut heard).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        heard.truncate(length);
        heard
    });
    let charged = gateway.charge(&charge("key", "5", provided(GOOD)));
    assert!(matches!(charged, Err(Failure::Unclear(_))), "{charged:?}");
    let heard = heard.join().unwrap();
    assert_eq!(heard.first(), Some(&22), "a handshake of TLS");
    assert!(!String::from_utf8_lossy(&heard).contains("sk_test"));
}

#[test]
fn settings_are_checked() {
    for (key, url, expected) in [
        ("sk_live_1", "https://api.stripe.com", None),
        ("rk_live_1", "http://localhost:8420", None),
        ("pk_live_1", "https://api.stripe.com", Some(SettingsError::SecretKey)),
        ("", "https://api.stripe.com", Some(SettingsError::SecretKey)),
        ("sk_live\n1", "https://api.stripe.com", Some(SettingsError::SecretKey)),
        ("sk_live_1", "http://api.stripe.com", Some(SettingsError::Url)),
    ] {
        let settings = Settings { url: url.to_owned(), ..Settings::new(SecretString::from(key)) };
        assert_eq!(Stripe::open(&settings).err(), expected, "{key} {url}");
        assert!(key.is_empty() || !format!("{settings:?}").contains(key));
    }
}

#[test]
fn a_card_that_stripe_has_already_is_adopted() {
    let Some((line, gateway, run)) = begin() else { return };
    let own = gateway.store(&format!("{run}-store"), &card(GOOD)).unwrap();
    let (customer, method) = own.token.0.expose_secret().split_once(':').unwrap();
    let adopted = gateway.adopt(customer, method).unwrap();
    assert_eq!(adopted.face, own.face);
    gateway.charge(&charge(&format!("{run}-charge"), "5", stored(adopted))).unwrap();
    assert_eq!(line.charged(&run).len(), 1);
    let path = format!("{method}/../{method}");
    for (customer, method) in [("cus_other", method), (customer, "pm_other"), (customer, ""), (customer, &path)] {
        let refused = gateway.adopt(customer, method);
        assert!(matches!(refused, Err(Failure::Declined { .. })), "{customer} {method}: {refused:?}");
    }
}

#[test]
fn a_method_of_another_gateway_is_declined() {
    let vaulted = TestGateway::in_memory().store("key", &card(GOOD)).unwrap();
    let stripe = Stripe::open(&Settings::new(SecretString::from("sk_test_1"))).unwrap();
    let charged = stripe.charge(&charge("key", "5", stored(vaulted)));
    assert!(matches!(charged, Err(Failure::Declined { .. })), "{charged:?}");
}

#[test]
fn a_bank_account_pays_at_once_and_may_come_back_later() {
    let Some((line, gateway, run)) = begin() else { return };
    let key = |name: &str| format!("{run}-{name}");
    let vaulted = gateway.store(&key("store"), &bank_account("000123456789")).unwrap();
    let expected = Face::BankAccount {
        account_last_four: "6789".to_owned(),
        transit_last_four: "0000".to_owned(),
        account_type: BankAccountType::Chequing,
    };
    assert_eq!(vaulted.face, expected);
    let receipt = gateway.charge(&charge(&key("paid"), "5", stored(vaulted))).unwrap();
    assert_eq!(gateway.settle(&key("paid")), Ok(Settled::Moved(receipt)));
    assert_eq!(line.charged(&run).len(), 1);

    let vaulted = gateway.store(&key("other"), &bank_account("000222222227")).unwrap();
    gateway.charge(&charge(&key("returned"), "5", stored(vaulted))).unwrap();
    let is_back = || matches!(gateway.settle(&key("returned")), Ok(Settled::Failed { .. }));
    let back = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        is_back()
    });
    assert!(back);
    assert_eq!(line.charged(&run).len(), 1);
}

#[test]
fn money_that_a_bank_takes_back_is_told_with_its_reason() {
    let Some((line, gateway, run)) = begin() else { return };
    let pay = |name: &str, number: &str| {
        let vaulted = gateway.store(&format!("{run}-store-{name}"), &bank_account(number)).unwrap();
        gateway.charge(&charge(&format!("{run}-{name}"), "5", stored(vaulted))).unwrap().transaction
    };
    let returned = |intent: &str| gateway.returned(intent, day("2026-04-03"));
    let (good, failing, disputed) =
        (pay("good", "000123456789"), pay("failing", "000222222227"), pay("disputed", "000999999994"));
    let comes_back = |intent: &str| {
        (0..100).find_map(|_| {
            std::thread::sleep(Duration::from_millis(100));
            returned(intent).unwrap()
        })
    };
    assert!(comes_back(&failing).is_some(), "before Stripe had the money");
    let told = comes_back(&disputed);
    assert_eq!(told.as_deref(), Some("The bank returned the payment: insufficient funds."));
    assert_eq!(returned(&good), Ok(None));
    line.fault("/disputes", Fault::Spoil(500));
    assert!(matches!(returned(&good), Err(Failure::Unclear(_))));
}

#[test]
fn an_account_knows_what_it_made() {
    let Some((line, gateway, run)) = begin() else { return };
    let token = gateway.store(&format!("{run}-store"), &card(GOOD)).unwrap().token;
    let intent = gateway.charge(&charge(&run, "5", provided(GOOD))).unwrap().transaction;
    let missing = Trace::Charge("pi_other".to_owned());
    for (trace, expected) in [(Trace::Charge(intent.clone()), true), (Trace::Stored(token), true), (missing, false)] {
        assert_eq!(gateway.keeps(&trace), Ok(expected), "{trace:?}");
    }
    line.fault("/payment_intents", Fault::Spoil(401));
    let refused = gateway.keeps(&Trace::Charge(intent));
    assert!(matches!(refused, Err(Failure::Misconfigured(_))), "{refused:?}");
}

#[test]
fn what_a_person_called_a_charge_is_no_path_at_stripe() {
    let settings = Settings { url: "http://127.0.0.1:1".to_owned(), ..Settings::new(SecretString::from("sk_test_1")) };
    let gateway = Stripe::open(&settings).unwrap();
    for name in ["check 12", "../refunds", "pi_1?expand[]=customer", ""] {
        assert_eq!(gateway.keeps(&Trace::Charge(name.to_owned())), Ok(false), "{name}");
        let returned = gateway.returned(name, day("2026-04-03"));
        assert!(matches!(returned, Err(Failure::Declined { .. })), "{name}: {returned:?}");
    }
}

#[test]
fn a_bank_account_that_is_not_verified_is_not_stored() {
    let Some((_line, gateway, run)) = begin() else { return };
    let refused = gateway.store(&run, &bank_account("000999999991"));
    let Err(Failure::Declined { code, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(code, "verification_required");
}
