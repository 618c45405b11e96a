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
use crate::{Endpoint, Envelope, Event, Tampering};

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
    /// Whether the endpoint said that it is never to be sent again: [`crate::Endpoint::refuses`].
    pub refused: bool,
    /// How long it took, in real time.
    pub took: Duration,
    /// When the next attempt comes, if this one failed and one follows. `None` for a failed batch, whose parts are
    /// sent at once.
    pub next: Option<Micros>,
    /// Why the event is given up, if it is because of this attempt.
    pub dead: Option<String>,
    /// Whether it was asked for by [`crate::Handle::replay`], outside the schedule.
    pub replay: bool,
    /// What was done to it on purpose: [`crate::Endpoint::tampering`], [`crate::Endpoint::fate`].
    pub fault: Option<String>,
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
    /// Nothing was sent, on purpose, and the event counts as delivered.
    Dropped,
}

/// `HTTP status 500 Internal Server Error`, or the error.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, .. } => write!(f, "HTTP status {status}"),
            Self::Failed { error } => f.write_str(error),
            Self::Dropped => f.write_str("not sent"),
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
            refused: false,
            took: Duration::ZERO,
            next: None,
            dead: None,
            replay: false,
            fault: None,
        }
    }

    /// The only attempt of an event that is dropped on purpose.
    pub(crate) fn dropped(at: Micros, by: String) -> Self {
        Self { outcome: Outcome::Dropped, accepted: true, fault: Some(by), ..Self::not_made(at, "") }
    }
}

/// Makes an attempt, with what is done to it. Answers it, and the further POSTs that were made.
pub(crate) async fn make(
    shared: &Shared,
    endpoint: &dyn Endpoint,
    events: &[Arc<Event>],
    tampering: Option<Tampering>,
) -> (Attempt, Vec<Attempt>) {
    let at = shared.clock.now();
    let Some(Tampering { by, envelope: own, copies, answer, unsent }) = tampering else {
        return (post(shared, endpoint, at, envelope(endpoint, events, at)).await, Vec::new());
    };
    let mut attempt = match unsent {
        true => Attempt { url: Some(endpoint.url().clone()), ..Attempt::not_made(at, "nothing was sent") },
        false => post(shared, endpoint, at, own.or_else(|| envelope(endpoint, events, at))).await,
    };
    if let Some(answer) = answer {
        attempt.accepted = is_accepted(endpoint, &answer);
        attempt.refused = !attempt.accepted && is_refused(endpoint, &answer);
        attempt.outcome = answer;
    }
    attempt.fault = Some(by.clone());
    let mut made = Vec::with_capacity(copies.len());
    for copy in copies {
        let copy = post(shared, endpoint, shared.clock.now(), Some(copy)).await;
        made.push(Attempt { fault: Some(by.clone()), ..copy });
    }
    (attempt, made)
}

fn is_accepted(endpoint: &dyn Endpoint, outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered { status, .. } if endpoint.accepts(*status))
}

fn is_refused(endpoint: &dyn Endpoint, outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered { status, .. } if endpoint.refuses(*status))
}

/// Sends an envelope. What the attempt means for the events (its number, what comes next) is not known here.
async fn post(shared: &Shared, endpoint: &dyn Endpoint, at: Micros, envelope: Option<Envelope>) -> Attempt {
    let Some(envelope) = envelope else {
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
    let accepted = is_accepted(endpoint, &outcome);
    let refused = !accepted && is_refused(endpoint, &outcome);
    Attempt {
        url: Some(endpoint.url().clone()),
        request_headers: envelope.headers,
        request_body: envelope.body,
        outcome,
        accepted,
        refused,
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
