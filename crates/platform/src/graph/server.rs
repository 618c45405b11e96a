//! HTTP to [`GraphRequest`] and back, and the log of it.

use super::{GraphRequest, decode, dispatch};
use crate::Platform;
use crate::log::requests::Logged;
use bytes::Bytes;
use graph_api::{Host, Version};
use http::header::{AUTHORIZATION, HOST};
use http::{Method, Request, Response};
use http_body_util::Full;
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// Answers one request whose body has been read.
pub(crate) async fn answer(platform: &Arc<Platform>, request: Request<Bytes>) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let is_head = parts.method == Method::HEAD;
    let mut segments: Vec<String> = parts
        .uri
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let version = segments.first().map_or(Ok(None), |first| Version::parse(first));
    if version != Ok(None) {
        segments.remove(0);
    }
    let graph = GraphRequest {
        named_host: parts.headers.get(HOST).and_then(|v| v.to_str().ok()).and_then(Host::from_header),
        version,
        segments,
        params: decode::params(parts.uri.query(), &parts.headers, body.clone()).await,
        header_token: parts.headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(bearer),
        trace_id: platform.trace_id(),
        method: parts.method.clone(),
    };
    let received_at = platform.clock.now();
    let started = tokio::time::Instant::now();
    let reply = dispatch::dispatch(platform, &graph).await;
    let operation = reply.operation;
    let answered = reply.body.clone();
    let mut response = reply.into_response(&graph.trace_id);
    platform.log.requests.push(Logged {
        at: received_at,
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
        operation,
        status: response.status(),
        answer: answered,
        took: started.elapsed(),
        trace_id: graph.trace_id,
    });
    if is_head {
        *response.body_mut() = Full::default();
    }
    response
}

/// The token of an `Authorization` header: `Bearer …`, or `OAuth …` as old programs write it.
fn bearer(header: &str) -> Option<String> {
    let (scheme, token) = header.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
    known.then(|| token.trim().to_owned())
}
