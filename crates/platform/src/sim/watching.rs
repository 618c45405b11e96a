//! What was called, what was sent, and everything as it happens.

use super::input::Query;
use super::{SimError, SimResult};
use crate::faults::content::fault_of;
use crate::log::deliveries::{Known, Place, Record, attempt_json, event_json};
use crate::log::requests::Filter;
use crate::{Body, Platform, subscriptions};
use bytes::Bytes;
use graph_api::time;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use webhooks::{EndpointId, Event, EventKey, Filter as Undelivered, ReplayError, State, Waiting};

/// The longest that one call waits.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// `GET /sim/requests?path=&status=&since=&trace_id=&limit=&before=` → `{"requests":[…newest first],"before"?}`.
pub(super) fn requests(platform: &Platform, query: &Query) -> SimResult {
    let status = query
        .number("status")?
        .map(|n| u16::try_from(n).map_err(|_| SimError::bad("status", "must be an HTTP status")));
    let filter = Filter {
        path: query.text("path").map(str::to_owned),
        status: status.transpose()?,
        trace_id: query.text("trace_id").map(str::to_owned),
        since: query.instant("since")?,
        before: query.number("before")?,
        limit: query.limit(50, 500)?,
    };
    let (requests, before) = platform.log.requests.list(&filter);
    Ok(with_cursor(json!({ "requests": requests }), before.map(|cursor| cursor.to_string())))
}

fn with_cursor(mut page: Value, before: Option<String>) -> Value {
    if let Some(before) = before {
        page["before"] = before.into();
    }
    page
}

/// `GET /sim/deliveries?endpoint=&state=&event=&limit=&before=` → `{"deliveries":[…newest first],"before"?}`. `endpoint` is an
/// id or part of the callback's URL; `event` is the name that the feed gives; `state` is `pending`, `delivered`, `retrying`, `dead`, `suppressed` or `dropped`. What waits
/// and what is dead is read from the database; what was delivered, and all attempts, from the log in memory.
pub(super) async fn deliveries(platform: &Platform, query: &Query) -> SimResult {
    let state = query.text("state");
    let undelivered = match state {
        None => Some(None),
        Some("pending") => Some(Some(State::Pending)),
        Some("retrying") => Some(Some(State::Retrying)),
        Some("dead") => Some(Some(State::Dead)),
        Some("delivered" | "suppressed" | "dropped") => None,
        Some(_) => {
            let states = "must be pending, delivered, retrying, dead, suppressed or dropped";
            return Err(SimError::bad("state", states));
        }
    };
    let limit = query.limit(50, 500)?;
    let before: Option<Place> = match query.text("before") {
        Some(text) => {
            Some(text.parse().map_err(|()| SimError::bad("before", "must be a cursor of this list"))?)
        }
        None => None,
    };
    let event = query.text("event");
    let before = match event.map(Place::after_event) {
        Some(None) => return Err(SimError::bad("event", "must be the name of an event of the feed")),
        Some(place) => place.min(before.or(place)),
        None => before,
    };
    let endpoints = endpoints(platform, query.text("endpoint")).await?;
    let wanted = |key: &EventKey| endpoints.as_ref().is_none_or(|known| known.contains(&key.endpoint));
    let mut tried = platform.log.deliveries.tried();
    let mut found: Vec<(Place, Found)> = Vec::new();
    if let Some(state) = undelivered {
        let each =
            endpoints.as_ref().map_or_else(|| vec![None], |known| known.iter().copied().map(Some).collect());
        for endpoint in each {
            let filter = Undelivered { endpoint, state };
            for waiting in platform.outbox().waiting(filter, before.map(Place::key), limit + 1).await? {
                let key = waiting.event.key();
                let known = tried.remove(&key).unwrap_or_default();
                found.push((Place::of(key), Found::Waiting(Box::new(waiting), known)));
            }
        }
    }
    if matches!(state, None | Some("delivered" | "dropped")) {
        let ended = tried.into_iter().filter(|(key, _)| wanted(key)).filter_map(|(key, known)| {
            let end = known.end().filter(|end| state.is_none_or(|asked| asked == *end))?;
            Some((Place::of(key), Found::Ended(key, end, known)))
        });
        found.extend(ended);
    }
    if endpoints.is_none() && matches!(state, None | Some("suppressed")) {
        let unsent = platform.log.deliveries.unsent().into_iter();
        let unsent = unsent
            .filter(|(_, record)| event.is_none_or(|name| record.unsent_key().as_deref() == Some(name)));
        found.extend(unsent.map(|(place, record)| (place, Found::Unsent(record))));
    }
    found.retain(|(place, found)| {
        let is_named = || matches!(found, Found::Unsent(_)) || event.is_none_or(|name| place.event() == name);
        match (found, event) {
            (Found::Unsent(_), Some(_)) => true,
            _ => before.is_none_or(|before| *place < before) && is_named(),
        }
    });
    found.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    let next = (found.len() > limit).then(|| found[limit - 1].0.to_string());
    found.truncate(limit);
    let deliveries: Vec<Value> = found.iter().map(|(_, found)| found.to_json()).collect();
    Ok(with_cursor(json!({ "deliveries": deliveries }), next))
}

