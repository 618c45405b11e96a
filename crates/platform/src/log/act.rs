//! What the sim was told to do, as the feed shows it: the beginning of whatever follows from it.

use super::{mask, requests};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// The longest part of a body that is kept, in bytes.
const LONGEST: usize = 8 << 10;

/// A call of the sim that may have changed something.
pub(crate) struct Act {
    method: Method,
    path: String,
    body: Bytes,
    status: StatusCode,
    answer: Value,
    took: Duration,
}

impl Act {
    /// A call with its answer. Of a body that is no JSON (a file), nothing is kept.
    pub(crate) fn new(method: Method, path: &str, body: &Bytes, took: Duration) -> Self {
        let body = body.slice(..body.len().min(LONGEST));
        Self { method, path: path.to_owned(), body, status: StatusCode::OK, answer: Value::Null, took }
    }

    /// With what was answered.
    pub(crate) fn answered(mut self, status: StatusCode, answer: &Value) -> Self {
        (self.status, self.answer) = (status, answer.clone());
        self
    }

    /// About how much memory it takes. Answers are small: ids.
    pub(super) fn held(&self) -> usize {
        self.path.len() + self.body.len() + 1024
    }

    pub(super) fn details(&self) -> Value {
        let answer = mask::mask(&self.answer.to_string());
        json!({
            "method": self.method.as_str(),
            "path": self.path,
            "body": requests::text(&self.body),
            "status": self.status.as_u16(),
            "response": serde_json::from_str::<Value>(&answer).unwrap_or(Value::Null),
            "took_us": u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
        })
    }
}
