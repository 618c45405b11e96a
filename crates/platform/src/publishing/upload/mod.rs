//! Resumable upload (doc: Content Publishing, resumable uploads): the bytes of a video go to a host of their own,
//! `rupload.facebook.com/ig-api-upload/{version}/{container}`, whose errors are in a dialect of their own.
//!
//! Bytes stream to disk. What has come stays when the connection breaks; a request that begins where the last one ended goes
//! on from there. How the real host is asked for that place is not documented for Instagram: as for reels of pages, by `GET`
//! (unconfirmed).

mod receiving;
mod whole;

use super::Container;
use super::files;
use super::rules;
use super::settings::Setting;
use super::store::{containers, parts};
use crate::faults::requests::{Seen, Struck};
use crate::graph::caller;
use crate::graph::node::Node;
use crate::graph::operations::Verb;
use crate::graph::resolve;
use crate::graph::server::{bearer, close_after};
use crate::graph::{Call, TraceId};
use crate::log::requests::{Answer, Request};
use crate::{Body, Platform, json_response, tokens};
use bytes::Bytes;
use graph_api::ids::{NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::{Host, Version};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

const PATH: &str = "ig-api-upload";

/// Where the bytes of a container's video go, at the address that the caller used.
pub(super) fn uri(call: &Call<'_>, container: i64) -> String {
    format!("{}/{PATH}/{}/{container}", call.base(), call.version)
}

/// A path of the upload host.
pub(crate) struct Target {
    version: Option<Version>,
    container: String,
}

impl Target {
    /// What a path names; `None`: it is none of that host.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (version, container) = match segments[..] {
            [PATH, container] => (None, container),
            [PATH, version, container] => (Version::parse(version).ok()?, container),
            _ => return None,
        };
        Some(Self { version, container: container.to_owned() })
    }
}

/// Why an upload was refused: `{"debug_info":{"retriable","type","message"}}`, whose message is a text that holds JSON (rep:
/// several publishers).
#[derive(Debug)]
pub(super) struct Refused {
    retriable: bool,
    message: String,
}

impl Refused {
    fn new(message: impl Into<String>) -> Self {
        Self { retriable: false, message: message.into() }
    }

    /// Something failed inside: another try may do.
    fn inside(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "an upload failed inside");
        Self { retriable: true, message: "Request processing failed".to_owned() }
    }

    fn body(&self) -> Value {
        let inner = json!({ "success": false, "error": { "message": self.message } });
        json!({ "debug_info": {
            "retriable": self.retriable,
            "type": "ProcessingFailedError",
            "message": inner.to_string(),
        } })
    }
}

impl From<storage::Error> for Refused {
    fn from(error: storage::Error) -> Self {
        Self::inside(&error)
    }
}

impl From<crate::Failure> for Refused {
    fn from(failure: crate::Failure) -> Self {
        match failure {
            crate::Failure::Graph(error) => Self::new(error.message(Host::Facebook)),
            crate::Failure::Storage(error) => error.into(),
        }
    }
}

/// Whoever asks is not told more (rep: the text is that of real answers).
fn unauthorized() -> Refused {
    Refused::new("unauthorized user request")
}

/// Answers a request to the upload host.
pub(crate) async fn answer<B>(
    platform: &Arc<Platform>,
    head: Parts,
    body: B,
    target: Target,
) -> Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let (at, started) = (platform.clock.now(), tokio::time::Instant::now());
    let (trace_id, cause) = (TraceId::new(&*platform.chance), platform.log.feed.next_cause());
    let before = struck(platform, &head, &target, false);
    let mut did = None;
    let outcome = match before {
        Some(struck) => {
            struck.wait(platform).await;
            did = Some(struck.did.clone());
            match struck.error.is_some() {
                true => Err(Refused::inside(&"a fault")),
                false => storage::caused_by(cause, handle(platform, &head, body, &target)).await,
            }
        }
        None => match storage::caused_by(cause, handle(platform, &head, body, &target)).await {
            Ok(value) => match struck(platform, &head, &target, true) {
                Some(struck) => {
                    struck.wait(platform).await;
                    did = Some(struck.did);
                    // The bytes are there all the same (rep: containers that were finished after such an answer).
                    Err(Refused::inside(&"a fault"))
                }
                None => Ok(value),
            },
            refused => refused,
        },
    };
    let (status, value) = match &outcome {
        Ok(value) => (StatusCode::OK, value.clone()),
        Err(refused) => (StatusCode::BAD_REQUEST, refused.body()),
    };
    let logged = serde_json::to_vec(&value).unwrap_or_default();
    let request = Request {
        at,
        method: &head.method,
        uri: &head.uri,
        headers: &head.headers,
        body: b"",
        trace_id,
        cause,
    };
    let answer = Answer {
        host: Host::Facebook,
        operation: None,
        status,
        error: None,
        body: &logged,
        took: started.elapsed(),
        fault: did.as_deref(),
    };
    platform.log.requests.push(&request, &answer);
    let mut response = json_response(status, &value);
    if outcome.is_err() {
        // The rest of the bytes may still be on their way.
        close_after(&mut response);
    }
    response
}

