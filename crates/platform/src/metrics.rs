//! `/metrics`: counters as text, in the form that Prometheus scrapes.

use crate::{Body, Platform};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};
use http_body_util::Full;
use std::fmt::Write;

/// The counters of a platform, counted since it was started.
pub(crate) fn answer(platform: &Platform) -> Response<Body> {
    let stats = platform.db.stats();
    let mut text = String::new();
    for (name, kind, help, value) in [
        ("posthaste_commits_total", "counter", "Transactions committed.", stats.commits),
        ("posthaste_units_total", "counter", "Units of work committed: several share a commit.", stats.units),
        (
            "posthaste_events_in_memory",
            "gauge",
            "Webhook events waiting in memory; the others wait in the database.",
            platform.outbox().in_memory() as u64,
        ),
    ] {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
    }
    let mut response = Response::new(Body::full(Full::new(Bytes::from(text))));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"));
    response
}
