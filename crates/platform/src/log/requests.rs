//! The log of Graph requests.

use super::feed::{Feed, Happening};
use super::mask;
use super::ring::Ring;
use crate::graph::operations::Operation;
use bytes::Bytes;
use clock::Micros;
use graph_api::{ErrorName, Host, time};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A request with its answer. Bodies are shared with the connection, not copied; text is made when somebody looks.
pub(crate) struct Logged {
    pub(crate) at: Micros,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The variant of the API that it spoke.
    pub(crate) host: Host,
    pub(crate) body: Bytes,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: StatusCode,
    /// The error that was answered: code and subcode alone are not unique.
    pub(crate) error: Option<ErrorName>,
    pub(crate) answer: Bytes,
    pub(crate) took: Duration,
    pub(crate) trace_id: String,
}

/// What `GET /sim/requests` can ask for.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Part of the path.
    pub(crate) path: Option<String>,
    /// The status.
    pub(crate) status: Option<u16>,
    /// Not before this instant.
    pub(crate) since: Option<Micros>,
    /// Older than this entry.
    pub(crate) before: Option<u64>,
    /// At most so many.
    pub(crate) limit: usize,
}

/// The log.
pub(crate) struct RequestLog {
    ring: Ring<Logged>,
    feed: Arc<Feed>,
}

impl RequestLog {
    pub(super) fn new(feed: Arc<Feed>) -> Self {
        Self { ring: Ring::new(1, 2_000, 16 << 20), feed }
    }

    pub(crate) fn push(&self, logged: Logged) {
        let held: usize = logged.headers.values().map(http::HeaderValue::len).sum();
        let bytes = logged.body.len() + logged.answer.len() + logged.uri.path().len() + held + 2048;
        let logged = Arc::new(logged);
        self.ring.push(Arc::clone(&logged), bytes);
        self.feed.push(logged.at, Happening::Request(logged));
    }

    pub(super) fn clear(&self) {
        self.ring.clear();
    }

    /// The entries that match, the newest first, and the cursor for older ones.
    pub(crate) fn list(&self, filter: &Filter) -> (Vec<Value>, Option<u64>) {
        let mut matching = self.ring.before(filter.before).into_iter().filter(|(_, entry)| {
            filter.path.as_deref().is_none_or(|path| entry.uri.path().contains(path))
                && filter.status.is_none_or(|status| entry.status == status)
                && filter.since.is_none_or(|since| entry.at >= since)
        });
        let page: Vec<_> = matching.by_ref().take(filter.limit).collect();
        let next = page.last().map(|(cursor, _)| *cursor).filter(|_| matching.next().is_some());
        (page.iter().map(|(cursor, entry)| entry.to_json(*cursor)).collect(), next)
    }
}

impl Logged {
    /// The name of the operation that the request turned out to be.
    pub(super) fn operation(&self) -> Option<String> {
        self.operation.map(Operation::name)
    }

    fn to_json(&self, cursor: u64) -> Value {
        json!({
            "id": cursor.to_string(),
            "at": time::rfc3339(self.at),
            "method": self.method.as_str(),
            "path": mask::mask(self.uri.path()),
            "query": self.uri.query().map(mask::mask),
            "host": self.host.name(),
            "operation": self.operation(),
            "headers": headers(&self.headers),
            "body": text(&self.body),
            "status": self.status.as_u16(),
            "error": self.error.map(|name| format!("{name:?}")),
            "response": serde_json::from_slice::<Value>(&self.answer).unwrap_or_else(|_| text(&self.answer)),
            "took_us": u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "trace_id": self.trace_id,
        })
    }
}

/// Headers as an object, secrets masked.
pub(super) fn headers(headers: &HeaderMap) -> Value {
    let pairs = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), mask::header(name.as_str(), &value).into())
    });
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// A body as text, secrets masked.
pub(super) fn text(body: &[u8]) -> Value {
    mask::mask(&String::from_utf8_lossy(body)).into()
}
