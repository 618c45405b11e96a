//! The answer: status, headers and body as the host that was spoken to gives them.

use super::operations::Operation;
use crate::directory::{Caller, Identity};
use crate::failure::Failure;
use crate::rates::Used;
use bytes::Bytes;
use graph_api::errors::WireError;
use graph_api::locale::Locale;
use graph_api::{ErrorName, Host, Version, signature};
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, VARY, WWW_AUTHENTICATE,
};
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use serde_json::Value;
use std::sync::LazyLock;

const VERSION: HeaderName = HeaderName::from_static("facebook-api-version");
const TRACE: HeaderName = HeaderName::from_static("x-fb-trace-id");
const REQUEST: HeaderName = HeaderName::from_static("x-fb-request-id");
const DEBUG: HeaderName = HeaderName::from_static("x-fb-debug");
const REVISION: HeaderName = HeaderName::from_static("x-fb-rev");
const APP_USAGE: HeaderName = HeaderName::from_static("x-app-usage");
const BUSINESS_USAGE: HeaderName = HeaderName::from_static("x-business-use-case-usage");

/// An answer in the making.
pub(crate) struct Reply {
    /// The variant of the API that the answer speaks.
    pub(super) host: Host,
    version: Version,
    /// What the business use case has used up.
    usage: Option<HeaderValue>,
    /// How far the limit of the call is used, where limits are on.
    used: Option<Used>,
    /// Errors have the envelope of `api.instagram.com`.
    pub(super) is_flat: bool,
    /// The operation that the request turned out to be.
    pub(super) operation: Option<&'static Operation>,
    /// The status.
    pub(super) status: StatusCode,
    /// The error that it is.
    pub(super) error: Option<ErrorName>,
    /// For `www-authenticate`: the error's code and message.
    refusal: Option<(i32, String)>,
    /// The body.
    pub(super) body: Bytes,
    /// What a fault did, in words.
    pub(super) fault: Option<String>,
    /// A fault breaks the connection instead of answering.
    pub(super) is_lost: bool,
    /// The language in which an error is told; none: English.
    pub(super) locale: Option<Locale>,
    /// What tells one state of the answer from another, for a GET that succeeded.
    tag: Option<HeaderValue>,
    /// The error says that a limit is reached: the headers of usage say so too.
    is_limit: bool,
}

impl Reply {
    pub(super) fn new(host: Host, version: Version) -> Self {
        Self {
            host,
            version,
            usage: None,
            used: None,
            is_flat: false,
            operation: None,
            status: StatusCode::OK,
            error: None,
            refusal: None,
            body: Bytes::new(),
            fault: None,
            is_lost: false,
            locale: None,
            tag: None,
            is_limit: false,
        }
    }

    pub(super) fn usage_of(&mut self, caller: &Caller) {
        self.usage.clone_from(&caller.usage);
    }

