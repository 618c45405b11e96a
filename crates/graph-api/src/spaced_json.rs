//! JSON text as the sender of `changes` writes it.
//!
//! A space after every `,` and `:`; every non-ASCII character is written `\uXXXX` in lower-case hex. Cap: of all ways to
//! write a published delivery, only this one has its length. That `/` stays as it is is unconfirmed.

use crate::php_json::write_escaped;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Writes `value` as the sender of `changes` would.
pub fn to_vec(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    // Writing our own types into memory cannot fail: their keys are strings, and a Vec takes all bytes.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut out, Spaced));
    out
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(out, fragment, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spaces_and_escapes() {
        let value = json!({"a": [1, {"b": "olá/👑"}], "c": [], "d": {}});
        let text = r#"{"a": [1, {"b": "ol\u00e1/\ud83d\udc51"}], "c": [], "d": {}}"#;
        assert_eq!(String::from_utf8(to_vec(&value)).unwrap(), text);
    }
}
