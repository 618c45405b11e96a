//! Reading a JSON body: what is null is absent (run: the Python client sends nulls), and what is wrong is named.

use crate::{ApiError, Result, limits};
use serde_json::{Map, Value};

/// An object of a body, and where it stands in it.
#[derive(Clone, Debug)]
pub struct Body {
    path: String,
    members: Map<String, Value>,
}

impl Body {
    /// Reads a request's body; an empty one is an empty object.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self { path: String::new(), members: Map::new() });
        }
        let value = serde_json::from_slice(bytes).map_err(|e| ApiError::bad(format!("Invalid JSON: {e}")))?;
        if holds_zero(&value) {
            return Err(ApiError::bad("Invalid JSON: texts must not hold U+0000"));
        }
        Self::of(String::new(), value)
    }

    /// An object within a body.
    pub fn of(path: String, value: Value) -> Result<Self> {
        match value {
            Value::Object(members) => {
                Ok(Self { path, members: members.into_iter().filter(|(_, v)| !v.is_null()).collect() })
            }
            _ if path.is_empty() => Err(ApiError::bad("should be object")),
            _ => Err(ApiError::bad(format!("{path} should be object"))),
        }
    }

    /// Where a member stands.
    pub fn path(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// Whether the member is there, and not null.
    pub fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// Any value.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    fn wrong<T>(&self, name: &str, should: &str) -> Result<T> {
        Err(ApiError::bad(format!("{} should {should}", self.path(name))))
    }

    /// A text of at most `most` characters.
    pub fn text(&self, name: &str, most: usize) -> Result<Option<String>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
            Some(Value::String(_)) => self.wrong(name, &format!("NOT be longer than {most} characters")),
            Some(_) => self.wrong(name, "be string"),
        }
    }

    /// A text that must be there and not be empty.
    pub fn required(&self, name: &str, most: usize) -> Result<String> {
        match self.text(name, most)? {
            Some(text) if text.is_empty() => self.wrong(name, "NOT be shorter than 1 characters"),
            Some(text) => Ok(text),
            None => Err(ApiError::required(&self.path, name)),
        }
    }

    /// A text that is one of a few.
    pub fn one_of(&self, name: &str, known: &[&str]) -> Result<Option<String>> {
        match self.text(name, usize::MAX)? {
            Some(text) if !known.contains(&text.as_str()) => {
                self.wrong(name, &format!("be equal to one of the allowed values: {}", known.join(", ")))
            }
            found => Ok(found),
        }
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => self.wrong(name, "be boolean"),
        }
    }

    /// A whole number within bounds.
    pub fn whole(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>> {
        match self.members.get(name).map(Value::as_i64) {
            None => Ok(None),
            Some(Some(number)) if (least..=most).contains(&number) => Ok(Some(number)),
            Some(Some(_)) => self.wrong(name, &format!("be >= {least} and <= {most}")),
            Some(None) => self.wrong(name, "be integer"),
        }
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Option<Self>> {
        self.members.get(name).map(|value| Self::of(self.path(name), value.clone())).transpose()
    }

    /// A list whose length is within bounds.
    pub fn list(&self, name: &str, least: usize, most: usize) -> Result<Option<Vec<Value>>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::Array(list)) if list.len() < least => {
                self.wrong(name, &format!("NOT have fewer than {least} items"))
            }
            Some(Value::Array(list)) if list.len() > most => {
                self.wrong(name, &format!("NOT have more than {most} items"))
            }
            Some(Value::Array(list)) => Ok(Some(list.clone())),
            Some(_) => self.wrong(name, "be array"),
        }
    }

    /// A list of objects, each read by `read`.
    pub fn objects<T>(
        &self,
        name: &str,
        least: usize,
        most: usize,
        mut read: impl FnMut(Self) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let Some(list) = self.list(name, least, most)? else { return Ok(None) };
        let each = list.into_iter().enumerate();
        let read = each.map(|(at, value)| read(Self::of(format!("{}[{at}]", self.path(name)), value)?));
        read.collect::<Result<_>>().map(Some)
    }

    /// `metadata`: flat, its values strings, numbers or booleans, of a limited size. `whose` is the resource's name, for
    /// the text of the error (spec: `App metadata is limited to 4096 bytes in size.`).
    pub fn metadata(&self, name: &str, whose: &str) -> Result<Option<Map<String, Value>>> {
        let Some(object) = self.object(name)? else { return Ok(None) };
        let is_plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        if let Some((key, _)) = object.members.iter().find(|(_, value)| !is_plain(value)) {
            return object.wrong(key, "be string, number or boolean");
        }
        let most = limits::METADATA_BYTES;
        if Value::Object(object.members.clone()).to_string().len() > most {
            return Err(ApiError::bad(format!("{whose} metadata is limited to {most} bytes in size.")));
        }
        Ok(Some(object.members))
    }

    /// An absolute address of `http` or `https`.
    pub fn url(&self, name: &str) -> Result<Option<String>> {
        let Some(text) = self.text(name, limits::URL)? else { return Ok(None) };
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_good = rest.is_some_and(|rest| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
        });
        if is_good { Ok(Some(text)) } else { self.wrong(name, "match format \"uri\"") }
    }
}

/// Not every engine can store it.
fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(holds_zero),
        Value::Object(members) => members.iter().any(|(key, value)| key.contains('\0') || holds_zero(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_absent_and_what_is_wrong_is_named() {
        let body =
            Body::read(br#"{"a":null,"b":1,"c":{"d":"x","e":[1]},"m":{"k":[]},"u":"ftp://x","f":"yes"}"#)
                .unwrap();
        assert!(!body.has("a"));
        assert_eq!(body.required("a", 9).unwrap_err().title, "should have required property 'a'");
        assert_eq!(body.text("b", 9).unwrap_err().title, "b should be string");
        let inner = body.object("c").unwrap().unwrap();
        assert_eq!(inner.required("d", 9), Ok("x".to_owned()));
        assert_eq!(inner.required("z", 9).unwrap_err().title, "c should have required property 'z'");
        assert_eq!(inner.list("e", 2, 3).unwrap_err().title, "c.e should NOT have fewer than 2 items");
        assert_eq!(body.metadata("m", "App").unwrap_err().title, "m.k should be string, number or boolean");
        assert_eq!(body.url("u").unwrap_err().title, "u should match format \"uri\"");
        assert_eq!(body.flag("f").unwrap_err().title, "f should be boolean");
        assert!(
            Body::read(b"[]").is_err()
                && Body::read(b"{").is_err()
                && Body::read(br#"{"a":"\u0000"}"#).is_err()
        );
        let long = format!(r#"{{"m":{{"k":"{}"}}}}"#, "x".repeat(4096));
        let error = Body::read(long.as_bytes()).unwrap().metadata("m", "App").unwrap_err();
        assert_eq!(error.title, "App metadata is limited to 4096 bytes in size.");
    }
}