    /// Tells how far a limit is used, and which one: the id of what the business use case is counted for, and the case.
    pub(super) fn tell(&mut self, used: Used, business: Option<(i64, &'static str)>) {
        self.used = Some(used);
        if let Some((id, case)) = business {
            self.usage = business_usage(id, case, used.percent, used.minutes);
        }
    }

    pub(super) fn answered(mut self, value: &Value) -> Self {
        self.body = serde_json::to_vec(value).unwrap_or_default().into();
        self
    }

    pub(super) fn failed(mut self, failure: Failure, trace_id: &str) -> Self {
        let error = failure.into_graph(trace_id);
        self.error = Some(error.name);
        let error = error.on_in(self.host, self.locale);
        self.refused(error, trace_id)
    }

    /// Answers an error. Which one of the table it is, if it is one, is the caller's to say.
    pub(super) fn refused(mut self, error: WireError, trace_id: &str) -> Self {
        self.status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = if self.is_flat { error.flat_body() } else { error.body(trace_id) };
        self.is_limit = error.is_limit();
        self.refusal = Some((error.code, error.message));
        self.answered(&body)
    }

    /// Gives a GET that succeeded its `ETag`; if the caller has that state already, the answer is 304 and empty (doc: Graph
    /// API, ETags).
    pub(super) fn tagged(mut self, method: &Method, headers: &HeaderMap) -> Self {
        if !matches!(*method, Method::GET | Method::HEAD) || self.status != StatusCode::OK || self.is_lost {
            return self;
        }
        let digest = signature::sha1("", &self.body);
        let tag = format!("\"{}\"", digest.trim_start_matches("sha1="));
        let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let is_known = known.is_some_and(|known| {
            known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
        });
        if is_known {
            self.status = StatusCode::NOT_MODIFIED;
            self.body = Bytes::new();
        }
        self.tag = HeaderValue::try_from(tag).ok();
        self
    }

    /// The HTTP response, with the headers that every answer has (reference, section 2.10).
    pub(super) fn into_response(self, trace_id: &str) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        if self.is_lost {
            response.extensions_mut().insert(Lost);
        }
        // A copy whose places are then filled is less work than a map built up.
        let headers = response.headers_mut();
        headers.clone_from(&COMMON);
        insert(headers, VERSION, &self.version.to_string());
        if let Ok(trace_id) = HeaderValue::from_str(trace_id) {
            headers.insert(TRACE, trace_id.clone());
            headers.insert(REQUEST, trace_id.clone());
            headers.insert(DEBUG, trace_id);
        }
        if let Some(tag) = self.tag {
            headers.insert(ETAG, tag);
        }
        match self.usage {
            Some(usage) => headers.insert(BUSINESS_USAGE, usage),
            None => headers.remove(BUSINESS_USAGE),
        };
        match self.used {
            Some(used) if used.is_platform => insert(headers, APP_USAGE, &app_usage(used.percent)),
            Some(_) => {}
            None if self.is_limit => used_up(headers),
            None => {}
        }
        if let Some((code, message)) = &self.refusal {
            let kind = match (self.error, code) {
                (
                    Some(
                        ErrorName::CodeMalformed
                        | ErrorName::CodeUsed
                        | ErrorName::CodeExpired
                        | ErrorName::RedirectUriMismatch,
                    ),
                    _,
                ) => "invalid_code",
                (Some(ErrorName::UnknownPath | ErrorName::FieldsSyntax), _) => "invalid_request",
                (_, 102 | 104 | 190 | 2500) => "invalid_token",
                _ => "invalid_request",
            };
            // The text may hold what the caller sent; a header cannot hold all of that.
            let message: String =
                message.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect();
            insert(headers, WWW_AUTHENTICATE, &format!(r#"OAuth "Facebook Platform" "{kind}" "{message}""#));
        }
        response
    }
}

/// The answer is lost: the connection is to be broken.
#[derive(Clone, Copy)]
pub(crate) struct Lost;

/// Has the headers of usage say that a limit is reached, and access comes back in a minute (doc: Graph API, Rate Limits).
fn used_up(headers: &mut HeaderMap) {
    for name in [APP_USAGE, BUSINESS_USAGE] {
        let usage = headers.get(&name).and_then(|value| value.to_str().ok()).map(|usage| {
            usage
                .replace("\"call_count\":0", "\"call_count\":100")
                .replace("\"estimated_time_to_regain_access\":0", "\"estimated_time_to_regain_access\":1")
        });
        if let Some(usage) = usage {
            insert(headers, name, &usage);
        }
    }
}

/// What every answer has, with empty places for what differs.
static COMMON: LazyLock<HeaderMap> = LazyLock::new(|| {
    let empty = || HeaderValue::from_static("");
    let mut headers = HeaderMap::with_capacity(16);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    headers.insert(VERSION, empty());
    headers.insert(TRACE, empty());
    headers.insert(REQUEST, empty());
    headers.insert(DEBUG, empty());
    headers.insert(REVISION, HeaderValue::from_static("1"));
    insert(&mut headers, APP_USAGE, &app_usage(0));
    headers.insert(BUSINESS_USAGE, empty());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-store, must-revalidate"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(VARY, HeaderValue::from_static("Origin, Accept-Encoding"));
    headers
});

/// What the header about the business use case says to a caller; `None`: the caller has none.
pub(crate) fn usage(identity: &Identity) -> Option<HeaderValue> {
    let (id, case) = match identity {
        Identity::Account(view) => (view.account.id, "instagram"),
        Identity::Page(view) => (view.account.page.as_ref()?.id, "messenger"),
        Identity::User(_) | Identity::App => return None,
    };
    business_usage(id, case, 0, 0)
}

/// Percentages of the app's limit.
fn app_usage(percent: u64) -> String {
    format!(r#"{{"call_count":{percent},"total_time":0,"total_cputime":0}}"#)
}

/// The percentage of the limit of a business use case, and the minutes until calls go through again.
fn business_usage(id: i64, case: &str, percent: u64, minutes: u64) -> Option<HeaderValue> {
    let usage = format!(
        r#"{{"{id}":[{{"type":"{case}","call_count":{percent},"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":{minutes}}}]}}"#
    );
    HeaderValue::try_from(usage).ok()
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
