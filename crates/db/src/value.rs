//! Values that travel to the database: what a `$1` may be.

use std::borrow::Cow;

use crate::Error;

/// An instant, in milliseconds since 1970-01-01T00:00:00Z; a `TIMESTAMPTZ` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

/// A date, in days since 1970-01-01; a `DATE` column. On `SQLite` an integer, so `due_on + 1` means the same on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// One parameter of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value, of any type.
    Null,
    /// `BIGINT`.
    Integer(i64),
    /// `TEXT`. A NUL character is refused, because `PostgreSQL` cannot store it.
    Text(Cow<'a, str>),
    /// `BOOLEAN`.
    Boolean(bool),
    /// `TIMESTAMPTZ`.
    Instant(Millis),
    /// `DATE`.
    Day(Day),
}

/// Refuses what one of the databases could not store, so that both refuse it.
pub(crate) fn check(values: &[Value<'_>]) -> Result<(), Error> {
    let has_nul = |value: &Value<'_>| matches!(value, Value::Text(text) if text.as_bytes().contains(&0));
    if values.iter().any(has_nul) {
        return Err(Error::Value("a text with a NUL character cannot be stored".to_owned()));
    }
    Ok(())
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<i32> for Value<'_> {
    fn from(value: i32) -> Self {
        Value::Integer(i64::from(value))
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Value::Integer(i64::from(value))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<Millis> for Value<'_> {
    fn from(value: Millis) -> Self {
        Value::Instant(value)
    }
}

impl From<Day> for Value<'_> {
    fn from(value: Day) -> Self {
        Value::Day(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Value::Text(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Value::Text(value)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Value::from(value.as_deref())
    }
}

/// The parameters of a statement, in order: `values![account, "open", None::<i64>]` is an array of [`Value`].
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}
