//! What the test gateway does with which number and amount (docs/payments.md). The numbers are those that Stripe tests with,
//! where it has one; the amounts end in the response codes of ISO 8583.

use billing::instrument::{ExposeSecret as _, Instrument};

/// A refusal in the gateway's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

/// How a card, a bank account or an amount behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// The money moves.
    Approve,
    /// Refused, when it is stored and when it is charged.
    Refuse(Reason),
    /// It is stored, and every charge is refused.
    RefuseLater(Reason),
    /// Nothing happens, and after a pause there is no answer.
    TimeOut,
    /// The money moves, and there is no answer.
    LoseAnswer,
    /// The money moves after a pause.
    Slow,
    /// There is no answer, and none to the question what became of it.
    Silent,
    /// The money moves, and there is no answer, also to the first question what became of it.
    TellLate,
    /// The money moves, and after [`RETURN_DAYS`] the bank takes it back.
    Return,
}

/// After how many days a bank takes money back.
pub(crate) const RETURN_DAYS: i64 = 3;
/// Why it does, in the gateway's words.
pub(crate) const RETURNED: &str = "The bank returned the payment: insufficient funds.";

const fn reason(code: &'static str, text: &'static str) -> Reason {
    Reason { code, text }
}

const DECLINED: Reason = reason("card_declined", "Your card was declined.");
const INSUFFICIENT: Reason = reason("insufficient_funds", "Your card has insufficient funds.");
pub(crate) const EXPIRED: Reason = reason("expired_card", "Your card has expired.");
const CODE: Reason = reason("incorrect_cvc", "Your card's security code is incorrect.");
const PROCESSING: Reason =
    reason("processing_error", "An error occurred while processing your card. Try again in a little bit.");
const DUPLICATE: Reason =
    reason("duplicate_transaction", "A charge of the same amount was just made. It was not made again.");
/// A number whose check digit is wrong, or that is none.
pub(crate) const WRONG_NUMBER: Reason = reason("incorrect_number", "Your card number is incorrect.");
const WRONG_ACCOUNT: Reason = reason("incorrect_number", "The bank account number is incorrect.");

/// Cards that do something else than pay.
const CARDS: &[(&str, Behaviour)] = &[
    ("4000000000000002", Behaviour::Refuse(DECLINED)),
    ("4000000000009995", Behaviour::Refuse(INSUFFICIENT)),
    ("4000000000000069", Behaviour::Refuse(EXPIRED)),
    ("4000000000000127", Behaviour::Refuse(CODE)),
    ("4000000000000119", Behaviour::Refuse(PROCESSING)),
    ("4000000000000341", Behaviour::RefuseLater(DECLINED)),
    ("4000000000000259", Behaviour::TimeOut),
    ("4000000000000226", Behaviour::LoseAnswer),
    ("4000000000000077", Behaviour::Slow),
    ("4000000000000267", Behaviour::Silent),
    ("4000000000000275", Behaviour::TellLate),
];

/// Bank accounts that do something else than pay.
const ACCOUNTS: &[(&str, Behaviour)] = &[
    ("000111111116", Behaviour::Refuse(reason("no_account", "The bank account could not be located."))),
    ("000111111113", Behaviour::RefuseLater(reason("account_closed", "The bank account has been closed."))),
    ("000222222227", Behaviour::RefuseLater(reason("insufficient_funds", "The bank account has insufficient funds."))),
    ("000333333335", Behaviour::RefuseLater(reason("debit_not_authorized", "The debit was not authorized."))),
    ("000444444440", Behaviour::TimeOut),
    ("000555555559", Behaviour::LoseAnswer),
    ("000666666661", Behaviour::Slow),
    ("000777777772", Behaviour::Silent),
    ("000888888883", Behaviour::TellLate),
    ("000999999994", Behaviour::Return),
];

