//! What was called, what was sent, and everything as it happens.

use super::input::Query;
use super::{SimError, SimResult};
use crate::log::deliveries::{Known, attempt_json, event_json};
use crate::log::requests::Filter;
use crate::{Body, Platform};
use bytes::Bytes;
use clock::Micros;
use graph_api::time;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use webhooks::{Event, EventKey, Filter as Undelivered, ReplayError, State, Waiting};

/// The longest that one call waits.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// More undelivered events than this are not listed at once; those of one endpoint or state can be asked for.
const MOST: usize = 1_000;

/// `GET /sim/requests?path=&status=&since=&limit=&before=` → `{"requests":[…newest first],"before"?}`.
pub(super) fn requests(platform: &Platform, query: &Query) -> SimResult {
    let status = query
        .number("status")?
        .map(|n| u16::try_from(n).map_err(|_| SimError::bad("status", "must be an HTTP status")));
    let filter = Filter {
        path: query.text("path").map(str::to_owned),
        status: status.transpose()?,
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

/// `GET /sim/deliveries?endpoint=&state=&limit=&before=` → `{"deliveries":[…newest first],"before"?}`. `endpoint` is an
/// id or part of the callback's URL; `state` is `pending`, `delivered`, `retrying`, `dead` or `suppressed`. What waits
/// and what is dead is read from the database; what was delivered, and all attempts, from the log in memory.
pub(super) async fn deliveries(platform: &Platform, query: &Query) -> SimResult {
    let (endpoint, state) = (query.text("endpoint"), query.text("state"));
    if let Some(state) = state
        && !["pending", "delivered", "retrying", "dead", "suppressed"].contains(&state)
    {
        return Err(SimError::bad("state", "must be pending, delivered, retrying, dead or suppressed"));
    }
    let limit = query.limit(50, 500)?;
    let before = query.number("before")?.map(|at| Micros(i64::try_from(at).unwrap_or(i64::MAX)));
    let mut tried = platform.log.deliveries.tried();
    let mut found: Vec<(Micros, Value)> = Vec::new();
    for waiting in platform.outbox().waiting(Undelivered::default(), None, MOST).await? {
        let known = tried.remove(&waiting.event.key()).unwrap_or_default();
        found.push((
            waiting.event.at,
            shown(&waiting.event, state_name(waiting.state), Some(&waiting), &known),
        ));
    }
    for known in tried.values().filter(|known| known.delivered) {
        if let Some(event) = &known.event {
            found.push((event.at, shown(event, "delivered", None, known)));
        }
    }
    found.extend(platform.log.deliveries.unsent());
    found.retain(|(at, delivery)| {
        state.is_none_or(|state| delivery["state"] == state)
            && before.is_none_or(|before| *at < before)
            && endpoint.is_none_or(|endpoint| is_of(delivery, endpoint))
    });
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let next = (found.len() > limit).then(|| found[limit - 1].0.0.to_string());
    found.truncate(limit);
    let deliveries: Vec<Value> = found.into_iter().map(|(_, delivery)| delivery).collect();
    Ok(with_cursor(json!({ "deliveries": deliveries }), next))
}

fn is_of(delivery: &Value, endpoint: &str) -> bool {
    let attempts = delivery["attempts"].as_array().map_or(&[][..], Vec::as_slice);
    delivery["endpoint"] == endpoint
        || attempts.iter().any(|attempt| attempt["url"].as_str().is_some_and(|url| url.contains(endpoint)))
}

const fn state_name(state: State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Retrying => "retrying",
        State::Dead => "dead",
    }
}

fn shown(event: &Event, state: &str, waiting: Option<&Waiting>, known: &Known) -> Value {
    json!({
        "id": event.id(),
        "state": state,
        "endpoint": event.endpoint.0.to_string(),
        "topic": event.topic,
        "account_id": event.subject.to_string(),
        "at": time::rfc3339(event.at),
        "event": event_json(&event.body),
        "attempts": known.attempts,
        "attempt_count": waiting.map_or(known.attempts.len() as u64, |w| u64::from(w.attempts)),
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
            let delivered = platform.log.deliveries.tried().remove(&key).and_then(|known| known.event);
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

/// The same as server-sent events: one `data:` line of JSON each, with the cursor as its id.
pub(super) fn stream(platform: &Arc<Platform>, query: &Query) -> Response<Body> {
    let from = cursor(platform, query).unwrap_or_default();
    let state = (Arc::clone(platform), from, types(query));
    let chunks = futures_util::stream::unfold(state, |(platform, from, types)| async move {
        let (events, next) = platform.log.feed.wait(from, &types, Duration::from_secs(15)).await;
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
    response
}
