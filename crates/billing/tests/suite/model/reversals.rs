//! The life of a charge that earns and is taken back again and again, in whole cents: what each reversal takes is found
//! by trying every cent.

use billing::{
    earning::{EarningInterval, EarningRule, EarningTimingInterval, EarningTimingType, Schedule},
    reversal::{Extent, Part, ReversalError, Standing, Taken},
};
use calendar::{Date, add_months};
use money::{Amount, Currency};

use super::arithmetic::{Fraction, Random};
use crate::{earning::settings, make::date};

const CURRENCY: Currency = Currency::USD;

/// Gross amount or discount.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    whole: i64,
    reversed: i64,
    earned: i64,
    /// Earned when the schedule was last recalculated.
    kept: i64,
}

#[derive(Debug, Clone, Copy)]
struct Life {
    gross: Side,
    discount: Side,
    tax: i64,
    reversed_tax: i64,
    /// Months that the charge earns over.
    months: i64,
    passed: i64,
    recalculated_after: i64,
}

/// Cents that a reversal takes, and how the discount and the tax share in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Back {
    gross: i64,
    discount: i64,
    tax: i64,
}

impl Side {
    fn left(self) -> i64 {
        self.whole - self.reversed
    }

    fn deferred(self) -> i64 {
        self.left() - self.earned
    }

    fn pass(&mut self, passed: i64, months: i64) {
        let rest = i128::from(self.left() - self.kept);
        let share = Fraction::new(rest * i128::from(passed), i128::from(months)).rounded();
        self.earned = self.kept + i64::try_from(share).unwrap();
    }

    fn take(&mut self, cents: i64) {
        for _ in 0..cents {
            if self.deferred() == 0 {
                self.earned -= 1;
            }
            self.reversed += 1;
        }
        self.kept = self.earned;
    }
}

fn share(of: i64, part: i64, whole: i64) -> i64 {
    if part == whole {
        return of;
    }
    i64::try_from(Fraction::new(i128::from(of) * i128::from(part), i128::from(whole)).rounded()).unwrap()
}

fn nearest(wish: i64, mut allowed: impl Iterator<Item = i64>) -> i64 {
    let first = allowed.next().expect("something is allowed");
    allowed.fold(first, |best, next| if (next - wish).abs() < (best - wish).abs() { next } else { best })
}

impl Life {
    fn wait(&mut self, months: i64) {
        self.passed = (self.passed + months).min(self.months);
        let (passed, months) = (self.passed - self.recalculated_after, self.months - self.recalculated_after);
        if passed > 0 {
            self.gross.pass(passed, months);
            self.discount.pass(passed, months);
        }
    }

    fn back(&self, gross: i64, discount: i64) -> Back {
        let after = |mut side: Side, cents| {
            side.take(cents);
            side
        };
        let rest = after(self.gross, gross);
        let allowed = (0..=self.discount.left()).filter(|taken| {
            let kept = after(self.discount, *taken);
            *taken <= gross && kept.left() <= rest.left() && kept.deferred() <= rest.deferred()
        });
        let discount = nearest(discount, allowed);
        let net = self.gross.reversed + gross - self.discount.reversed - discount;
        let due = share(self.tax, net, self.gross.whole - self.discount.whole) - self.reversed_tax;
        Back { gross, discount, tax: nearest(due, 0..=self.tax - self.reversed_tax) }
    }
}

impl Life {
    /// What an extent takes back; `None` when it is refused. Amounts are in cents.
    fn decide(&self, extent: Extent) -> Option<Back> {
        let cents = |amount: Amount| amount.millionths() / CURRENCY.minor_unit().millionths();
        let of = |gross: i64| {
            let due = share(self.discount.whole, self.gross.reversed + gross, self.gross.whole);
            self.back(gross, due - self.discount.reversed)
        };
        let left = self.gross.left();
        match extent {
            Extent::Nothing => unreachable!("takes nothing"),
            Extent::Unearned => Some(self.back(self.gross.deferred(), self.discount.deferred())),
            Extent::Full => Some(of(left)),
            Extent::Amount(asked) => (1..=left).contains(&cents(asked)).then(|| of(cents(asked))),
            Extent::NetAmount(asked) => {
                let asked = cents(asked);
                let net = |back: Back| back.gross - back.discount + back.tax;
                if left == 0 || !(1..=net(of(left))).contains(&asked) {
                    return None;
                }
                (1..=left).map(of).min_by_key(|back| ((net(*back) - asked).abs(), net(*back), back.gross))
            }
        }
    }

    fn take(&mut self, back: Back) {
        self.gross.take(back.gross);
        self.discount.take(back.discount);
        self.reversed_tax += back.tax;
        self.recalculated_after = self.passed;
    }
}

fn amount(cents: i64) -> Amount {
    Amount::from_millionths(cents * CURRENCY.minor_unit().millionths())
}

/// What the crate makes of the same life.
struct Ours {
    rule: EarningRule,
    standing: Standing,
    recalculated: Option<(Date, [Amount; 2])>,
}

