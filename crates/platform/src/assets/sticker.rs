//! The heart: the one picture that is nobody's.

use crate::{Body, Platform};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::Full;

/// Its path.
pub(crate) const PATH: &str = "/stickers/like_heart.png";
const PICTURE: &[u8] = include_bytes!("like_heart.png");

/// Where it is, for a webhook's body.
pub(crate) fn for_webhook(platform: &Platform) -> String {
    format!("{}{PATH}", platform.public_url())
}

/// Answers a request for it.
pub(crate) fn answer(method: &Method) -> Response<Body> {
    let body = match *method {
        Method::GET => Full::from(PICTURE),
        _ => Full::default(),
    };
    let mut response = Response::new(Body::full(body));
    if !matches!(*method, Method::GET | Method::HEAD) {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    response
}
