//! Reading the members of a nested object, with the parameter's path for the error.

use crate::params::{Param, json_text, scalar};
use crate::{ErrorName, GraphError, Params, Result};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An object and its path, such as `message[attachment]`.
pub(crate) struct Object<'a> {
    path: Cow<'a, str>,
    members: &'a Map<String, Value>,
}

/// A nested object: its path and its members.
pub(crate) type Nested<'a> = (String, Cow<'a, Map<String, Value>>);

impl<'a> Object<'a> {
    pub(crate) fn new(path: impl Into<Cow<'a, str>>, members: &'a Map<String, Value>) -> Self {
        Self { path: path.into(), members }
    }

    pub(crate) fn path(&self, key: &str) -> String {
        format!("{}[{key}]", self.path)
    }

    pub(crate) fn raw(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|value| !value.is_null())
    }

    /// A text; numbers and booleans are written out.
    pub(crate) fn text(&self, key: &str) -> Result<Option<Cow<'a, str>>> {
        match self.members.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(value) => scalar(value, &self.path(key)),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, key: &str) -> Result<Cow<'a, str>> {
        self.text(key)?.ok_or_else(|| GraphError::required(&self.path(key)))
    }

    /// A yes or no in the spellings of the field.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.text(key)?.as_deref() {
            None | Some("") => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(GraphError::invalid(&self.path(key), "a boolean")),
        }
    }

    /// A nested object, under a path of its own. Some programs write it as JSON text.
    pub(crate) fn object(&self, key: &str) -> Result<Option<Nested<'a>>> {
        let path = self.path(key);
        let object = match self.raw(key) {
            None => return Ok(None),
            Some(Value::Object(members)) => Cow::Borrowed(members),
            Some(Value::String(text)) => match json_text(text, &path)? {
                Some(Value::Object(members)) => Cow::Owned(members),
                _ => return Err(GraphError::invalid(&path, "a JSON object")),
            },
            Some(_) => return Err(GraphError::invalid(&path, "a JSON object")),
        };
        Ok(Some((path, object)))
    }

    /// The objects of a list; one object counts as a list of one (doc: the page of the Instagram host shows
    /// `attachments` as an object).
    pub(crate) fn list<T>(
        &self,
        key: &str,
        mut each: impl FnMut(&Object<'_>) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let Some(value) = self.raw(key) else { return Ok(None) };
        list(value, &self.path(key), &mut each).map(Some)
    }

    /// As [`list`](Self::list), of a member that must be there.
    pub(crate) fn required_list<T>(
        &self,
        key: &str,
        each: impl FnMut(&Object<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.list(key, each)?.ok_or_else(|| GraphError::required(&self.path(key)))
    }

    /// The same members under another path.
    pub(crate) fn members_as(&self, path: &'static str) -> Object<'a> {
        Object { path: Cow::Borrowed(path), members: self.members }
    }

    /// Refuses members that are not among `known` (rep: a bridge to Messenger quotes the text for
    /// `message[reply_to]`).
    pub(crate) fn only(&self, known: &[&str]) -> Result<()> {
        let unknown: Vec<&str> =
            self.members.keys().map(String::as_str).filter(|key| !known.contains(key)).collect();
        match unknown.is_empty() {
            true => Ok(()),
            false => Err(GraphError::with(ErrorName::InvalidKeys, [&unknown.join(", "), &self.path])),
        }
    }
}

/// The objects of a list that is a parameter of its own; `None` if it is absent or null.
pub(crate) fn parameter<T>(
    params: &Params,
    name: &str,
    mut each: impl FnMut(&Object<'_>) -> Result<T>,
) -> Result<Option<Vec<T>>> {
    let text;
    let value = match params.raw(name) {
        None | Some(Param::Json(Value::Null)) => return Ok(None),
        Some(Param::Json(value)) => value,
        Some(Param::Text(raw)) => {
            text = Value::String(raw.clone());
            &text
        }
    };
    list(value, name, &mut each).map(Some)
}

/// The objects of a list, native or as JSON text; one object counts as a list of one.
fn list<T>(value: &Value, path: &str, each: &mut impl FnMut(&Object<'_>) -> Result<T>) -> Result<Vec<T>> {
    let parsed;
    let value = match value {
        Value::String(text) => {
            parsed = json_text(text, path)?;
            parsed.as_ref().unwrap_or(value)
        }
        other => other,
    };
    let one = std::slice::from_ref(value);
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Object(_) => one,
        Value::String(text) if text.trim().is_empty() => &[],
        _ => return Err(GraphError::invalid(path, "an array")),
    };
    if items.is_empty() {
        return Err(GraphError::with(ErrorName::ParameterEmpty, [path]));
    }
    items
        .iter()
        .enumerate()
        .map(|(at, item)| match item {
            Value::Object(members) => each(&Object::new(format!("{path}[{at}]"), members)),
            _ => Err(GraphError::invalid(&format!("{path}[{at}]"), "a JSON object")),
        })
        .collect()
}

/// The generic validator's limit of characters.
pub(crate) fn length(text: &str, most: usize, path: &str) -> Result<()> {
    // No text of as many bytes has more characters, so most texts need no counting.
    if text.len() > most && text.chars().count() > most {
        return Err(GraphError::with(ErrorName::ParameterTooLong, [path, &most.to_string()]));
    }
    Ok(())
}
