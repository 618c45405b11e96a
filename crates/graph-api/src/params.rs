//! The parameters of a request: one flat bag, wherever they came from.
//!
//! A parameter can stand in the query, in a form (an object then travels as JSON text, or in brackets as PHP and Rails
//! write it), in a multipart body, or in a JSON body. Where a name is given twice, the query wins over the body
//! (unconfirmed; the reference has explicit parameters win). Readers of values are lenient in the ways that programs
//! in the field need: numbers as strings and the reverse, `"true"`, comma lists, relaxed JSON.

mod brackets;

use crate::relaxed_json;
use crate::{ErrorName, GraphError, Result};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// More parameters than this in one request are refused.
const COUNT: usize = 1000;

/// One value as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// From a query, a form or a part of a multipart body: text, which may hold JSON.
    Text(String),
    /// From a JSON body, or put together from brackets.
    Json(Value),
}

/// A file that came as a part of a multipart body, such as `filedata`. Its bytes are elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePart {
    /// The part's name.
    pub name: String,
    /// The file's name; may be empty.
    pub file_name: String,
    /// The file's size in bytes.
    pub size: u64,
}

/// The bag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    // A request has a handful of parameters: looking through them beats hashing.
    entries: Vec<(String, Param)>,
    file: Option<FilePart>,
}

impl Params {
    /// Adds what a query string or a form body holds.
    pub fn add_form(&mut self, encoded: &[u8]) -> Result<()> {
        let mut bracketed = brackets::Brackets::default();
        for (count, (name, value)) in form_urlencoded::parse(encoded).enumerate() {
            few_enough(count)?;
            self.refuse_nul(&name, &value)?;
            if !bracketed.take(&name, &value)? {
                self.add(name.into_owned(), Param::Text(value.into_owned()))?;
            }
        }
        for (name, value) in bracketed.finish() {
            self.add(name, Param::Json(value))?;
        }
        Ok(())
    }

