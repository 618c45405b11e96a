//! Everything as it happens, for tests to wait on instead of sleeping.

use super::act::Act;
use super::conversation::InConversation;
use super::deliveries::Record;
use super::handshake::Handshake;
use super::requests::Logged;
use super::ring::Ring;
use clock::Micros;
use graph_api::time;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use webhooks::Event;

/// One thing that happened.
pub(crate) enum Happening {
    /// A message was stored, or something happened to one, or in its conversation.
    Conversation(Box<InConversation>),
    /// The sim was told to do something.
    Act(Box<Act>),
    /// A callback was asked to repeat a challenge.
    Handshake(Box<Handshake>),
    /// Something happened to a comment, whose post's owner is the account, or a person by number: `written`, `hidden`,
    /// `shown`, `deleted`, `liked` or `unliked`. The microsecond of the webhook event that tells of it, if one does.
    Comment {
        account: i64,
        media: i64,
        comment: i64,
        what: &'static str,
        text: String,
        event: Option<Micros>,
    },
    /// A Graph request was answered.
    Request(Arc<Logged>),
    /// A webhook was not sent.
    Unsent(Arc<Record>),
    /// A webhook was tried (`delivered`, `failed`), or a fault dropped it or holds it back; with what came of it if it was
    /// not accepted, and the fault if there was one.
    Attempted { event: Arc<Event>, state: &'static str, detail: Option<String> },
    /// A webhook was given up.
    GaveUp { id: String, topic: String, account: i64, reason: String },
    /// A fault struck.
    Fault { id: u64, did: String },
    /// Something happened that an operator should know of: its kind, the app, the account, and what it is.
    Incident { incident: &'static str, app: i64, account: i64, detail: String },
    /// An app was told that somebody removed it, or wants their data deleted.
    Callback { kind: &'static str, app_id: i64, shown_id: i64, detail: String },
    /// Something was published (`published`, `live`), or is gone (`deleted`, `live_ended`).
    Media { account: i64, media: i64, what: &'static str },
    /// The clock was moved.
    Clock { now: Micros },
    /// The world was made anew.
    Reset,
}

impl Happening {
    fn kind(&self) -> &'static str {
        match self {
            Self::Conversation(what) => what.kind,
            Self::Act(_) => "act",
            Self::Handshake(_) => "handshake",
            Self::Comment { .. } => "comment",
            Self::Request(_) => "request",
            Self::Unsent(_) | Self::Attempted { .. } | Self::GaveUp { .. } => "delivery",
            Self::Fault { .. } => "fault",
            Self::Incident { .. } => "incident",
            Self::Callback { kind, .. } => kind,
            Self::Media { .. } => "media",
            Self::Clock { .. } => "clock",
            Self::Reset => "reset",
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::Conversation(what) => what.details(),
            Self::Act(act) => act.details(),
            Self::Handshake(handshake) => handshake.details(),
            Self::Comment { account, media, comment, what, text, event } => {
                let mut details = json!({
                    "what": what,
                    "comment_id": comment.to_string(),
                    "media_id": media.to_string(),
                    "account_id": account.to_string(),
                    "text": text,
                });
                // By these two, and the endpoint, the deliveries of the event are named.
                if let Some(at) = event {
                    details["event"] = format!("{}.{media}", at.0).into();
                }
                details
            }
            Self::Request(logged) => logged.summary(),
            Self::Unsent(record) => record.unsent_summary(),
            Self::Attempted { event, state, detail } => json!({
                "id": event.id(),
                "state": state,
                "topic": event.topic,
                "account_id": event.subject.to_string(),
                "detail": detail,
            }),
            Self::GaveUp { id, topic, account, reason } => json!({
                "id": id, "state": "dead", "topic": topic, "account_id": account.to_string(), "detail": reason,
            }),
            Self::Fault { id, did } => json!({ "id": id.to_string(), "did": did }),
            Self::Incident { incident, app, account, detail } => json!({
                "incident": incident,
                "app_id": app.to_string(),
                "account_id": account.to_string(),
                "detail": detail,
            }),
            Self::Callback { app_id, shown_id, detail, .. } => json!({
                "app_id": app_id.to_string(), "user_id": shown_id.to_string(), "detail": detail,
            }),
            Self::Media { account, media, what } => json!({
                "media_id": media.to_string(), "account_id": account.to_string(), "what": what,
            }),
            Self::Clock { now } => json!({ "now": time::rfc3339(*now) }),
            Self::Reset => json!({}),
        }
    }
}

/// A thing that happened, and when in the world's time.
struct Entry {
    at: Micros,
    /// What it was done for; 0: for nothing that is known.
    cause: u64,
    happening: Happening,
}

/// A cause as it is shown; null: there is none.
pub(super) fn cause(cause: u64) -> Value {
    if cause == 0 { Value::Null } else { cause.to_string().into() }
}

/// The feed.
pub(crate) struct Feed {
    ring: Ring<Entry>,
    newest: watch::Sender<u64>,
    closed: watch::Sender<bool>,
    causes: AtomicU64,
}

impl Feed {
    /// Cursors begin at the microsecond of the start, so that one of an earlier process is an old one here and not one
    /// that is still to come.
    pub(super) fn new(now: Micros) -> Self {
        let first = u64::try_from(now.0).unwrap_or(0) + 1;
        Self {
            ring: Ring::new(first, 10_000, 16 << 20),
            newest: watch::Sender::new(first - 1),
            closed: watch::Sender::new(false),
            causes: AtomicU64::new(first),
        }
    }

    /// Ends all waiting, now and from now on.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Whether there is no more waiting.
    pub(crate) fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    /// A number for a request or an act of the sim, by which what it does is traced back to it. None is given twice.
    pub(crate) fn next_cause(&self) -> u64 {
        self.causes.fetch_add(1, Ordering::Relaxed)
    }

    /// Adds what no request or act is known to have caused.
    pub(crate) fn push(&self, at: Micros, happening: Happening) {
        self.push_caused(at, 0, happening);
    }

    /// Adds what a request or an act did.
    pub(crate) fn push_caused(&self, at: Micros, cause: u64, happening: Happening) {
        let bytes = match &happening {
            Happening::Conversation(what) => 300 + what.text.as_ref().map_or(0, String::len),
            Happening::Act(act) => act.held(),
            Happening::Comment { text, .. } => 300 + text.len(),
            Happening::Request(logged) => logged.held(),
            Happening::Unsent(record) => record.held(),
            Happening::Attempted { event, .. } => 300 + event.body.len(),
            _ => 300,
        };
        let cursor = self.ring.push(Arc::new(Entry { at, cause, happening }), bytes);
        self.newest.send_modify(|newest| *newest = (*newest).max(cursor));
    }

    /// The newest cursor.
    pub(crate) fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// The events after the cursor whose type is asked for (empty: all), as JSON, and the cursor to go on from.
    pub(crate) fn after(&self, cursor: u64, types: &[String]) -> (Vec<Value>, u64) {
        // A cursor that is still to come is of another world, or of a clock that was set back: everything is new to it.
        let cursor = if cursor > self.newest() { 0 } else { cursor };
        let (entries, newest) = self.ring.after(cursor);
        let asked = |entry: &Entry| types.is_empty() || types.iter().any(|t| t == entry.happening.kind());
        let events = entries
            .iter()
            .filter(|(_, entry)| asked(entry))
            .map(|(cursor, entry)| {
                let mut event = json!({
                    "cursor": cursor.to_string(),
                    "type": entry.happening.kind(),
                    "at": time::rfc3339(entry.at),
                });
                if entry.cause != 0 {
                    event["cause"] = cause(entry.cause);
                }
                if let (Value::Object(event), Value::Object(details)) =
                    (&mut event, entry.happening.details())
                {
                    event.extend(details);
                }
                event
            })
            .collect();
        (events, newest.max(cursor))
    }

    /// As [`Self::after`], but waits up to `within` for the first event.
    pub(crate) async fn wait(&self, cursor: u64, types: &[String], within: Duration) -> (Vec<Value>, u64) {
        let (mut newest, mut closed) = (self.newest.subscribe(), self.closed.subscribe());
        let deadline = tokio::time::Instant::now() + within;
        let mut from = cursor;
        loop {
            newest.mark_unchanged();
            let (events, next) = self.after(from, types);
            from = next;
            if !events.is_empty() || self.is_closed() {
                return (events, next);
            }
            let waited = tokio::time::timeout_at(deadline, async {
                tokio::select! {
                    _ = newest.changed() => {}
                    _ = closed.changed() => {}
                }
            });
            if waited.await.is_err() {
                return (events, next);
            }
        }
    }
}
