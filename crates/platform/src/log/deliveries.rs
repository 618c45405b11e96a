//! The log of webhook deliveries: every attempt with its exact bytes, and what was not sent and why.

use super::feed::{Feed, Happening};
use super::requests::{headers, text};
use super::ring::Ring;
use crate::directory::AccountView;
use crate::subscriptions::Unsent;
use bytes::Bytes;
use clock::{Clock, Micros};
use graph_api::time;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use webhooks::{Attempt, EndpointId, Event, EventKey, Outcome};

/// An event that was not sent to an app. What is told of it is put into words when somebody looks.
pub(crate) struct Suppressed {
    pub(crate) at: Micros,
    /// The event's own microsecond and lane.
    pub(crate) event: (Micros, i64),
    /// What it was done for.
    pub(crate) cause: u64,
    pub(crate) topic: &'static str,
    pub(crate) body: Bytes,
    /// The account as it was.
    pub(crate) account: Arc<AccountView>,
    /// The place of the app among the account's routes.
    pub(crate) route: usize,
    pub(crate) why: Unsent,
}

impl Suppressed {
    /// The event's name, as the feed gives it.
    pub(crate) fn key(&self) -> String {
        format!("{}.{}", self.event.0.0, self.event.1)
    }
    fn account_id(&self) -> String {
        self.account.account.id.to_string()
    }
    fn app_id(&self) -> Option<String> {
        self.account.routes.get(self.route).map(|route| route.app_id.to_string())
    }
    fn reason(&self) -> Option<String> {
        let route = self.account.routes.get(self.route)?;
        Some(route.reason(self.why, self.topic, &self.account.account.username))
    }
}

pub(crate) enum Record {
    Attempt { events: Vec<Arc<Event>>, attempt: Arc<Attempt> },
    Suppressed(Suppressed),
}

/// The log.
pub(crate) struct DeliveryLog {
    ring: Ring<Record>,
    feed: Arc<Feed>,
    clock: Arc<dyn Clock>,
}

/// What the ring knows of one event: its attempts, the oldest first.
#[derive(Default)]
pub(crate) struct Known(Vec<Arc<Record>>);

impl Known {
    /// The event.
    pub(crate) fn event(&self, key: EventKey) -> Option<Arc<Event>> {
        self.attempts().flat_map(|(events, _)| events).find(|event| event.key() == key).cloned()
    }

    /// `delivered` if an attempt was accepted; `dropped` if nothing was sent, on purpose.
    pub(crate) fn end(&self) -> Option<&'static str> {
        let ends = self.attempts().filter(|(_, attempt)| attempt.accepted);
        let (sent, dropped): (Vec<_>, Vec<_>) =
            ends.partition(|(_, attempt)| attempt.outcome != Outcome::Dropped);
        match (sent.is_empty(), dropped.is_empty()) {
            (false, _) => Some("delivered"),
            (true, false) => Some("dropped"),
            (true, true) => None,
        }
    }

    /// The attempts as the sim shows them.
    pub(crate) fn to_json(&self) -> Vec<Value> {
        self.attempts().map(|(_, attempt)| attempt_json(attempt)).collect()
    }

    fn attempts(&self) -> impl Iterator<Item = (&[Arc<Event>], &Attempt)> {
        self.0.iter().filter_map(|record| match &**record {
            Record::Attempt { events, attempt } => Some((&**events, &**attempt)),
            Record::Suppressed(_) => None,
        })
    }
}

impl DeliveryLog {
    pub(super) fn new(feed: Arc<Feed>, clock: Arc<dyn Clock>) -> Self {
        Self { ring: Ring::new(1, 5_000, 16 << 20), feed, clock }
    }

    pub(super) fn clear(&self) {
        self.ring.clear();
    }

    pub(super) fn attempted(&self, events: &[Arc<Event>], attempt: &Arc<Attempt>) {
        for event in events {
            let failed = (!attempt.accepted).then(|| attempt.outcome.to_string());
            let detail = match (failed, &attempt.fault) {
                (Some(failed), Some(fault)) => Some(format!("{failed} ({fault})")),
                (failed, fault) => failed.or_else(|| fault.clone()),
            };
            let state = match &attempt.outcome {
                Outcome::Dropped => "dropped",
                _ if attempt.accepted => "delivered",
                _ => "failed",
            };
            let event = Arc::clone(event);
            self.feed.push(attempt.at, Happening::Attempted { event, state, detail });
        }
        let record = Arc::new(Record::Attempt { events: events.to_vec(), attempt: Arc::clone(attempt) });
        let held = record.held();
        self.ring.push(record, held);
    }

    pub(super) fn gave_up(&self, event: &Event, reason: &str) {
        self.feed.push(
            self.clock.now(),
            Happening::GaveUp {
                id: event.id(),
                topic: event.topic.clone(),
                account: event.subject,
                reason: reason.to_owned(),
            },
        );
    }

    /// A fault holds the event back.
    pub(super) fn held(&self, event: &Event, by: &str) {
        let (event, detail) = (Arc::new(event.clone()), Some(by.to_owned()));
        self.feed.push(self.clock.now(), Happening::Attempted { event, state: "held", detail });
    }

