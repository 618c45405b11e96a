//! What goes into a statement.

use std::fmt;

use clock::Micros;

use crate::{Error, Result};

/// A value of a parameter. Yes and no are the integers 1 and 0, instants are their microseconds.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// An integer (`BIGINT`).
    Int(i64),
    /// Text; must not hold U+0000.
    Text(String),
    /// Any bytes (`{bytes}` in migrations).
    Bytes(Vec<u8>),
}

/// Secrets pass through values: neither texts nor bytes are shown, only how long they are.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Int(int) => write!(f, "Int({int})"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

/// Checks what the engine does not check, or not all engines alike: U+0000, and the number of values.
pub(crate) fn check(values: &[Value], wanted: usize) -> Result<()> {
    if values.len() != wanted {
        return Err(Error::Parameters { wanted, got: values.len() });
    }
    let has_zero = |value: &Value| matches!(value, Value::Text(text) if text.as_bytes().contains(&0));
    if values.iter().any(has_zero) { Err(Error::Text) } else { Ok(()) }
}

macro_rules! value_from {
    ($($from:ty, $v:ident => $value:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($v: $from) -> Self {
                $value
            }
        }
    )*};
}

value_from! {
    i64, v => Self::Int(v);
    i32, v => Self::Int(v.into());
    u32, v => Self::Int(v.into());
    u16, v => Self::Int(v.into());
    bool, v => Self::Int(v.into());
    Micros, v => Self::Int(v.0);
    String, v => Self::Text(v);
    &String, v => Self::Text(v.clone());
    &str, v => Self::Text(v.to_owned());
    Vec<u8>, v => Self::Bytes(v);
    &Vec<u8>, v => Self::Bytes(v.clone());
    &[u8], v => Self::Bytes(v.to_vec());
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(v: [u8; N]) -> Self {
        Self::Bytes(v.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(v: &[u8; N]) -> Self {
        Self::Bytes(v.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement's parameters, in order: `tx.run("… $1 … $2", params![id, "text"])`. A `&[Value]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::Value::from($value)),*] as &[$crate::Value]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_from_what_callers_have() {
        let name = String::from("ada");
        let got = params![
            1_i64,
            2_i32,
            u32::MAX,
            3_u16,
            true,
            Micros(5),
            &name,
            "x",
            None::<i64>,
            Some("y"),
            [7_u8]
        ];
        let text = |t: &str| Value::Text(t.to_owned());
        let wanted = [
            Value::Int(1),
            Value::Int(2),
            Value::Int(4_294_967_295),
            Value::Int(3),
            Value::Int(1),
            Value::Int(5),
            text("ada"),
            text("x"),
            Value::Null,
            text("y"),
            Value::Bytes(vec![7]),
        ];
        assert_eq!(got, wanted);
        assert_eq!(params![], &[]);
    }

    #[test]
    fn debug_shows_no_contents() {
        let shown = format!("{:?}", params!["secret", b"secret"]);
        assert_eq!(shown, "[Text(6 bytes), Bytes(6 bytes)]");
    }
}
