//! Products that lose nothing, and the one door through which they become cents.

use crate::{Amount, Currency, MILLIONTHS, NumberError, Percentage, Price, Quantity};

/// One millionth, in the trillionths of [`Exact`].
const MILLIONTH: i128 = 1_000_000;
/// Parts of one trillionth that a percentage leaves.
const HUNDREDTHS: i128 = 100;

/// A product or a sum of products, exact to the fourteenth decimal and far wider than an [`Amount`].
///
/// Any two numbers multiply without overflow; only [`Amount::round`] makes money of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact {
    /// Whole trillionths (10⁻¹²), rounded towards negative infinity.
    trillionths: i128,
    /// What is left of the last trillionth, from 0 to 99, so that the fields compare in order.
    hundredths: u8,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { trillionths: 0, hundredths: 0 };

    /// Whether this is zero.
    pub const fn is_zero(self) -> bool {
        self.trillionths == 0 && self.hundredths == 0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.trillionths < 0
    }

    /// The sum, or [`NumberError::TooLarge`].
    pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
        let hundredths = i128::from(self.hundredths) + i128::from(other.hundredths);
        let carried = Self::from_hundredths(hundredths);
        let trillionths = self
            .trillionths
            .checked_add(other.trillionths)
            .and_then(|sum| sum.checked_add(carried.trillionths))
            .ok_or(NumberError::TooLarge)?;
        Ok(Self { trillionths, hundredths: carried.hundredths })
    }

    /// Cuts hundredths of a trillionth (10⁻¹⁴) into whole ones and a rest that is never negative.
    fn from_hundredths(hundredths: i128) -> Self {
        let rest = hundredths.rem_euclid(HUNDREDTHS);
        Self { trillionths: hundredths.div_euclid(HUNDREDTHS), hundredths: u8::try_from(rest).unwrap_or_default() }
    }

    fn from_trillionths(trillionths: i128) -> Self {
        Self { trillionths, hundredths: 0 }
    }
}

impl From<Amount> for Exact {
    fn from(amount: Amount) -> Self {
        Self::from_trillionths(i128::from(amount.millionths()) * MILLIONTH)
    }
}

impl From<Price> for Exact {
    /// A price for the whole, as Stairstep ranges carry it.
    fn from(price: Price) -> Self {
        price.times(Quantity::ONE)
    }
}

impl Price {
    /// What that many units cost.
    pub fn times(self, quantity: Quantity) -> Exact {
        Exact::from_trillionths(product(self.millionths(), quantity.millionths()))
    }
}

impl Amount {
    /// The amount once for every unit.
    pub fn times(self, quantity: Quantity) -> Exact {
        Exact::from_trillionths(product(self.millionths(), quantity.millionths()))
    }

    /// That many hundredths of the amount.
    pub fn percent(self, percentage: Percentage) -> Exact {
        Exact::from_hundredths(product(self.millionths(), percentage.millionths()))
    }

    /// The amount of money closest to `exact` in the currency's minor unit, halves away from zero.
    ///
    /// This is the one door from computed values to posted ones (one rounding per posted line).
    pub fn round(exact: Exact, currency: Currency) -> Result<Self, NumberError> {
        let hundredths = exact
            .trillionths
            .checked_mul(HUNDREDTHS)
            .and_then(|scaled| scaled.checked_add(i128::from(exact.hundredths)))
            .ok_or(NumberError::TooLarge)?;
        nearest_whole(hundredths, HUNDREDTHS * MILLIONTH, currency)
    }

    /// What one of `quantity` units costs when all of them cost the amount: to six decimals, halves away from zero.
    ///
    /// Refuses no units, or less than none ([`NumberError::NoShares`]).
    pub fn per_unit(self, quantity: Quantity) -> Result<Price, NumberError> {
        if !quantity.is_positive() {
            return Err(NumberError::NoShares);
        }
        let (numerator, units) = (product(self.millionths(), MILLIONTHS), i128::from(quantity.millionths()));
        let (quotient, rest) = (numerator / units, numerator % units);
        let rounded = if rest.abs() >= units - rest.abs() { quotient + numerator.signum() } else { quotient };
        Price::from_wide(rounded)
    }

    /// `part` of `whole` equal shares of the amount, rounded as [`Amount::round`] does.
    ///
    /// Differences of growing parts add up exactly: part n of an earning schedule is
    /// `portion(n, count) - portion(n - 1, count)`. Refuses a negative part and a `whole` that is not positive.
    pub fn portion(self, part: i64, whole: i64, currency: Currency) -> Result<Self, NumberError> {
        if part < 0 || whole <= 0 {
            return Err(NumberError::NoShares);
        }
        nearest_whole(product(self.millionths(), part), i128::from(whole), currency)
    }

    /// Whether the amount is a multiple of the currency's minor unit.
    pub fn is_whole(self, currency: Currency) -> bool {
        self.millionths() % currency.minor_unit().millionths() == 0
    }
}

/// The product of two `i64` is at most 2¹²⁶ and always fits.
fn product(left: i64, right: i64) -> i128 {
    i128::from(left) * i128::from(right)
}

/// The multiple of the minor unit closest to `numerator / denominator` millionths.
fn nearest_whole(numerator: i128, denominator: i128, currency: Currency) -> Result<Amount, NumberError> {
    let unit = i128::from(currency.minor_unit().millionths());
    let step = denominator * unit;
    let (quotient, rest) = (numerator / step, numerator % step);
    // Comparing with what is missing to the next unit needs no doubling, which could overflow.
    let is_half_or_more = rest.abs() >= step - rest.abs();
    let units = if is_half_or_more { quotient + numerator.signum() } else { quotient };
    Amount::from_wide(units.checked_mul(unit).ok_or(NumberError::TooLarge)?)
}
