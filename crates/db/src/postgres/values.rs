//! Values that travel to `PostgreSQL`, in its binary form.

use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use bytes::{BufMut as _, BytesMut};

use super::numeric;
use crate::Value;

type Failed = Box<dyn std::error::Error + Sync + Send>;

/// `PostgreSQL` counts from 2000-01-01: in microseconds, …
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// … and in days.
pub(super) const EPOCH_DAY: i32 = 10_957;

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failed> {
        match (self, kind) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Integer(value), &Type::INT8) => out.put_i64(*value),
            (Value::Integer(value), &Type::INT4) => out.put_i32(i32::try_from(*value)?),
            (Value::Integer(value), &Type::INT2) => out.put_i16(i16::try_from(*value)?),
            (Value::Integer(value), &Type::NUMERIC) => out.put_slice(&numeric::write(*value)),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN) => {
                out.put_slice(text.as_bytes());
            }
            (Value::Boolean(value), &Type::BOOL) => out.put_u8(u8::from(*value)),
            (Value::Instant(instant), &Type::TIMESTAMPTZ) => {
                let micros = instant.0.checked_mul(1_000).and_then(|micros| micros.checked_sub(EPOCH_MICROS));
                out.put_i64(micros.ok_or("the instant is out of range")?);
            }
            (Value::Day(day), &Type::DATE) => {
                out.put_i32(day.0.checked_sub(EPOCH_DAY).ok_or("the date is out of range")?);
            }
            (value, kind) => return Err(format!("{value:?} does not fit a parameter of the type {kind}").into()),
        }
        Ok(IsNull::No)
    }

    /// Any type, so that the error of a mismatch is ours and names both sides.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
