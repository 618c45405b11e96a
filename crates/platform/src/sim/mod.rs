//! The sim: the sandbox's control surface. It plays the people, the accounts' owners, the clock, and shows what
//! happened. JSON in and out; an error is `{"error":{"message","parameter"}}`.

mod ads;
mod apps;
mod clock;
mod comments;
mod dashboard;
mod faults;
pub(crate) mod guard;
mod history;
mod input;
mod live;
mod making;
mod owner;
mod people;
mod persons;
mod posting;
mod published;
mod routing;
mod settings;
mod subscribed;
mod tokens;
mod users;
mod watching;
mod world;

#[cfg(test)]
mod tests;

use crate::address::CallerAddress;
use crate::assets::Links;
use crate::graph::server::close_after;
use crate::log::act::Act;
use crate::log::feed::Happening;
use crate::multipart::{self, Reading, Trust};
use crate::{Body, Failure, Platform, json_response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use input::{Input, Query};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::Arc;

/// How a sandbox is reached.
pub struct Sandbox {
    /// Needed from callers if the listener is not on loopback.
    pub token: Option<String>,
    /// Whether rates are limited from the beginning. The sim can change it.
    pub rate_limits: bool,
}

/// Why a call of the sim was refused.
#[derive(Debug)]
pub(crate) struct SimError {
    status: StatusCode,
    message: String,
    parameter: Option<String>,
}

impl SimError {
    fn bad(parameter: &str, message: impl Into<String>) -> Self {
        let parameter = Some(parameter.to_owned()).filter(|name| !name.is_empty());
        Self { status: StatusCode::BAD_REQUEST, message: message.into(), parameter }
    }

    fn not_found(what: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: format!("there is no {what}"), parameter: None }
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Why, in words.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    fn to_json(&self) -> Value {
        let mut body = json!({ "message": self.message });
        if let Some(parameter) = &self.parameter {
            body["parameter"] = parameter.as_str().into();
        }
        json!({ "error": body })
    }

    fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl From<Failure> for SimError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Graph(error) => Self::bad("", error.message(graph_api::Host::Instagram)),
            Failure::Storage(error) => error.into(),
        }
    }
}

impl From<storage::Error> for SimError {
    fn from(error: storage::Error) -> Self {
        tracing::error!(%error, "a call of the sim failed inside");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, message: format!("the database failed: {error}"), parameter: None }
    }
}

type SimResult = Result<Value, SimError>;

/// The body of a call.
enum Sent {
    Json(Bytes),
    Parts(multipart::Parts),
}

/// Answers a call.
pub(crate) async fn answer<B>(
    platform: &Arc<Platform>,
    sandbox: &Sandbox,
    head: Parts,
    body: B,
) -> Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    if let Err(error) = guard::check(sandbox, platform.public_url(), &head.headers) {
        return refuse(&error);
    }
    let query = Query::read(&head);
    let wants_stream = guard::wants_stream(&head.headers);
    let decoded: Vec<String> = head
        .uri
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    if decoded.iter().any(|segment| segment.contains('\0')) {
        return refuse(&SimError::bad("", "the path must not contain the character U+0000"));
    }
    let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    if wants_stream && head.method == Method::GET && segments == ["events"] {
        let last = head.headers.get("last-event-id").and_then(|id| id.to_str().ok());
        return watching::stream(platform, &query, last).unwrap_or_else(|error| refuse(&error));
    }
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let read = match kind.get(..19).is_some_and(|start| start.eq_ignore_ascii_case("multipart/form-data")) {
        true => {
            // Whoever may drive the sim may send files.
            let takes_file = matches!(segments[..], ["people", _, "send"]);
            let reading = Reading { takes_file, trust: Trust::Good, token_may_come: false };
            multipart::read(platform, kind, reading, body).await.map(Sent::Parts)
        }
        false => net::read_body(body, crate::MAX_BODY, crate::BODY_TIME).await.map(Sent::Json),
    };
    let sent = match read {
        Ok(sent) => sent,
        Err(error) => return unreadable(error),
    };
    let links = Links::new(platform, &CallerAddress::of(&head.headers));
    let (started, cause) = (tokio::time::Instant::now(), platform.log.feed.next_cause());
    let body = match &sent {
        Sent::Json(body) => body.clone(),
        Sent::Parts(_) => Bytes::new(),
    };
    let routed = route(platform, &head.method, &segments, &query, sent, &links);
    let (status, answer) = match storage::caused_by(cause, routed).await {
        Ok(value) => (StatusCode::OK, value),
        Err(error) => (error.status, error.to_json()),
    };
    // What only looks is no act.
    if head.method != Method::GET {
        let act = Act::new(head.method, head.uri.path(), &body, started.elapsed()).answered(status, &answer);
        platform.log.feed.push_caused(platform.clock.now(), cause, Happening::Act(Box::new(act)));
    }
    json_response(status, &answer)
}

