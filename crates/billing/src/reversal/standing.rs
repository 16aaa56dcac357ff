//! A charge as earlier reversals and its schedule left it, and the decision what the next reversal takes.
//!
//! Discounts and taxes go back in proportion to the charge, counted from its beginning and not from the last reversal:
//! the rounding of many small reversals therefore does not add up, and the last one takes exactly what is left.

use money::{Amount, Currency, NumberError};

use super::{Extent, ReversalError, Split, Taken};

/// The gross amount of a charge, or what its discounts take of it; nothing of it is below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    whole: Amount,
    reversed: Amount,
    earned: Amount,
}

impl Part {
    /// `whole` as it was posted, what earlier reversals took of it, and what of the rest is earned.
    pub fn new(whole: Amount, reversed: Amount, earned: Amount) -> Result<Self, ReversalError> {
        let is_part = !earned.is_negative() && !reversed.is_negative() && reversed.checked_add(earned)? <= whole;
        is_part.then_some(Self { whole, reversed, earned }).ok_or(ReversalError::NotAPart)
    }

    /// What earlier reversals left.
    pub fn left(self) -> Amount {
        less(self.whole, self.reversed)
    }

    /// What of that is earned.
    pub fn earned(self) -> Amount {
        self.earned
    }

    /// What of that is not.
    pub fn deferred(self) -> Amount {
        less(self.left(), self.earned)
    }

    /// The part after a split of it.
    pub fn after(self, split: &Split) -> Result<Self, ReversalError> {
        let reversed = self.reversed.checked_add(split.reversed()?)?;
        let earned = less(self.earned, split.from_earned).checked_add(split.earn_now)?;
        Self::new(self.whole, reversed, earned)
    }

    /// Takes so much, first of what is deferred.
    fn take(self, amount: Amount) -> Split {
        let from_deferred = amount.min(self.deferred());
        let stays_deferred = less(self.deferred(), from_deferred);
        Split { from_deferred, from_earned: less(amount, from_deferred), stays_deferred, ..Split::default() }
    }
}

/// A charge before it is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    gross: Part,
    discount: Part,
    tax: Amount,
    reversed_tax: Amount,
    currency: Currency,
}

impl Standing {
    /// A charge, its discounts together, and the tax on it of which `reversed_tax` went back before.
    pub fn new(
        gross: Part,
        discount: Part,
        tax: Amount,
        reversed_tax: Amount,
        currency: Currency,
    ) -> Result<Self, ReversalError> {
        let is_part = discount.whole <= gross.whole
            && discount.earned <= gross.earned
            && discount.deferred() <= gross.deferred()
            && !reversed_tax.is_negative()
            && reversed_tax <= tax;
        is_part.then_some(Self { gross, discount, tax, reversed_tax, currency }).ok_or(ReversalError::NotAPart)
    }

    /// The gross amount.
    pub fn gross(&self) -> Part {
        self.gross
    }

    /// The discounts.
    pub fn discount(&self) -> Part {
        self.discount
    }

    /// The charge after a reversal of it.
    pub fn after(&self, taken: &Taken) -> Result<Self, ReversalError> {
        let (gross, discount) = (self.gross.after(&taken.gross)?, self.discount.after(&taken.discount)?);
        Self::new(gross, discount, self.tax, self.reversed_tax.checked_add(taken.tax)?, self.currency)
    }

    /// What taking back so much does. Everything or all that is unearned may be nothing; an amount may not.
    pub fn decide(&self, extent: Extent) -> Result<Taken, ReversalError> {
        match extent {
            Extent::Nothing => {
                let earn = |part: Part| Split { earn_now: part.deferred(), ..Split::default() };
                Ok(Taken { gross: earn(self.gross), discount: earn(self.discount), ..Taken::default() })
            }
            Extent::Unearned => self.take(self.gross.deferred(), self.discount.deferred()),
            Extent::Full => self.take_gross(self.gross.left()),
            Extent::Amount(amount) => {
                self.check(amount, self.gross.left())?;
                self.take_gross(amount)
            }
            Extent::NetAmount(net) => {
                self.check(net, self.take_gross(self.gross.left())?.net()?)?;
                self.take_net(net)
            }
        }
    }

