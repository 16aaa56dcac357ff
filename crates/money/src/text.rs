//! Decimal text to millionths and back, digit by digit.

use crate::{MILLIONTHS, NumberError};

/// Decimals an integer in millionths can hold.
const DECIMALS: i64 = 6;
/// The highest power of ten an `i64` in millionths can hold a digit of.
const POWER_MAX: i64 = 12;

/// Reads a JSON number (RFC 8259 §6) as millionths, exactly.
///
/// Zeros may follow the sixth decimal and an exponent may move the point, as long as every
/// digit other than zero ends up between the thirteenth integer place and the sixth decimal.
pub(crate) fn parse(text: &str) -> Result<i64, NumberError> {
    let parts = Parts::split(text)?;
    let digits = parts.integer.bytes().chain(parts.fraction.bytes());
    let mut power = length(parts.integer).saturating_add(parts.exponent);
    let mut magnitude: i64 = 0;
    for digit in digits {
        power = power.saturating_sub(1);
        let digit = i64::from(digit - b'0');
        if digit != 0 {
            magnitude = magnitude.checked_add(digit * place(power)?).ok_or(NumberError::TooLarge)?;
        }
    }
    Ok(if parts.negative { -magnitude } else { magnitude })
}

/// Writes millionths as plain decimal text with no digit lost and at least `at_least` decimals.
pub(crate) fn write(millionths: i64, at_least: usize) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{}", write_magnitude(millionths.unsigned_abs(), at_least))
}

/// The digits of a number without its sign.
pub(crate) fn write_magnitude(millionths: u64, at_least: usize) -> String {
    let one = MILLIONTHS.unsigned_abs();
    let (integer, fraction) = (millionths / one, millionths % one);
    let fraction = format!("{fraction:06}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() && at_least == 0 {
        return integer.to_string();
    }
    format!("{integer}.{fraction:0<at_least$}")
}

/// The millionths that a one in the place of the given power of ten stands for.
fn place(power: i64) -> Result<i64, NumberError> {
    if power < -DECIMALS {
        return Err(NumberError::TooManyDecimals);
    }
    if power > POWER_MAX {
        return Err(NumberError::TooLarge);
    }
    let zeros = u32::try_from(power + DECIMALS).map_err(|_| NumberError::TooLarge)?;
    Ok(10_i64.pow(zeros))
}

/// The parts of a well-formed JSON number; `integer` and `fraction` hold digits only.
struct Parts<'a> {
    negative: bool,
    integer: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Parts<'a> {
    fn split(text: &'a str) -> Result<Self, NumberError> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (integer, rest) = take_digits(rest)?;
        if integer.len() > 1 && integer.starts_with('0') {
            return Err(NumberError::Syntax);
        }
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => take_digits(rest)?,
            None => ("", rest),
        };
        let exponent = match rest.strip_prefix(['e', 'E']) {
            Some(rest) => parse_exponent(rest)?,
            None if rest.is_empty() => 0,
            None => return Err(NumberError::Syntax),
        };
        Ok(Self { negative, integer, fraction, exponent })
    }
}

/// Splits off the leading digits, of which there must be one.
fn take_digits(text: &str) -> Result<(&str, &str), NumberError> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 {
        return Err(NumberError::Syntax);
    }
    Ok(text.split_at(end))
}

/// An exponent beyond `i64` is as good as the nearest `i64`: no digit but zero survives either.
fn parse_exponent(text: &str) -> Result<i64, NumberError> {
    let (negative, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let (digits, rest) = take_digits(rest)?;
    if !rest.is_empty() {
        return Err(NumberError::Syntax);
    }
    let magnitude =
        digits.bytes().fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Ok(if negative { -magnitude } else { magnitude })
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}
