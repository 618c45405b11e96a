//! One HTTP try, and what came of it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clock::Micros;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use net::ClientError;
use tokio::time::Instant;

use crate::dispatcher::Shared;
use crate::schedule::words;
use crate::{Endpoint, Envelope, Event};

/// One POST of one or more events to an endpoint.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began, by the world's clock.
    pub at: Micros,
    /// 1 for the first attempt of an event, and so on. All attempts of batches are first ones.
    pub number: u32,
    /// Where it went; `None` if the endpoint is gone, so that nothing was sent.
    pub url: Option<Uri>,
    /// The header fields that were sent, but for `Host` and `Content-Length`.
    pub request_headers: HeaderMap,
    /// The body that was sent.
    pub request_body: Bytes,
    /// What came back.
    pub outcome: Outcome,
    /// Whether the endpoint took it.
    pub accepted: bool,
    /// How long it took, in real time.
    pub took: Duration,
    /// When the next attempt comes, if this one failed and one follows. `None` for a failed batch, whose parts are
    /// sent at once.
    pub next: Option<Micros>,
    /// Why the event is given up, if it is because of this attempt.
    pub dead: Option<String>,
    /// Whether it was asked for by [`crate::Handle::replay`], outside the schedule.
    pub replay: bool,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, of any status.
    Answered {
        /// Its status.
        status: StatusCode,
        /// Its header fields.
        headers: HeaderMap,
        /// Its body, at most [`crate::Options::answer_bytes`] of it.
        body: Bytes,
    },
    /// No answer.
    Failed {
        /// Why not, for a developer, such as `connection refused (127.0.0.1:9)`.
        error: String,
    },
}

/// `HTTP status 500 Internal Server Error`, or the error.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, .. } => write!(f, "HTTP status {status}"),
            Self::Failed { error } => f.write_str(error),
        }
    }
}

impl Attempt {
    /// An attempt that failed before anything was sent.
    pub(crate) fn not_made(at: Micros, error: &str) -> Self {
        Self {
            at,
            number: 1,
            url: None,
            request_headers: HeaderMap::new(),
            request_body: Bytes::new(),
            outcome: Outcome::Failed { error: error.to_owned() },
            accepted: false,
            took: Duration::ZERO,
            next: None,
            dead: None,
            replay: false,
        }
    }
}

/// Sends `events` in one POST. What the attempt means for the events (its number, what comes next) is not known here.
pub(crate) async fn post(shared: &Shared, endpoint: &dyn Endpoint, events: &[Arc<Event>]) -> Attempt {
    let at = shared.clock.now();
    let Some(envelope) = envelope(endpoint, events, at) else {
        return Attempt::not_made(at, "the event cannot be put into an envelope");
    };
    let mut request = Request::new(envelope.body.clone());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = endpoint.url().clone();
    *request.headers_mut() = envelope.headers.clone();
    let timeout = shared.dialect.timeout();
    let begun = Instant::now();
    let outcome = match shared.client.send(request, timeout, shared.options.answer_bytes).await {
        Ok(answer) => Outcome::Answered { status: answer.status, headers: answer.headers, body: answer.body },
        Err(ClientError::TimedOut) => {
            Outcome::Failed { error: format!("no answer within {}", words(timeout)) }
        }
        Err(error) => Outcome::Failed { error: error.to_string() },
    };
    let accepted = matches!(outcome, Outcome::Answered { status, .. } if endpoint.accepts(status));
    Attempt {
        url: Some(endpoint.url().clone()),
        request_headers: envelope.headers,
        request_body: envelope.body,
        outcome,
        accepted,
        took: begun.elapsed(),
        ..Attempt::not_made(at, "")
    }
}

/// The dialect's envelope, or `None` if it panics: one event that cannot be told must not stop an endpoint for good.
fn envelope(endpoint: &dyn Endpoint, events: &[Arc<Event>], at: Micros) -> Option<Envelope> {
    let make = |events: &[&Event]| catch_unwind(AssertUnwindSafe(|| endpoint.envelope(events, at))).ok();
    if let [event] = events {
        return make(&[event]);
    }
    make(&events.iter().map(|event| &**event).collect::<Vec<_>>())
}
