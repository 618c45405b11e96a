//! JSON as people write it into a query: `{id: IGSID}`, `{'type':'video', // or audio`, a comma too many.
//!
//! Meta's own pages show such requests as executable samples (doc: Send API reference), so they have to work. Strict
//! JSON is tried first; only what it refuses comes here.

use serde_json::{Map, Value};

/// Deeper nesting than this is refused.
const DEPTH: usize = 32;

/// Reads strict JSON, else relaxed JSON. `None` if the text is neither.
pub(crate) fn parse(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.blanks();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks();
        match self.rest.chars().next()? {
            _ if depth > DEPTH => None,
            '{' => self.object(depth),
            '[' => self.array(depth),
            quote @ ('"' | '\'') => self.quoted(quote).map(Value::String),
            _ => self.bare_value(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.skip(1);
        let mut map = Map::new();
        loop {
            self.blanks();
            match self.rest.chars().next()? {
                '}' => {
                    self.skip(1);
                    return Some(Value::Object(map));
                }
                ',' => self.skip(1),
                quote @ ('"' | '\'') => {
                    let key = self.quoted(quote)?;
                    self.member(key, &mut map, depth)?;
                }
                _ => {
                    let key = self.until(|c| matches!(c, ':' | ',' | '{' | '}' | '[' | ']' | '"' | '\''));
                    (!key.is_empty()).then_some(())?;
                    self.member(key, &mut map, depth)?;
                }
            }
        }
    }

    fn member(&mut self, key: String, map: &mut Map<String, Value>, depth: usize) -> Option<()> {
        self.blanks();
        self.rest = self.rest.strip_prefix(':')?;
        let value = self.value(depth + 1)?;
        map.insert(key, value);
        self.blanks();
        matches!(self.rest.chars().next()?, ',' | '}').then_some(())
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.skip(1);
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.rest.chars().next()? {
                ']' => {
                    self.skip(1);
                    return Some(Value::Array(items));
                }
                ',' => self.skip(1),
                _ => {
                    items.push(self.value(depth + 1)?);
                    self.blanks();
                    matches!(self.rest.chars().next()?, ',' | ']').then_some(())?;
                }
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut out = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    'u' => return self.quoted_with_escapes(quote),
                    other => out.push(other),
                },
                c if c == quote => {
                    self.skip(at + 1);
                    return Some(out);
                }
                c => out.push(c),
            }
        }
        None
    }

    /// A string with `\u` escapes: strict JSON knows how to read those, surrogates included.
    fn quoted_with_escapes(&mut self, quote: char) -> Option<String> {
        let mut strict = String::from('"');
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    '\'' => strict.push('\''),
                    other => strict.extend(['\\', other]),
                },
                c if c == quote => {
                    strict.push('"');
                    self.skip(at + 1);
                    return serde_json::from_str(&strict).ok();
                }
                '"' => strict.push_str("\\\""),
                c => strict.push(c),
            }
        }
        None
    }

    fn bare_value(&mut self) -> Option<Value> {
        let word = self.until(|c| matches!(c, ',' | '}' | ']' | '\n' | '{' | '['));
        match serde_json::from_str::<Value>(&word) {
            Ok(value) => Some(value),
            Err(_) => (!word.is_empty()).then_some(Value::String(word)),
        }
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let word = self.rest[..end].trim().to_owned();
        self.skip(end);
        word
    }

    /// White space and `//` comments, which a documented sample has.
    fn blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix("//") else {
                return;
            };
            self.rest = comment.find('\n').map_or("", |end| &comment[end..]);
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The forms that the freeform-messages document prints.
    #[test]
    fn documented_samples() {
        for (text, value) in [
            ("{id: 1012345678901234}", json!({"id": 1_012_345_678_901_234_i64})),
            ("{text: https://example.com/a?b=c}", json!({"text": "https://example.com/a?b=c"})),
            ("{text: Hello you, }", json!({"text": "Hello you"})),
            (
                "{\n attachment:\n {\n type:MEDIA_SHARE, \n payload:{id:17900}\n }\n }",
                json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": 17900}}}),
            ),
            (
                "{ 'attachment': { 'type':'video', // 'audio' or 'image'\n 'payload':{'url':'https://v/x.mp4'} } }",
                json!({"attachment": {"type": "video", "payload": {"url": "https://v/x.mp4"}}}),
            ),
            ("['persistent_menu']", json!(["persistent_menu"])),
            (
                "{'a': 'it\\'s', b: true, c: null, d: [1, x,],}",
                json!({"a": "it's", "b": true, "c": null, "d": [1, "x"]}),
            ),
            ("{'a': '\\u00e9 \\ud83d\\udc51 \"q\"'}", json!({"a": "é 👑 \"q\""})),
            ("{\"strict\": 1}", json!({"strict": 1})),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_object_stays_none_and_nothing_panics() {
        for text in [
            "",
            "{",
            "{id",
            "{id:",
            "{id:1",
            "{:1}",
            "{a b}",
            "['",
            "{'a",
            "{a:'\\",
            "{a:1}}",
            "{a:{b:1}",
            "[1 2]{",
            "{'a':'\\ud83d'}",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
        assert_eq!(parse(&"{a:".repeat(100_000)), None);
    }
}
