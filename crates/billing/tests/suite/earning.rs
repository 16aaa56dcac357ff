//! When a charge is earned: every row of purchases.md §6.2, and what the settings mean.

use billing::{
    earning::{
        EarningError, EarningInterval, EarningRule, EarningSettings, EarningTimingInterval, EarningTimingType, Part,
        Schedule,
    },
    product::ProductType,
};
use calendar::Date;
use money::{Amount, Currency, NumberError};

use crate::make::{amount, date};
use EarningInterval::{Monthly, Yearly};
use EarningTimingType::{EndOfInterval, StartOfInterval};

type Timing = EarningTimingInterval;

pub(crate) fn settings(
    period: Option<(i64, EarningInterval)>,
    timing: Timing,
    timing_type: Option<EarningTimingType>,
) -> EarningSettings {
    EarningSettings {
        interval: period.map(|(_, interval)| interval),
        number_of_intervals: period.map(|(count, _)| count),
        timing_interval: Some(timing),
        timing_type,
    }
}

fn schedule(period: (i64, EarningInterval), timing: Timing, falls: EarningTimingType, posted_on: &str) -> Schedule {
    let rule = settings(Some(period), timing, Some(falls)).rule().unwrap();
    Schedule::new(rule, date(posted_on), amount("1200"), Currency::USD).unwrap()
}

fn days(schedule: Schedule) -> Vec<String> {
    schedule.parts().map(|part| part.on.to_string()).collect()
}

fn amounts(schedule: Schedule) -> Vec<String> {
    schedule.parts().map(|part| part.amount.to_string()).collect()
}

fn months_from(first: Date, count: i64) -> Vec<(String, String)> {
    (0..count).map(|month| (calendar::add_months(first, month).to_string(), "100".to_owned())).collect()
}

/// 1,200 over twelve months from 15 January 2024, as in the table.
#[test]
fn every_row_of_the_reference() {
    let year = |timing, falls| {
        let parts: Vec<Part> = schedule((12, Monthly), timing, falls, "2024-01-15").parts().collect();
        parts.into_iter().map(|part| (part.on.to_string(), part.amount.to_string())).collect::<Vec<_>>()
    };
    let one = |day: &str| vec![(day.to_owned(), "1200".to_owned())];
    for falls in [StartOfInterval, EndOfInterval, EarningTimingType::DoesNotEarn] {
        assert_eq!(year(Timing::EarnImmediately, falls), one("2024-01-15"));
    }
    assert_eq!(year(Timing::DoesNotEarn, EarningTimingType::DoesNotEarn), []);
    assert_eq!(year(Timing::Monthly, StartOfInterval), months_from(date("2024-01-15"), 12));
    assert_eq!(year(Timing::Monthly, EndOfInterval), months_from(date("2024-02-15"), 12));
    assert_eq!(year(Timing::Yearly, StartOfInterval), one("2024-01-15"));
    assert_eq!(year(Timing::Yearly, EndOfInterval), one("2025-01-15"));
    assert_eq!(year(Timing::Interval, StartOfInterval), one("2024-01-15"));
    assert_eq!(year(Timing::Interval, EndOfInterval), one("2025-01-15"));
    for (falls, first, last) in
        [(StartOfInterval, "2024-01-15", "2025-01-14"), (EndOfInterval, "2024-01-16", "2025-01-15")]
    {
        let daily = year(Timing::Daily, falls);
        assert_eq!(daily.len(), 366);
        assert_eq!((daily[0].0.as_str(), daily[365].0.as_str()), (first, last));
        assert!(daily.iter().all(|(_, amount)| amount == "3.28" || amount == "3.27"));
    }
}

