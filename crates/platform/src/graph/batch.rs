//! Batches: each request goes its own way, with its own token, limits, faults and failure; the answers come together (doc:
//! Graph API, Batch Requests; that the Instagram host serves them is unconfirmed).

use super::answer::Reply;
use super::{GraphRequest, TraceId, decode, dispatch, server};
use crate::Platform;
use crate::failure::{Failure, Result};
use graph_api::batch::{self, Body, Entry};
use graph_api::{ErrorName, GraphError, Host, Params, Version};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// Whether a request is a batch: `POST /`, with or without a version, or `POST /me` (doc: both are documented).
pub(super) fn is_one(request: &GraphRequest) -> bool {
    let is_root = request.segments.is_empty() || request.segments == ["me"];
    is_root && request.method == Method::POST && request.params.0.has("batch")
}

/// Answers a batch whose own token is good. Requests are made one after the other, in their order, so that every run is the
/// same (doc: those that do not depend on others go side by side).
pub(super) async fn answer(
    platform: &Arc<Platform>,
    request: &GraphRequest,
    (host, token): (Host, &str),
) -> Result<Value> {
    let params = &request.params.0;
    let entries = batch::read(params)?;
    let with_headers = params.flag("include_headers")?.unwrap_or(true);
    let mut done: Vec<Done> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let of = |name: &str| done_by(&entries[..at], &done, name);
        let failed = entry.needs().into_iter().find(|name| of(name).is_none_or(|done| !done.is_good()));
        let answered = match failed {
            Some(name) => Err(GraphError::with(ErrorName::BatchDependencyFailed, [&name])),
            None => {
                let answer = |name: &str| of(name).and_then(|done| serde_json::from_str(&done.body).ok());
                Sub { platform, request, host, token, at }.made_of(entry, &answer)
            }
        };
        done.push(match answered {
            Ok((parts, sub, logged)) => {
                let replied = made(platform, &parts, &sub, &logged).await;
                Done::of(replied, sub.trace_id).await
            }
            Err(error) => {
                let trace_id = TraceId::new(&*platform.chance);
                let mut reply = Reply::new(host, Version::LATEST);
                reply.locale = dispatch::locale(platform, request);
                let reply = reply.failed(Failure::Graph(error), trace_id.as_str());
                let now = platform.clock.now();
                let ids = (trace_id, platform.log.feed.next_cause());
                server::log(platform, &head_of(entry), b"", &reply, now, ids, Duration::ZERO);
                Done::of(reply, trace_id).await
            }
        });
    }
    let shown = entries.iter().enumerate().map(|(at, entry)| {
        let is_needed = || {
            entries[at + 1..]
                .iter()
                .any(|later| later.needs().iter().any(|n| Some(&**n) == entry.name.as_deref()))
        };
        let omits = entry.omit_response_on_success.unwrap_or_else(|| entry.name.is_some() && is_needed());
        match &done[at] {
            Done { is_lost: true, .. } => Value::Null,
            done if omits && done.is_good() => Value::Null,
            done => done.shown(with_headers),
        }
    });
    Ok(Value::Array(shown.collect()))
}

/// The head of a request that is not made, for the log.
fn head_of(entry: &Entry) -> Parts {
    let path = entry.relative_url.trim_start_matches('/').replace(' ', "%20");
    let method = Method::from_bytes(entry.method.to_ascii_uppercase().as_bytes()).unwrap_or_default();
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = method;
    head.uri = format!("/{path}").parse().unwrap_or_default();
    head
}

/// What the newest request of that name answered.
fn done_by<'d>(entries: &[Entry], done: &'d [Done], name: &str) -> Option<&'d Done> {
    entries
        .iter()
        .zip(done)
        .rev()
        .find(|(entry, _)| entry.name.as_deref() == Some(name))
        .map(|(_, done)| done)
}

/// One request after the other way round: without this type, the way of a request would hold itself.
fn made<'a>(
    platform: &'a Arc<Platform>,
    parts: &'a Parts,
    request: &'a GraphRequest,
    body: &'a [u8],
) -> Pin<Box<dyn Future<Output = Reply> + Send + 'a>> {
    Box::pin(async move {
        let received_at = platform.clock.now();
        let started = tokio::time::Instant::now();
        let cause = platform.log.feed.next_cause();
        let dispatched = storage::caused_by(cause, dispatch::dispatch(platform, request)).await;
        let reply = dispatched.tagged(&parts.method, &parts.headers);
        let ids = (request.trace_id, cause);
        server::log(platform, parts, body, &reply, received_at, ids, started.elapsed());
        reply
    })
}

/// A request of the batch, before it is one.
struct Sub<'a> {
    platform: &'a Arc<Platform>,
    request: &'a GraphRequest,
    host: Host,
    token: &'a str,
    at: usize,
}

