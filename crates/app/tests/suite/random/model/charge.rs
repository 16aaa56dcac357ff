//! A charge as it must be: what it asks for, when it is earned, and what was taken back of it.

use billing::id::PurchaseId;
use ledger::LedgerAccount::{
    AccountsReceivable, DeferredDiscount, DeferredRevenue, EarnedDiscount, EarnedRevenue, TaxPayable,
};

use super::{days::months_later, view::Chart};
use crate::random::operation::{Cut, Earning, Sale, Taken};

/// The tax of the taxed, in hundred-thousandths.
const TAX: i64 = 9_975;
const WHOLE_TAX: i64 = 100_000;

/// A gross amount and the discount on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::random) struct Pair {
    pub(in crate::random) gross: i64,
    pub(in crate::random) discount: i64,
}

#[derive(Debug, Clone)]
pub(in crate::random) struct Charge {
    pub(in crate::random) purchase: PurchaseId,
    pub(in crate::random) posted: Pair,
    tax: i64,
    /// By which day how much of `length` has passed.
    parts: Vec<(i64, i64)>,
    length: i64,
    /// Nothing more is earned by itself.
    is_over: bool,
    pub(in crate::random) earned: Pair,
    pub(in crate::random) reversed: Pair,
    pub(in crate::random) reversed_tax: i64,
    pub(in crate::random) is_cancelled: bool,
}

impl Charge {
    /// Posts a sale.
    pub(super) fn post(purchase: PurchaseId, sale: &Sale, is_taxed: bool, today: i64, chart: &mut Chart) -> Self {
        let gross = share(sale.product.cents(), sale.hundredths, 100);
        let discount = match sale.taken {
            None => 0,
            Some(Taken::PerMille(part)) => share(gross, part, 1_000),
            Some(Taken::Cents(cents)) => cents.min(gross),
        };
        let tax = if is_taxed { share(gross - discount, TAX, WHOLE_TAX) } else { 0 };
        let (parts, length) = parts(sale.earning(), today);
        let mut charge = Self {
            purchase,
            posted: Pair { gross, discount },
            tax,
            parts,
            length,
            is_over: false,
            earned: Pair::default(),
            reversed: Pair::default(),
            reversed_tax: 0,
            is_cancelled: false,
        };
        chart.post(AccountsReceivable, DeferredRevenue, gross);
        chart.post(DeferredDiscount, AccountsReceivable, discount);
        chart.post(AccountsReceivable, TaxPayable, tax);
        charge.earn(today, chart);
        charge
    }

    /// What it asks for.
    pub(super) fn net(&self) -> i64 {
        self.posted.gross - self.posted.discount + self.tax
    }

    /// What was not taken back.
    pub(super) fn left(&self) -> Pair {
        less(self.posted, self.reversed)
    }

    /// What of that is not earned.
    pub(super) fn deferred(&self) -> Pair {
        less(self.left(), self.earned)
    }

    /// Earns what has fallen due.
    pub(super) fn earn(&mut self, today: i64, chart: &mut Chart) {
        if self.is_over {
            return;
        }
        let passed = self.parts.iter().filter(|(day, _)| *day <= today).map(|(_, passed)| *passed).max();
        let Some(passed) = passed else { return };
        let by_now = |amount| share(amount, passed, self.length);
        let due = Pair { gross: by_now(self.posted.gross), discount: by_now(self.posted.discount) };
        self.earn_more(less(due, self.earned), chart);
    }

    /// Earns all that is deferred, for good; nothing is taken back.
    pub(super) fn earn_all(&mut self, chart: &mut Chart) -> i64 {
        self.earn_more(self.deferred(), chart);
        self.is_over = true;
        0
    }

    fn earn_more(&mut self, more: Pair, chart: &mut Chart) {
        chart.post(DeferredRevenue, EarnedRevenue, more.gross);
        chart.post(EarnedDiscount, DeferredDiscount, more.discount);
        self.earned = Pair { gross: self.earned.gross + more.gross, discount: self.earned.discount + more.discount };
    }

    /// Takes back all that is deferred, and what is asked for beyond it: what goes off the invoice. Taxes go back with
    /// the net amount, all of them with all of it.
    pub(super) fn take_back(&mut self, asked: Pair, chart: &mut Chart) -> i64 {
        let earned = less(asked, self.deferred());
        chart.post(DeferredRevenue, AccountsReceivable, asked.gross - earned.gross);
        chart.post(EarnedRevenue, AccountsReceivable, earned.gross);
        chart.post(AccountsReceivable, DeferredDiscount, asked.discount - earned.discount);
        chart.post(AccountsReceivable, EarnedDiscount, earned.discount);
        self.is_over = true;
        self.earned = less(self.earned, earned);
        self.reversed = less(self.reversed, Pair { gross: -asked.gross, discount: -asked.discount });
        let (back, whole) = (self.reversed.gross - self.reversed.discount, self.posted.gross - self.posted.discount);
        let tax = if back == whole { self.tax } else { share(self.tax, back, whole) } - self.reversed_tax;
        chart.post(TaxPayable, AccountsReceivable, tax);
        self.reversed_tax += tax;
        asked.gross - asked.discount + tax
    }
}

/// The days on which parts are earned, with what has passed of the length by then.
fn parts(earning: Earning, today: i64) -> (Vec<(i64, i64)>, i64) {
    let Earning::Over { months, cut, is_at_end } = earning else {
        return if earning == Earning::Never { (Vec::new(), 1) } else { (vec![(today, 1)], 1) };
    };
    let borders: Vec<i64> = match cut {
        Cut::Days => (today..=months_later(today, months)).collect(),
        Cut::Months => (0..=months).map(|count| months_later(today, count)).collect(),
        Cut::Whole => vec![today, months_later(today, months)],
    };
    let falls = |pair: &[i64]| if is_at_end { pair[1] } else { pair[0] };
    let parts: Vec<(i64, i64)> = borders.windows(2).map(falls).zip(1..).collect();
    let length = i64::try_from(parts.len()).expect("few parts");
    (parts, length)
}

/// So many parts of a whole, to the nearest cent; halves go up.
fn share(amount: i64, part: i64, whole: i64) -> i64 {
    (2 * amount * part + whole) / (2 * whole)
}

fn less(from: Pair, other: Pair) -> Pair {
    Pair { gross: from.gross - other.gross, discount: from.discount - other.discount }
}