async fn route(
    platform: &Arc<Platform>,
    method: &Method,
    segments: &[&str],
    query: &Query,
    sent: Sent,
    links: &Links<'_>,
) -> SimResult {
    let input = || match sent {
        Sent::Json(body) => Input::read(&body),
        Sent::Parts(parts) => Input::of_parts(parts),
    };
    match (method.as_str(), segments) {
        ("GET", ["world"]) => world::show(platform, links).await,
        ("POST", ["apps"]) => apps::create(platform, input()?).await,
        ("PATCH", ["apps", id]) => apps::change(platform, id, input()?).await,
        ("POST", ["apps", id, "test"]) => dashboard::test(platform, id, input()?).await,
        ("POST", ["users"]) => users::create(platform, input()?).await,
        ("PATCH", ["users", id]) => users::change(platform, id, input()?).await,
        ("POST", ["accounts"]) => making::account(platform, input()?, links).await,
        ("POST", ["people"]) => persons::make(platform, input()?).await,
        ("PATCH", ["accounts", name]) => owner::change(platform, name, input()?, links).await,
        ("POST", ["accounts", name, "inbox", conversation, act]) => {
            owner::in_inbox(platform, name, conversation, act, input()?).await
        }
        ("GET", ["accounts", name, "routing"]) => routing::show(platform, name).await,
        ("PATCH", ["accounts", name, "routing"]) => routing::change(platform, name, input()?).await,
        ("POST", ["accounts", name, act @ ("follow" | "unfollow")]) => {
            owner::follow(platform, name, *act == "follow", input()?).await
        }
        ("GET", ["accounts", name, "containers"]) => published::containers(platform, name).await,
        ("GET", ["people", who, "feed"]) => published::feed(platform, who, query, links).await,
        ("POST", ["accounts", name, "live"]) => live::change(platform, name, input()?).await,
        ("POST", ["accounts", name, "comments", id, act]) => {
            comments::moderate(platform, name, id, act, input()?).await
        }
        ("GET", ["media", id, "comments"]) => comments::list(platform, id, query).await,
        ("POST", ["accounts", name, "publish"]) => posting::publish(platform, name, input()?).await,
        ("POST", ["accounts", name, "history"]) => history::write(platform, name, input()?).await,
        ("PATCH", ["people", name]) => persons::change(platform, name, input()?).await,
        ("POST", ["tokens"]) => tokens::create(platform, input()?).await,
        ("GET", ["settings"]) => Ok(settings::show(platform)),
        ("PATCH", ["settings"]) => settings::change(platform, input()?).await,
        ("POST", ["ads"]) => ads::make(platform, input()?).await,
        ("PATCH", ["ads", id]) => ads::change(platform, id, input()?).await,
        ("POST", ["people", who, "send"]) => people::send(platform, who, input()?).await,
        ("POST", ["people", who, "tap"]) => people::tap(platform, who, input()?, links).await,
        ("POST", ["people", who, "engage"]) => people::engage(platform, who, input()?).await,
        ("GET", ["people", who, "inbox"]) => people::inbox(platform, who, query, links).await,
        ("POST", ["people", who, "comment"]) => people::comment(platform, who, input()?).await,
        ("POST", ["people", who, "mention"]) => people::mention(platform, who, input()?).await,
        ("POST", ["people", who, act @ ("uncomment" | "like" | "unlike")]) => {
            people::on_comment(platform, who, act, input()?).await
        }
        ("POST", ["people", who, act]) if people::Act::parse(act).is_some() => {
            match people::Act::parse(act) {
                Some(act) => people::act(platform, who, act, input()?).await,
                None => Err(SimError::not_found(&format!("act {act}"))),
            }
        }
        ("GET", ["faults"]) => Ok(faults::list(platform)),
        ("GET", ["faults", id]) => faults::show(platform, id),
        ("POST", ["faults"]) => faults::set(platform, input()?).await,
        ("DELETE", ["faults"]) => faults::remove(platform, None).await,
        ("DELETE", ["faults", id]) => faults::remove(platform, Some(id)).await,
        ("GET", ["clock"]) => Ok(clock::show(platform)),
        ("POST", ["clock"]) => clock::change(platform, input()?).await,
        ("GET", ["requests"]) => watching::requests(platform, query),
        ("GET", ["deliveries"]) => watching::deliveries(platform, query).await,
        ("POST", ["deliveries", id, "replay"]) => watching::replay(platform, id).await,
        ("GET", ["events"]) => watching::events(platform, query).await,
        ("POST", ["reset"]) => world::reset(platform).await,
        (method, segments) => Err(SimError::not_found(&format!("{method} /sim/{}", segments.join("/")))),
    }
}

/// The answer to a call whose body could not be read.
fn unreadable(error: net::BodyError) -> Response<Body> {
    let status = match error {
        net::BodyError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        net::BodyError::TimedOut => StatusCode::REQUEST_TIMEOUT,
        net::BodyError::Broken => StatusCode::BAD_REQUEST,
    };
    let mut response = refuse(&SimError::bad("", error.to_string()).with_status(status));
    close_after(&mut response);
    response
}

fn refuse(error: &SimError) -> Response<Body> {
    json_response(error.status, &error.to_json())
}
