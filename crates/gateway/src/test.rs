//! The test gateway: no money moves, and a table of numbers and amounts says what happens (docs/payments.md). Everything else
//! is as with a real one, so that what was recorded can be compared with the gateway's own list.

mod answer;
mod journal;
mod magic;

use std::{io, path::Path, thread, time::Duration};

use answer::{
    BAD_AMOUNT, FORGOTTEN, UNKNOWN_CHARGE, again, answered, charged, declined, excess, moved, receipt, refuse, silent,
};
use billing::{
    instrument::{Card, ExposeSecret as _, Instrument, SecretString},
    payment_method::{CardBrand, Face},
};
use calendar::Instant;
use journal::{Book, Journal};
use magic::{Behaviour, RETURN_DAYS, Reason};
use money::Amount;

pub use journal::{Entry, Movement, Operation};

use crate::{Charge, Failure, Gateway, Receipt, Refund, Settled, Source, Token, Trace, Vaulted, minor};

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
        let (own, face) = match &charge.source {
            Source::Provided(instrument) => (Behaviour::of(instrument), face(instrument)),
            Source::Stored { token, face } => (behaviour(token)?, face.clone()),
        };
        let behaviour = if matches!(own, Behaviour::Refuse(_) | Behaviour::RefuseLater(_)) {
            own
        } else if has_expired(&face, charge.at) {
            Behaviour::Refuse(magic::EXPIRED)
        } else if own == Behaviour::Approve {
            Behaviour::of_amount(units)
        } else {
            own
        };
        let movement = Movement {
            key: charge.key.clone(),
            transaction: format!("charge_{}", charge.key),
            amount: charge.amount,
            currency: charge.currency,
            of: face.label(),
            returns_at: matches!(behaviour, Behaviour::Return).then(|| charge.at.plus_days(RETURN_DAYS)),
        };
        self.attempt(Operation::Charge, movement, behaviour, |book| match &charge.source {
            Source::Stored { token, .. } if book.is_forgotten(token.0.expose_secret()) => Some(FORGOTTEN),
            Source::Stored { .. } | Source::Provided(_) => None,
        })
    }

    fn settle(&self, charge_key: &str) -> Result<Settled, Failure> {
        self.end(Operation::Charge, charge_key)
    }

    fn returned(&self, charge: &str, now: Instant) -> Result<Option<String>, Failure> {
        self.decide(|book| {
            let taken = charged(book, charge).ok_or_else(|| declined(UNKNOWN_CHARGE));
            let is_returned = |taken: &Movement| taken.returns_at.is_some_and(|at| at <= now);
            (None, taken.map(|taken| is_returned(taken).then(|| magic::RETURNED.to_owned())))
        })
    }

    fn keeps(&self, trace: &Trace) -> Result<bool, Failure> {
        self.decide(|book| {
            let keeps = match trace {
                Trace::Charge(charge) => charged(book, charge).is_some(),
                Trace::Stored(token) => book.has_stored(token.0.expose_secret()),
            };
            (None, Ok(keeps))
        })
    }

    fn refund(&self, refund: &Refund) -> Result<Receipt, Failure> {
        let units = positive(refund.amount, minor::units(refund.amount, refund.currency))?;
        let movement = Movement {
            key: refund.key.clone(),
            transaction: format!("refund_{}", refund.key),
            amount: refund.amount,
            currency: refund.currency,
            of: refund.charge.clone(),
            returns_at: None,
        };
        self.attempt(Operation::Refund, movement, Behaviour::of_refund(units), |book| excess(book, refund))
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
                Behaviour::Approve
                | Behaviour::TimeOut
                | Behaviour::LoseAnswer
                | Behaviour::Slow
                | Behaviour::Silent
                | Behaviour::TellLate
                | Behaviour::Return => objection(book),
            };
            match (refusal, behaviour) {
                (Some(reason), _) => refuse(operation, &key, reason),
                (None, Behaviour::TimeOut) => (None, Err(Failure::Unclear("the call timed out".to_owned()))),
                (None, Behaviour::Silent) => (Some(Entry::Silent { operation, key, movement: None }), Err(silent())),
                (None, Behaviour::TellLate) => {
                    (Some(Entry::Silent { operation, key, movement: Some(movement) }), Err(silent()))
                }
                (None, _) => {
                    let receipt = receipt(&movement);
                    let entry = moved(operation, movement);
                    let is_lost = behaviour == Behaviour::LoseAnswer;
                    let lost = || Err(Failure::Unclear("the connection was lost before the answer".to_owned()));
                    (Some(entry), if is_lost { lost() } else { Ok(receipt) })
                }
            }
        })
    }

    /// What became of a key, for good: one that was never seen is refused from now on. Where nobody is told, nobody is told.
    fn end(&self, operation: Operation, key: &str) -> Result<Settled, Failure> {
        self.decide(|book| {
            let (entry, settled) = match book.answer(operation, key) {
                Some(Entry::Charged(movement) | Entry::Refunded(movement)) => (None, Settled::Moved(receipt(movement))),
                Some(Entry::Silent { movement, .. }) => {
                    return (movement.clone().map(|movement| moved(operation, movement)), Err(silent()));
                }
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

fn has_expired(face: &Face, at: Instant) -> bool {
    match face {
        Face::Card { expiration, .. } => expiration.has_passed(at),
        Face::BankAccount { .. } => false,
    }
}
