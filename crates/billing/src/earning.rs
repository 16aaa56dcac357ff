//! When revenue is earned: the settings a product carries and a purchase may override (purchases.md §6).

mod period;
mod schedule;

use self::period::{Cut, Falls, MONTHS_OF_A_YEAR};
pub use self::{
    period::Period,
    schedule::{Part, Schedule},
};
use crate::{named::named, problem::Problems, product::ProductType};

named! {
    /// Unit of the custom earning period.
    pub enum EarningInterval {
        /// A calendar month.
        Monthly => "Monthly",
        /// A calendar year.
        Yearly => "Yearly",
    }
}

named! {
    /// How the earning period is cut into parts.
    pub enum EarningTimingInterval {
        /// One part a day.
        Daily => "Daily",
        /// One part a month.
        Monthly => "Monthly",
        /// One part a year.
        Yearly => "Yearly",
        /// One part for the whole period.
        Interval => "Interval",
        /// Deferred until reversed or cancelled.
        DoesNotEarn => "DoesNotEarn",
        /// All at posting.
        EarnImmediately => "EarnImmediately",
    }
}

named! {
    /// Where in each part the revenue falls.
    pub enum EarningTimingType {
        /// At its start.
        StartOfInterval => "StartOfInterval",
        /// At its end.
        EndOfInterval => "EndOfInterval",
        /// Nowhere: deferred until reversed or cancelled.
        DoesNotEarn => "DoesNotEarn",
    }
}

/// The four settings as they are written; [`EarningSettings::rule`] says what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EarningSettings {
    /// Unit of the earning period.
    pub interval: Option<EarningInterval>,
    /// Length of the period in units; positive where there is one.
    pub number_of_intervals: Option<i64>,
    /// How the period is cut.
    pub timing_interval: Option<EarningTimingInterval>,
    /// Where in each cut the revenue falls.
    pub timing_type: Option<EarningTimingType>,
}

/// What the settings mean for a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarningRule {
    /// All at posting.
    Immediately,
    /// Never by itself.
    Never,
    /// In parts over a period.
    OverTime(Period),
}

/// Why settings mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EarningError {
    /// A cut needs a period to be cut.
    #[error("earningInterval and earningNumberOfIntervals are required for this earningTimingInterval.")]
    PeriodMissing,
    /// A period needs a cut.
    #[error("earningTimingInterval is required.")]
    TimingMissing,
    /// Revenue falls somewhere in each cut.
    #[error("earningTimingType is required for this earningTimingInterval.")]
    TypeMissing,
    /// A period has a length.
    #[error("earningNumberOfIntervals must be between 1 and 1200.")]
    LengthInvalid,
}

impl EarningSettings {
    /// Longest period: a century of months.
    pub const INTERVALS_MAX: i64 = 1200;

    /// All at posting.
    pub const IMMEDIATELY: Self = Self {
        interval: None,
        number_of_intervals: None,
        timing_interval: Some(EarningTimingInterval::EarnImmediately),
        timing_type: None,
    };

    /// The settings that hold for a product of this type, whatever was asked for: physical goods always earn
    /// immediately (purchases.md §6.1).
    #[must_use]
    pub fn for_product(self, product_type: ProductType) -> Self {
        match product_type {
            ProductType::PhysicalGood => Self::IMMEDIATELY,
            ProductType::OneTimeCharge | ProductType::RecurringService => self,
        }
    }

    /// Records what is wrong with the settings of a product of this type: they must mean something, and goods are earned at
    /// once, always (catalog.md §2.2).
    pub fn check(&self, product_type: Option<ProductType>, problems: &mut Problems) {
        let is_good = product_type == Some(ProductType::PhysicalGood);
        match self.rule() {
            Err(error) => problems.push("", error.to_string()),
            Ok(EarningRule::Never | EarningRule::OverTime(_)) if is_good => {
                problems.push("EarningTimingInterval", "Products of type PhysicalGood are always earned immediately.");
            }
            Ok(_) => {}
        }
    }

    /// What the settings mean, or why they mean nothing. Members that would not be looked at may hold anything
    /// (purchases.md §6.2).
    pub fn rule(&self) -> Result<EarningRule, EarningError> {
        use EarningTimingInterval as Timing;
        let cut = match (self.timing_interval, self.timing_type) {
            (Some(Timing::EarnImmediately), _) => return Ok(EarningRule::Immediately),
            (Some(Timing::DoesNotEarn), _) | (_, Some(EarningTimingType::DoesNotEarn)) => {
                return Ok(EarningRule::Never);
            }
            (None, _) => return Err(EarningError::TimingMissing),
            (Some(Timing::Daily), _) => Cut::Days,
            (Some(Timing::Monthly), _) => Cut::Months(1),
            (Some(Timing::Yearly), _) => Cut::Months(MONTHS_OF_A_YEAR),
            (Some(Timing::Interval), _) => Cut::Whole,
        };
        let (interval, count) = self.interval.zip(self.number_of_intervals).ok_or(EarningError::PeriodMissing)?;
        if !(1..=Self::INTERVALS_MAX).contains(&count) {
            return Err(EarningError::LengthInvalid);
        }
        let months = match interval {
            EarningInterval::Monthly => count,
            EarningInterval::Yearly => count * MONTHS_OF_A_YEAR,
        };
        let falls = match self.timing_type {
            Some(EarningTimingType::StartOfInterval) => Falls::AtStart,
            Some(EarningTimingType::EndOfInterval) => Falls::AtEnd,
            Some(EarningTimingType::DoesNotEarn) | None => return Err(EarningError::TypeMissing),
        };
        Ok(EarningRule::OverTime(Period { months, cut, falls }))
    }
}
