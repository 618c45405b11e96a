//! What a call of the sim says: the members of its JSON body, and its query. What is not known is refused by name, so
//! that a misspelt or not yet served parameter is never silently ignored.

use super::SimError;
use crate::address::CallerAddress;
use crate::assets::Upload;
use crate::multipart;
use clock::Micros;
use graph_api::time;
use http::request::Parts;
use serde_json::{Map, Value};
use std::time::Duration;

type Result<T> = std::result::Result<T, SimError>;

/// The members of a body that have not been taken yet.
pub(super) struct Input {
    members: Map<String, Value>,
    file: Option<Upload>,
}

impl Input {
    /// Reads a JSON object; an empty body is an empty object.
    pub(super) fn read(body: &[u8]) -> Result<Self> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self { members: Map::new(), file: None });
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self { members, file: None }),
            Ok(_) => Err(SimError::bad("", "the body must be a JSON object")),
            Err(error) => Err(SimError::bad("", format!("the body is not valid JSON: {error}"))),
        }
    }

    /// Reads the parts of a multipart body: objects and lists are JSON, everything else is text; `file` is a file.
    pub(super) fn of_parts(parts: multipart::Parts) -> Result<Self> {
        parts.outcome?;
        let value = |text: String| match text.trim_start().starts_with(['{', '[']) {
            true => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            false => Value::String(text),
        };
        // A text that only looks like JSON stays a text.
        let member = |(name, text): (String, String)| match name.as_str() {
            "text" => (name, Value::String(text)),
            _ => (name, value(text)),
        };
        Ok(Self { members: parts.texts.into_iter().map(member).collect(), file: parts.upload })
    }

    /// The members of an object that stands in a body.
    pub(super) fn of(members: Map<String, Value>) -> Self {
        Self { members, file: None }
    }

    /// The members that have not been taken.
    pub(super) const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Adds members that are not there.
    pub(super) fn default_to(&mut self, members: Map<String, Value>) {
        for (name, value) in members {
            self.members.entry(name).or_insert(value);
        }
    }

    /// A member, if it is there and not null.
    pub(super) fn peek(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Takes a member, if it is there and not null.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// Takes the file of the part `file`.
    pub(super) fn file(&mut self) -> Result<Option<Upload>> {
        match self.file.take() {
            Some(file) if file.part != "file" => {
                Err(SimError::bad(&file.part, "a file comes as the part file"))
            }
            file => Ok(file),
        }
    }

    /// Takes a text; numbers are written out, so that ids may be either.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.contains('\0') => {
                Err(SimError::bad(name, "must not contain the character U+0000"))
            }
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(SimError::bad(name, "must be a string")),
        }
    }

    /// Takes a text that `null` takes away: `None` if the member is not there, `Some(None)` for `null`.
    pub(super) fn nullable(&mut self, name: &str) -> Result<Option<Option<String>>> {
        match self.members.get(name) {
            None => Ok(None),
            Some(Value::Null) => {
                self.members.remove(name);
                Ok(Some(None))
            }
            Some(_) => self.text(name).map(Some),
        }
    }

    /// Takes a text that must be there.
    pub(super) fn required(&mut self, name: &str) -> Result<String> {
        self.text(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| SimError::bad(name, format!("{name} is required")))
    }

    /// Takes a yes or no.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(yes)),
            Some(_) => Err(SimError::bad(name, "must be true or false")),
        }
    }

    /// Takes a whole number that is not negative.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                value.as_u64().map(Some).ok_or_else(|| SimError::bad(name, "must be a whole number"))
            }
        }
    }

    /// Takes a position in a list, from 0.
    pub(super) fn position(&mut self, name: &str) -> Result<Option<usize>> {
        Ok(self.number(name)?.map(|at| usize::try_from(at).unwrap_or(usize::MAX)))
    }

    /// Takes a position as the path of positions that leads there: one long, since menus have one level.
    pub(super) fn path(&mut self, name: &str) -> Result<Option<usize>> {
        if let Some(Value::Array(path)) = self.members.get(name) {
            match <[Value; 1]>::try_from(path.clone()) {
                Ok([at]) => self.members.insert(name.to_owned(), at),
                Err(_) => return Err(SimError::bad(name, "must have one position")),
            };
        }
        self.position(name)
    }

    /// Takes an object.
    pub(super) fn object(&mut self, name: &str) -> Result<Option<Self>> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Self { members, file: None })),
            Some(_) => Err(SimError::bad(name, "must be an object")),
        }
    }

    /// Takes a list as it is.
    pub(super) fn values(&mut self, name: &str) -> Result<Option<Vec<Value>>> {
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(SimError::bad(name, "must be a list")),
        }
    }

    /// An object that stood in a list.
    pub(super) fn of_object(members: Map<String, Value>) -> Self {
        Self { members, file: None }
    }

    /// Takes a list of objects.
    pub(super) fn list(&mut self, name: &str) -> Result<Option<Vec<Self>>> {
        let refused = || SimError::bad(name, "must be a list of objects");
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let objects = items.into_iter().map(|item| match item {
                    Value::Object(members) => Some(Self { members, file: None }),
                    _ => None,
                });
                objects.collect::<Option<Vec<_>>>().map(Some).ok_or_else(refused)
            }
            Some(_) => Err(refused()),
        }
    }

    /// Takes a span of time: `"25h"`, `"1h30m"`, `"500ms"`, or a number of seconds.
    pub(super) fn span(&mut self, name: &str) -> Result<Option<Duration>> {
        let span = match self.members.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(n)) => {
                n.as_f64().filter(|s| (0.0..1e10).contains(s)).map(Duration::from_secs_f64)
            }
            Some(Value::String(text)) => span(&text),
            Some(_) => None,
        };
        span.map(Some).ok_or_else(|| {
            SimError::bad(name, "must be a span of time such as \"25h\", \"1h30m\" or \"500ms\"")
        })
    }

    /// Takes an instant.
    pub(super) fn instant(&mut self, name: &str) -> Result<Option<Micros>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let instant = time::parse(&text).filter(|at| at.0 > 0);
        instant
            .map(Some)
            .ok_or_else(|| SimError::bad(name, "must be an instant such as \"2026-01-01T00:00:00Z\""))
    }

    /// Takes a list of texts.
    pub(super) fn words(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let refused = || SimError::bad(name, "must be a list of strings");
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let words = items.into_iter().map(|item| item.as_str().map(str::to_owned));
                words.collect::<Option<Vec<_>>>().map(Some).ok_or_else(refused)
            }
            Some(_) => Err(refused()),
        }
    }

    /// Ends the reading: whatever has not been taken is unknown.
    pub(super) fn done(self) -> Result<()> {
        let file = self.file.as_ref().map(|file| &file.part);
        match self.members.keys().next().or(file) {
            None => Ok(()),
            Some(name) => Err(SimError::bad(name, format!("unknown parameter {name}"))),
        }
    }
}