#[test]
fn three_years_of_months() {
    let months = schedule((3, Yearly), Timing::Monthly, StartOfInterval, "2024-01-15");
    let parts = amounts(months);
    assert_eq!(parts.len(), 36);
    assert_eq!(parts[..6], ["33.33", "33.34", "33.33", "33.33", "33.34", "33.33"]);
    assert_eq!(Amount::sum(months.parts().map(|part| part.amount)).unwrap(), amount("1200"));
    assert_eq!(days(months)[35], "2026-12-15");
    let years = schedule((3, Yearly), Timing::Yearly, EndOfInterval, "2024-02-29");
    assert_eq!(days(years), ["2025-02-28", "2026-02-28", "2027-02-28"]);
    assert_eq!(amounts(years), ["400", "400", "400"]);
}

#[test]
fn months_clamp_to_their_end_and_recover() {
    let months = schedule((5, Monthly), Timing::Monthly, StartOfInterval, "2024-01-31");
    assert_eq!(days(months), ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]);
    assert_eq!(days(schedule((1, Monthly), Timing::Interval, EndOfInterval, "2024-01-31")), ["2024-02-29"]);
    let daily = schedule((1, Monthly), Timing::Daily, EndOfInterval, "2024-01-31");
    assert_eq!(days(daily).len(), 29);
    assert_eq!(days(daily)[28], "2024-02-29");
}

#[test]
fn a_period_that_the_cut_does_not_fill() {
    assert_eq!(days(schedule((1, Monthly), Timing::Yearly, StartOfInterval, "2024-01-15")), ["2024-01-15"]);
    assert_eq!(days(schedule((1, Monthly), Timing::Yearly, EndOfInterval, "2024-01-15")), ["2024-02-15"]);
    let half_years = schedule((18, Monthly), Timing::Yearly, EndOfInterval, "2024-01-15");
    assert_eq!(days(half_years), ["2025-01-15", "2025-07-15"]);
    assert_eq!(amounts(half_years), ["800", "400"], "the last part is as much as it is long");
}

#[test]
fn a_day_knows_what_is_earned_and_what_is_due() {
    let months = schedule((12, Monthly), Timing::Monthly, EndOfInterval, "2024-01-31");
    for (day, earned, next) in [
        ("2023-12-31", "0", Some("2024-02-29")),
        ("2024-02-28", "0", Some("2024-02-29")),
        ("2024-02-29", "100", Some("2024-03-31")),
        ("2024-03-30", "100", Some("2024-03-31")),
        ("2024-12-31", "1100", Some("2025-01-31")),
        ("2025-01-31", "1200", None),
        ("9999-12-31", "1200", None),
    ] {
        assert_eq!(months.earned_by(date(day)), amount(earned), "{day}");
        assert_eq!(months.next_due_after(date(day)), next.map(date), "{day}");
    }
    let due: Vec<String> =
        months.parts_due(Some(date("2024-02-29")), date("2024-05-30")).map(|part| part.on.to_string()).collect();
    assert_eq!(due, ["2024-03-31", "2024-04-30"]);
    assert_eq!(months.parts_due(None, date("2024-02-29")).count(), 1);
    assert_eq!(months.parts_due(Some(date("2024-06-01")), date("2024-02-01")).count(), 0);
}

#[test]
fn at_once_and_never() {
    let of = |rule| Schedule::new(rule, date("2024-01-15"), amount("1200"), Currency::USD).unwrap();
    let (at_once, never) = (of(EarningRule::Immediately), of(EarningRule::Never));
    assert_eq!(at_once.earned_by(date("2024-01-14")), Amount::ZERO);
    assert_eq!(at_once.earned_by(date("2024-01-15")), amount("1200"));
    assert_eq!(at_once.next_due_after(date("2024-01-14")), Some(date("2024-01-15")));
    assert_eq!(at_once.next_due_after(date("2024-01-15")), None);
    assert_eq!(never.earned_by(calendar::LAST_DATE), Amount::ZERO);
    assert_eq!(never.next_due_after(calendar::FIRST_DATE), None);
    assert_eq!(never.amount(), amount("1200"));
}

