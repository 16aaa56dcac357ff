//! Whether a customer is in good standing, and what becomes of one that is not: suspension after a grace period, and in the
//! end cancellation (customers.md §1.3, §1.4; receivables.md §14).

use calendar::{Date, days_of};

use crate::customer::{AccountStatus, CustomerStatus, StatusChange};

/// Where a customer stands, and since when. Days are of the account's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Service status.
    pub status: CustomerStatus,
    /// Accounting status.
    pub account_status: AccountStatus,
    /// The first of the consecutive days in poor standing.
    pub poor_on: Option<Date>,
    /// The day of the suspension.
    pub suspended_on: Option<Date>,
}

/// How long a customer may be in poor standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Days in poor standing after which an active customer is suspended; `None` for never.
    pub grace_days: Option<i64>,
    /// Further days after which a suspended customer is cancelled; `None` for never.
    pub cancel_after_days: Option<i64>,
}

impl Standing {
    /// The standing today, when something is overdue or nothing is. What a person set to `Collection` stays so, and its days
    /// are not counted.
    #[must_use]
    pub fn on(self, today: Date, is_poor: bool) -> Self {
        match (self.account_status, is_poor) {
            (AccountStatus::Collection, _) => Self { poor_on: None, ..self },
            (AccountStatus::Good | AccountStatus::PoorStanding, true) => {
                Self { account_status: AccountStatus::PoorStanding, poor_on: self.poor_on.or(Some(today)), ..self }
            }
            (AccountStatus::Good | AccountStatus::PoorStanding, false) => {
                Self { account_status: AccountStatus::Good, poor_on: None, ..self }
            }
        }
    }

    /// Whether a suspension has lost its reason.
    pub fn may_resume(&self) -> bool {
        self.status == CustomerStatus::Suspended && self.account_status == AccountStatus::Good
    }

    /// What the days in poor standing have come to.
    pub fn due(&self, today: Date, patience: Patience) -> Option<StatusChange> {
        let has_passed = |since: Option<Date>, days: Option<i64>| {
            since.zip(days).is_some_and(|(since, days)| days_between(since, today) >= days)
        };
        match self.status {
            CustomerStatus::Active if has_passed(self.poor_on, patience.grace_days) => Some(StatusChange::Suspend),
            CustomerStatus::Suspended if has_passed(self.suspended_on, patience.cancel_after_days) => {
                Some(StatusChange::Cancel)
            }
            CustomerStatus::Draft
            | CustomerStatus::Active
            | CustomerStatus::Hold
            | CustomerStatus::Suspended
            | CustomerStatus::Cancelled => None,
        }
    }

    /// In how many days an active customer in poor standing is suspended unless it pays; nothing when it is not going to be.
    pub fn days_until_suspension(&self, today: Date, patience: Patience) -> Option<i64> {
        if self.status != CustomerStatus::Active {
            return None;
        }
        let (since, days) = self.poor_on.zip(patience.grace_days)?;
        Some((days - days_between(since, today)).max(0))
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(days_of(to)) - i64::from(days_of(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> Date {
        calendar::date_from_days(number)
    }

    fn standing(status: CustomerStatus, account_status: AccountStatus, poor_on: Option<i32>) -> Standing {
        Standing { status, account_status, poor_on: poor_on.map(day), suspended_on: None }
    }

    #[test]
    fn the_first_poor_day_is_kept_until_nothing_is_overdue() {
        use AccountStatus::{Collection, Good, PoorStanding};
        let rows = [
            (Good, None, true, PoorStanding, Some(9)),
            (PoorStanding, Some(4), true, PoorStanding, Some(4)),
            (PoorStanding, Some(4), false, Good, None),
            (Good, None, false, Good, None),
            (Collection, Some(4), true, Collection, None),
            (Collection, None, false, Collection, None),
        ];
        for (account_status, since, is_poor, expected, expected_since) in rows {
            let now = standing(CustomerStatus::Active, account_status, since).on(day(9), is_poor);
            assert_eq!(now, standing(CustomerStatus::Active, expected, expected_since), "{account_status} {is_poor}");
        }
    }

    #[test]
    fn grace_ends_in_suspension_and_patience_in_cancellation() {
        use CustomerStatus::{Active, Cancelled, Hold, Suspended};
        let patience = Patience { grace_days: Some(5), cancel_after_days: Some(3) };
        let poor = |status, days| {
            let since = standing(status, AccountStatus::PoorStanding, Some(10));
            Standing { suspended_on: Some(day(10)), ..since }.due(day(10 + days), patience)
        };
        assert_eq!((poor(Active, 4), poor(Active, 5)), (None, Some(StatusChange::Suspend)));
        assert_eq!((poor(Suspended, 2), poor(Suspended, 3)), (None, Some(StatusChange::Cancel)));
        assert_eq!((poor(Hold, 99), poor(Cancelled, 99)), (None, None));
        let never = Patience { grace_days: None, cancel_after_days: None };
        assert_eq!(standing(Active, AccountStatus::PoorStanding, Some(1)).due(day(999), never), None);
        let good = standing(Active, AccountStatus::Good, None);
        assert_eq!(good.due(day(999), patience), None);
    }

    #[test]
    fn the_days_left_are_those_of_active_customers_in_poor_standing() {
        let patience = Patience { grace_days: Some(5), cancel_after_days: None };
        let left = |status, since| {
            let standing = standing(status, AccountStatus::PoorStanding, since);
            standing.days_until_suspension(day(12), patience)
        };
        assert_eq!(left(CustomerStatus::Active, Some(10)), Some(3));
        assert_eq!(left(CustomerStatus::Active, Some(2)), Some(0));
        assert_eq!(left(CustomerStatus::Active, None), None);
        assert_eq!(left(CustomerStatus::Suspended, Some(10)), None);
    }
}