    fn check(&self, asked: Amount, left: Amount) -> Result<(), ReversalError> {
        if !left.is_positive() {
            return Err(ReversalError::NothingLeft);
        }
        let is_there = asked.is_positive() && asked <= left && asked.is_whole(self.currency);
        is_there.then_some(()).ok_or(ReversalError::NotLeft(left))
    }

    /// Takes so much of the charge, and its share of the discounts.
    fn take_gross(&self, gross: Amount) -> Result<Taken, ReversalError> {
        let so_far = self.gross.reversed.checked_add(gross)?;
        let due = share(self.discount.whole, so_far, self.gross.whole, self.currency)?;
        self.take(gross, less(due, self.discount.reversed))
    }

    /// Takes so much of the charge and, as closely as possible, so much of its discounts: what is taken, what is left and
    /// what of that is deferred are never below zero net.
    fn take(&self, gross: Amount, discount: Amount) -> Result<Taken, ReversalError> {
        let (left, taken) = (self.discount.left(), self.gross.take(gross));
        let least_of_left = less(left, less(self.gross.left(), gross));
        let least_of_deferred = less(self.discount.deferred(), taken.stays_deferred);
        let least = least_of_left.max(least_of_deferred).max(Amount::ZERO);
        let discount = discount.clamp(least, gross.min(left));
        let tax = self.tax_with(less(gross, discount))?;
        Ok(Taken { gross: taken, discount: self.discount.take(discount), tax, is_nearest: false })
    }

    /// The tax that goes back with so much of the net charge.
    fn tax_with(&self, net: Amount) -> Result<Amount, ReversalError> {
        let whole = less(self.gross.whole, self.discount.whole);
        let so_far = less(self.gross.reversed, self.discount.reversed).checked_add(net)?;
        let due = less(share(self.tax, so_far, whole, self.currency)?, self.reversed_tax);
        Ok(due.clamp(Amount::ZERO, less(self.tax, self.reversed_tax)))
    }

    /// Takes what comes nearest to so much net; of two as near the lesser, and as little of the charge as makes it.
    fn take_net(&self, net: Amount) -> Result<Taken, ReversalError> {
        let first = self.first_reaching(net)?;
        let mut nearest = self.take_units(first)?;
        let above = less(nearest.net()?, net);
        if above.is_positive() && first > 1 {
            let below = self.take_units(first - 1)?.net()?;
            if less(net, below) <= above {
                nearest = self.take_units(self.first_reaching(below)?)?;
            }
        }
        nearest.is_nearest = !above.is_zero();
        Ok(nearest)
    }

    /// The least of the charge, in minor units and at least one, that makes so much net or more; the net never falls as
    /// the charge grows.
    fn first_reaching(&self, net: Amount) -> Result<i64, ReversalError> {
        let (mut low, mut high) = (1, self.gross.left().millionths() / self.currency.minor_unit().millionths());
        while low < high {
            let middle = low.midpoint(high);
            if self.take_units(middle)?.net()? < net {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn take_units(&self, units: i64) -> Result<Taken, ReversalError> {
        self.take_gross(Amount::from_millionths(units * self.currency.minor_unit().millionths()))
    }
}

/// The share of a tax or discount that goes back with `reversed` of `whole`: all of it with the whole, and in proportion
/// before. Several reversals of one charge take the differences of growing shares, which add up exactly.
fn share(of: Amount, reversed: Amount, whole: Amount, currency: Currency) -> Result<Amount, NumberError> {
    if reversed == whole {
        return Ok(of);
    }
    of.portion(reversed.millionths(), whole.millionths(), currency)
}

/// The difference of two amounts that are not below zero, which always fits.
fn less(from: Amount, other: Amount) -> Amount {
    Amount::from_millionths(from.millionths() - other.millionths())
}
