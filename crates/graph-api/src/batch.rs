//! Batches: several requests in one, of which later ones may use what earlier ones answered (doc: Graph API, Batch
//! Requests).

mod path;

use crate::object::{self, Object};
use crate::{ErrorName, GraphError, Params, Result, limits};
pub use path::Path;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// One request of a batch, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The HTTP method.
    pub method: String,
    /// Path and query, with or without a version and a leading slash.
    pub relative_url: String,
    /// The body: as a form (doc), or as an object.
    pub body: Body,
    /// Headers, by name: `["Name: value"]` or `[{"name", "value"}]`.
    pub headers: Vec<(String, String)>,
    /// The name by which later requests refer to it.
    pub name: Option<String>,
    /// The earlier request that must have succeeded.
    pub depends_on: Option<String>,
    /// Whether its answer is left out if it succeeds; by default, if a later request refers to it.
    pub omit_response_on_success: Option<bool>,
}

/// The body of a request of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None.
    None,
    /// A form, or JSON if the headers say so.
    Text(String),
    /// An object, as some clients write it.
    Json(Map<String, Value>),
}

/// Reads the parameter `batch`. Everything that is wrong with the batch as a whole is told here, before any of it is done:
/// more than fifty requests, one without a method or URL, or a reference to a request that does not stand before.
pub fn read(params: &Params) -> Result<Vec<Entry>> {
    let mut count = 0;
    let entries = object::parameter(params, "batch", |entry| {
        count += 1;
        if count > limits::BATCH {
            return Err(GraphError::new(ErrorName::BatchTooLarge));
        }
        Entry::read(entry)
    })?;
    let entries = entries.ok_or_else(|| GraphError::required("batch"))?;
    for (at, entry) in entries.iter().enumerate() {
        for name in entry.needs() {
            if !entries[..at].iter().any(|earlier| earlier.name.as_deref() == Some(&*name)) {
                return Err(GraphError::with(ErrorName::BatchReferenceUnresolved, [&at.to_string(), &name]));
            }
        }
    }
    Ok(entries)
}

impl Entry {
    fn read(entry: &Object<'_>) -> Result<Self> {
        if entry.raw("attached_files").is_some() {
            return Err(GraphError::invalid(&entry.path("attached_files"), "absent")
                .explain("Files of a batch are not served: upload them with a request of their own."));
        }
        let body = match entry.raw("body") {
            Some(Value::Object(members)) => Body::Json(members.clone()),
            _ => entry.text("body")?.map_or(Body::None, |text| Body::Text(text.into_owned())),
        };
        let named =
            |key| Ok::<_, GraphError>(entry.text(key)?.filter(|name| !name.is_empty()).map(Cow::into_owned));
        Ok(Self {
            method: entry.required("method")?.into_owned(),
            relative_url: entry.required("relative_url")?.into_owned(),
            body,
            headers: headers(entry)?,
            name: named("name")?,
            depends_on: named("depends_on")?,
            omit_response_on_success: entry.flag("omit_response_on_success")?,
        })
    }

    /// The requests that must have succeeded before it: the one that it depends on, and those that it refers to.
    pub fn needs(&self) -> Vec<Cow<'_, str>> {
        let mut needs: Vec<Cow<'_, str>> =
            self.depends_on.as_deref().map(Cow::Borrowed).into_iter().collect();
        let mut refer = |text: &str| {
            for reference in References(text) {
                needs.push(Cow::Owned(reference.name.to_owned()));
            }
        };
        refer(&self.relative_url);
        match &self.body {
            Body::None => {}
            Body::Text(text) => refer(text),
            Body::Json(members) => members.values().for_each(|value| each_text(value, &mut refer)),
        }
        needs
    }

    /// The URL with what the requests that it refers to answered.
    pub fn url(&self, answer: &impl Fn(&str) -> Option<Value>) -> Result<String> {
        fill(&self.relative_url, answer, true)
    }

    /// The body likewise.
    pub fn body(&self, answer: &impl Fn(&str) -> Option<Value>) -> Result<Body> {
        Ok(match &self.body {
            Body::None => Body::None,
            Body::Text(text) => Body::Text(fill(text, answer, !text.trim_start().starts_with('{'))?),
            Body::Json(members) => {
                let mut filled = Value::Object(members.clone());
                fill_texts(&mut filled, answer)?;
                match filled {
                    Value::Object(members) => Body::Json(members),
                    _ => Body::None,
                }
            }
        })
    }
}

fn headers(entry: &Object<'_>) -> Result<Vec<(String, String)>> {
    let wrong = || GraphError::invalid(&entry.path("headers"), "a list of headers");
    let items = match entry.raw("headers") {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(wrong()),
    };
    let header = |item: &Value| match item {
        Value::String(line) => {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        }
        Value::Object(members) => {
            let text = |key| members.get(key).and_then(Value::as_str).map(str::to_owned);
            Some((text("name")?, text("value")?))
        }
        _ => None,
    };
    items.iter().map(|item| header(item).ok_or_else(wrong)).collect()
}

fn each_text(value: &Value, f: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => f(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, f)),
        Value::Object(members) => members.values().for_each(|member| each_text(member, f)),
        _ => {}
    }
}

fn fill_texts(value: &mut Value, answer: &impl Fn(&str) -> Option<Value>) -> Result<()> {
    match value {
        Value::String(text) => *text = fill(text, answer, false)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| fill_texts(item, answer))?,
        Value::Object(members) => members.values_mut().try_for_each(|member| fill_texts(member, answer))?,
        _ => {}
    }
    Ok(())
}

/// What a reference begins with: `{result=name:$.path}`.
const OPENS: &str = "{result=";

/// A reference in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reference<'a> {
    before: &'a str,
    name: &'a str,
    path: &'a str,
}

/// The references of a text, each with what stands before it. What only begins like one is none.
struct References<'a>(&'a str);

impl<'a> Iterator for References<'a> {
    type Item = Reference<'a>;

    fn next(&mut self) -> Option<Reference<'a>> {
        let (text, mut from) = (self.0, 0);
        loop {
            let at = from + text[from..].find(OPENS)?;
            let inside = &text[at + OPENS.len()..];
            let end = inside.find('}')?;
            let Some((name, path)) = inside[..end].split_once(':') else {
                from = at + OPENS.len();
                continue;
            };
            self.0 = &inside[end + 1..];
            return Some(Reference { before: &text[..at], name, path });
        }
    }
}

/// What needs no escape in a URL or form: commas stand between several values.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',');

/// Longer texts than this are not made: answers that refer to answers would grow without end.
const LONGEST: usize = 256 << 10;

fn fill(text: &str, answer: &impl Fn(&str) -> Option<Value>, escaped: bool) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut references = References(text);
    for Reference { before, name, path } in references.by_ref() {
        let path = Path::parse(path).ok_or_else(|| {
            let rule = format!("free of references that cannot be read, such as {path}");
            GraphError::invalid("batch", &rule)
        })?;
        let found = answer(name).map(|value| path.texts(&value).join(",")).unwrap_or_default();
        filled.push_str(before);
        match escaped {
            true => filled.extend(utf8_percent_encode(&found, PLAIN)),
            false => filled.push_str(&found),
        }
        if filled.len() > LONGEST {
            return Err(GraphError::invalid("batch", "shorter, with what its references stand for"));
        }
    }
    filled.push_str(references.0);
    Ok(filled)
}

#[cfg(test)]
mod tests;
