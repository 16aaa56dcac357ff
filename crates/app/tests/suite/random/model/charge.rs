//! A charge as it must be: what it asks for, when it is earned, and what was taken back of it.

use std::rc::Rc;

use billing::id::PurchaseId;
use ledger::LedgerAccount::{
    AccountsReceivable, DeferredDiscount, DeferredRevenue, EarnedDiscount, EarnedRevenue, TaxPayable,
};

use super::{
    Refused,
    days::months_later,
    line::{Line, share},
    view::Chart,
};
use crate::random::operation::{Back, Cut, Earning};

/// A gross amount and the discount on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::random) struct Pair {
    pub(in crate::random) gross: i64,
    pub(in crate::random) discount: i64,
}

/// What a reversal takes off a charge, and off its invoice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    pub(super) gross: i64,
    pub(super) net: i64,
}

#[derive(Debug, Clone)]
pub(in crate::random) struct Charge {
    pub(in crate::random) purchase: PurchaseId,
    pub(in crate::random) posted: Pair,
    tax: i64,
    /// By which day how much of `length` has passed.
    parts: Rc<[(i64, i64)]>,
    length: i64,
    /// What had passed of it when a part was last taken back, and what was earned of the rest.
    since: (i64, Pair),
    /// Nothing more is earned by itself.
    is_over: bool,
    pub(in crate::random) earned: Pair,
    pub(in crate::random) reversed: Pair,
    pub(in crate::random) reversed_tax: i64,
    /// Its purchase is cancelled, or reversed as a whole.
    pub(in crate::random) is_ended: bool,
}

impl Charge {
    /// Posts a line.
    pub(super) fn post(line: &Line, is_taxed: bool, today: i64, chart: &mut Chart) -> Self {
        let (gross, discount, tax) = (line.gross(), line.discount(), line.tax(is_taxed));
        let (parts, length) = parts(line.earning, today);
        let mut charge = Self {
            purchase: line.purchase,
            posted: Pair { gross, discount },
            tax,
            parts: parts.into(),
            length,
            since: (0, Pair::default()),
            is_over: false,
            earned: Pair::default(),
            reversed: Pair::default(),
            reversed_tax: 0,
            is_ended: false,
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
    pub(in crate::random) fn left(&self) -> Pair {
        less(self.posted, self.reversed)
    }

    /// What of that is not earned.
    pub(in crate::random) fn deferred(&self) -> Pair {
        less(self.left(), self.earned)
    }

    /// Earns what has fallen due: the parts to come share what the last reversal left.
    pub(super) fn earn(&mut self, today: i64, chart: &mut Chart) {
        if self.is_over || self.deferred() == Pair::default() {
            return;
        }
        let ((before, earned), passed, left) = (self.since, self.passed(today), self.left());
        if passed <= before {
            return;
        }
        let by_now = |left, earned| earned + share(left - earned, passed - before, self.length - before);
        let due = Pair { gross: by_now(left.gross, earned.gross), discount: by_now(left.discount, earned.discount) };
        self.earn_more(less(due, self.earned), chart);
    }

    /// What has passed of its length.
    fn passed(&self, today: i64) -> i64 {
        self.parts.iter().filter(|(day, _)| *day <= today).map(|(_, passed)| *passed).max().unwrap_or(0)
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

    /// Takes back so much, first of what is deferred.
    pub(super) fn take_back(&mut self, back: Back, today: i64, chart: &mut Chart) -> Result<Taken, Refused> {
        let asked = self.asked(back)?;
        let deferred = self.deferred();
        let of_deferred =
            Pair { gross: asked.gross.min(deferred.gross), discount: asked.discount.min(deferred.discount) };
        let of_earned = less(asked, of_deferred);
        chart.post(DeferredRevenue, AccountsReceivable, of_deferred.gross);
        chart.post(EarnedRevenue, AccountsReceivable, of_earned.gross);
        chart.post(AccountsReceivable, DeferredDiscount, of_deferred.discount);
        chart.post(AccountsReceivable, EarnedDiscount, of_earned.discount);
        let tax = self.tax_with(asked);
        chart.post(TaxPayable, AccountsReceivable, tax);
        self.earned = less(self.earned, of_earned);
        self.reversed = more(self.reversed, asked);
        self.reversed_tax += tax;
        self.is_over |= self.deferred().gross == 0;
        if asked.gross > 0 {
            self.since = (self.passed(today), self.earned);
        }
        Ok(Taken { gross: asked.gross, net: asked.gross - asked.discount + tax })
    }

    fn asked(&self, back: Back) -> Result<Pair, Refused> {
        let (left, deferred) = (self.left().gross, self.deferred());
        let is_there = |amount: i64, most: i64| if (1..=most).contains(&amount) { Ok(()) } else { Err(Refused) };
        match back {
            Back::Unearned => Ok(self.with_discount(deferred.gross, deferred.discount)),
            Back::Full => Ok(self.with_share(left)),
            Back::Gross(gross) => is_there(gross, left).map(|()| self.with_share(gross)),
            Back::Net(net) => {
                is_there(net, self.net_of(self.with_share(left)))?;
                // The nearest; of two as near the lesser, by as little of the charge as makes it.
                let all = (1..=left).map(|gross| self.with_share(gross));
                let distance = |pair: &Pair| {
                    let made = self.net_of(*pair);
                    ((made - net).abs(), made, pair.gross)
                };
                all.min_by_key(distance).ok_or(Refused)
            }
        }
    }

    /// So much of the charge, with the discount on it: all of it with all, and in proportion before.
    fn with_share(&self, gross: i64) -> Pair {
        let so_far = self.reversed.gross + gross;
        self.with_discount(gross, part(self.posted.discount, so_far, self.posted.gross) - self.reversed.discount)
    }

    /// So much of the charge, and as nearly as possible so much of its discount: what is taken, what is left and what
    /// stays deferred is worth nothing or more.
    fn with_discount(&self, gross: i64, discount: i64) -> Pair {
        let (left, deferred) = (self.left(), self.deferred());
        let of_left = left.discount - (left.gross - gross);
        let of_deferred = deferred.discount - (deferred.gross - gross).max(0);
        Pair { gross, discount: discount.clamp(of_left.max(of_deferred).max(0), gross.min(left.discount)) }
    }

    fn net_of(&self, asked: Pair) -> i64 {
        asked.gross - asked.discount + self.tax_with(asked)
    }

    /// The tax that goes back as well: all of it with all of the net amount, and in proportion before.
    fn tax_with(&self, asked: Pair) -> i64 {
        let (back, posted) = (more(self.reversed, asked), self.posted);
        part(self.tax, back.gross - back.discount, posted.gross - posted.discount) - self.reversed_tax
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

/// What goes back of an amount with so much of a whole, which may be nothing.
fn part(amount: i64, back: i64, whole: i64) -> i64 {
    if back == whole { amount } else { share(amount, back, whole) }
}

fn less(from: Pair, other: Pair) -> Pair {
    Pair { gross: from.gross - other.gross, discount: from.discount - other.discount }
}

fn more(one: Pair, other: Pair) -> Pair {
    Pair { gross: one.gross + other.gross, discount: one.discount + other.discount }
}
