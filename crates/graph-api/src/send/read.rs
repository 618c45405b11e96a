//! Reading the members of a nested object, with the parameter's path for the error.

use crate::params::scalar;
use crate::{ErrorName, GraphError, Result, relaxed_json};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The path and the members of a nested object.
type Nested<'a> = (String, Cow<'a, Map<String, Value>>);

/// An object and its path, such as `message[attachment]`.
pub(super) struct Object<'a> {
    path: Cow<'a, str>,
    members: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    pub(super) fn new(path: impl Into<Cow<'a, str>>, members: &'a Map<String, Value>) -> Self {
        Self { path: path.into(), members }
    }

    pub(super) fn path(&self, key: &str) -> String {
        format!("{}[{key}]", self.path)
    }

    pub(super) fn raw(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|value| !value.is_null())
    }

    /// A text; numbers and booleans are written out.
    pub(super) fn text(&self, key: &str) -> Result<Option<Cow<'a, str>>> {
        match self.members.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(value) => scalar(value, &self.path(key)),
        }
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str) -> Result<Cow<'a, str>> {
        self.text(key)?.ok_or_else(|| GraphError::required(&self.path(key)))
    }

    /// A yes or no in the spellings of the field.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.text(key)?.as_deref() {
            None | Some("") => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(GraphError::invalid(&self.path(key), "a boolean")),
        }
    }

    /// A nested object, under a path of its own. Some programs write it as JSON text.
    pub(super) fn object(&self, key: &str) -> Result<Option<Nested<'a>>> {
        let path = self.path(key);
        let object = match self.raw(key) {
            None => return Ok(None),
            Some(Value::Object(members)) => Cow::Borrowed(members),
            Some(Value::String(text)) => match relaxed_json::parse(text) {
                Some(Value::Object(members)) => Cow::Owned(members),
                _ => return Err(GraphError::invalid(&path, "a JSON object")),
            },
            Some(_) => return Err(GraphError::invalid(&path, "a JSON object")),
        };
        Ok(Some((path, object)))
    }

    /// The objects of a list; one object counts as a list of one (doc: the page of the Instagram host shows
    /// `attachments` as an object).
    pub(super) fn list<T>(
        &self,
        key: &str,
        mut each: impl FnMut(&Object<'_>) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let Some(value) = self.raw(key) else { return Ok(None) };
        let path = self.path(key);
        let parsed;
        let value = match value {
            Value::String(text) => {
                parsed = relaxed_json::parse(text);
                parsed.as_ref().unwrap_or(value)
            }
            other => other,
        };
        let one = std::slice::from_ref(value);
        let items = match value {
            Value::Array(items) => items.as_slice(),
            Value::Object(_) => one,
            _ => return Err(GraphError::invalid(&path, "an array")),
        };
        if items.is_empty() {
            return Err(GraphError::with(ErrorName::ParameterEmpty, [&path]));
        }
        items
            .iter()
            .enumerate()
            .map(|(at, item)| match item {
                Value::Object(members) => each(&Object::new(format!("{path}[{at}]"), members)),
                _ => Err(GraphError::invalid(&format!("{path}[{at}]"), "a JSON object")),
            })
            .collect::<Result<Vec<T>>>()
            .map(Some)
    }

    /// As [`list`](Self::list), of a member that must be there.
    pub(super) fn required_list<T>(
        &self,
        key: &str,
        each: impl FnMut(&Object<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.list(key, each)?.ok_or_else(|| GraphError::required(&self.path(key)))
    }

    /// The same members under another path.
    pub(super) fn members_as(&self, path: &'static str) -> Object<'a> {
        Object { path: Cow::Borrowed(path), members: self.members }
    }

    /// Refuses members that are not among `known` (rep: a bridge to Messenger quotes the text for
    /// `message[reply_to]`).
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        match self.members.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(GraphError::with(ErrorName::InvalidKeys, [key, &self.path])),
        }
    }
}
