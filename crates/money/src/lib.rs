//! Exact money: fixed-point numbers, currencies, rounding and allocation.
//!
//! Every number is an `i64` in millionths, the six decimals the wire allows. Nothing here is
//! ever a float, and a result that does not fit is refused, never wrapped or cut.

mod allocation;
mod currency;
mod exact;
mod number;
mod text;

pub use currency::Currency;
pub use exact::Exact;
pub use number::{Amount, Percentage, Price, Quantity};

/// How many units of the stored integer make one: six decimals.
pub const MILLIONTHS: i64 = 1_000_000;

/// Why a number could not be read, computed or divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a JSON number.
    #[error("is not a number")]
    Syntax,
    /// The number needs more than six decimal places.
    #[error("cannot exceed six decimal places")]
    TooManyDecimals,
    /// The number, or the result of an operation, is beyond ±9223372036854.775807.
    #[error("is too large")]
    TooLarge,
    /// The shares to divide by are negative, or none of them is above zero.
    #[error("cannot be divided: no share may be negative and one must be above zero")]
    NoShares,
    /// The amount to divide is not a multiple of the currency's minor unit.
    #[error("is not a multiple of the currency's minor unit")]
    NotWhole,
}
