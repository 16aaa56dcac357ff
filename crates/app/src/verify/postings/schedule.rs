//! The schedule of a charge beside what the charge's settings give.

use billing::earning::{self, EarningRule};
use calendar::{Date, Instant, Zone, add_days};
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
    let (is_recalculated, is_reversed) = (stored.recalculated_on.is_some(), charge.reversed.amount.is_positive());
    findings.compare(Rule::EarningSchedule, place("recalculated_on"), is_reversed, is_recalculated);
    let mut compare = |column, expected: Amount, found: Amount| {
        findings.compare(Rule::EarningSchedule, place(column), expected, found);
    };
    if !is_recalculated {
        compare("earned_before", Amount::ZERO, stored.earned_before);
        compare("earned_discount_before", Amount::ZERO, stored.earned_discount_before);
    }
    let Some(next) = stored.next_due_on else {
        // What is never earned by itself is earned when its purchase is cancelled, or never.
        if charge.rule != Some(EarningRule::Never) {
            compare("earned", stored.amount, stored.earned);
            compare("earned_discount", stored.discount, stored.earned_discount);
        }
        return;
    };
    let (Some(rule), Some(currency)) = (charge.rule, charge.currency) else {
        return findings.disagrees(Rule::EarningSchedule, place("next_due_on"), "none, for want of settings", next);
    };
    let of = |amount, before| {
        let schedule = earning::Schedule::new(rule, stored.starts_on, amount, currency);
        schedule.map(|schedule| match stored.recalculated_on {
            Some(on) => schedule.recalculated(on, before),
            None => schedule,
        })
    };
    let amount = of(stored.amount, stored.earned_before);
    let (Ok(amount), Ok(discount)) = (amount, of(stored.discount, stored.earned_discount_before)) else {
        return findings.disagrees(Rule::EarningSchedule, place("amount"), "whole minor units", stored.amount);
    };
    let through = add_days(next, -1);
    compare("earned", amount.earned_by(through), stored.earned);
    compare("earned_discount", discount.earned_by(through), stored.earned_discount);
    let text = |date: Option<Date>| date.map_or_else(|| "none".to_owned(), |date| date.to_string());
    let expected = text(amount.next_due_after(through));
    findings.compare(Rule::EarningSchedule, place("next_due_on"), expected, text(Some(next)));
}

/// A schedule is recalculated on the day of a reversal.
pub(super) fn compare_recalculated(
    id: i64,
    stored: &StoredSchedule,
    reversed_at: &[Instant],
    zone: &Zone,
    findings: &mut Findings,
) {
    let Some(on) = stored.recalculated_on else { return };
    let is_day_of_one = reversed_at.iter().any(|at| zone.date_of(*at) == on);
    let text = |is_day_of_one| if is_day_of_one { "the day of a reversal" } else { "another day" };
    let place = place("earning_schedule", id, "recalculated_on");
    findings.compare(Rule::EarningSchedule, place, text(true), text(is_day_of_one));
}