impl Ours {
    fn of(life: &Life) -> Self {
        let period = Some((life.months, EarningInterval::Monthly));
        let falls = Some(EarningTimingType::EndOfInterval);
        let rule = settings(period, EarningTimingInterval::Monthly, falls).rule().unwrap();
        let standing = standing(life.gross, life.discount, life.tax, life.reversed_tax).unwrap();
        Self { rule, standing, recalculated: None }
    }

    /// What is earned of the gross amount and of the discount by a day.
    fn earned_by(&self, on: Date) -> [Amount; 2] {
        let parts = [self.standing.gross(), self.standing.discount()];
        [0, 1].map(|side| {
            let schedule = Schedule::new(self.rule, posted_on(), parts[side].left(), CURRENCY).unwrap();
            let schedule = match self.recalculated {
                Some((on, earned)) => schedule.recalculated(on, earned[side]),
                None => schedule,
            };
            schedule.earned_by(on)
        })
    }
}

fn posted_on() -> Date {
    date("2024-01-31")
}

fn standing(gross: Side, discount: Side, tax: i64, reversed_tax: i64) -> Result<Standing, ReversalError> {
    let part = |side: Side| Part::new(amount(side.whole), amount(side.reversed), amount(side.earned));
    Standing::new(part(gross)?, part(discount)?, amount(tax), amount(reversed_tax), CURRENCY)
}

fn extent(random: &mut Random) -> Extent {
    let cents = amount(random.within(-1, 36));
    match random.within(1, 8) {
        1 => Extent::Unearned,
        2 => Extent::Full,
        3..=5 => Extent::Amount(cents),
        _ => Extent::NetAmount(cents),
    }
}

/// One random charge: it waits and is taken back a few times, at last altogether.
pub(crate) fn compare(random: &mut Random) {
    let gross = random.within(0, 30);
    let some = random.within(0, gross);
    let discount = random.pick(&[0, some, gross]);
    let mut life = Life {
        gross: Side { whole: gross, ..Side::default() },
        discount: Side { whole: discount, ..Side::default() },
        tax: if gross == discount { 0 } else { random.within(0, 20) },
        reversed_tax: 0,
        months: random.within(1, 6),
        passed: 0,
        recalculated_after: 0,
    };
    let mut ours = Ours::of(&life);
    for _ in 0..random.within(0, 6) {
        wait(&mut life, &mut ours, random.within(0, 3));
        let extent = extent(random);
        reverse(&mut life, &mut ours, extent);
    }
    wait(&mut life, &mut ours, 6);
    assert_eq!((life.gross.deferred(), life.discount.deferred()), (0, 0), "everything is earned at last");
    reverse(&mut life, &mut ours, Extent::Full);
    let reversed = (life.gross.reversed, life.discount.reversed, life.reversed_tax);
    assert_eq!(reversed, (gross, discount, life.tax), "the parts add up to the whole");
    assert_eq!(ours.standing.decide(Extent::Full), Ok(Taken::default()), "nothing is left to be taken");
    let refused = ours.standing.decide(Extent::Amount(amount(1)));
    assert_eq!(refused, Err(ReversalError::NothingLeft));
}

fn wait(life: &mut Life, ours: &mut Ours, months: i64) {
    life.wait(months);
    let earned = ours.earned_by(add_months(posted_on(), life.passed));
    // The day's earnings are facts of the charge before anything is taken back.
    ours.standing = standing(life.gross, life.discount, life.tax, life.reversed_tax).unwrap();
    assert_eq!(earned, [ours.standing.gross().earned(), ours.standing.discount().earned()], "{life:?}");
}

fn reverse(life: &mut Life, ours: &mut Ours, extent: Extent) {
    let expected = life.decide(extent);
    let taken = match (ours.standing.decide(extent), expected) {
        (Ok(taken), Some(_)) => taken,
        (Err(ReversalError::NothingLeft | ReversalError::NotLeft(_)), None) => return,
        (found, _) => panic!("{found:?} instead of {expected:?} for {extent:?} of {life:?}"),
    };
    let back = expected.expect("it was taken");
    let found = [taken.gross.reversed().unwrap(), taken.discount.reversed().unwrap(), taken.tax];
    assert_eq!(found, [back.gross, back.discount, back.tax].map(amount), "{extent:?} of {life:?}");
    if let Extent::NetAmount(asked) = extent {
        assert_eq!(taken.is_nearest, taken.net() != Ok(asked));
    }
    life.take(back);
    ours.standing = ours.standing.after(&taken).expect("nothing is below zero");
    let theirs = standing(life.gross, life.discount, life.tax, life.reversed_tax);
    assert_eq!(Ok(ours.standing), theirs, "{extent:?}");
    let earned = [ours.standing.gross().earned(), ours.standing.discount().earned()];
    ours.recalculated = Some((add_months(posted_on(), life.passed), earned));
}
