//! HTTP to [`GraphRequest`] and back, and the log of it.

use super::answer::Reply;
use super::{GraphRequest, TraceId, decode, dispatch};
use crate::Platform;
use crate::address::CallerAddress;
use crate::log::requests::{Answer, Request as Logged};
use bytes::Bytes;
use clock::Micros;
use graph_api::version::UnknownVersion;
use graph_api::{ErrorName, GraphError, Host, Version};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, AUTHORIZATION, CONNECTION, CONTENT_LENGTH,
    CONTENT_TYPE, HOST, HeaderValue, VARY,
};
use http::request::Parts;
use http::{HeaderMap, Method, Response};
use http_body::Body as _;
use http_body_util::Full;
use net::BodyError;
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use std::time::Duration;

/// Reads and answers one request.
pub(crate) async fn answer<B>(platform: &Arc<Platform>, parts: Parts, body: B) -> Response<Full<Bytes>>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    if parts.method == Method::OPTIONS {
        return preflight(&parts.headers);
    }
    let cause = platform.log.feed.next_cause();
    let (version, segments, readable) = path(parts.uri.path());
    let trace_id = TraceId::new(&*platform.chance);
    let edge = segments.get(1).map(String::as_str);
    let mut decoded = match decode::read(platform, trace_id.as_str(), &parts, edge, body).await {
        Ok(decoded) => decoded,
        Err(error) => return unreadable(platform, &parts, error, trace_id),
    };
    decoded.params.1 = readable.and(decoded.params.1);
    let graph = GraphRequest {
        named_host: named_host(&parts.headers),
        version,
        segments,
        params: decoded.params,
        upload: decoded.upload,
        address: CallerAddress::of(&parts.headers),
        header_token: parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(bearer),
        trace_id,
        method: parts.method.clone(),
    };
    let received_at = platform.clock.now();
    let started = tokio::time::Instant::now();
    let dispatched = storage::caused_by(cause, dispatch::dispatch(platform, &graph)).await;
    let reply = dispatched.tagged(&parts.method, &parts.headers);
    let ids = (graph.trace_id, cause);
    log(platform, &parts, &decoded.logged, &reply, received_at, ids, started.elapsed());
    let mut response = reply.into_response(graph.trace_id.as_str());
    if parts.method == Method::HEAD {
        let length = response.body().size_hint().exact().unwrap_or_default();
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        *response.body_mut() = Full::default();
    }
    response
}

/// A path's version, the segments after it, and whether they are text.
pub(super) fn path(
    path: &str,
) -> (Result<Option<Version>, UnknownVersion>, Vec<String>, graph_api::Result<()>) {
    let (mut segments, readable) = segments(path);
    let version = segments.first().map_or(Ok(None), |first| Version::parse(first));
    if version != Ok(None) {
        segments.remove(0);
    }
    (version, segments, readable)
}

/// The type of a body, without its parameters.
pub(super) fn essence(headers: &HeaderMap) -> &str {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

/// The answer to a request whose body could not be read: there are no parameters, so the host alone tells the dialect.
fn unreadable(
    platform: &Platform,
    head: &Parts,
    error: BodyError,
    trace_id: TraceId,
) -> Response<Full<Bytes>> {
    let host = named_host(&head.headers).unwrap_or(Host::Instagram);
    let error = match error {
        BodyError::TooLarge => GraphError::new(ErrorName::BodyTooLarge),
        error => GraphError::with(ErrorName::MalformedRequest, [&error.to_string()]),
    };
    let reply = Reply::new(host, Version::LATEST).failed(error.into(), trace_id.as_str());
    log(platform, head, b"", &reply, platform.clock.now(), (trace_id, 0), Duration::ZERO);
    let mut response = reply.into_response(trace_id.as_str());
    close_after(&mut response);
    response
}

/// Says that the connection ends with this answer: the rest of the body still stands in it. Who is not told sends the next
/// request there and finds the connection gone.
pub(crate) fn close_after<B>(response: &mut Response<B>) {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
}

pub(super) fn log(
    platform: &Platform,
    head: &Parts,
    body: &[u8],
    reply: &Reply,
    at: Micros,
    (trace_id, cause): (TraceId, u64),
    took: Duration,
) {
    let Parts { method, uri, headers, .. } = head;
    let Reply { host, operation, status, error, body: answered, fault, .. } = reply;
    let (host, operation, fault) = (*host, *operation, fault.as_deref());
    let answer = Answer { host, operation, status: *status, error: *error, body: answered, took, fault };
    platform.log.requests.push(&Logged { at, method, uri, headers, body, trace_id, cause }, &answer);
}

fn named_host(headers: &HeaderMap) -> Option<Host> {
    headers.get(HOST).and_then(|value| value.to_str().ok()).and_then(Host::from_header)
}

/// The segments of a path, decoded, empty ones left out; and whether they are text. White space after a segment does not
/// belong to it: the documents break the line before the query.
fn segments(path: &str) -> (Vec<String>, graph_api::Result<()>) {
    let mut readable = Ok(());
    let segments = path.split('/').filter(|segment| !segment.is_empty()).map(|segment| {
        let text = percent_decode_str(segment).decode_utf8().ok().filter(|text| !text.contains('\0'));
        if text.is_none() {
            readable =
                Err(GraphError::with(ErrorName::MalformedRequest, ["The path is not valid UTF-8 text"]));
        }
        text.map_or_else(|| segment.to_owned(), |text| text.trim_end().to_owned())
    });
    (segments.collect(), readable)
}

/// The answer to a browser that asks whether it may call (reference, section 2.1: long-standing behaviour). It needs no
/// token: browsers send none. Whatever headers it wants to send, it may.
fn preflight(asked: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE, OPTIONS"));
    let asked = asked.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let allowed = asked.unwrap_or_else(|| HeaderValue::from_static("Authorization, Content-Type"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    headers.insert(VARY, HeaderValue::from_static("Origin, Access-Control-Request-Headers"));
    response
}

/// The token of an `Authorization` header: `Bearer …`, or `OAuth …` as old programs write it.
pub(crate) fn bearer(header: &str) -> Option<String> {
    let (scheme, token) = header.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim().to_owned())
}
