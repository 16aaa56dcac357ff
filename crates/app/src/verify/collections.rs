//! Attempts through payment gateways: how they ended against what they brought.

use std::fmt::{self, Display};

use billing::{collection::CollectionState, id::AccountId, named::Named as _, payment_activity::ActivityStatus};
use db::{Error, Tx};
use money::Amount;
use store::verify::StoredCollection;

use super::{
    Rule,
    findings::{Findings, place},
};

/// Compares every attempt with its collection, and with the payment or refund that it brought.
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    store::verify::each_collection(tx, account, |stored| {
        check_end(&stored, findings);
        let has_succeeded = ActivityStatus::from_name(stored.status) == Some(ActivityStatus::Successful);
        let expected = Brought(has_succeeded.then_some(stored.amount));
        let place = place("payment_activity", stored.id, "amount");
        findings.compare(Rule::CollectionMoney, place, expected, Brought(stored.brought));
    })
}

fn check_end(stored: &StoredCollection<'_>, findings: &mut Findings) {
    let place = |column| place("collection", stored.id, column);
    let Some(state) = stored.state else {
        return findings.disagrees(Rule::CollectionEnd, place("activity_id"), stored.id, "none");
    };
    let status = ActivityStatus::from_name(stored.status);
    let is_open = |is_open| if is_open { "open" } else { "ended" };
    let expected = is_open(status == Some(ActivityStatus::Unknown));
    let found = is_open(CollectionState::from_name(state) != Some(CollectionState::Ended));
    findings.compare(Rule::CollectionEnd, place("state"), expected, found);
    let named = |is_named| if is_named { "what moved" } else { "nothing" };
    let expected = named(status == Some(ActivityStatus::Successful));
    findings.compare(Rule::CollectionEnd, place("transaction_name"), expected, named(stored.has_transaction));
}

/// What an attempt brought, if anything.
#[derive(PartialEq, Eq)]
struct Brought(Option<Amount>);

impl Display for Brought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(amount) => amount.fmt(f),
            None => f.write_str("none"),
        }
    }
}
