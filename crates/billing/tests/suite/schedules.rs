//! The laws of every earning schedule: parts add up, days ascend, and every question has one answer.

use billing::earning::{EarningInterval, EarningRule, EarningTimingInterval, EarningTimingType, Part, Schedule};
use calendar::{Date, add_days};
use money::{Amount, Currency};
use proptest::{prelude::*, sample::select};

use crate::{
    earning::settings,
    make::{any_currency, date},
};

fn any_rule() -> impl Strategy<Value = EarningRule> {
    let interval = prop_oneof![
        (1..=40_i64).prop_map(|count| (count, EarningInterval::Monthly)),
        (1..=4_i64).prop_map(|count| (count, EarningInterval::Yearly)),
    ];
    let timing = select(vec![
        EarningTimingInterval::Daily,
        EarningTimingInterval::Monthly,
        EarningTimingInterval::Yearly,
        EarningTimingInterval::Interval,
        EarningTimingInterval::EarnImmediately,
    ]);
    let falls = select(vec![EarningTimingType::StartOfInterval, EarningTimingType::EndOfInterval]);
    (interval, timing, falls)
        .prop_map(|(period, timing, falls)| settings(Some(period), timing, Some(falls)).rule().unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..4_000_i64).prop_map(|days| add_days(date("2019-06-01"), days))
}

/// Of both signs, as discounts may be counted below zero.
fn any_schedule() -> impl Strategy<Value = (Schedule, Currency)> {
    (any_rule(), any_date(), -10_000_000..10_000_000_i64, any_currency()).prop_map(
        |(rule, posted_on, units, currency)| {
            let amount = Amount::from_millionths(units * currency.minor_unit().millionths());
            (Schedule::new(rule, posted_on, amount, currency).unwrap(), currency)
        },
    )
}

fn sum(parts: impl Iterator<Item = Part>) -> Amount {
    Amount::sum(parts.map(|part| part.amount)).unwrap()
}

proptest! {
    #[test]
    fn parts_add_up_in_order((schedule, currency) in any_schedule()) {
        let parts: Vec<Part> = schedule.parts().collect();
        prop_assert_eq!(sum(parts.iter().copied()), schedule.amount());
        prop_assert!(parts.is_sorted_by(|earlier, later| earlier.on < later.on), "one part a day");
        let is_negative = schedule.amount().is_negative();
        for part in parts {
            prop_assert!(part.amount.is_whole(currency));
            prop_assert!(part.amount.is_zero() || part.amount.is_negative() == is_negative);
        }
    }

    #[test]
    fn a_day_has_earned_the_parts_up_to_it((schedule, _) in any_schedule(), day in any_date()) {
        let earned = schedule.earned_by(day);
        prop_assert_eq!(earned, sum(schedule.parts().filter(|part| part.on <= day)));
        let next = schedule.parts().find(|part| part.on > day).map(|part| part.on);
        prop_assert_eq!(schedule.next_due_after(day), next);
    }

    #[test]
    fn earning_goes_one_way((schedule, _) in any_schedule(), one in any_date(), other in any_date()) {
        let (earlier, later) = (schedule.earned_by(one.min(other)), schedule.earned_by(one.max(other)));
        let grown = later.checked_sub(earlier).unwrap();
        prop_assert!(grown.is_zero() || grown.is_negative() == schedule.amount().is_negative());
    }

    #[test]
    fn runs_earn_each_part_once((schedule, _) in any_schedule(), mut days in proptest::collection::vec(any_date(), 0..8)) {
        days.sort_unstable();
        let mut earned = Vec::new();
        let mut last = None;
        for day in days.into_iter().chain([calendar::LAST_DATE]) {
            earned.extend(schedule.parts_due(last, day));
            last = Some(day);
        }
        prop_assert_eq!(earned, schedule.parts().collect::<Vec<_>>());
    }

    #[test]
    fn discounts_earn_as_charges_do((schedule, _) in any_schedule(), rule in any_rule(), day in any_date()) {
        let posted_on = date("2020-02-29");
        let of = |amount| Schedule::new(rule, posted_on, amount, Currency::JPY).unwrap();
        let amount = Amount::from_millionths(schedule.amount().millionths() / money::MILLIONTHS * money::MILLIONTHS);
        prop_assert_eq!(of(amount).earned_by(day).negated(), of(amount.negated()).earned_by(day));
    }
}
