//! When which part of a charge is earned. A schedule is fixed when the charge posts: it follows from the rule, the
//! day and the amount alone, and from what a reversal left of it, so it is computed when it is asked for and never stored
//! part by part.

use std::mem;

use calendar::{Date, add_days, days_of};
use money::{Amount, Currency, NumberError};

use super::EarningRule;

/// How an amount is earned. The discounts of a charge earn on the same schedule with their own amount
/// (purchases.md §6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    spread: Spread,
    posted_on: Date,
    amount: Amount,
    currency: Currency,
    /// How many parts had passed when it was last recalculated, and what of the amount was earned by then.
    passed: (i64, Amount),
}

/// How an amount is spread over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// As the settings of a charge say.
    By(EarningRule),
    /// A part a day, for so many days; positive.
    Days(i64),
}

/// One part of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The day it is earned.
    pub on: Date,
    /// What is earned; nothing when an amount has fewer minor units than parts.
    pub amount: Amount,
}

impl Schedule {
    /// The schedule of an amount that posts on `posted_on`, in the account's zone. Refuses an amount that is not in
    /// whole minor units ([`NumberError::NotWhole`]).
    pub fn new(rule: EarningRule, posted_on: Date, amount: Amount, currency: Currency) -> Result<Self, NumberError> {
        if !amount.is_whole(currency) {
            return Err(NumberError::NotWhole);
        }
        Ok(Self { spread: Spread::By(rule), posted_on, amount, currency, passed: (0, Amount::ZERO) })
    }

    /// The schedule of an amount that is earned in a part a day, from one day through another, each on its own day. One that
    /// ends before it starts is earned on its first day. Refuses an amount that is not in whole minor units.
    pub fn daily(from: Date, through: Date, amount: Amount, currency: Currency) -> Result<Self, NumberError> {
        let days = i64::from(days_of(through)) - i64::from(days_of(from)) + 1;
        let schedule = Self::new(EarningRule::Immediately, from, amount, currency)?;
        Ok(Self { spread: Spread::Days(days.max(1)), ..schedule })
    }

    /// The schedule after a reversal at the end of `on` that left its amount, of which `earned` is earned: the rest is
    /// spread over the parts to come in proportion to their length. Of the parts before nothing is known any more.
    #[must_use]
    pub fn recalculated(self, on: Date, earned: Amount) -> Self {
        Self { passed: (self.parts_by(on), earned), ..self }
    }

    /// All that is earned, sooner or later; for [`EarningRule::Never`] what stays deferred.
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// Every part, by day. The amounts add up to the amount exactly, unless nothing is ever earned.
    pub fn parts(&self) -> impl Iterator<Item = Part> + use<> {
        self.numbered(1, self.part_count())
    }

    /// The parts that fall after one day, or ever, and no later than another: what is to be earned now when
    /// everything up to `after` has been.
    pub fn parts_due(&self, after: Option<Date>, through: Date) -> impl Iterator<Item = Part> + use<> {
        let earlier = after.map_or(0, |after| self.parts_by(after));
        self.numbered(earlier + 1, self.parts_by(through))
    }

    /// The day of the first part after `date`; `None` when nothing is left to wait for.
    pub fn next_due_after(&self, date: Date) -> Option<Date> {
        let next = self.parts_by(date) + 1;
        (next <= self.part_count()).then(|| self.falls_on(next))
    }

    /// What is earned by the end of `date`: the sum of the parts up to it.
    pub fn earned_by(&self, date: Date) -> Amount {
        self.earned_with(self.parts_by(date))
    }

    fn numbered(&self, first: i64, last: i64) -> impl Iterator<Item = Part> + use<> {
        let schedule = *self;
        (first..=last).scan(self.earned_with(first - 1), move |before, number| {
            let earned = schedule.earned_with(number);
            let amount = less(earned, mem::replace(before, earned));
            Some(Part { on: schedule.falls_on(number), amount })
        })
    }

    fn part_count(&self) -> i64 {
        match self.spread {
            Spread::By(EarningRule::Immediately) => 1,
            Spread::By(EarningRule::Never) => 0,
            Spread::By(EarningRule::OverTime(period)) => period.part_count(self.posted_on),
            Spread::Days(days) => days,
        }
    }

    fn parts_by(&self, date: Date) -> i64 {
        match self.spread {
            Spread::By(EarningRule::Immediately) => i64::from(date >= self.posted_on),
            Spread::By(EarningRule::Never) => 0,
            Spread::By(EarningRule::OverTime(period)) => period.parts_by(date, self.posted_on),
            Spread::Days(days) => (i64::from(days_of(date)) - i64::from(days_of(self.posted_on)) + 1).clamp(0, days),
        }
    }

    fn falls_on(&self, number: i64) -> Date {
        match self.spread {
            Spread::By(EarningRule::Immediately | EarningRule::Never) => self.posted_on,
            Spread::By(EarningRule::OverTime(period)) => period.falls_on(number, self.posted_on),
            Spread::Days(_) => add_days(self.posted_on, number - 1),
        }
    }

    /// What the first parts earn together. Rounding this sum, not each part, keeps every sum exact.
    fn earned_with(&self, parts: i64) -> Amount {
        let (passed, earned) = self.passed;
        if parts <= passed {
            return earned;
        }
        match self.spread {
            Spread::By(EarningRule::Never) => earned,
            Spread::By(EarningRule::Immediately) => self.amount,
            Spread::By(EarningRule::OverTime(period)) => {
                self.earned_over(parts, |parts| period.length_of(parts, self.posted_on), period.length(self.posted_on))
            }
            Spread::Days(days) => self.earned_over(parts, |parts| parts, days),
        }
    }

    /// What more parts than had passed at the last recalculation earn together, of so long a period.
    fn earned_over(&self, parts: i64, length_of: impl Fn(i64) -> i64, length: i64) -> Amount {
        let (before, earned) = self.passed;
        let (passed, whole) = (length_of(parts) - length_of(before), length - length_of(before));
        let rest = less(self.amount, earned);
        // A share of an amount in whole minor units is never larger than it, so it always fits.
        let share = rest.portion(passed, whole, self.currency).unwrap_or(rest);
        Amount::from_millionths(earned.millionths() + share.millionths())
    }
}

/// The difference of two amounts that lie on the same side of zero, which always fits.
fn less(from: Amount, other: Amount) -> Amount {
    Amount::from_millionths(from.millionths() - other.millionths())
}
