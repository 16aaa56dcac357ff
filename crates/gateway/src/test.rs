//! The test gateway: no money moves, and a table of numbers and amounts says what happens (docs/payments.md). Everything else
//! is as with a real one, so that what was recorded can be compared with the gateway's own list.

mod journal;
mod magic;

use std::{io, path::Path, thread, time::Duration};

use billing::{
    instrument::{Card, ExposeSecret as _, Instrument, SecretString},
    payment_method::{CardBrand, Face},
};
use journal::{Book, Journal};
use magic::{Behaviour, Reason};
use money::Amount;

pub use journal::{Entry, Movement, Operation};

use crate::{Charge, Failure, Gateway, Receipt, Refund, Settled, Source, Token, Vaulted, minor};

/// How long a slow answer takes, and how long one that never comes is waited for.
const PAUSE: Duration = Duration::from_secs(2);

/// What every token begins with; the behaviour follows, then the key of the call that made it.
const TOKEN: &str = "test_";

/// The test gateway.
#[derive(Debug)]
pub struct TestGateway {
    journal: Journal,
    pause: Duration,
}

impl TestGateway {
    /// One whose list ends with it.
    pub fn in_memory() -> Self {
        Self { journal: Journal::in_memory(), pause: PAUSE }
    }

    /// One whose list is a file of JSON lines: each is on the disk before its call is answered, and several processes may
    /// use the file at once.
    pub fn with_journal(path: &Path) -> io::Result<Self> {
        Ok(Self { journal: Journal::open(path)?, pause: PAUSE })
    }

    /// The same with other pauses than two seconds.
    #[must_use]
    pub fn pausing(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Everything that it did, in order.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        self.journal.decide(|book| (None, book.entries().to_vec()))
    }

    /// Decides about a key that may have an answer already.
    fn decide<T>(&self, decide: impl FnOnce(&Book) -> (Option<Entry>, Result<T, Failure>)) -> Result<T, Failure> {
        let unclear = |error| Failure::Unclear(format!("the list of the test gateway cannot be kept: {error}"));
        self.journal.decide(decide).map_err(unclear)?
    }
}

impl Gateway for TestGateway {
    fn name(&self) -> &'static str {
        "Test"
    }

    fn store(&self, key: &str, instrument: &Instrument) -> Result<Vaulted, Failure> {
        let (behaviour, face) = (Behaviour::of(instrument), face(instrument));
        self.decide(|book| {
            let refusal = match (book.answer(Operation::Store, key), behaviour) {
                (Some(Entry::Stored { token, .. }), _) => return (None, Ok(vaulted(token, face))),
                (Some(answer), _) => return (None, Err(again(answer))),
                (None, Behaviour::Refuse(reason)) => reason,
                (None, _) => {
                    let token = format!("{TOKEN}{}_{key}", behaviour.name());
                    let entry = Entry::Stored { key: key.to_owned(), token: token.clone(), of: face.label() };
                    return (Some(entry), Ok(vaulted(&token, face)));
                }
            };
            refuse(Operation::Store, key, refusal)
        })
    }

    fn adopt(&self, _owner: &str, method: &str) -> Result<Vaulted, Failure> {
        let text = format!("No such source: '{method}'");
        Err(Failure::Declined { code: "resource_missing".to_owned(), text })
    }

    fn forget(&self, token: &Token) -> Result<(), Failure> {
        let token = token.0.expose_secret();
        self.decide(|book| {
            let entry = Entry::Forgotten { token: token.to_owned() };
            ((!book.is_forgotten(token)).then_some(entry), Ok(()))
        })
    }

    fn charge(&self, charge: &Charge) -> Result<Receipt, Failure> {
        let units = positive(charge.amount, minor::units(charge.amount, charge.currency))?;
        let (own, label) = match &charge.source {
            Source::Provided(instrument) => (Behaviour::of(instrument), face(instrument).label()),
            Source::Stored { token, face } => (behaviour(token)?, face.label()),
        };
        let movement = Movement {
            key: charge.key.clone(),
            transaction: format!("charge_{}", charge.key),
            amount: charge.amount,
            currency: charge.currency,
            of: label,
        };
        let behaviour = if own == Behaviour::Approve { Behaviour::of_amount(units) } else { own };
        self.attempt(Operation::Charge, movement, behaviour, |book| match &charge.source {
            Source::Stored { token, .. } if book.is_forgotten(token.0.expose_secret()) => Some(FORGOTTEN),
            Source::Stored { .. } | Source::Provided(_) => None,
        })
    }

    fn settle(&self, charge_key: &str) -> Result<Settled, Failure> {
        self.end(Operation::Charge, charge_key)
    }

    fn refund(&self, refund: &Refund) -> Result<Receipt, Failure> {
        let units = positive(refund.amount, minor::units(refund.amount, refund.currency))?;
        let movement = Movement {
            key: refund.key.clone(),
            transaction: format!("refund_{}", refund.key),
            amount: refund.amount,
            currency: refund.currency,
            of: refund.charge.clone(),
        };
        self.attempt(Operation::Refund, movement, Behaviour::of_amount(units), |book| excess(book, refund))
    }

    fn settle_refund(&self, refund: &Refund) -> Result<Settled, Failure> {
        self.end(Operation::Refund, &refund.key)
    }
}

