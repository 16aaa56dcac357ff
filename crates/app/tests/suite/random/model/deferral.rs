//! Revenue of before as it must be: the share of the days that have passed is earned, until it is taken back.

use ledger::LedgerAccount::{DeferredRevenue, EarnedRevenue, OpeningBalance};

use super::{Refused, line::share, view::Chart};

#[derive(Debug, Clone)]
pub(in crate::random) struct Deferral {
    pub(in crate::random) id: i64,
    pub(super) amount: i64,
    first_day: i64,
    day_count: i64,
    pub(super) earned: i64,
    pub(super) reversed: i64,
    is_over: bool,
}

impl Deferral {
    /// Takes it over, to be earned from so many days from today through so many.
    pub(super) fn open(id: i64, amount: i64, (starts_in, ends_in): (i64, i64), today: i64, chart: &mut Chart) -> Self {
        chart.post(OpeningBalance, DeferredRevenue, amount);
        let (first_day, day_count) = (today + starts_in, ends_in - starts_in + 1);
        let mut deferral = Self { id, amount, first_day, day_count, earned: 0, reversed: 0, is_over: false };
        deferral.earn(today, chart);
        deferral
    }

    pub(super) fn earn(&mut self, today: i64, chart: &mut Chart) {
        if self.is_over {
            return;
        }
        let passed = (today - self.first_day + 1).clamp(0, self.day_count);
        let earned = share(self.amount, passed, self.day_count);
        chart.post(DeferredRevenue, EarnedRevenue, earned - self.earned);
        self.earned = earned;
    }

    /// Once: what is not earned, or everything.
    pub(super) fn take_back(&mut self, is_full: bool, today: i64, chart: &mut Chart) -> Result<(), Refused> {
        self.earn(today, chart);
        let unearned = self.amount - self.earned;
        if self.is_over || (unearned == 0 && !is_full) {
            return Err(Refused);
        }
        chart.post(DeferredRevenue, OpeningBalance, unearned);
        self.reversed = unearned;
        if is_full {
            chart.post(EarnedRevenue, OpeningBalance, self.earned);
            (self.reversed, self.earned) = (self.amount, 0);
        }
        self.is_over = true;
        Ok(())
    }
}
