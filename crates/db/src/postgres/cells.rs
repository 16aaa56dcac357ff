//! Columns that come from `PostgreSQL`, in its binary form.

use ::postgres::types::{FromSql, Type};

use super::numeric;
use super::values::{EPOCH_DAY, EPOCH_MICROS};
use crate::{Cell, Day, Error, Millis};

type Failed = Box<dyn std::error::Error + Sync + Send>;

/// Reads a column of a row.
pub(crate) fn cell(row: &::postgres::Row, index: usize) -> Result<Cell<'_>, Error> {
    row.try_get(index).map_err(|error| Error::Value(super::error::text(&error)))
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failed> {
        let integer = match *kind {
            Type::INT8 => i64::from_sql(kind, raw)?,
            Type::INT4 => i64::from(i32::from_sql(kind, raw)?),
            Type::INT2 => i64::from(i16::from_sql(kind, raw)?),
            Type::NUMERIC => numeric::read(raw).ok_or("not a whole number of 64 bits")?,
            Type::BOOL => return Ok(Cell::Boolean(bool::from_sql(kind, raw)?)),
            Type::TIMESTAMPTZ => return instant(i64::from_sql(&Type::INT8, raw)?),
            Type::DATE => return day(i32::from_sql(&Type::INT4, raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                return Ok(Cell::Text(<&str>::from_sql(kind, raw)?));
            }
            _ => return Err(format!("columns of the type {kind} cannot be read").into()),
        };
        Ok(Cell::Integer(integer))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failed> {
        Ok(Cell::Null)
    }

    /// Any type, so that the error of an unknown one is ours and names it.
    fn accepts(_: &Type) -> bool {
        true
    }
}

fn instant(micros: i64) -> Result<Cell<'static>, Failed> {
    let from_1970 = micros.checked_add(EPOCH_MICROS).ok_or("the instant is infinite")?;
    Ok(Cell::Instant(Millis(from_1970.div_euclid(1_000))))
}

fn day(day: i32) -> Result<Cell<'static>, Failed> {
    Ok(Cell::Day(Day(day.checked_add(EPOCH_DAY).ok_or("the date is infinite")?)))
}
