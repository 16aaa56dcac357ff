//! The schedule of a charge beside what the charge's settings give.

use billing::earning;
use calendar::{Date, Zone, add_days};
use money::Amount;
use store::verify::StoredSchedule;

use super::charge::Charge;
use crate::verify::{
    Rule,
    findings::{Findings, place},
};

/// Compares whose a schedule is, when it begins, what it has earned and what it waits for.
pub(super) fn compare(id: i64, charge: &Charge, stored: &StoredSchedule, zone: &Zone, findings: &mut Findings) {
    let place = |column| place("earning_schedule", id, column);
    if let Some(customer) = charge.customer {
        findings.compare(Rule::EarningSchedule, place("customer_id"), customer.0, stored.customer.0);
    }
    if let Some(at) = charge.effective_at {
        findings.compare(Rule::EarningSchedule, place("starts_on"), zone.date_of(at), stored.starts_on);
    }
    let mut compare = |column, expected: Amount, found: Amount| {
        findings.compare(Rule::EarningSchedule, place(column), expected, found);
    };
    let Some(next) = stored.next_due_on else {
        compare("earned", stored.amount, stored.earned);
        compare("earned_discount", stored.discount, stored.earned_discount);
        return;
    };
    // What was taken back of a charge that goes on to earn has left its place in no schedule that could be computed.
    if charge.reversed.amount.is_positive() {
        return;
    }
    let (Some(rule), Some(currency)) = (charge.rule, charge.currency) else {
        return findings.disagrees(Rule::EarningSchedule, place("next_due_on"), "none, for want of settings", next);
    };
    let of = |amount| earning::Schedule::new(rule, stored.starts_on, amount, currency);
    let (Ok(amount), Ok(discount)) = (of(stored.amount), of(stored.discount)) else {
        return findings.disagrees(Rule::EarningSchedule, place("amount"), "whole minor units", stored.amount);
    };
    let through = add_days(next, -1);
    compare("earned", amount.earned_by(through), stored.earned);
    compare("earned_discount", discount.earned_by(through), stored.earned_discount);
    let text = |date: Option<Date>| date.map_or_else(|| "none".to_owned(), |date| date.to_string());
    let expected = text(amount.next_due_after(through));
    findings.compare(Rule::EarningSchedule, place("next_due_on"), expected, text(Some(next)));
}
