//! Serving files to whoever has their URL: type, length, ranges, validators.

use super::{Asset, store, url};
use crate::{Body, Platform};
use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use std::ops::Range;

/// Whether the path is that of a file.
pub(crate) fn is_file(path: &str) -> bool {
    path.trim_end_matches('/') == url::PATH.trim_end_matches('/')
}

/// Answers a request for a file: 403 if the URL is not signed by us or has expired, 404 if its message was unsent.
pub(crate) async fn answer(platform: &Platform, request: &Parts) -> Response<Body> {
    let is_head = request.method == Method::HEAD;
    if !is_head && request.method != Method::GET {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let query = request.uri.query().unwrap_or_default();
    let Some(named) = url::read(&platform.key, query, platform.clock.now()) else {
        return plain(StatusCode::FORBIDDEN, "URL signature mismatch or expired");
    };
    let found = platform.db.read(move |db| store::find(db, named.account, named.asset)).await;
    match found {
        Ok(Some(asset)) => file(platform, &asset, &request.headers, is_head).await.unwrap_or_else(|error| {
            tracing::error!(asset = asset.id, %error, "a file could not be read");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The file could not be read")
        }),
        Ok(None) => plain(StatusCode::NOT_FOUND, "Content not found"),
        Err(error) => {
            tracing::error!(asset = named.asset, %error, "a file could not be looked up");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "The file could not be read")
        }
    }
}

async fn file(
    platform: &Platform,
    asset: &Asset,
    asked: &HeaderMap,
    is_head: bool,
) -> storage::Result<Response<Body>> {
    // An asset's bytes never change.
    let etag = format!("\"{}\"", asset.id);
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let is_ours = |list: &str| {
        list.split(',')
            .any(|one| matches!(one.trim().trim_start_matches("W/"), one if one == etag || one == "*"))
    };
    let mut response = Response::new(Body::full(Full::default()));
    if text(IF_NONE_MATCH).is_some_and(is_ours) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        describe(&mut response, asset, &etag, None);
        return Ok(response);
    }
    // Ranges of another version than the one that the caller has would not fit together.
    let ranged = text(RANGE).filter(|_| text(IF_RANGE).is_none_or(|version| version == etag));
    let range = match ranged.map_or(Asked::Whole, |header| read_range(header, asset.size)) {
        Asked::Whole => 0..asset.size,
        Asked::Part(range) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let told = format!("bytes {}-{}/{}", range.start, range.end - 1, asset.size);
            insert(response.headers_mut(), CONTENT_RANGE, &told);
            range
        }
        Asked::Outside => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE, "");
            insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{}", asset.size));
            return Ok(response);
        }
    };
    describe(&mut response, asset, &etag, Some(range.end - range.start));
    if is_head {
        return Ok(response);
    }
    match platform.files.blobs().get(&asset.blob_key, range.clone()).await? {
        Some(bytes) => *response.body_mut() = Body::file(bytes, range.end - range.start),
        None => {
            tracing::error!(asset = asset.id, "the bytes of a file are missing");
            return Ok(plain(StatusCode::NOT_FOUND, "Content not found"));
        }
    }
    Ok(response)
}

fn describe(response: &mut Response<Body>, asset: &Asset, etag: &str, length: Option<u64>) {
    let headers = response.headers_mut();
    if let Some(length) = length {
        insert(headers, CONTENT_TYPE, &asset.mime);
        insert(headers, CONTENT_LENGTH, &length.to_string());
        if asset.file_name.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')) {
            insert(headers, CONTENT_DISPOSITION, &format!("inline; filename=\"{}\"", asset.file_name));
        }
    }
    insert(headers, ETAG, etag);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // It ends with the message: nobody but the caller may keep it, and not without asking.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::full(Full::new(Bytes::from_static(text.as_bytes()))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Which bytes a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    /// All: also where the header is none that we know, or asks for several parts at once.
    Whole,
    Part(Range<u64>),
    /// Nothing of the file.
    Outside,
}

fn read_range(header: &str, size: u64) -> Asked {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .filter(|spec| !spec.contains(','))
        .and_then(|spec| spec.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // More digits than a number has lie beyond every file.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if last < first => return Asked::Whole,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        // The last so many bytes.
        (None, Some(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if range.start < range.end { Asked::Part(range) } else { Asked::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        for (header, asked) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-9", Asked::Part(0..10)),
            ("bytes=2-100", Asked::Part(2..10)),
            ("bytes=9-", Asked::Part(9..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=10-12", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=99999999999999999999-", Asked::Outside),
            ("bytes=0-99999999999999999999", Asked::Part(0..10)),
            ("bytes=5-2", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("lines=1-2", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(read_range(header, 10), asked, "{header}");
        }
        assert_eq!(read_range("bytes=0-", 0), Asked::Outside);
    }
}
