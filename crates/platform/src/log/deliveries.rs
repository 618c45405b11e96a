//! The log of webhook deliveries: every attempt with its exact bytes, and what was not sent and why.

use super::feed::{Feed, Happening};
use super::requests::{headers, text};
use super::ring::Ring;
use bytes::Bytes;
use clock::Micros;
use graph_api::time;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use webhooks::{Attempt, Event, EventKey, Outcome};

/// An event that was not sent to an app.
pub(crate) struct Suppressed {
    pub(crate) at: Micros,
    pub(crate) app_id: i64,
    pub(crate) account: i64,
    pub(crate) topic: &'static str,
    pub(crate) body: Bytes,
    pub(crate) reason: String,
}

enum Record {
    Attempt { events: Vec<Arc<Event>>, attempt: Box<Attempt> },
    Suppressed(Suppressed),
}

/// The log.
pub(crate) struct DeliveryLog {
    ring: Ring<Record>,
    feed: Arc<Feed>,
}

/// What the ring knows of one event.
#[derive(Default)]
pub(crate) struct Known {
    /// The event, if it is one that was sent.
    pub(crate) event: Option<Arc<Event>>,
    /// Its attempts as JSON, the oldest first.
    pub(crate) attempts: Vec<Value>,
    /// Whether one of them was accepted.
    pub(crate) delivered: bool,
}

impl DeliveryLog {
    pub(super) fn new(feed: Arc<Feed>) -> Self {
        Self { ring: Ring::new(10_000, 32 << 20), feed }
    }

    pub(super) fn clear(&self) {
        self.ring.clear();
    }

    pub(super) fn attempted(&self, events: &[Arc<Event>], attempt: &Attempt) {
        for event in events {
            let detail = (!attempt.accepted).then(|| attempt.outcome.to_string());
            self.feed.push(
                attempt.at,
                Happening::Delivery {
                    id: Some(event.id()),
                    state: if attempt.accepted { "delivered" } else { "failed" },
                    topic: event.topic.clone(),
                    account: event.subject,
                    detail,
                },
            );
        }
        let bytes = attempt.request_body.len() + 2048;
        let record = Record::Attempt { events: events.to_vec(), attempt: Box::new(attempt.clone()) };
        self.ring.push(Arc::new(record), bytes);
    }

    pub(super) fn gave_up(&self, event: &Event, reason: &str) {
        self.feed.push(
            event.at,
            Happening::Delivery {
                id: Some(event.id()),
                state: "dead",
                topic: event.topic.clone(),
                account: event.subject,
                detail: Some(reason.to_owned()),
            },
        );
    }

    pub(crate) fn suppressed(&self, suppressed: Suppressed) {
        self.feed.push(
            suppressed.at,
            Happening::Delivery {
                id: None,
                state: "suppressed",
                topic: suppressed.topic.to_owned(),
                account: suppressed.account,
                detail: Some(suppressed.reason.clone()),
            },
        );
        let bytes = suppressed.body.len() + 512;
        self.ring.push(Arc::new(Record::Suppressed(suppressed)), bytes);
    }

    /// What the ring knows of the events that were tried, by their ids.
    pub(crate) fn tried(&self) -> HashMap<EventKey, Known> {
        let mut known: HashMap<EventKey, Known> = HashMap::new();
        for (_, record) in self.ring.after(0).0 {
            let Record::Attempt { events, attempt } = &*record else { continue };
            for event in events {
                let entry = known.entry(event.key()).or_default();
                entry.event = Some(Arc::clone(event));
                entry.attempts.push(attempt_json(attempt));
                entry.delivered |= attempt.accepted;
            }
        }
        known
    }

    /// What was not sent, with its reason and its instant.
    pub(crate) fn unsent(&self) -> Vec<(Micros, Value)> {
        let records = self.ring.before(None);
        let unsent = records.iter().filter_map(|(_, record)| match &**record {
            Record::Suppressed(suppressed) => Some(suppressed),
            Record::Attempt { .. } => None,
        });
        unsent
            .map(|s| {
                let value = json!({
                    "id": null,
                    "state": "suppressed",
                    "reason": s.reason,
                    "topic": s.topic,
                    "app_id": s.app_id.to_string(),
                    "account_id": s.account.to_string(),
                    "at": time::rfc3339(s.at),
                    "event": event_json(&s.body),
                    "attempts": [],
                });
                (s.at, value)
            })
            .collect()
    }
}

/// The inner event as JSON.
pub(crate) fn event_json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| text(body))
}

/// An attempt as the sim shows it.
pub(crate) fn attempt_json(attempt: &Attempt) -> Value {
    let (status, response, error) = match &attempt.outcome {
        Outcome::Answered { status, headers: answered, body } => {
            (Some(status.as_u16()), Some(json!({ "headers": headers(answered), "body": text(body) })), None)
        }
        Outcome::Failed { error } => (None, None, Some(error.as_str())),
    };
    json!({
        "at": time::rfc3339(attempt.at),
        "number": attempt.number,
        "url": attempt.url,
        "headers": headers(&attempt.request_headers),
        "body": String::from_utf8_lossy(&attempt.request_body),
        "status": status,
        "response": response,
        "error": error,
        "accepted": attempt.accepted,
        "replay": attempt.replay,
        "took_us": u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
        "next_attempt_at": attempt.next.map(time::rfc3339),
    })
}