/// A span of time in one or more parts of number and unit: `ms`, `s`, `m`, `h`, `d`.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, after) = rest.split_at(digits);
        let unit_end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        let part = number.parse::<f64>().ok()? * seconds;
        total = total.checked_add(Duration::try_from_secs_f64(part).ok()?)?;
        rest = after.trim_start();
    }
    (total < Duration::from_secs(10_000_000_000)).then_some(total)
}

/// The query of a call, and how it reached us.
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    address: CallerAddress,
}

impl Query {
    pub(super) fn read(head: &Parts) -> Self {
        let pairs = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
        Self { pairs: pairs.into_owned().collect(), address: CallerAddress::of(&head.headers) }
    }

    /// At which address the caller reached us; for URLs in the answer.
    #[expect(dead_code, reason = "until answers show files")]
    pub(super) fn address(&self) -> &CallerAddress {
        &self.address
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| SimError::bad(name, "must be a whole number")))
            .transpose()
    }

    /// A number of entries: 1 to `most`, by default `usual`.
    pub(super) fn limit(&self, usual: usize, most: usize) -> Result<usize> {
        let limit = self.number("limit")?.and_then(|n| usize::try_from(n).ok());
        Ok(limit.unwrap_or(usual).clamp(1, most))
    }

    /// A span of time.
    pub(super) fn span(&self, name: &str) -> Result<Option<Duration>> {
        self.text(name)
            .map(|text| {
                let plain = text.parse::<u64>().ok().map(Duration::from_secs);
                plain
                    .or_else(|| span(text))
                    .ok_or_else(|| SimError::bad(name, "must be a span such as \"5s\""))
            })
            .transpose()
    }

    /// An instant.
    pub(super) fn instant(&self, name: &str) -> Result<Option<Micros>> {
        self.text(name)
            .map(|text| time::parse(text).ok_or_else(|| SimError::bad(name, "must be an instant")))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (text, millis) in [
            ("25h", 90_000_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("1.5s", 1_500),
            ("2d 1s", 172_801_000),
        ] {
            assert_eq!(span(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for wrong in ["", "h", "5", "5 h x", "-1h", "1y", "1..2s", "999999999999999d", "5hh"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
