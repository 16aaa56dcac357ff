//! What the test gateway answers, by what its list says.

use money::Amount;

use super::{
    journal::{Book, Entry, Movement, Operation},
    magic::Reason,
};
use crate::{Failure, Receipt, Refund};

pub(super) const FORGOTTEN: Reason =
    Reason { code: "resource_missing", text: "The payment method is not stored any more." };
pub(super) const UNKNOWN_CHARGE: Reason = Reason { code: "resource_missing", text: "The charge is not known." };
const TOO_MUCH: Reason =
    Reason { code: "amount_too_large", text: "The refund is more than the charge took and was not given back." };
const OTHER_REQUEST: Reason =
    Reason { code: "idempotency_error", text: "The key was used before, with another amount or payment method." };
const GIVEN_UP: Reason = Reason { code: "canceled", text: "The gateway did not answer in time, and nothing was done." };
pub(super) const BAD_AMOUNT: Reason =
    Reason { code: "invalid_amount", text: "The amount must be positive and a whole number of minor units." };

pub(super) fn receipt(movement: &Movement) -> Receipt {
    Receipt { transaction: movement.transaction.clone(), authorization: Some(format!("auth_{}", movement.key)) }
}

pub(super) fn declined(Reason { code, text }: Reason) -> Failure {
    Failure::Declined { code: code.to_owned(), text: text.to_owned() }
}

pub(super) fn refuse<T>(operation: Operation, key: &str, reason: Reason) -> (Option<Entry>, Result<T, Failure>) {
    let Reason { code, text } = reason;
    let entry = Entry::Refused { operation, key: key.to_owned(), code: code.to_owned(), text: text.to_owned() };
    (Some(entry), Err(declined(reason)))
}

/// The first answer of a key, for the same request; another one is refused.
pub(super) fn answered(answer: &Entry, request: &Movement) -> Result<Receipt, Failure> {
    match answer {
        Entry::Charged(movement) | Entry::Refunded(movement) if movement.asks_the_same(request) => {
            Ok(receipt(movement))
        }
        answer => Err(again(answer)),
    }
}

/// The first answer of a key that did not bring what is asked for.
pub(super) fn again(answer: &Entry) -> Failure {
    match answer {
        Entry::Refused { code, text, .. } => Failure::Declined { code: code.clone(), text: text.clone() },
        Entry::GivenUp { .. } => declined(GIVEN_UP),
        Entry::Silent { .. } => silent(),
        Entry::Stored { .. } | Entry::Forgotten { .. } | Entry::Charged(_) | Entry::Refunded(_) => {
            declined(OTHER_REQUEST)
        }
    }
}

/// The charge of this name.
pub(super) fn charged<'b>(book: &'b Book, transaction: &str) -> Option<&'b Movement> {
    book.entries().iter().find_map(|entry| match entry {
        Entry::Charged(charge) if charge.transaction == transaction => Some(charge),
        _ => None,
    })
}

/// As the list has money that moved.
pub(super) fn moved(operation: Operation, movement: Movement) -> Entry {
    match operation {
        Operation::Refund => Entry::Refunded(movement),
        Operation::Charge | Operation::Store => Entry::Charged(movement),
    }
}

pub(super) fn silent() -> Failure {
    Failure::Unclear("the gateway says nothing of it".to_owned())
}

/// What speaks against a refund: it must be of a charge in the same currency that has as much left.
pub(super) fn excess(book: &Book, refund: &Refund) -> Option<Reason> {
    let Some(taken) = charged(book, &refund.charge).filter(|charge| charge.currency == refund.currency) else {
        return Some(UNKNOWN_CHARGE);
    };
    let given_back = book.entries().iter().filter_map(|entry| match entry {
        Entry::Refunded(earlier) if earlier.of == refund.charge => Some(earlier.amount),
        _ => None,
    });
    let total = Amount::sum(given_back.chain([refund.amount]));
    total.map_or(true, |total| total > taken.amount).then_some(TOO_MUCH)
}