#[test]
fn the_calendar_ends() {
    for (timing, posted_on, count) in [
        (Timing::Daily, "9999-12-31", 1),
        (Timing::Daily, "9999-12-30", 1),
        (Timing::Monthly, "9999-12-31", 12),
        (Timing::Interval, "9999-12-31", 1),
    ] {
        for falls in [StartOfInterval, EndOfInterval] {
            let schedule = schedule((12, Monthly), timing, falls, posted_on);
            assert_eq!(schedule.parts().count(), count, "{timing} {posted_on}");
            assert_eq!(schedule.earned_by(calendar::LAST_DATE), amount("1200"), "{timing} {posted_on}");
        }
    }
}

#[test]
fn an_amount_finer_than_cents_has_no_schedule() {
    let schedule = |text: &str, currency| Schedule::new(EarningRule::Never, date("2024-01-15"), amount(text), currency);
    assert_eq!(schedule("0.005", Currency::USD), Err(NumberError::NotWhole));
    assert_eq!(schedule("0.5", Currency::JPY), Err(NumberError::NotWhole));
}

#[test]
fn what_settings_mean() {
    let year = Some((1, Yearly));
    let never = Some(EarningTimingType::DoesNotEarn);
    for timing in [Timing::Daily, Timing::Monthly, Timing::Yearly, Timing::Interval] {
        let rule = |period, falls| settings(period, timing, falls).rule();
        assert!(matches!(rule(year, Some(StartOfInterval)), Ok(EarningRule::OverTime(_))), "{timing}");
        assert_eq!(rule(year, never), Ok(EarningRule::Never));
        assert_eq!(rule(None, never), Ok(EarningRule::Never));
        assert_eq!(rule(None, Some(StartOfInterval)), Err(EarningError::PeriodMissing));
        assert_eq!(rule(year, None), Err(EarningError::TypeMissing));
        for count in [0, -1, 1201] {
            assert_eq!(rule(Some((count, Monthly)), Some(EndOfInterval)), Err(EarningError::LengthInvalid));
        }
        assert!(rule(Some((1200, Monthly)), Some(EndOfInterval)).is_ok());
    }
    let half = EarningSettings { number_of_intervals: None, ..settings(year, Timing::Daily, Some(EndOfInterval)) };
    assert_eq!(half.rule(), Err(EarningError::PeriodMissing));
    assert_eq!(settings(None, Timing::EarnImmediately, None).rule(), Ok(EarningRule::Immediately));
    assert_eq!(settings(None, Timing::DoesNotEarn, None).rule(), Ok(EarningRule::Never));
    assert_eq!(EarningSettings::default().rule(), Err(EarningError::TimingMissing));
}

/// Clients that write every member write a zero where there is no period.
#[test]
fn members_that_are_not_looked_at_may_hold_anything() {
    let never = Some(EarningTimingType::DoesNotEarn);
    for count in [0, -1, 1201] {
        let period = Some((count, Monthly));
        for falls in [None, never, Some(StartOfInterval)] {
            assert_eq!(settings(period, Timing::EarnImmediately, falls).rule(), Ok(EarningRule::Immediately));
            assert_eq!(settings(period, Timing::DoesNotEarn, falls).rule(), Ok(EarningRule::Never));
        }
        assert_eq!(settings(period, Timing::Monthly, never).rule(), Ok(EarningRule::Never));
    }
    let nowhere = EarningSettings { timing_type: never, ..EarningSettings::default() };
    assert_eq!(nowhere.rule(), Ok(EarningRule::Never), "without a cut, too");
}

#[test]
fn physical_goods_earn_at_once() {
    let asked = settings(Some((1, Yearly)), Timing::Monthly, Some(StartOfInterval));
    for settings in [asked, EarningSettings::default()] {
        let of_goods = settings.for_product(ProductType::PhysicalGood);
        assert_eq!(of_goods.rule(), Ok(EarningRule::Immediately));
        assert_eq!(settings.for_product(ProductType::OneTimeCharge), settings);
    }
}