impl TestGateway {
    /// Moves money, or what else the behaviour says, unless the key has its answer already or there is an `objection`.
    fn attempt(
        &self,
        operation: Operation,
        movement: Movement,
        behaviour: Behaviour,
        objection: impl FnOnce(&Book) -> Option<Reason>,
    ) -> Result<Receipt, Failure> {
        if matches!(behaviour, Behaviour::Slow | Behaviour::TimeOut) {
            thread::sleep(self.pause);
        }
        let key = movement.key.clone();
        self.decide(|book| {
            if let Some(answer) = book.answer(operation, &key) {
                return (None, answered(answer, &movement));
            }
            let refusal = match behaviour {
                Behaviour::Refuse(reason) | Behaviour::RefuseLater(reason) => Some(reason),
                Behaviour::Approve | Behaviour::TimeOut | Behaviour::LoseAnswer | Behaviour::Slow => objection(book),
            };
            match (refusal, behaviour) {
                (Some(reason), _) => refuse(operation, &key, reason),
                (None, Behaviour::TimeOut) => (None, Err(Failure::Unclear("the call timed out".to_owned()))),
                (None, _) => {
                    let receipt = receipt(&movement);
                    let entry = match operation {
                        Operation::Refund => Entry::Refunded(movement),
                        Operation::Charge | Operation::Store => Entry::Charged(movement),
                    };
                    let is_lost = behaviour == Behaviour::LoseAnswer;
                    let lost = || Err(Failure::Unclear("the connection was lost before the answer".to_owned()));
                    (Some(entry), if is_lost { lost() } else { Ok(receipt) })
                }
            }
        })
    }

    /// What became of a key, for good: one that was never seen is refused from now on.
    fn end(&self, operation: Operation, key: &str) -> Result<Settled, Failure> {
        self.decide(|book| {
            let (entry, settled) = match book.answer(operation, key) {
                Some(Entry::Charged(movement) | Entry::Refunded(movement)) => (None, Settled::Moved(receipt(movement))),
                Some(answer) => (None, Settled::Failed { text: again(answer).to_string() }),
                None => {
                    let entry = Entry::GivenUp { operation, key: key.to_owned() };
                    let text = again(&entry).to_string();
                    (Some(entry), Settled::Failed { text })
                }
            };
            (entry, Ok(settled))
        })
    }
}

const FORGOTTEN: Reason = Reason { code: "resource_missing", text: "The payment method is not stored any more." };
const UNKNOWN_CHARGE: Reason = Reason { code: "resource_missing", text: "The charge to be refunded is not known." };
const TOO_MUCH: Reason =
    Reason { code: "amount_too_large", text: "The refund is more than the charge took and was not given back." };
