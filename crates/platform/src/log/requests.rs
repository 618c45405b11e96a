//! The log of Graph requests.

use super::feed::{Feed, Happening};
use super::mask;
use super::ring::Ring;
use crate::graph::TraceId;
use crate::graph::operations::Operation;
use clock::Micros;
use graph_api::{ErrorName, Host, time};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A request as it came.
pub(crate) struct Request<'a> {
    pub(crate) at: Micros,
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) trace_id: TraceId,
    /// The number under which the units of work of the request are done.
    pub(crate) cause: u64,
}

/// How it was answered.
pub(crate) struct Answer<'a> {
    /// The variant of the API that was spoken.
    pub(crate) host: Host,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: StatusCode,
    /// The error that it is: code and subcode alone are not unique.
    pub(crate) error: Option<ErrorName>,
    pub(crate) body: &'a [u8],
    pub(crate) took: Duration,
    /// What a fault did to it.
    pub(crate) fault: Option<&'a str>,
}

/// A request with its answer: a copy in one piece, so that it costs little to keep and to let go, and keeps nothing of
/// the connection's. Text is made of it when somebody looks. Values of secret headers are not in it.
pub(crate) struct Logged {
    at: Micros,
    method: Method,
    host: Host,
    operation: Option<&'static Operation>,
    status: StatusCode,
    error: Option<ErrorName>,
    took: Duration,
    fault: Option<Box<str>>,
    trace_id: TraceId,
    cause: u64,
    /// Path, query, body, answer, then names and values of the headers in turn.
    bytes: Box<[u8]>,
    has_query: bool,
    /// Where each of them ends.
    ends: Box<[u32]>,
}

/// What `GET /sim/requests` can ask for.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Part of the path.
    pub(crate) path: Option<String>,
    /// The status.
    pub(crate) status: Option<u16>,
    /// The trace id.
    pub(crate) trace_id: Option<String>,
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

    /// Keeps a request with its answer.
    pub(crate) fn push(&self, request: &Request<'_>, answer: &Answer<'_>) {
        let logged = Arc::new(Logged::of(request, answer));
        self.ring.push(Arc::clone(&logged), logged.held());
        self.feed.push_caused(logged.at, request.cause, Happening::Request(logged));
    }

    pub(super) fn clear(&self) {
        self.ring.clear();
    }

    /// The entries that match, the newest first, and the cursor for older ones.
    pub(crate) fn list(&self, filter: &Filter) -> (Vec<Value>, Option<u64>) {
        let mut matching = self.ring.before(filter.before).into_iter().filter(|(_, entry)| {
            filter.path.as_deref().is_none_or(|path| entry.path().contains(path))
                && filter.status.is_none_or(|status| entry.status == status)
                && filter.trace_id.as_deref().is_none_or(|id| entry.trace_id.as_str() == id)
                && filter.since.is_none_or(|since| entry.at >= since)
        });
        let page: Vec<_> = matching.by_ref().take(filter.limit).collect();
        let next = page.last().map(|(cursor, _)| *cursor).filter(|_| matching.next().is_some());
        (page.iter().map(|(cursor, entry)| entry.to_json(*cursor)).collect(), next)
    }
}

/// The pieces of [`Logged`]'s bytes before the headers.
const PATH: usize = 0;
const QUERY: usize = 1;
const BODY: usize = 2;
const ANSWER: usize = 3;
const HEADERS: usize = 4;

impl Logged {
    fn of(request: &Request<'_>, answer: &Answer<'_>) -> Self {
        let query = request.uri.query();
        let fixed =
            [request.uri.path().as_bytes(), query.unwrap_or_default().as_bytes(), request.body, answer.body];
        let pieces = || {
            let headers = request.headers.iter().flat_map(|(name, value)| {
                let secret = mask::is_secret(name.as_str());
                [name.as_str().as_bytes(), if secret { mask::MASK.as_bytes() } else { value.as_bytes() }]
            });
            fixed.into_iter().chain(headers)
        };
        let mut bytes = Vec::with_capacity(pieces().map(<[u8]>::len).sum());
        let mut ends = Vec::with_capacity(HEADERS + 2 * request.headers.len());
        for piece in pieces() {
            bytes.extend_from_slice(piece);
            // A request with its answer is far below 4 GiB.
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        }
        Self {
            at: request.at,
            method: request.method.clone(),
            host: answer.host,
            operation: answer.operation,
            status: answer.status,
            error: answer.error,
            took: answer.took,
            fault: answer.fault.map(Box::from),
            trace_id: request.trace_id,
            cause: request.cause,
            bytes: bytes.into_boxed_slice(),
            has_query: query.is_some(),
            ends: ends.into_boxed_slice(),
        }
    }

    /// About how much memory it takes.
    pub(super) fn held(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>() + 256
    }

    fn piece(&self, number: usize) -> &[u8] {
        let end = |number: usize| self.ends.get(number).map_or(0, |end| *end as usize);
        let start = number.checked_sub(1).map_or(0, end);
        self.bytes.get(start..end(number)).unwrap_or_default()
    }

    fn path(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.piece(PATH))
    }

    /// The name of the operation that the request turned out to be.
    fn operation(&self) -> Option<String> {
        self.operation.map(Operation::name)
    }

    fn headers(&self) -> Value {
        let pairs = (HEADERS..self.ends.len()).step_by(2).map(|name| {
            (String::from_utf8_lossy(self.piece(name)), String::from_utf8_lossy(self.piece(name + 1)))
        });
        Value::Object(pairs.map(|(name, value)| header(&name, &value)).collect())
    }

    /// What the feed says of it.
    pub(super) fn summary(&self) -> Value {
        json!({
            "method": self.method.as_str(),
            "path": mask::mask(&self.path()),
            "operation": self.operation(),
            "status": self.status.as_u16(),
            "fault": self.fault.as_deref(),
            "error": self.error.map(|name| format!("{name:?}")),
            "took_us": u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "trace_id": self.trace_id.as_str(),
        })
    }

    fn to_json(&self, cursor: u64) -> Value {
        let query = self.has_query.then(|| mask::mask(&String::from_utf8_lossy(self.piece(QUERY))));
        let answer = self.piece(ANSWER);
        json!({
            "id": cursor.to_string(),
            "at": time::rfc3339(self.at),
            "method": self.method.as_str(),
            "path": mask::mask(&self.path()),
            "query": query,
            "host": self.host.name(),
            "operation": self.operation(),
            "headers": self.headers(),
            "body": text(self.piece(BODY)),
            "status": self.status.as_u16(),
            "error": self.error.map(|name| format!("{name:?}")),
            "response": serde_json::from_slice::<Value>(answer).unwrap_or_else(|_| text(answer)),
            "took_us": u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            "fault": self.fault.as_deref(),
            "cause": super::feed::cause(self.cause),
            "trace_id": self.trace_id.as_str(),
        })
    }
}

/// Headers as an object, secrets masked.
pub(super) fn headers(headers: &HeaderMap) -> Value {
    let pairs =
        headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
    Value::Object(pairs.map(|(name, value)| header(name, &value)).collect::<Map<_, _>>())
}

fn header(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), mask::header(name, value).into())
}

/// A body as text, secrets masked.
pub(super) fn text(body: &[u8]) -> Value {
    mask::mask(&String::from_utf8_lossy(body)).into()
}
