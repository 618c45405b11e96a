//! JSON text as the messaging sender writes it.
//!
//! Compact; `/` is written `\/`; every non-ASCII character is written `\uXXXX` in lower-case hex, those outside the
//! basic plane as a surrogate pair. Cap: a raw echo with `https:\/\/` and `\ud83d\udc51`, and a delivery whose byte
//! count only this form matches. Signatures are over these bytes, so a receiver that parses and writes again must fail
//! here as it fails in production.

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Writes `value` as the messaging sender would.
pub fn to_vec(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    // Writing our own types into memory cannot fail: their keys are strings, and a Vec takes all bytes.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut out, Escaping));
    out
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Most texts need no escape, which is seen many bytes at a time if the look does not stop at the first.
        if fragment.bytes().fold(true, |plain, b| plain & b.is_ascii() & (b != b'/')) {
            return out.write_all(fragment.as_bytes());
        }
        write_escaped(out, fragment, true)
    }
}

/// Writes what is not ASCII as `\uXXXX`, and `/` as `\/` if slashes are escaped too.
pub(crate) fn write_escaped<W: ?Sized + Write>(out: &mut W, fragment: &str, slashes: bool) -> io::Result<()> {
    let mut plain = 0;
    for (at, c) in fragment.char_indices().filter(|(_, c)| (slashes && *c == '/') || !c.is_ascii()) {
        out.write_all(&fragment.as_bytes()[plain..at])?;
        plain = at + c.len_utf8();
        if c == '/' {
            out.write_all(b"\\/")?;
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
    }
    out.write_all(&fragment.as_bytes()[plain..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The text of the published test vector (reference of the webhooks, "Signature").
    #[test]
    fn writes_the_captured_form() {
        let value = json!({"text": "café 👑 a/b"});
        assert_eq!(to_vec(&value), br#"{"text":"caf\u00e9 \ud83d\udc51 a\/b"}"#);
    }

    #[test]
    fn leaves_what_the_capture_leaves() {
        let value = json!({"text": "<a href='?x=1&y=2#z'>_%@\n\"\u{7}"});
        assert_eq!(to_vec(&value), br#"{"text":"<a href='?x=1&y=2#z'>_%@\n\"\u0007"}"#);
    }

    #[test]
    fn reads_back_as_the_same_value() {
        for text in ["", "/", "é", "a/é/👑/z", "\u{ffff}\u{10ffff}"] {
            let back: String = serde_json::from_slice(&to_vec(&text)).unwrap();
            assert_eq!(back, text);
        }
    }
}
