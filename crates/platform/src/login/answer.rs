//! The answers of the pages: HTML with strict headers, and redirects.

use super::html::Html;
use super::{STYLE, Visit};
use crate::Body;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Response, StatusCode};
use http_body_util::Full;

/// Something that a person is told instead of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    status: StatusCode,
    title: String,
    why: String,
}

impl Problem {
    /// A problem with a title and an explanation.
    pub(super) fn new(status: StatusCode, title: &str, why: &str) -> Self {
        Self { status, title: title.to_owned(), why: why.to_owned() }
    }

    /// What was asked for is not there.
    pub(super) fn no_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "There is no such page.")
    }
}

/// Where the forms of a page may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forms {
    /// To the page itself.
    Here,
    /// Through a redirect to the app, and wherever the app sends the browser from there: browsers that apply
    /// `form-action` to redirects would stop on the way.
    ToTheApp,
}

/// A page.
pub(super) fn page(visit: &Visit<'_>, title: &str, body: &Html, forms: Forms) -> Response<Body> {
    let mut response = html(StatusCode::OK, title, body, forms);
    keep_session(visit, &mut response);
    response
}

/// The page that tells of a problem.
pub(super) fn problem(problem: &Problem) -> Response<Body> {
    let body = Html::of("<h1>").text(&problem.title).raw("</h1>\n<p>").text(&problem.why).raw("</p>\n");
    html(problem.status, &problem.title, &body, Forms::Here)
}

/// A redirect after a form.
pub(super) fn redirect(visit: &Visit<'_>, to: &str) -> Response<Body> {
    let mut response = Response::new(Body::full(Full::default()));
    *response.status_mut() = StatusCode::FOUND;
    strict(&mut response, Forms::Here, false);
    match HeaderValue::from_str(to) {
        Ok(to) => drop(response.headers_mut().insert(LOCATION, to)),
        // Whatever an app has registered went through a URL parser; a header takes less.
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    keep_session(visit, &mut response);
    response
}

fn html(status: StatusCode, title: &str, body: &Html, forms: Forms) -> Response<Body> {
    let document = Html::of("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        .text(title)
        .raw("</title>\n<link rel=\"stylesheet\" href=\"")
        .raw(STYLE)
        .raw("\">\n</head>\n<body>\n<main>\n")
        .html(body)
        .raw("</main>\n<footer>A page of the Posthaste sandbox, not of Meta.</footer>\n</body>\n</html>\n");
    let mut response = Response::new(Body::full(Full::new(document.into_string().into())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    strict(&mut response, forms, false);
    response
}

/// The headers of everything that a browser shows: no scripts but our own where there are any, no frames, nothing kept.
pub(super) fn strict(response: &mut Response<Body>, forms: Forms, scripts: bool) {
    let policy = match (forms, scripts) {
        (_, true) => "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        (Forms::Here, _) => {
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        }
        (Forms::ToTheApp, _) => {
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (X_FRAME_OPTIONS, "DENY"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: the forms would come without their origin.
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn keep_session(visit: &Visit<'_>, response: &mut Response<Body>) {
    if let Some(cookie) = visit.session.cookie(&visit.platform.key) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}
