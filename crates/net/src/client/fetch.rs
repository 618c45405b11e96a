//! Fetching a file: redirects are followed, the body is a stream, and all of it has one limit of time and one of size.

use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{Client, ClientError, FetchError};

/// What to fetch, and how far to go for it.
#[derive(Clone, Debug)]
pub struct Fetch<'a> {
    /// The address, `http` or `https`. A name and password in it are not sent.
    pub url: &'a str,
    /// The header fields of each request.
    pub headers: HeaderMap,
    /// So many redirects are followed.
    pub redirects: u8,
    /// The time for all of it: connecting, redirects, and the last byte of the file.
    pub within: Duration,
    /// The largest file, in bytes.
    pub max_bytes: u64,
}

/// A file that has begun to come.
#[derive(Debug)]
pub struct Fetched {
    /// Where it was found: another address than asked for, after redirects.
    pub url: Url,
    /// The header fields of the answer.
    pub headers: HeaderMap,
    body: Incoming,
    deadline: Instant,
    max_bytes: u64,
    got: u64,
}

impl Client {
    /// Asks for a file (`GET`) and answers when it begins to come. Each address on the way, those of redirects included,
    /// is checked as for [`Client::send`].
    pub async fn fetch(&self, fetch: Fetch<'_>) -> Result<Fetched, FetchError> {
        let deadline = Instant::now() + fetch.within;
        let mut url =
            Url::parse(fetch.url).map_err(|e| ClientError::BadUrl(format!("the URL cannot be read: {e}")))?;
        for _ in 0..=fetch.redirects {
            let mut request = Request::new(Bytes::new());
            *request.uri_mut() = target(&url)?;
            *request.headers_mut() = fetch.headers.clone();
            let answer =
                timeout_at(deadline, self.request(request)).await.map_err(|_| ClientError::TimedOut)??;
            if let Some(next) = redirect(&url, &answer)? {
                url = next;
                continue;
            }
            if !answer.status().is_success() {
                return Err(FetchError::Status(answer.status()));
            }
            let (head, body) = answer.into_parts();
            if body.size_hint().lower() > fetch.max_bytes {
                return Err(FetchError::TooLarge(fetch.max_bytes));
            }
            let max_bytes = fetch.max_bytes;
            return Ok(Fetched { url, headers: head.headers, body, deadline, max_bytes, got: 0 });
        }
        Err(FetchError::Redirect(format!("more than {} redirects", fetch.redirects)))
    }
}

impl Fetched {
    /// The next bytes of the file; `None` after the last. An end before the announced length is an error.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, FetchError> {
        loop {
            let frame = timeout_at(self.deadline, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| ClientError::TimedOut)? else { return Ok(None) };
            let Ok(piece) = frame.map_err(|e| ClientError::of_body(&e))?.into_data() else { continue };
            self.got += piece.len() as u64;
            if self.got > self.max_bytes {
                return Err(FetchError::TooLarge(self.max_bytes));
            }
            return Ok(Some(piece));
        }
    }
}

/// As the client's pool takes it.
fn target(url: &Url) -> Result<Uri, FetchError> {
    let mut plain = url.clone();
    plain.set_fragment(None);
    // Fails only where there is no host to have a name at; the request is refused then.
    let _ = plain.set_username("").and_then(|()| plain.set_password(None));
    Ok(plain.as_str().parse().map_err(|_| ClientError::BadUrl(format!("{url} cannot be requested")))?)
}

/// Where the answer leads, if it is a redirect.
fn redirect(from: &Url, answer: &http::Response<Incoming>) -> Result<Option<Url>, FetchError> {
    let leads_on = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    if !leads_on {
        return Ok(None);
    }
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let next = location.and_then(|location| from.join(location).ok());
    next.map(Some).ok_or_else(|| FetchError::Redirect(format!("{from} redirects to nowhere")))
}