    /// Adds the members of a JSON body, which must be an object. An empty body adds nothing.
    pub fn add_json(&mut self, body: &[u8]) -> Result<()> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let malformed = |e: serde_json::Error| {
            GraphError::with(
                ErrorName::MalformedRequest,
                [&format!("The request body is not valid JSON: {e}")],
            )
        };
        if body.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
            serde_json::from_slice::<IgnoredAny>(body).map_err(malformed)?;
            return Err(GraphError::with(
                ErrorName::MalformedRequest,
                ["The request body must be a JSON object"],
            ));
        }
        let Members(members) = serde_json::from_slice(body).map_err(malformed)?;
        // The only way into JSON text for U+0000 is its escape: without it there is nothing to look for. Most bodies
        // have no escape at all, which is seen many bytes at a time.
        let may_hold_nul = body.contains(&b'\\') && body.windows(6).any(|w| w == b"\\u0000");
        for (name, value) in members {
            if may_hold_nul && (name.contains('\0') || holds_nul(&value)) {
                return Err(nul(&name));
            }
            self.add(name, Param::Json(value))?;
        }
        Ok(())
    }

    /// Adds the text parts of a multipart body, brackets included.
    pub fn add_parts(&mut self, parts: impl IntoIterator<Item = (String, String)>) -> Result<()> {
        let mut bracketed = brackets::Brackets::default();
        for (count, (name, value)) in parts.into_iter().enumerate() {
            few_enough(count)?;
            self.refuse_nul(&name, &value)?;
            if !bracketed.take(&name, &value)? {
                self.add(name, Param::Text(value))?;
            }
        }
        for (name, value) in bracketed.finish() {
            self.add(name, Param::Json(value))?;
        }
        Ok(())
    }

    /// Notes the file of a multipart body.
    pub fn add_file(&mut self, file: FilePart) {
        self.file = Some(file);
    }

    /// The file that came with the request.
    pub fn file(&self) -> Option<&FilePart> {
        self.file.as_ref()
    }

    fn add(&mut self, name: String, value: Param) -> Result<()> {
        few_enough(self.entries.len())?;
        if self.raw(&name).is_none() {
            self.entries.push((name, value));
        }
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "reads as a step of adding")]
    fn refuse_nul(&self, name: &str, value: &str) -> Result<()> {
        if name.contains('\0') || value.contains('\0') { Err(nul(name)) } else { Ok(()) }
    }

    /// The value as it came.
    pub fn raw(&self, name: &str) -> Option<&Param> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether the parameter is there and not null.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| *value != Param::Json(Value::Null))
    }

    /// A text; numbers and booleans are written out. Null counts as absent.
    pub fn text(&self, name: &str) -> Result<Option<Cow<'_, str>>> {
        match self.raw(name) {
            None => Ok(None),
            Some(Param::Text(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(Param::Json(value)) => scalar(value, name),
        }
    }

    /// A text that must be there and not empty.
    pub fn required_text(&self, name: &str) -> Result<Cow<'_, str>> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| GraphError::required(name))
    }

    /// An object, native or as JSON text, strict or relaxed. Null counts as absent; empty text and `{}` are errors.
    pub fn object(&self, name: &str) -> Result<Option<Cow<'_, Map<String, Value>>>> {
        let object = match self.raw(name) {
            None | Some(Param::Json(Value::Null)) => return Ok(None),
            Some(Param::Json(Value::Object(object))) => Cow::Borrowed(object),
            Some(Param::Json(Value::String(text)) | Param::Text(text)) => {
                if text.trim().is_empty() {
                    return Err(GraphError::with(ErrorName::ParameterEmpty, [name]));
                }
                match json_text(text, name)? {
                    Some(Value::Object(object)) => Cow::Owned(object),
                    _ => return Err(GraphError::invalid(name, "a JSON object")),
                }
            }
            Some(Param::Json(_)) => return Err(GraphError::invalid(name, "a JSON object")),
        };
        if object.is_empty() {
            return Err(GraphError::with(ErrorName::ParameterEmpty, [name]));
        }
        Ok(Some(object))
    }

    /// A list of words: a JSON array, native or as text, or a comma list. Absent or null: `None`.
    pub fn words(&self, name: &str) -> Result<Option<Vec<String>>> {
        let from_array = |items: &[Value]| {
            items
                .iter()
                .map(|item| match scalar(item, name)? {
                    Some(word) => Ok(word.trim().to_owned()),
                    None => Err(GraphError::invalid(name, "a list of strings")),
                })
                .collect::<Result<Vec<_>>>()
        };
        let words = match self.raw(name) {
            None | Some(Param::Json(Value::Null)) => return Ok(None),
            Some(Param::Json(Value::Array(items))) => from_array(items)?,
            Some(Param::Json(Value::String(text)) | Param::Text(text)) => match json_text(text, name)? {
                Some(Value::Array(items)) => from_array(&items)?,
                _ => text.split(',').map(|word| word.trim().to_owned()).collect(),
            },
            Some(Param::Json(_)) => return Err(GraphError::invalid(name, "a list of strings")),
        };
        Ok(Some(words.into_iter().filter(|word| !word.is_empty()).collect()))
    }

    /// A yes or no, in the spellings of the field: `true`, `"true"`, `1`, `"1"`, and the reverse.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.text(name)?.as_deref() {
            None | Some("") => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(GraphError::invalid(name, "a boolean")),
        }
    }

    /// The same bag without some parameters. A file does not go with it.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let left = self.entries.iter().filter(|(known, _)| !names.contains(&known.as_str()));
        Self { entries: left.cloned().collect(), file: None }
    }

    /// Adds a text, unless the name is there.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<()> {
        self.refuse_nul(name, text)?;
        self.add(name.to_owned(), Param::Text(text.to_owned()))
    }

    /// The names, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }
}

/// The members of a JSON object, as they come: a map would be made only to be taken apart again. A name that is given
/// again takes the place of the first, as in a map.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, Value)> = Vec::with_capacity(4);
                while let Some(name) = map.next_key::<String>()? {
                    if members.len() > COUNT {
                        // Too many, and refused as such; what is left is only read to its end.
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                    let value = map.next_value()?;
                    match members.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known = value,
                        None => members.push((name, value)),
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Pairs are counted, not names: each costs a look through the bag.
fn few_enough(count: usize) -> Result<()> {
    if count < COUNT {
        return Ok(());
    }
    Err(GraphError::with(ErrorName::MalformedRequest, ["The request has too many parameters"]))
}

/// The text of a value that is no container; `None` for null.
pub(crate) fn scalar<'a>(value: &'a Value, name: &str) -> Result<Option<Cow<'a, str>>> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(Cow::Borrowed(text))),
        Value::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
        Value::Bool(yes) => Ok(Some(Cow::Borrowed(if *yes { "true" } else { "false" }))),
        Value::Array(_) | Value::Object(_) => Err(GraphError::invalid(name, "a string")),
    }
}

/// What a text that should hold JSON holds, strict or relaxed; `None` if it holds none.
pub(crate) fn json_text(text: &str, name: &str) -> Result<Option<Value>> {
    match relaxed_json::parse(text) {
        // The escape of U+0000 is no such character before it is read.
        Some(value) if holds_nul(&value) => Err(nul(name)),
        value => Ok(value),
    }
}

fn nul(name: &str) -> GraphError {
    // The databases behind this cannot all hold U+0000, so no text may.
    GraphError::invalid(&name.replace('\0', ""), "free of the character U+0000")
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => holds_nul_in(members),
        _ => false,
    }
}

fn holds_nul_in(members: &Map<String, Value>) -> bool {
    members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value))
}

#[cfg(test)]
mod tests;
