//! The four kinds of number: amounts, prices, quantities and percentages, which never mix by accident.

use std::fmt;

use crate::{MILLIONTHS, NumberError, text};

/// Defines one newtype over millionths; one text for all four, so that they cannot drift.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Exact to six decimals, within ±9223372036854.775807.
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// Exactly one.
            pub const ONE: Self = Self(MILLIONTHS);
            /// The largest number of this kind; the smallest is its opposite.
            pub const MAX: Self = Self(i64::MAX);

            /// The number that many millionths make.
            ///
            /// `i64::MIN` has no opposite, so it is taken as the smallest number, one above it.
            pub const fn from_millionths(millionths: i64) -> Self {
                if millionths == i64::MIN { Self(-i64::MAX) } else { Self(millionths) }
            }

            /// The number in millionths, as it is stored.
            pub const fn millionths(self) -> i64 {
                self.0
            }

            /// Reads the text of a JSON number (RFC 8259 §6), with or without an exponent.
            ///
            /// Refuses anything else, more than six decimals other than zero, and what is out of range.
            pub fn parse(text: &str) -> Result<Self, NumberError> {
                text::parse(text).map(Self)
            }

            /// Whether this is zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Whether this is below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Whether this is above zero.
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// The sum, or [`NumberError::TooLarge`].
            pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
                Self::from_wide(i128::from(self.0) + i128::from(other.0))
            }

            /// The difference, or [`NumberError::TooLarge`].
            pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
                Self::from_wide(i128::from(self.0) - i128::from(other.0))
            }

            /// The same distance from zero on the other side; the range is symmetric, so it always exists.
            #[must_use]
            pub const fn negated(self) -> Self {
                Self(-self.0)
            }

            /// Plain decimal text with at least that many decimals, and more where digits would be lost.
            pub fn with_scale(self, at_least: usize) -> String {
                text::write(self.0, at_least)
            }

            /// Back from wide arithmetic in millionths, if it fits.
            pub(crate) fn from_wide(millionths: i128) -> Result<Self, NumberError> {
                match i64::try_from(millionths) {
                    Ok(i64::MIN) | Err(_) => Err(NumberError::TooLarge),
                    Ok(millionths) => Ok(Self(millionths)),
                }
            }
        }

        impl fmt::Display for $name {
            /// The shortest decimal form, never with an exponent.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let digits = text::write_magnitude(self.0.unsigned_abs(), 0);
                f.pad_integral(!self.is_negative(), "", &digits)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

number!(
    /// Money in the currency of its owner; posted amounts are multiples of the minor unit.
    Amount
);
number!(
    /// Money per unit, not rounded to the minor unit.
    Price
);
number!(
    /// How many units, in whole or in parts.
    Quantity
);
number!(
    /// Parts of a hundred: `50` is one half.
    Percentage
);

impl Percentage {
    /// The whole of something.
    pub const HUNDRED: Self = Self(100 * MILLIONTHS);
}

impl Amount {
    /// The sum of all, or [`NumberError::TooLarge`]; the order of the parts does not matter.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Result<Self, NumberError> {
        Self::from_wide(parts.into_iter().map(|part| i128::from(part.0)).sum())
    }
}
