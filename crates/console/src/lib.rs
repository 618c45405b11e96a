//! The console: a web page that shows what the sandbox does and lets a person play in it.
//!
//! Plain ES modules, style sheets and one page, embedded as they lie in `web/`; nothing is built. The console has no data
//! of its own: everything that it shows comes from the sim and the Graph API, over the same calls that a program uses.

mod files;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use files::File;
use http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, HeaderMap, HeaderName,
    HeaderValue, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Response, StatusCode};

/// Where the page is.
const HOME: &str = "/console/";

/// What the page may load and do: nothing but its own files and calls, and no script or style that stands in the page.
/// Sounds and videos of messages are served by the sandbox itself; the pictures of templates lie wherever an app has put
/// them, and as in the Instagram app they are loaded from there.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob: http: https:; media-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'self'";

/// Answers a request for the console; `None`: the request is not for it.
///
/// A browser that asks for `/` is led to the console. A program that asks for `/` is not: it does not ask for `text/html`.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response<Bytes>> {
    if path == "/" && is_browser_at_home(method, headers) {
        let mut response = redirect(StatusCode::FOUND);
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        return Some(response);
    }
    let name = path.strip_prefix("/console")?;
    Some(match (name, name.strip_prefix('/')) {
        // Without the slash, the page's own links would lead elsewhere.
        ("", _) => redirect(StatusCode::PERMANENT_REDIRECT),
        (_, Some(name)) => match files::find(if name.is_empty() { "index.html" } else { name }) {
            Some(file) => serve(file, method, headers),
            None => plain(StatusCode::NOT_FOUND, "The console has no such file.\n"),
        },
        // `/consoles` is somebody else's.
        (_, None) => return None,
    })
}

/// Whether a person looks at the sandbox's own address. Programs ask for no pages, and Meta's hosts have none here.
fn is_browser_at_home(method: &Method, headers: &HeaderMap) -> bool {
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let host = text(HOST).to_ascii_lowercase();
    let is_metas = ["instagram.com", "facebook.com", "facebook.net"].iter().any(|name| host.contains(name));
    matches!(*method, Method::GET | Method::HEAD) && text(ACCEPT).contains("text/html") && !is_metas
}

fn serve(file: &File, method: &Method, headers: &HeaderMap) -> Response<Bytes> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "The console's files can only be read.\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|tags| tags.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == file.tag
    });
    let body = if is_known || *method == Method::HEAD { Bytes::new() } else { file.bytes.clone() };
    let mut response = with_policy(body);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    // Asked for each time, so that a newer binary is never seen through an older page.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&file.tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn redirect(status: StatusCode) -> Response<Bytes> {
    let mut response = with_policy(Bytes::new());
    *response.status_mut() = status;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(HOME));
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut response = with_policy(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn with_policy(body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    response
}
