//! What an opening deferral says of itself, beside what its days and its amount give.

use billing::{earning::Schedule, id::CustomerId};
use calendar::{Date, add_days};
use money::{Amount, Currency};
use store::verify::{StoredDeferral, StoredFact};

use super::revenue::Revenue;
use crate::verify::{
    Rule,
    findings::{Findings, place},
};

/// An opening deferral under way.
pub(super) struct Deferral {
    pub(super) customer: Option<CustomerId>,
    amount: Amount,
    earned: Amount,
    reversed: Amount,
    has_reversal: bool,
    next_due_on: Option<Date>,
    /// `None` when no schedule can be made of its days and its amount.
    schedule: Option<Schedule>,
}

impl Deferral {
    pub(super) fn new(fact: &StoredFact<'_>, stored: &StoredDeferral<'_>) -> Self {
        let StoredDeferral { earned, reversed, has_reversal, next_due_on, .. } = *stored;
        let currency = Currency::parse(stored.currency);
        let schedule =
            currency.and_then(|currency| Schedule::daily(stored.starts_on, stored.ends_on, fact.amount, currency).ok());
        let (customer, amount) = (fact.customer, fact.amount);
        Self { customer, amount, earned, reversed, has_reversal, next_due_on, schedule }
    }

    /// Compares it with the ledger and with its schedule.
    pub(super) fn compare(&self, id: i64, revenue: &Revenue, findings: &mut Findings) {
        let place = |column| place("opening_deferral", id, column);
        revenue.compare_deferral(id, self.amount, [self.earned, self.reversed], findings);
        findings.compare(Rule::OpeningDeferral, place("reversal_id"), self.reversed.is_positive(), self.has_reversal);
        let Some(next) = self.next_due_on else {
            let rest = Amount::from_millionths(self.amount.millionths().saturating_sub(self.earned.millionths()));
            return findings.compare(Rule::OpeningDeferral, place("reversed"), rest, self.reversed);
        };
        let Some(schedule) = self.schedule else {
            return findings.disagrees(Rule::OpeningDeferral, place("amount"), "whole minor units", self.amount);
        };
        let through = add_days(next, -1);
        findings.compare(Rule::OpeningDeferral, place("earned"), schedule.earned_by(through), self.earned);
        let text = |date: Option<Date>| date.map_or_else(|| "none".to_owned(), |date| date.to_string());
        let expected = text(schedule.next_due_after(through));
        findings.compare(Rule::OpeningDeferral, place("next_due_on"), expected, text(Some(next)));
    }
}