fn struck(platform: &Platform, head: &Parts, target: &Target, after: bool) -> Option<Struck> {
    if !platform.faults.on_requests() {
        return None;
    }
    let verb = match head.method {
        Method::GET => Some(Verb::Get),
        Method::POST => Some(Verb::Post),
        _ => None,
    };
    let segments = [PATH.to_owned(), target.container.clone()];
    let (version, now) = (target.version, platform.clock.now());
    // The upload host speaks a dialect of its own, in English.
    let (host, caller, locale) = (Host::Facebook, None, None);
    let seen = Seen { verb, version, segments: &segments, host, caller, now, locale };
    platform.faults.of_request(&seen, after)
}

async fn handle<B>(platform: &Arc<Platform>, head: &Parts, body: B, target: &Target) -> Result<Value, Refused>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let container = container(platform, head, target).await?;
    match head.method {
        Method::GET | Method::HEAD => {
            let there = container.clone();
            let parts = platform.db.read(move |db| parts::of(db, &there)).await?;
            return Ok(json!({ "offset": parts::received(&parts) }));
        }
        Method::POST => {}
        _ => return Err(Refused::new("method not allowed")),
    }
    if container.ready_at.is_some() {
        return Err(Refused::new("The upload of this container is complete"));
    }
    if let Some(url) = text(&head.headers, "file_url") {
        return whole::fetched(platform, container, url).await;
    }
    let (offset, size) = (number(&head.headers, "offset")?, number(&head.headers, "file_size")?);
    let most = files::spec(platform, container.shape).bytes;
    if size == 0 || size > most {
        return Err(Refused::new(format!("file_size must be 1 to {most} bytes")));
    }
    receiving::receive(platform, container, (offset, size), body).await
}

/// The container that is uploaded to, if the caller may.
async fn container(platform: &Arc<Platform>, head: &Parts, target: &Target) -> Result<Container, Refused> {
    let token = text(&head.headers, AUTHORIZATION.as_str()).and_then(bearer).ok_or_else(unauthorized)?;
    let everywhere = platform.settings.publishing.is_on(Setting::UploadsEverywhere);
    let host = tokens::host_of(&token).filter(|host| *host == Host::Facebook || everywhere);
    let host = host.ok_or_else(unauthorized)?;
    let known = platform.directory.caller(&token).await?.filter(|known| known.is_good(platform.clock.now()));
    let known = known.ok_or_else(unauthorized)?;
    caller::let_in(&known, host, head.method.as_str()).map_err(|_| unauthorized())?;
    let needed = match host {
        Host::Facebook => Scope::InstagramContentPublish,
        Host::Instagram => Scope::InstagramBusinessContentPublish,
    };
    caller::lacks_nothing(&known, ScopeSet::of(&[needed])).map_err(|_| unauthorized())?;
    let id = decimal(&target.container).filter(|id| NodeKind::of(*id) == Some(NodeKind::Container));
    let found = resolve::container(platform, &known, id.ok_or_else(unauthorized)?).await?;
    match found {
        Some(Node::Container(container, _)) if container.is_upload => {
            let status = rules::status(&container, &[], platform.clock.now());
            match status {
                rules::Status::Expired => Err(Refused::new("The container has expired")),
                _ => Ok(*container),
            }
        }
        _ => Err(unauthorized()),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, Refused> {
    let told = || Refused::new(format!("the header {name} must be a number of bytes"));
    text(headers, name).and_then(|text| text.parse().ok()).ok_or_else(told)
}

/// The container as it is now, locked.
fn lock(tx: &mut storage::Tx<'_>, container: &Container) -> Result<Container, Refused> {
    let found = containers::lock(tx, container.account, container.id)?;
    found.filter(|found| found.ready_at.is_none()).ok_or_else(unauthorized)
}
