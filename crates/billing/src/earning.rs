//! When revenue is earned: the settings a product carries and a purchase may override (purchases.md §6).

use crate::named::named;

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
    /// Length of the period in units; positive.
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
    OverTime,
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
    /// A period has a length.
    #[error("earningNumberOfIntervals must be between 1 and 1200.")]
    LengthInvalid,
}

impl EarningSettings {
    /// Longest period: a century of months.
    pub const INTERVALS_MAX: i64 = 1200;

    /// What the settings mean, or why they mean nothing.
    pub fn rule(&self) -> Result<EarningRule, EarningError> {
        use EarningTimingInterval as Timing;
        if self.number_of_intervals.is_some_and(|n| !(1..=Self::INTERVALS_MAX).contains(&n)) {
            return Err(EarningError::LengthInvalid);
        }
        match self.timing_interval {
            None => Err(EarningError::TimingMissing),
            Some(Timing::EarnImmediately) => Ok(EarningRule::Immediately),
            Some(Timing::DoesNotEarn) => Ok(EarningRule::Never),
            Some(Timing::Daily | Timing::Monthly | Timing::Yearly | Timing::Interval) => {
                if self.timing_type == Some(EarningTimingType::DoesNotEarn) {
                    Ok(EarningRule::Never)
                } else if self.interval.is_none() || self.number_of_intervals.is_none() {
                    Err(EarningError::PeriodMissing)
                } else {
                    Ok(EarningRule::OverTime)
                }
            }
        }
    }
}
