//! Numbers and instants on the wire: read without a float, written with the scale the original shows.

use std::borrow::Cow;
use std::fmt;

use calendar::{Date, Instant};
use money::{Amount, Percentage, Price, Quantity};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::de::special;

/// A number of a request, exact to six decimals; only [`super::de`] reads it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i64);

impl Decimal {
    /// From a count of millionths.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// The number as a count of millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// As money.
    pub const fn amount(self) -> Amount {
        Amount::from_millionths(self.0)
    }

    /// As a price of one unit.
    pub const fn price(self) -> Price {
        Price::from_millionths(self.0)
    }

    /// As a number of units.
    pub const fn quantity(self) -> Quantity {
        Quantity::from_millionths(self.0)
    }

    /// As parts of a hundred.
    pub const fn percentage(self) -> Percentage {
        Percentage::from_millionths(self.0)
    }
}

/// An instant of a request: a date (its midnight, UTC), or a date and time, UTC unless an offset says otherwise; only
/// [`super::de`] reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub Instant);

/// A day of a request, written like a [`Timestamp`]: the day as it is written, whatever its time and offset; only
/// [`super::de`] reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

/// Receives what the reader of [`super::de`] made of a special value.
struct Whole;

impl Visitor<'_> for Whole {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or an instant read by the wire layer")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(special::DECIMAL, Whole).map(Self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = deserializer.deserialize_newtype_struct(special::TIMESTAMP, Whole)?;
        Ok(Self(Instant::from_millis(millis)))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let midnight = deserializer.deserialize_newtype_struct(special::DAY, Whole)?;
        Ok(Self(Instant::from_millis(midnight).utc_date()))
    }
}

/// A price or range bound of an answer: a number with at least six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Six(pub Price);

/// Money of an answer: a number with at least four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Four(pub Amount);

/// A quantity of an answer: a number with at least one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct One(pub Quantity);

/// A percentage of an answer: a number with at least one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub Percentage);

/// An instant of an answer: `yyyy-MM-ddTHH:mm:ss[.fff]`, UTC, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(pub Instant);

impl Serialize for Six {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_number(self.0.with_scale(6), serializer)
    }
}

impl Serialize for Four {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_number(self.0.with_scale(4), serializer)
    }
}

impl Serialize for One {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_number(self.0.with_scale(1), serializer)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_number(self.0.with_scale(1), serializer)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn write_number<S: Serializer>(text: String, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

/// The schema of a scalar, written in place rather than by reference.
macro_rules! schema {
    ($type:ident, $schema:tt) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

schema!(Decimal, { "type": "number", "description": "A number with at most six decimal places." });
schema!(Timestamp, {
    "type": "string",
    "format": "date-time",
    "description": "A date (`2024-01-31`, its midnight) or a date and time (`2024-01-31T14:30:00`); UTC unless an offset says otherwise."
});
schema!(Day, {
    "type": "string",
    "format": "date",
    "description": "A date (`2024-01-31`); of a date and time, the day as it is written."
});
schema!(Six, { "type": "number", "description": "Exact; written with at least six decimal places." });
schema!(Four, { "type": "number", "description": "Exact; written with at least four decimal places." });
schema!(One, { "type": "number", "description": "Exact; written with at least one decimal place." });
schema!(Percent, { "type": "number", "description": "Percent, exact; written with at least one decimal place." });
schema!(At, {
    "type": "string",
    "format": "date-time",
    "description": "UTC, without a zone; a fraction of a second only when it is not zero."
});

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn numbers_have_their_scale_and_lose_no_digit() {
        assert_eq!(json(&Six(Price::ZERO)), "0.000000");
        assert_eq!(json(&Six(Price::ONE)), "1.000000");
        assert_eq!(json(&Four(Amount::from_millionths(10_000_000))), "10.0000");
        assert_eq!(json(&Four(Amount::from_millionths(-10_123_450))), "-10.12345");
        assert_eq!(json(&One(Quantity::ZERO)), "0.0");
        assert_eq!(json(&One(Quantity::from_millionths(1))), "0.000001");
        assert_eq!(json(&Four(Amount::MAX)), "9223372036854.775807");
    }

    #[test]
    fn instants_have_no_zone() {
        assert_eq!(json(&At(Instant::parse("2019-11-11T19:40:07.960Z").unwrap())), r#""2019-11-11T19:40:07.96""#);
    }
}
