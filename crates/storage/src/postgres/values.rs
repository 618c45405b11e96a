//! Values in PostgreSQL's binary format, there and back.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::row::Cell;
use crate::{Error, Result, Value};

type Refusal = Box<dyn StdError + Sync + Send>;

/// Checks that each value can be sent as what its parameter is.
pub(super) fn check(values: &[Value], types: &[Type]) -> Result<()> {
    for (number, (value, wanted)) in (1..).zip(values.iter().zip(types)) {
        let given = match value {
            Value::Null => continue,
            Value::Int(n) if fits(*n, wanted) => continue,
            Value::Text(_) if is_text(wanted) => continue,
            Value::Bytes(_) if *wanted == Type::BYTEA => continue,
            Value::Int(_) => "an integer",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
        };
        return Err(Error::Engine(format!("parameter ${number} is of type {wanted} and cannot be {given}")));
    }
    Ok(())
}

fn fits(n: i64, wanted: &Type) -> bool {
    match *wanted {
        Type::INT8 => true,
        Type::INT4 => i32::try_from(n).is_ok(),
        Type::INT2 => i16::try_from(n).is_ok(),
        _ => false,
    }
}

fn is_text(wanted: &Type) -> bool {
    matches!(*wanted, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(n) if *wanted == Type::INT4 => i32::try_from(*n)?.to_sql(wanted, out),
            Self::Int(n) if *wanted == Type::INT2 => i16::try_from(*n)?.to_sql(wanted, out),
            Self::Int(n) => n.to_sql(wanted, out),
            Self::Text(text) => text.as_str().to_sql(wanted, out),
            Self::Bytes(bytes) => bytes.as_slice().to_sql(wanted, out),
        }
    }

    /// Was checked before.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(found: &Type, raw: &'r [u8]) -> Result<Self, Refusal> {
        match *found {
            Type::INT8 => i64::from_sql(found, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(found, raw).map(|n| Self::Int(n.into())),
            Type::INT2 => i16::from_sql(found, raw).map(|n| Self::Int(n.into())),
            // What SQLite answers for a comparison.
            Type::BOOL => bool::from_sql(found, raw).map(|yes| Self::Int(yes.into())),
            Type::BYTEA => Ok(Self::Bytes(raw)),
            _ => <&str>::from_sql(found, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refusal> {
        Ok(Self::Null)
    }

    fn accepts(found: &Type) -> bool {
        matches!(*found, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::BYTEA) || is_text(found)
    }
}

/// What column `i` of a row holds.
pub(crate) fn cell(row: &tokio_postgres::Row, i: usize) -> Result<Cell<'_>> {
    row.try_get(i).map_err(|_| match row.columns().get(i).map(tokio_postgres::Column::type_) {
        None => Error::Column { column: i, wanted: "a column", found: "nothing" },
        Some(&Type::NUMERIC) => {
            Error::Column { column: i, wanted: "an integer", found: "a number of any size" }
        }
        Some(&Type::FLOAT4 | &Type::FLOAT8) => {
            Error::Column { column: i, wanted: "an integer", found: "a fraction" }
        }
        Some(_) => Error::Column { column: i, wanted: "an integer, text or bytes", found: "another type" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    #[test]
    fn a_value_is_of_its_parameters_type() {
        let all = params![i64::MAX, i64::from(i32::MIN), 7_i64, "text", b"bytes", None::<i64>];
        let types = [Type::INT8, Type::INT4, Type::INT2, Type::TEXT, Type::BYTEA, Type::TEXT];
        check(all, &types).unwrap();
        for (value, wanted) in [
            (Value::Int(1 << 31), Type::INT4),
            (Value::Int(1 << 15), Type::INT2),
            (Value::Int(1), Type::TEXT),
            (Value::Text("1".to_owned()), Type::INT8),
            (Value::Text("1".to_owned()), Type::BYTEA),
            (Value::Bytes(vec![1]), Type::TEXT),
            (Value::Int(1), Type::NUMERIC),
        ] {
            let refused = check(&[value], &[wanted]).unwrap_err();
            assert!(matches!(&refused, Error::Engine(text) if text.contains("parameter $1")), "{refused}");
        }
    }
}
