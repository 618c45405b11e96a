//! `recipient[id]=1&message[text]=x`, as PHP, Rails and their relatives write nested parameters.

use crate::{GraphError, Result};
use serde_json::{Map, Value};

/// Deeper nesting than this is refused.
const DEPTH: usize = 16;

/// Collects bracketed pairs into objects and lists.
#[derive(Default)]
pub(super) struct Brackets {
    roots: Map<String, Value>,
}

impl Brackets {
    /// Takes the pair if its name is bracketed.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<bool> {
        let Some((root, path)) = name.split_once('[') else {
            return Ok(false);
        };
        let Some(path) = path.strip_suffix(']').filter(|_| !root.is_empty()) else {
            return Ok(false);
        };
        let keys: Vec<&str> = path.split("][").collect();
        if keys.len() > DEPTH {
            return Err(GraphError::invalid(root, "nested less deeply"));
        }
        let mut at = self.roots.entry(root).or_insert_with(|| Value::Object(Map::new()));
        for key in keys {
            // A text where an object is needed gives way, as it does in PHP.
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(members) = at else { return Ok(false) };
            let key = if key.is_empty() { members.len().to_string() } else { key.to_owned() };
            at = members.entry(key).or_insert(Value::Object(Map::new()));
        }
        *at = Value::String(value.to_owned());
        Ok(true)
    }

    /// The collected parameters; members numbered from 0 have become lists.
    pub(super) fn finish(self) -> impl Iterator<Item = (String, Value)> {
        self.roots.into_iter().map(|(name, value)| (name, lists(value)))
    }
}

fn lists(value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let numbered = !members.is_empty() && members.keys().enumerate().all(|(at, key)| *key == at.to_string());
    let mut members = members.into_iter().map(|(key, value)| (key, lists(value)));
    match numbered {
        true => Value::Array(members.map(|(_, value)| value).collect()),
        false => Value::Object(members.by_ref().collect()),
    }
}
