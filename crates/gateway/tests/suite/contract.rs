//! What Billfold relies on, whatever gateway it is.

use std::sync::Arc;

use billing::payment_method::{CardBrand, Face};
use gateway::{Charge, Failure, Gateway, Receipt, Settled};

use crate::fixtures::{card, charge, provided, refund, stored};

pub(crate) const GOOD: &str = "4242424242424242";
/// Refused when it is stored.
const REFUSED: &str = "4000000000000002";
/// Refused when it is charged.
const REFUSED_LATER: &str = "4000000000000341";

pub(crate) type Losing = dyn Fn(&Charge) -> Result<Receipt, Failure>;

/// A gateway under test.
pub(crate) struct Subject {
    pub(crate) gateway: Arc<dyn Gateway>,
    /// Charges so that the money moves and the answer does not come.
    pub(crate) charge_and_lose_the_answer: Box<Losing>,
    /// Makes keys new to a gateway that outlives the test.
    pub(crate) run: String,
}

impl Subject {
    fn key(&self, name: &str) -> String {
        format!("{}-{name}", self.run)
    }

    /// The transaction of a charge.
    fn ten_dollars(&self) -> String {
        let order = charge(&self.key("ten"), "10", provided(GOOD));
        self.gateway.charge(&order).expect("it is accepted").transaction
    }
}

/// The tests of the contract for the gateway that `$subject` makes; none where it cannot be had.
macro_rules! contract {
    ($subject:path) => {
        $crate::contract::contract!($subject:
            a_good_card_pays
            a_declined_card_does_not_pay
            a_key_charges_once
            a_stored_card_pays_until_it_is_forgotten
            a_stored_card_may_be_declined_later
            a_bad_card_is_not_stored
            a_charge_that_never_came_is_settled_for_good
            a_charge_that_was_answered_is_settled_as_it_was
            a_charge_whose_answer_was_lost_is_found
            a_declined_charge_is_settled_as_failed
            refunds_give_back_no_more_than_was_taken
            a_key_refunds_once
            a_refund_that_never_came_is_settled_for_good
        );
    };
    ($subject:path: $($test:ident)+) => {
        $(#[test] fn $test() {
            if let Some(subject) = $subject() {
                $crate::contract::$test(&subject);
            }
        })+
    };
}
pub(crate) use contract;

pub(crate) fn a_good_card_pays(subject: &Subject) {
    let receipt =
        subject.gateway.charge(&charge(&subject.key("pay"), "12.34", provided(GOOD))).expect("it is accepted");
    assert!(!receipt.transaction.is_empty());
}

pub(crate) fn a_declined_card_does_not_pay(subject: &Subject) {
    let failure = subject
        .gateway
        .charge(&charge(&subject.key("decline"), "12.34", provided(REFUSED_LATER)))
        .expect_err("it is declined");
    assert_eq!(failure, declined("card_declined", "Your card was declined."));
}

pub(crate) fn a_key_charges_once(subject: &Subject) {
    let order = charge(&subject.key("once"), "12.34", provided(GOOD));
    let first = subject.gateway.charge(&order).expect("it is accepted");
    assert_eq!(subject.gateway.charge(&order), Ok(first.clone()));
    let left = subject.gateway.refund(&refund(&subject.key("all"), &first.transaction, "12.34"));
    assert!(left.is_ok(), "{left:?}");
    let more = subject.gateway.refund(&refund(&subject.key("more"), &first.transaction, "0.01"));
    assert!(matches!(more, Err(Failure::Declined { .. })), "{more:?}");

    let order = charge(&subject.key("never"), "12.34", provided(REFUSED_LATER));
    let first = subject.gateway.charge(&order).expect_err("it is declined");
    assert_eq!(subject.gateway.charge(&order), Err(first));
}

pub(crate) fn a_stored_card_pays_until_it_is_forgotten(subject: &Subject) {
    let key = subject.key("store");
    let vaulted = subject.gateway.store(&key, &card(GOOD)).expect("it is accepted");
    let Face::Card { brand, last_four, expiration, is_debit } = &vaulted.face else { panic!("{vaulted:?}") };
    assert_eq!((*brand, last_four.as_str(), *is_debit), (CardBrand::Visa, "4242", false));
    assert_eq!((expiration.year, expiration.month), (34, 12));
    assert_eq!(format!("{:?}", vaulted.token), "Token(SecretBox<str>([REDACTED]))");

    let again = subject.gateway.store(&key, &card(GOOD)).expect("it is accepted");
    assert!(same(&vaulted, &again));
    for name in ["first", "second"] {
        let paid = subject.gateway.charge(&charge(&subject.key(name), "5", stored(vaulted.clone())));
        assert!(paid.is_ok(), "{paid:?}");
    }
    for _ in 0..2 {
        assert_eq!(subject.gateway.forget(&vaulted.token), Ok(()));
    }
    let late = subject.gateway.charge(&charge(&subject.key("forgotten"), "5", stored(vaulted)));
    assert!(matches!(late, Err(Failure::Declined { .. })), "{late:?}");
}

