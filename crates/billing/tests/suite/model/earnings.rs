//! Schedules, by walking through the period day by day and noting what each day brings.

use billing::earning::{EarningInterval, EarningTimingInterval, EarningTimingType, Schedule};
use calendar::Date;
use money::{Amount, Currency};

use super::{
    arithmetic::{Fraction, Random},
    calendar::{Day, longest},
};
use crate::earning::settings;

struct Case {
    posted_on: Day,
    count: i64,
    interval: EarningInterval,
    timing: EarningTimingInterval,
    falls: EarningTimingType,
    /// In minor units.
    amount: i64,
    currency: Currency,
}

fn case(random: &mut Random) -> Case {
    let (count, interval) = match random.within(1, 20) {
        1 => (random.within(1, 4), EarningInterval::Yearly),
        2 => (random.within(13, 40), EarningInterval::Monthly),
        _ => (random.within(1, 5), EarningInterval::Monthly),
    };
    let is_short = interval == EarningInterval::Monthly && count <= 5;
    let timing = if random.is_one_in(if is_short { 8 } else { 40 }) {
        EarningTimingInterval::Daily
    } else {
        use EarningTimingInterval::{Interval, Monthly, Yearly};
        random.pick(&[Monthly, Monthly, Yearly, Interval])
    };
    let (year, month) = (random.within(1996, 2104), random.within(1, 12));
    let last = longest(year, month);
    // Days that many months lack come up more often than by chance.
    let day = if random.is_one_in(3) { last } else { random.within(1, last) };
    Case {
        posted_on: Day { year, month, day },
        count,
        interval,
        timing,
        falls: random.pick(&[EarningTimingType::StartOfInterval, EarningTimingType::EndOfInterval]),
        amount: random.pick(&[1, 7, 100, 120_000, 9_999_999]) * random.within(-3, 97),
        currency: random.pick(&[Currency::USD, Currency::JPY]),
    }
}

/// Every part in order: its day, and the sum of the parts up to it in minor units.
fn walk(case: &Case) -> Vec<(Day, i128)> {
    let months = case.count * if case.interval == EarningInterval::Yearly { 12 } else { 1 };
    let months_of_part = match case.timing {
        EarningTimingInterval::Monthly => 1,
        EarningTimingInterval::Yearly => 12,
        _ => months,
    };
    let is_daily = case.timing == EarningTimingInterval::Daily;
    // Days on which a part begins or ends, and how many days and months have passed by then.
    let mut borders = vec![(case.posted_on, 0, 0)];
    let (mut today, mut days_passed, mut months_passed) = (case.posted_on, 0, 0);
    while months_passed < months {
        today = today.next();
        days_passed += 1;
        let is_month = today.is_border_of(case.posted_on);
        months_passed += i64::from(is_month);
        let is_part = is_month && (months_passed % months_of_part == 0 || months_passed == months);
        if is_daily || is_part {
            borders.push((today, days_passed, months_passed));
        }
    }
    let at_start = case.falls == EarningTimingType::StartOfInterval;
    let parts = borders.windows(2).map(|border| {
        let on = if at_start { border[0].0 } else { border[1].0 };
        let (passed, whole) = if is_daily { (border[1].1, days_passed) } else { (border[1].2, months) };
        let sum = Fraction::new(i128::from(case.amount) * i128::from(passed), i128::from(whole));
        (on, sum.rounded())
    });
    parts.collect()
}

fn date(day: Day) -> Date {
    let short = |number: i64| i8::try_from(number).unwrap();
    Date::constant(i16::try_from(day.year).unwrap(), short(day.month), short(day.day))
}

/// One random charge: the walk and the schedule have the same parts, and agree about one day.
pub(crate) fn compare(random: &mut Random) {
    let case = case(random);
    let unit = case.currency.minor_unit().millionths();
    let rule = settings(Some((case.count, case.interval)), case.timing, Some(case.falls)).rule().unwrap();
    let amount = Amount::from_millionths(case.amount * unit);
    let schedule = Schedule::new(rule, date(case.posted_on), amount, case.currency).unwrap();
    let walked = walk(&case);

    let mut sum = 0;
    let mut parts = schedule.parts();
    for (day, expected) in &walked {
        let part = parts.next().expect("as many parts as were walked");
        assert_eq!(part.on, date(*day));
        sum += i128::from(part.amount.millionths() / unit);
        assert_eq!(sum, *expected, "{day:?}");
    }
    assert_eq!(parts.next(), None);

    let asked = random.pick(&walked).0;
    let asked = if random.is_one_in(2) { asked.next() } else { asked };
    let earned = walked.iter().rev().find(|(day, _)| *day <= asked).map_or(0, |(_, sum)| *sum);
    assert_eq!(i128::from(schedule.earned_by(date(asked)).millionths() / unit), earned, "{asked:?}");
    let next = walked.iter().find(|(day, _)| *day > asked).map(|(day, _)| date(*day));
    assert_eq!(schedule.next_due_after(date(asked)), next, "{asked:?}");
}