    pub(crate) fn suppressed(&self, suppressed: Suppressed) {
        let (at, cause) = (suppressed.at, suppressed.cause);
        let record = Arc::new(Record::Suppressed(suppressed));
        self.ring.push(Arc::clone(&record), record.held());
        self.feed.push_caused(at, cause, Happening::Unsent(record));
    }

    /// What the ring knows of the events that were tried, by their keys.
    pub(crate) fn tried(&self) -> HashMap<EventKey, Known> {
        let mut known: HashMap<EventKey, Known> = HashMap::new();
        for (_, record) in self.ring.after(0).0 {
            if let Record::Attempt { events, .. } = &*record {
                for event in events {
                    known.entry(event.key()).or_default().0.push(Arc::clone(&record));
                }
            }
        }
        known
    }

    /// What was not sent, with its place in a list of deliveries.
    pub(crate) fn unsent(&self) -> Vec<(Place, Arc<Record>)> {
        let records = self.ring.before(None).into_iter();
        let unsent = records.filter_map(|(cursor, record)| match &*record {
            Record::Suppressed(suppressed) => Some((Place::unsent(suppressed.at, cursor), record)),
            Record::Attempt { .. } => None,
        });
        unsent.collect()
    }
}

impl Record {
    /// The name of the event that was not sent.
    pub(crate) fn unsent_key(&self) -> Option<String> {
        match self {
            Self::Suppressed(suppressed) => Some(suppressed.key()),
            Self::Attempt { .. } => None,
        }
    }

    /// About how much memory it takes.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Suppressed(suppressed) => suppressed.body.len() + 512,
            Self::Attempt { events, attempt } => {
                let answered = match &attempt.outcome {
                    Outcome::Answered { body, headers, .. } => {
                        body.len() + headers.values().map(http::HeaderValue::len).sum::<usize>()
                    }
                    Outcome::Failed { error } => error.len(),
                    Outcome::Dropped => 0,
                };
                let held: usize = events.iter().map(|event| event.body.len()).sum();
                attempt.request_body.len() + answered + held + 2048
            }
        }
    }

    /// What the feed says of what was not sent.
    pub(super) fn unsent_summary(&self) -> Value {
        let Self::Suppressed(s) = self else { return Value::Null };
        json!({
            "id": null,
            "state": "suppressed",
            "event": s.key(),
            "topic": s.topic,
            "app_id": s.app_id(),
            "account_id": s.account_id(),
            "detail": s.reason(),
        })
    }

    /// What was not sent, as the sim shows it.
    pub(crate) fn unsent_json(&self) -> Value {
        let Self::Suppressed(s) = self else { return Value::Null };
        json!({
            "id": null,
            "state": "suppressed",
            "reason": s.reason(),
            "topic": s.topic,
            "app_id": s.app_id(),
            "account_id": s.account_id(),
            "at": time::rfc3339(s.at),
            "event": event_json(&s.body),
            "attempts": [],
        })
    }
}

/// The place of a delivery in the list of all: by time, then lane, then endpoint, as the undelivered are listed. Two
/// deliveries never share one, so that a page can go on where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(Micros, i64, i64);

impl Place {
    /// Of an event.
    pub(crate) const fn of(key: EventKey) -> Self {
        Self(key.at, key.lane, key.endpoint.0)
    }

    /// Of what was not sent: lanes are ids, so no lane is negative.
    fn unsent(at: Micros, cursor: u64) -> Self {
        Self(at, i64::MIN.saturating_add_unsigned(cursor), 0)
    }

    /// The name of the event, as the feed gives it: microsecond and lane.
    pub(crate) fn event(self) -> String {
        format!("{}.{}", self.0.0, self.1)
    }

    /// Just after all deliveries of the event of that name.
    pub(crate) fn after_event(name: &str) -> Option<Self> {
        let (at, lane) = name.split_once('.')?;
        Some(Self(Micros(at.parse().ok()?), lane.parse().ok()?, i64::MAX))
    }

    /// The key before which the undelivered go on.
    pub(crate) const fn key(self) -> EventKey {
        EventKey { endpoint: EndpointId(self.2), at: self.0, lane: self.1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0.0, self.1, self.2)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split('.').map(|part| part.parse::<i64>().map_err(drop));
        let mut next = || numbers.next().unwrap_or(Err(()));
        Ok(Self(Micros(next()?), next()?, next()?))
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
        Outcome::Dropped => (None, None, None),
    };
    json!({
        "at": time::rfc3339(attempt.at),
        "number": attempt.number,
        "url": attempt.url.as_ref().map_or_else(String::new, http::Uri::to_string),
        "headers": headers(&attempt.request_headers),
        "body": String::from_utf8_lossy(&attempt.request_body),
        "status": status,
        "response": response,
        "error": error,
        "accepted": attempt.accepted,
        "replay": attempt.replay,
        "fault": attempt.fault,
        "took_us": u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
        "next_attempt_at": attempt.next.map(time::rfc3339),
    })
}
