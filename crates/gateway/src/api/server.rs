//! From the socket's request to the operation, and back.

use super::auth;
use super::body::Body;
use super::call::{Answer, Call, Failure, Outcome};
use super::operations::{self, Operation, Run};
use crate::Gateway;
use crate::attachments::{serving, upload};
use crate::hooks::deliveries;
use crate::instagram::callback;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use net::BodyError;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use sunco_api::error::Missing;
use sunco_api::{ApiError, Query, limits};

/// How long a caller may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Answers a request.
pub(crate) async fn answer<B>(gateway: &Arc<Gateway>, request: Request<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let (head, body) = request.into_parts();
    let path = head.uri.path().strip_prefix("/sc").unwrap_or(head.uri.path()).to_owned();
    if path == callback::PATH {
        return callback::answer(gateway, &head, body).await;
    }
    if matches!(head.method, Method::GET | Method::HEAD)
        && let Some(file) = serving::answer(gateway, &path).await
    {
        return file;
    }
    let outcome = api(gateway, &head, &path, body).await;
    match outcome {
        Ok(Answer { status, body }) => json(status, &body),
        Err(failure) => refuse(&failure),
    }
}

async fn api<B>(gateway: &Arc<Gateway>, head: &Parts, path: &str, body: B) -> Outcome
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let (operation, mut ids) = route(head.method.as_str(), path)?;
    let header = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let caller = auth::check(gateway, header, operation, &mut ids).await?;
    let mut call = Call {
        gateway: Arc::clone(gateway),
        caller,
        ids,
        query: Query::read(head.uri.query().unwrap_or_default()),
        body: sunco_api::Body::read(b"")?,
        base: base(gateway, head),
        path: path.to_owned(),
    };
    match operation.run {
        Run::Json(run) => {
            let bytes = net::read_body(body, limits::BODY_BYTES, BODY_TIME).await.map_err(unread)?;
            call.body = sunco_api::Body::read(&bytes)?;
            run(&call).await
        }
        Run::Upload => {
            let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            upload::take(&call, kind, body).await
        }
    }
}

/// The operation of a path, and the ids in it. Percent signs are decoded after the path is split (run: an external id
/// may hold a slash).
fn route(method: &str, path: &str) -> Outcome<(&'static Operation, Vec<(&'static str, String)>)> {
    let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
    let segments: Vec<String> = path.split('/').skip(1).map(decode).collect();
    if segments.iter().any(|segment| segment.contains('\0')) {
        return Err(ApiError::not_found(Missing::Resource).into());
    }
    let table = operations::all().chain(deliveries::EXTENSIONS);
    let of_method = table.filter(|operation| operation.method == method);
    let mut found = of_method.filter_map(|operation| Some((operation, operation.matches(&segments)?)));
    found.next().ok_or_else(|| ApiError::not_found(Missing::Resource).into())
}

/// The address that the caller used: for links.
fn base(gateway: &Gateway, head: &Parts) -> String {
    let prefix = if head.uri.path().starts_with("/sc") { "/sc" } else { "" };
    let scheme = gateway.public_url.split("://").next().unwrap_or("http");
    match head.headers.get(HOST).and_then(|host| host.to_str().ok()) {
        Some(host) => format!("{scheme}://{host}{prefix}"),
        None => format!("{}{prefix}", gateway.public_url),
    }
}

pub(crate) fn unread(error: BodyError) -> Failure {
    match error {
        BodyError::TooLarge => ApiError::too_large().into(),
        BodyError::TimedOut | BodyError::Broken => ApiError::bad(error.to_string()).into(),
    }
}

pub(crate) fn json(status: u16, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::full(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

pub(crate) fn refuse(failure: &Failure) -> Response<Body> {
    match failure {
        Failure::Api(error) => json(error.status, &error.body()),
        Failure::Storage(storage::Error::Busy) => {
            let error = ApiError::too_many_requests();
            let mut response = json(error.status, &error.body());
            response.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
        Failure::Storage(error) => {
            tracing::error!(%error, "a call of the gateway's API failed inside");
            let error = ApiError::internal();
            json(error.status, &error.body())
        }
    }
}