const OTHER_REQUEST: Reason =
    Reason { code: "idempotency_error", text: "The key was used before, with another amount or payment method." };
const GIVEN_UP: Reason = Reason { code: "canceled", text: "The gateway did not answer in time, and nothing was done." };
const BAD_AMOUNT: Reason =
    Reason { code: "invalid_amount", text: "The amount must be positive and a whole number of minor units." };

fn vaulted(token: &str, face: Face) -> Vaulted {
    Vaulted { token: Token(SecretString::from(token)), face }
}

fn face(instrument: &Instrument) -> Face {
    match instrument {
        Instrument::Card(Card { number, expiration, .. }) => {
            let number = number.expose_secret();
            Face::Card {
                brand: CardBrand::of(number),
                last_four: last_four(number),
                expiration: *expiration,
                is_debit: magic::is_debit(number),
            }
        }
        Instrument::BankAccount(account) => Face::BankAccount {
            account_last_four: last_four(account.account_number.expose_secret()),
            transit_last_four: last_four(account.transit_number.expose_secret()),
            account_type: account.account_type,
        },
    }
}

/// Nothing of a number that has no more than four digits.
fn last_four(number: &str) -> String {
    let place = number.len().saturating_sub(4);
    if place == 0 { String::new() } else { number.get(place..).unwrap_or_default().to_owned() }
}

fn behaviour(token: &Token) -> Result<Behaviour, Failure> {
    let name = token.0.expose_secret().strip_prefix(TOKEN).and_then(|rest| rest.split('_').next());
    name.and_then(Behaviour::from_name).ok_or_else(|| declined(FORGOTTEN))
}

fn positive(amount: Amount, units: Option<i64>) -> Result<i64, Failure> {
    units.filter(|_| amount.is_positive()).ok_or_else(|| declined(BAD_AMOUNT))
}

fn receipt(movement: &Movement) -> Receipt {
    Receipt { transaction: movement.transaction.clone(), authorization: Some(format!("auth_{}", movement.key)) }
}

fn declined(Reason { code, text }: Reason) -> Failure {
    Failure::Declined { code: code.to_owned(), text: text.to_owned() }
}

fn refuse<T>(operation: Operation, key: &str, reason: Reason) -> (Option<Entry>, Result<T, Failure>) {
    let Reason { code, text } = reason;
    let entry = Entry::Refused { operation, key: key.to_owned(), code: code.to_owned(), text: text.to_owned() };
    (Some(entry), Err(declined(reason)))
}

/// The first answer of a key, for the same request; another one is refused.
fn answered(answer: &Entry, request: &Movement) -> Result<Receipt, Failure> {
    match answer {
        Entry::Charged(movement) | Entry::Refunded(movement) if movement == request => Ok(receipt(movement)),
        answer => Err(again(answer)),
    }
}

/// The first answer of a key that did not bring what is asked for.
fn again(answer: &Entry) -> Failure {
    match answer {
        Entry::Refused { code, text, .. } => Failure::Declined { code: code.clone(), text: text.clone() },
        Entry::GivenUp { .. } => declined(GIVEN_UP),
        Entry::Stored { .. } | Entry::Forgotten { .. } | Entry::Charged(_) | Entry::Refunded(_) => {
            declined(OTHER_REQUEST)
        }
    }
}

/// What speaks against a refund: it must be of a charge in the same currency that has as much left.
fn excess(book: &Book, refund: &Refund) -> Option<Reason> {
    let taken = book.entries().iter().find_map(|entry| match entry {
        Entry::Charged(charge) if charge.transaction == refund.charge => Some(charge),
        _ => None,
    });
    let Some(taken) = taken.filter(|charge| charge.currency == refund.currency) else { return Some(UNKNOWN_CHARGE) };
    let given_back = book.entries().iter().filter_map(|entry| match entry {
        Entry::Refunded(earlier) if earlier.of == refund.charge => Some(earlier.amount),
        _ => None,
    });
    let total = Amount::sum(given_back.chain([refund.amount]));
    total.map_or(true, |total| total > taken.amount).then_some(TOO_MUCH)
}