/// The endpoints that an id or a part of a callback's URL names; `None`: nobody asked.
pub(super) async fn endpoints(
    platform: &Platform,
    named: Option<&str>,
) -> Result<Option<Vec<EndpointId>>, SimError> {
    let Some(named) = named else { return Ok(None) };
    if let Ok(id) = named.parse() {
        return Ok(Some(vec![EndpointId(id)]));
    }
    let callbacks = platform.db.read(subscriptions::store::callbacks).await?;
    let named = callbacks.into_iter().filter(|callback| callback.url.contains(named));
    Ok(Some(named.map(|callback| callback.endpoint).collect()))
}

/// One row of the list, not yet rendered.
enum Found {
    Waiting(Box<Waiting>, Known),
    Ended(EventKey, &'static str, Known),
    Unsent(Arc<Record>),
}

impl Found {
    fn to_json(&self) -> Value {
        match self {
            Self::Waiting(waiting, known) => {
                shown(&waiting.event, state_name(waiting.state), Some(waiting), known)
            }
            Self::Ended(key, end, known) => {
                known.event(*key).map_or(Value::Null, |event| shown(&event, end, None, known))
            }
            Self::Unsent(record) => record.unsent_json(),
        }
    }
}

const fn state_name(state: State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Retrying => "retrying",
        State::Dead => "dead",
    }
}

fn shown(event: &Event, state: &str, waiting: Option<&Waiting>, known: &Known) -> Value {
    let attempts = known.to_json();
    json!({
        "id": event.id(),
        "state": state,
        "endpoint": event.endpoint.0.to_string(),
        "topic": event.topic,
        "account_id": event.subject.to_string(),
        "at": time::rfc3339(event.at),
        "event": event_json(&event.body),
        "changed_by": fault_of(event.channel).map(|fault| format!("fault {fault}")),
        "attempt_count": waiting.map_or(attempts.len() as u64, |w| u64::from(w.attempts)),
        "attempts": attempts,
        "next_attempt_at": waiting.and_then(|w| w.next_at).map(time::rfc3339),
        "reason": waiting.and_then(|w| w.reason.as_deref()),
    })
}

/// `POST /sim/deliveries/{id}/replay` → the new attempt. What was delivered can be sent again as long as the log in
/// memory has it; what is retried or dead, always. A success takes it off the retries or the dead letters.
pub(super) async fn replay(platform: &Arc<Platform>, id: &str) -> SimResult {
    let unknown = || SimError::not_found(&format!("delivery {id}"));
    let key: EventKey = id.parse().map_err(|_| unknown())?;
    let attempt = match platform.outbox().replay(key).await {
        Ok(attempt) => attempt,
        Err(ReplayError::Unknown) => {
            let delivered = platform.log.deliveries.tried().remove(&key).and_then(|known| known.event(key));
            let event = delivered.ok_or_else(unknown)?;
            platform.outbox().replay_event(Event::clone(&event)).await
        }
        Err(ReplayError::Storage(error)) => return Err(error.into()),
        Err(error) => return Err(SimError::bad("", error.to_string()).with_status(StatusCode::CONFLICT)),
    };
    Ok(attempt_json(&attempt))
}

fn cursor(platform: &Platform, query: &Query) -> Result<u64, SimError> {
    match query.text("after") {
        // Only what happens from now on.
        Some("newest") => Ok(platform.log.feed.newest()),
        _ => Ok(query.number("after")?.unwrap_or(0)),
    }
}

fn types(query: &Query) -> Vec<String> {
    query.text("type").map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default()
}

/// `GET /sim/events?wait=5s&after=CURSOR&type=` → `{"events":[{"cursor","type","at",…}],"cursor"}`. Without `after`,
/// from the beginning; `after=newest`: only what happens from now on. Without `wait`, at once.
pub(super) async fn events(platform: &Platform, query: &Query) -> SimResult {
    let within = query.span("wait")?.unwrap_or_default().min(LONGEST_WAIT);
    let (events, next) = platform.log.feed.wait(cursor(platform, query)?, &types(query), within).await;
    Ok(json!({ "events": events, "cursor": next.to_string() }))
}

/// The same as server-sent events: one `data:` line of JSON each, with the cursor as its id, from which a browser that
/// lost the connection goes on (`Last-Event-ID`).
pub(super) fn stream(
    platform: &Arc<Platform>,
    query: &Query,
    last: Option<&str>,
) -> Result<Response<Body>, SimError> {
    let from = match (query.text("after"), last.and_then(|id| id.parse().ok())) {
        (None, Some(last)) => last,
        _ => cursor(platform, query)?,
    };
    let state = (Arc::clone(platform), from, types(query));
    let chunks = futures_util::stream::unfold(state, |(platform, from, types)| async move {
        let (events, next) = platform.log.feed.wait(from, &types, Duration::from_secs(15)).await;
        if events.is_empty() && platform.log.feed.is_closed() {
            return None;
        }
        let mut chunk = String::new();
        for event in &events {
            let id = event["cursor"].as_str().unwrap_or_default();
            chunk.push_str(&format!("id: {id}\ndata: {event}\n\n"));
        }
        if events.is_empty() {
            // Keeps the connection alive through whatever stands between.
            chunk.push_str(": nothing yet\n\n");
        }
        Some((Bytes::from(chunk), (platform, next, types)))
    });
    let mut response = Response::new(Body::stream(chunks));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
