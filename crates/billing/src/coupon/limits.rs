//! The limits of what a caller writes of a coupon (catalog.md §8).

use calendar::Instant;

use super::{CouponFields, Eligibility};
use crate::problem::Problems;

impl CouponFields {
    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check_limits(&self, problems: &mut Problems) {
        if self.name.trim().is_empty() {
            problems.required("Name");
        }
        problems.check_length("Name", &self.name, 255);
        if let Some(description) = &self.description {
            problems.check_length("Description", description, 500);
        }
        self.check_codes(problems);
        check_windows(&self.eligibilities, problems);
        for (index, plan) in self.plans.iter().enumerate() {
            if self.plans[..index].iter().any(|earlier| earlier.plan == plan.plan) {
                problems.item("Plans", index, |problems| problems.push("Id", "A plan is given more than once."));
            }
        }
    }

    fn check_codes(&self, problems: &mut Problems) {
        for (index, code) in self.codes.iter().enumerate() {
            problems.item("CouponCodes", index, |problems| {
                if code.code.trim().is_empty() {
                    problems.required("Code");
                }
                problems.check_length("Code", &code.code, 255);
                if self.codes[..index].iter().any(|earlier| earlier.code == code.code) {
                    problems.push("Code", format!("Code {} is given more than once.", code.code));
                }
                if code.remaining_usages.is_some_and(i64::is_negative) {
                    problems.push("RemainingUsages", "RemainingUsages must not be negative.");
                }
            });
        }
    }
}

/// A window does not end before it starts, and none begins before the one before it has ended.
fn check_windows(windows: &[Eligibility], problems: &mut Problems) {
    for (index, window) in windows.iter().enumerate() {
        problems.item("Eligibilities", index, |problems| {
            if span(window).0 > span(window).1 {
                problems.push("EndDate", "EndDate must not be before StartDate.");
            } else if windows[..index].iter().any(|earlier| overlap(earlier, window)) {
                problems.push("", "Eligibilities must not overlap.");
            }
        });
    }
}

fn span(window: &Eligibility) -> (Instant, Instant) {
    (window.starts_at.unwrap_or(Instant::NEVER_SET), window.ends_at.unwrap_or(Instant::MAX))
}

fn overlap(one: &Eligibility, other: &Eligibility) -> bool {
    span(one).0 <= span(other).1 && span(other).0 <= span(one).1
}
