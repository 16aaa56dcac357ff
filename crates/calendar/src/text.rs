//! The forms in which dates and timestamps arrive.

use jiff::civil::Date;

use crate::{FIRST_DATE, TimeError, date, instant::DAY_MILLIS};

const MINUTE_MILLIS: i64 = 60_000;
/// The furthest that any zone is from UTC, as .NET has it.
const OFFSET_MINUTES_MAX: i64 = 14 * 60;

/// Reads a day, `YYYY-MM-DD`, of the years 1 to 9999.
pub fn parse_date(text: &str) -> Result<Date, TimeError> {
    let mut reader = Reader { rest: text };
    let date = reader.date()?;
    reader.end()?;
    Ok(date)
}

/// Reads a timestamp as milliseconds since the epoch, which an offset may take beyond the calendar.
pub(crate) fn parse_timestamp(text: &str) -> Result<i64, TimeError> {
    let mut reader = Reader { rest: text };
    let midnight = i64::from(date::days_of(reader.date()?)) * DAY_MILLIS;
    if reader.rest.is_empty() {
        return Ok(midnight);
    }
    reader.expect('T')?;
    let time = reader.time()?;
    let offset = reader.offset()?;
    reader.end()?;
    Ok(midnight + time - offset)
}

/// What is left to read; every method takes its part from the front.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn date(&mut self) -> Result<Date, TimeError> {
        let year = self.digits::<4>()?;
        self.expect('-')?;
        let month = self.digits::<2>()?;
        self.expect('-')?;
        let day = self.digits::<2>()?;
        let narrow = |number: i64| i8::try_from(number).map_err(|_| TimeError::Nonexistent);
        let year = i16::try_from(year).map_err(|_| TimeError::OutOfRange)?;
        let date = Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| TimeError::Nonexistent)?;
        if date < FIRST_DATE { Err(TimeError::OutOfRange) } else { Ok(date) }
    }

    /// `HH:MM:SS[.f…]` in milliseconds since midnight.
    fn time(&mut self) -> Result<i64, TimeError> {
        let hour = self.digits::<2>()?;
        self.expect(':')?;
        let minute = self.digits::<2>()?;
        self.expect(':')?;
        let second = self.digits::<2>()?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::Nonexistent);
        }
        Ok((hour * 60 + minute) * MINUTE_MILLIS + second * 1000 + self.fraction()?)
    }

    /// The milliseconds of a fraction of any length, zero when there is none.
    fn fraction(&mut self) -> Result<i64, TimeError> {
        let Some(rest) = self.rest.strip_prefix('.') else {
            return Ok(0);
        };
        let after = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        let digits = &rest[..rest.len() - after.len()];
        if digits.is_empty() {
            return Err(TimeError::Syntax);
        }
        self.rest = after;
        let places = [100, 10, 1];
        Ok(digits.bytes().zip(places).map(|(digit, place)| i64::from(digit - b'0') * place).sum())
    }

    /// How far ahead of UTC the time is, in milliseconds: nothing, `Z`, `±HH:MM` or `±HHMM`.
    fn offset(&mut self) -> Result<i64, TimeError> {
        let sign = match self.rest.chars().next() {
            None => return Ok(0),
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return self.expect('Z').map(|()| 0),
        };
        self.rest = &self.rest[1..];
        let hours = self.digits::<2>()?;
        self.rest = self.rest.strip_prefix(':').unwrap_or(self.rest);
        let minutes = self.digits::<2>()?;
        let total = hours * 60 + minutes;
        if minutes > 59 || total > OFFSET_MINUTES_MAX {
            return Err(TimeError::Nonexistent);
        }
        Ok(sign * total * MINUTE_MILLIS)
    }

    /// Exactly `COUNT` digits.
    fn digits<const COUNT: usize>(&mut self) -> Result<i64, TimeError> {
        let (digits, rest) = self.rest.split_at_checked(COUNT).ok_or(TimeError::Syntax)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TimeError::Syntax);
        }
        self.rest = rest;
        Ok(digits.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    fn expect(&mut self, character: char) -> Result<(), TimeError> {
        self.rest = self.rest.strip_prefix(character).ok_or(TimeError::Syntax)?;
        Ok(())
    }

    fn end(&self) -> Result<(), TimeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(TimeError::Syntax) }
    }
}