/// The first of the hundred amounts in minor units, such as 9000.00 dollars, whose last two digits are a response code.
const AMOUNTS_FROM: i64 = 900_000;
const AMOUNTS: &[(i64, Behaviour)] = &[
    (5, Behaviour::Refuse(DECLINED)),
    (9, Behaviour::Slow),
    (51, Behaviour::Refuse(INSUFFICIENT)),
    (54, Behaviour::Refuse(EXPIRED)),
    (68, Behaviour::LoseAnswer),
    (82, Behaviour::Refuse(CODE)),
    (90, Behaviour::TellLate),
    (91, Behaviour::TimeOut),
    (92, Behaviour::Silent),
    (94, Behaviour::Refuse(DUPLICATE)),
    (96, Behaviour::Refuse(PROCESSING)),
];

impl Behaviour {
    /// That of a card or bank account.
    pub(crate) fn of(instrument: &Instrument) -> Self {
        match instrument {
            Instrument::Card(card) => match digits(card.number.expose_secret()) {
                Some(number) if passes_check_digit(&number) => find(CARDS, &number),
                Some(_) | None => Self::Refuse(WRONG_NUMBER),
            },
            Instrument::BankAccount(account) => match digits(account.account_number.expose_secret()) {
                Some(number) => find(ACCOUNTS, &number),
                None => Self::Refuse(WRONG_ACCOUNT),
            },
        }
    }

    /// That of an amount in minor units.
    pub(crate) fn of_amount(units: i64) -> Self {
        let found = AMOUNTS.iter().find(|(code, _)| AMOUNTS_FROM + code == units);
        found.map_or(Self::Approve, |(_, behaviour)| *behaviour)
    }

    /// That of a refund of an amount in minor units: no card is at fault when it is refused.
    pub(crate) fn of_refund(units: i64) -> Self {
        match Self::of_amount(units) {
            Self::Refuse(Reason { code, .. }) => Self::Refuse(reason(code, "The refund was refused.")),
            other => other,
        }
    }

    /// As a token names it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Approve => "approve".to_owned(),
            Self::Refuse(reason) => reason.code.replace('_', "-"),
            Self::RefuseLater(reason) => format!("later-{}", reason.code.replace('_', "-")),
            Self::TimeOut => "time-out".to_owned(),
            Self::LoseAnswer => "lose-answer".to_owned(),
            Self::Slow => "slow".to_owned(),
            Self::Silent => "silent".to_owned(),
            Self::TellLate => "tell-late".to_owned(),
            Self::Return => "return".to_owned(),
        }
    }

    /// The one that a token names; `None` when there is none.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let known = CARDS.iter().chain(ACCOUNTS).map(|(_, behaviour)| *behaviour);
        known.chain([Self::Approve]).find(|behaviour| behaviour.name() == name)
    }
}

/// The one card that takes money at once.
pub(crate) fn is_debit(number: &str) -> bool {
    number == "4000056655665556"
}

fn find(known: &[(&str, Behaviour)], number: &str) -> Behaviour {
    known.iter().find(|(own, _)| *own == number).map_or(Behaviour::Approve, |(_, behaviour)| *behaviour)
}

/// A number without the blanks and dashes that people write; `None` when there is anything else in it, or nothing.
fn digits(number: &str) -> Option<Secret> {
    let kept: String = number.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    let kept = Secret::new(kept);
    (!kept.is_empty() && kept.bytes().all(|byte| byte.is_ascii_digit())).then_some(kept)
}

type Secret = secrecy::zeroize::Zeroizing<String>;

/// The check digit of ISO/IEC 7812 (Luhn).
fn passes_check_digit(number: &str) -> bool {
    let sum = number.bytes().rev().enumerate().map(|(place, byte)| {
        let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    (12..=19).contains(&number.len()) && sum.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_behaviour_is_found_again_by_the_name_in_a_token() {
        for (_, behaviour) in CARDS.iter().chain(ACCOUNTS) {
            assert_eq!(Behaviour::from_name(&behaviour.name()).map(Behaviour::name), Some(behaviour.name()));
        }
        assert_eq!(Behaviour::from_name("approve"), Some(Behaviour::Approve));
        assert_eq!(Behaviour::from_name("nonsense"), None);
    }

    #[test]
    fn every_magic_card_has_a_good_check_digit() {
        for (number, _) in CARDS {
            assert!(passes_check_digit(number), "{number}");
        }
        for number in ["4242424242424241", "4242", "0"] {
            assert!(!passes_check_digit(number), "{number}");
        }
    }
}