fn same(one: &gateway::Vaulted, other: &gateway::Vaulted) -> bool {
    use billing::instrument::ExposeSecret as _;
    one.token.0.expose_secret() == other.token.0.expose_secret() && one.face == other.face
}

pub(crate) fn a_stored_card_may_be_declined_later(subject: &Subject) {
    let vaulted = subject.gateway.store(&subject.key("store"), &card(REFUSED_LATER)).expect("it is accepted");
    let failure =
        subject.gateway.charge(&charge(&subject.key("charge"), "5", stored(vaulted))).expect_err("it is declined");
    assert_eq!(failure, declined("card_declined", "Your card was declined."));
}

pub(crate) fn a_bad_card_is_not_stored(subject: &Subject) {
    for _ in 0..2 {
        let failure = subject.gateway.store(&subject.key("store"), &card(REFUSED)).expect_err("it is declined");
        assert_eq!(failure, declined("card_declined", "Your card was declined."));
    }
}

pub(crate) fn a_charge_that_never_came_is_settled_for_good(subject: &Subject) {
    let key = subject.key("late");
    for _ in 0..2 {
        let settled = subject.gateway.settle(&key);
        assert!(matches!(settled, Ok(Settled::Failed { .. })), "{settled:?}");
    }
    let late = subject.gateway.charge(&charge(&key, "12.34", provided(GOOD)));
    assert!(matches!(late, Err(Failure::Declined { .. })), "{late:?}");
    let settled = subject.gateway.settle(&key);
    assert!(matches!(settled, Ok(Settled::Failed { .. })), "{settled:?}");
}

pub(crate) fn a_charge_that_was_answered_is_settled_as_it_was(subject: &Subject) {
    let key = subject.key("answered");
    let receipt = subject.gateway.charge(&charge(&key, "12.34", provided(GOOD))).expect("it is accepted");
    assert_eq!(subject.gateway.settle(&key), Ok(Settled::Moved(receipt)));
}

pub(crate) fn a_charge_whose_answer_was_lost_is_found(subject: &Subject) {
    let key = subject.key("lost");
    let order = charge(&key, "12.34", provided(GOOD));
    let lost = (subject.charge_and_lose_the_answer)(&order);
    assert!(matches!(lost, Err(Failure::Unclear(_))), "{lost:?}");
    let Ok(Settled::Moved(receipt)) = subject.gateway.settle(&key) else { panic!("the charge was not found") };
    let given_back = subject.gateway.refund(&refund(&subject.key("all"), &receipt.transaction, "12.34"));
    assert!(given_back.is_ok(), "{given_back:?}");
}

pub(crate) fn a_declined_charge_is_settled_as_failed(subject: &Subject) {
    let key = subject.key("declined");
    subject.gateway.charge(&charge(&key, "12.34", provided(REFUSED_LATER))).expect_err("it is declined");
    let text = "Your card was declined.".to_owned();
    assert_eq!(subject.gateway.settle(&key), Ok(Settled::Failed { text }));
}

pub(crate) fn refunds_give_back_no_more_than_was_taken(subject: &Subject) {
    let charged = subject.ten_dollars();
    let part = subject.gateway.refund(&refund(&subject.key("part"), &charged, "4"));
    assert!(part.is_ok(), "{part:?}");
    let over = subject.gateway.refund(&refund(&subject.key("over"), &charged, "6.01"));
    assert!(matches!(over, Err(Failure::Declined { .. })), "{over:?}");
    let rest = subject.gateway.refund(&refund(&subject.key("rest"), &charged, "6"));
    assert!(rest.is_ok(), "{rest:?}");
}

pub(crate) fn a_key_refunds_once(subject: &Subject) {
    let charged = subject.ten_dollars();
    let order = refund(&subject.key("back"), &charged, "6");
    let receipt = subject.gateway.refund(&order).expect("it is accepted");
    assert_eq!(subject.gateway.refund(&order), Ok(receipt.clone()));
    assert_eq!(subject.gateway.settle_refund(&order), Ok(Settled::Moved(receipt)));
    let rest = subject.gateway.refund(&refund(&subject.key("rest"), &charged, "4"));
    assert!(rest.is_ok(), "{rest:?}");
}

pub(crate) fn a_refund_that_never_came_is_settled_for_good(subject: &Subject) {
    let charged = subject.ten_dollars();
    let order = refund(&subject.key("back"), &charged, "6");
    for _ in 0..2 {
        let settled = subject.gateway.settle_refund(&order);
        assert!(matches!(settled, Ok(Settled::Failed { .. })), "{settled:?}");
    }
    let late = subject.gateway.refund(&order);
    assert!(matches!(late, Err(Failure::Declined { .. })), "{late:?}");
    let other = subject.gateway.refund(&refund(&subject.key("other"), &charged, "10"));
    assert!(other.is_ok(), "{other:?}");
}

fn declined(code: &str, text: &str) -> Failure {
    Failure::Declined { code: code.to_owned(), text: text.to_owned() }
}
