//! The JSONPath of references: members, positions, all of them, and members at any depth (doc: Batch Requests, `JSONPath`;
//! filters are not served).

use serde_json::Value;

/// A path that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// `.name`, `['name']`
    Member(String),
    /// `[3]`
    At(usize),
    /// `.*`, `[*]`
    All,
    /// `..name`
    Anywhere(String),
}

/// More steps than this are no path that anybody writes.
const STEPS: usize = 32;
/// More values than this are not gathered.
const VALUES: usize = 1000;

impl Path {
    /// Reads `$.data[0].id` and its like.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim().strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if steps.len() == STEPS {
                return None;
            }
            let step;
            (step, rest) = if let Some(after) = rest.strip_prefix("..") {
                let (name, rest) = word(after)?;
                (Step::Anywhere(name), rest)
            } else if let Some(after) = rest.strip_prefix(".*").or_else(|| rest.strip_prefix("[*]")) {
                (Step::All, after)
            } else if let Some(after) = rest.strip_prefix('.') {
                let (name, rest) = word(after)?;
                (Step::Member(name), rest)
            } else {
                let (inside, rest) = rest.strip_prefix('[')?.split_once(']')?;
                let quoted =
                    ['\'', '"'].iter().find_map(|quote| inside.strip_prefix(*quote)?.strip_suffix(*quote));
                match quoted {
                    Some(name) => (Step::Member(name.to_owned()), rest),
                    None => (Step::At(inside.parse().ok()?), rest),
                }
            };
            steps.push(step);
        }
        Some(Self(steps))
    }

    /// What the path leads to: texts as they are, everything else as JSON.
    pub fn texts(&self, value: &Value) -> Vec<String> {
        let mut found = vec![value];
        for step in &self.0 {
            found = found.into_iter().flat_map(|value| step.of(value)).take(VALUES).collect();
        }
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        found.into_iter().map(text).collect()
    }
}

fn word(text: &str) -> Option<(String, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

impl Step {
    fn of<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match (self, value) {
            (Self::Member(name), Value::Object(members)) => members.get(name).into_iter().collect(),
            (Self::At(at), Value::Array(items)) => items.get(*at).into_iter().collect(),
            (Self::All, Value::Array(items)) => items.iter().collect(),
            (Self::All, Value::Object(members)) => members.values().collect(),
            (Self::Anywhere(name), value) => {
                let mut found = Vec::new();
                anywhere(name, value, &mut found);
                found
            }
            _ => Vec::new(),
        }
    }
}

fn anywhere<'v>(name: &str, value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get(name));
            members.values().for_each(|member| anywhere(name, member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| anywhere(name, item, found)),
        _ => {}
    }
}