impl Sub<'_> {
    /// The request, with what those before it answered in the place of its references. Also its head and body for the log.
    fn made_of(
        &self,
        entry: &Entry,
        answer: &impl Fn(&str) -> Option<Value>,
    ) -> graph_api::Result<(Parts, GraphRequest, Vec<u8>)> {
        let path = |key: &str| format!("batch[{}][{key}]", self.at);
        // Blanks are what clients forget to escape.
        let url = entry.url(answer)?.replace(' ', "%20");
        let mut head = Request::builder().uri(format!("/{}", url.trim_start_matches('/')));
        head = head.method(entry.method.to_ascii_uppercase().as_str());
        let (mut parts, ()) =
            head.body(()).map_err(|_| GraphError::invalid(&path("relative_url"), "a URL"))?.into_parts();
        for (name, value) in &entry.headers {
            let header =
                HeaderName::try_from(name.as_str()).ok().zip(HeaderValue::try_from(value.as_str()).ok());
            let (name, value) =
                header.ok_or_else(|| GraphError::invalid(&path("headers"), "a list of headers"))?;
            parts.headers.insert(name, value);
        }
        let mut params = Params::default();
        let mut outcome = parts.uri.query().map_or(Ok(()), |query| params.add_form(query.as_bytes()));
        let body = match entry.body(answer)? {
            Body::None => Vec::new(),
            Body::Text(text) => text.into_bytes(),
            Body::Json(members) => Value::Object(members).to_string().into_bytes(),
        };
        if outcome.is_ok() && !body.is_empty() {
            outcome = decode::add_body(&mut params, server::essence(&parts.headers), &body);
        }
        if params.has("batch") {
            return Err(GraphError::invalid(&path("relative_url"), "no batch itself"));
        }
        // The batch's token is for those that have none, and its proof goes with it.
        if !params.has("access_token") {
            for name in ["appsecret_proof", "appsecret_time"] {
                if let Some(text) = self.request.params.0.text(name)? {
                    params.add_text(name, &text)?;
                }
            }
        }
        if let Some(locale) = self.request.params.0.text("locale")? {
            params.add_text("locale", &locale)?;
        }
        let (version, segments, readable) = server::path(parts.uri.path());
        let request = GraphRequest {
            method: parts.method.clone(),
            named_host: Some(self.host),
            version: if version == Ok(None) { self.request.version } else { version },
            segments,
            params: (params, readable.and(outcome)),
            upload: None,
            address: self.request.address.clone(),
            header_token: Some(self.token.to_owned()),
            trace_id: TraceId::new(&*self.platform.chance),
        };
        Ok((parts, request, body))
    }
}

/// What a request of the batch answered.
struct Done {
    status: u16,
    headers: HeaderMap,
    body: String,
    /// A fault lost it: as if it were not finished in time.
    is_lost: bool,
}

impl Done {
    async fn of(reply: Reply, trace_id: TraceId) -> Self {
        let is_lost = reply.is_lost;
        let (head, body) = reply.into_response(trace_id.as_str()).into_parts();
        // The whole body is there already.
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        Self { status: head.status.as_u16(), headers: head.headers, body, is_lost }
    }

    const fn is_good(&self) -> bool {
        self.status < 400 && !self.is_lost
    }

    /// `{"code", "headers"?, "body"}`; the body is JSON as text, and null where there is none.
    fn shown(&self, with_headers: bool) -> Value {
        let mut shown = Map::new();
        shown.insert("code".to_owned(), self.status.into());
        if with_headers {
            let headers = self.headers.iter().map(|(name, value)| {
                let value = match *name {
                    // Doc: the entries of a batch say so.
                    CONTENT_TYPE => "text/javascript; charset=UTF-8",
                    _ => value.to_str().unwrap_or_default(),
                };
                json!({ "name": written(name.as_str()), "value": value })
            });
            shown.insert("headers".to_owned(), headers.collect::<Vec<_>>().into());
        }
        let body = if self.body.is_empty() { Value::Null } else { self.body.as_str().into() };
        shown.insert("body".to_owned(), body);
        Value::Object(shown)
    }
}

/// A header's name as answers of batches write it: programs look for `Content-Type` and `ETag` (doc, cap).
fn written(name: &str) -> String {
    match name {
        "etag" => return "ETag".to_owned(),
        "facebook-api-version" => return "Facebook-API-Version".to_owned(),
        "www-authenticate" => return "WWW-Authenticate".to_owned(),
        _ => {}
    }
    let mut begins = true;
    name.chars()
        .map(|c| {
            let written = if begins { c.to_ascii_uppercase() } else { c };
            begins = c == '-';
            written
        })
        .collect()
}
