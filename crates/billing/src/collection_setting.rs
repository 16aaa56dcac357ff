//! How an account collects what falls due, and how long it waits for money (receivables.md §14). Customers may differ.

use crate::{
    customer::{AutoCollectSettingType, BillingSetting},
    problem::Problems,
    standing::Patience,
};

/// Most retries of a failed automatic collection.
pub const RETRY_COUNT_MAX: usize = 10;
/// The latest retry, in days after the first attempt.
pub const RETRY_DAY_MAX: i64 = 365;
/// Longest grace period and longest time until a suspended customer is cancelled, in days.
pub const DAYS_MAX: i64 = 3_650;

/// How an account collects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionSetting {
    /// What falls due is charged to the default payment methods of customers that do not say otherwise.
    pub auto_collect: bool,
    /// What that takes; not `Threshold`, whose amounts are a customer's own.
    pub auto_collect_setting_type: AutoCollectSettingType,
    /// On which days after a first failed attempt it is tried again: ascending, each at least 1. None for never.
    pub dunning_days: Vec<i64>,
    /// Days in poor standing before a suspension, of customers that have none of their own.
    pub grace_period: i64,
    /// Customers whose grace period has ended are suspended.
    pub auto_suspend: bool,
    /// Days after which suspended customers are cancelled; `None` for never.
    pub cancel_after_days: Option<i64>,
}

impl Default for CollectionSetting {
    /// Nothing happens by itself; whoever collects automatically retries after 1, 3 and 5 days.
    fn default() -> Self {
        Self {
            auto_collect: false,
            auto_collect_setting_type: AutoCollectSettingType::CurrentInvoice,
            dunning_days: vec![1, 3, 5],
            grace_period: 30,
            auto_suspend: false,
            cancel_after_days: None,
        }
    }
}

impl CollectionSetting {
    /// How long a customer with such settings may be in poor standing.
    pub fn patience(&self, own: &BillingSetting) -> Patience {
        let grace = own.customer_grace_period.unwrap_or(self.grace_period) + own.grace_period_extension.unwrap_or(0);
        Patience { grace_days: self.auto_suspend.then_some(grace), cancel_after_days: self.cancel_after_days }
    }

    /// Records every field that is beyond its limits, under its name on the wire.
    pub fn check(&self, problems: &mut Problems) {
        if self.auto_collect_setting_type == AutoCollectSettingType::Threshold {
            let text = "Threshold needs amounts, which only customers have: set it in their billing settings.";
            problems.push("AutoCollectSettingType", text);
        }
        let days = &self.dunning_days;
        let is_ascending = days.windows(2).all(|pair| pair[0] < pair[1]);
        let is_within = days.iter().all(|day| (1..=RETRY_DAY_MAX).contains(day));
        if days.len() > RETRY_COUNT_MAX || !is_ascending || !is_within {
            problems.push(
                "DunningDays",
                format!(
                    "The field DunningDays takes up to {RETRY_COUNT_MAX} ascending days from 1 to {RETRY_DAY_MAX}."
                ),
            );
        }
        let periods = [("GracePeriod", Some(self.grace_period), 0), ("CancelAfterDays", self.cancel_after_days, 1)];
        for (name, days, days_min) in periods {
            if days.is_some_and(|days| !(days_min..=DAYS_MAX).contains(&days)) {
                problems.push(name, format!("The field {name} must be between {days_min} and {DAYS_MAX}."));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_its_own_grace_and_an_extension_of_any() {
        let account = CollectionSetting { grace_period: 7, auto_suspend: true, ..CollectionSetting::default() };
        let grace = |customer_grace_period, grace_period_extension| {
            let own = BillingSetting { customer_grace_period, grace_period_extension, ..BillingSetting::default() };
            account.patience(&own).grace_days
        };
        assert_eq!([grace(None, None), grace(None, Some(2)), grace(Some(3), None)], [Some(7), Some(9), Some(3)]);
        assert_eq!(grace(Some(0), Some(0)), Some(0));
        assert_eq!(CollectionSetting::default().patience(&BillingSetting::default()).grace_days, None);
    }

    #[test]
    fn limits() {
        let fields = |setting: &CollectionSetting| {
            let mut problems = Problems::new();
            setting.check(&mut problems);
            let found = problems.into_result().err().unwrap_or_default();
            found.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(&CollectionSetting::default()), Vec::<String>::new());
        let largest = CollectionSetting {
            dunning_days: (356..=365).collect(),
            grace_period: 3_650,
            cancel_after_days: Some(1),
            ..CollectionSetting::default()
        };
        assert_eq!(fields(&largest), Vec::<String>::new());
        let wrong = CollectionSetting {
            auto_collect_setting_type: AutoCollectSettingType::Threshold,
            dunning_days: vec![3, 3],
            grace_period: -1,
            cancel_after_days: Some(0),
            ..CollectionSetting::default()
        };
        assert_eq!(fields(&wrong), ["AutoCollectSettingType", "DunningDays", "GracePeriod", "CancelAfterDays"]);
        for days in [vec![0], vec![366], vec![2, 1], (1..=11).collect()] {
            let wrong = CollectionSetting { dunning_days: days, ..CollectionSetting::default() };
            assert_eq!(fields(&wrong), ["DunningDays"]);
        }
    }
}
