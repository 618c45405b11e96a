//! Everything as it happens, for tests to wait on instead of sleeping.

use super::conversation::InConversation;
use super::deliveries::Record;
use super::requests::Logged;
use super::ring::Ring;
use clock::Micros;
use graph_api::time;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use webhooks::Event;

/// One thing that happened.
pub(crate) enum Happening {
    /// A message was stored, or something happened to one, or in its conversation.
    Conversation(Box<InConversation>),
    /// A Graph request was answered.
    Request(Arc<Logged>),
    /// A webhook was not sent.
    Unsent(Arc<Record>),
    /// A webhook was tried; if it was not accepted, with what came of it.
    Attempted { event: Arc<Event>, accepted: bool, detail: Option<String> },
    /// A webhook was given up.
    GaveUp { id: String, topic: String, account: i64, reason: String },
    /// The clock was moved.
    Clock { now: Micros },
    /// The world was made anew.
    Reset,
}

impl Happening {
    fn kind(&self) -> &'static str {
        match self {
            Self::Conversation(what) => what.kind,
            Self::Request(_) => "request",
            Self::Unsent(_) | Self::Attempted { .. } | Self::GaveUp { .. } => "delivery",
            Self::Clock { .. } => "clock",
            Self::Reset => "reset",
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::Conversation(what) => what.details(),
            Self::Request(logged) => logged.summary(),
            Self::Unsent(record) => record.unsent_summary(),
            Self::Attempted { event, accepted, detail } => json!({
                "id": event.id(),
                "state": if *accepted { "delivered" } else { "failed" },
                "topic": event.topic,
                "account_id": event.subject.to_string(),
                "detail": detail,
            }),
            Self::GaveUp { id, topic, account, reason } => json!({
                "id": id, "state": "dead", "topic": topic, "account_id": account.to_string(), "detail": reason,
            }),
            Self::Clock { now } => json!({ "now": time::rfc3339(*now) }),
            Self::Reset => json!({}),
        }
    }
}

/// A thing that happened, and when in the world's time.
struct Entry {
    at: Micros,
    happening: Happening,
}

/// The feed.
pub(crate) struct Feed {
    ring: Ring<Entry>,
    newest: watch::Sender<u64>,
    closed: watch::Sender<bool>,
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

    pub(crate) fn push(&self, at: Micros, happening: Happening) {
        let bytes = match &happening {
            Happening::Conversation(what) => 300 + what.text.as_ref().map_or(0, String::len),
            Happening::Request(logged) => logged.held(),
            Happening::Unsent(record) => record.held(),
            Happening::Attempted { event, .. } => 300 + event.body.len(),
            _ => 300,
        };
        let cursor = self.ring.push(Arc::new(Entry { at, happening }), bytes);
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
