//! A request in the making, to a platform in this process or to a running one, and its answer.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use platform::Platform;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// What a URL cannot hold as it is, and tests like to write: spaces, quotes, braces.
const RAW: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'{').add(b'}').add(b'|').add(b'\\');

/// Longer than any answer takes: the fetching of a video may take 75 seconds.
const TIME: Duration = Duration::from_secs(120);

enum To {
    Platform(Arc<Platform>),
    Url { client: net::Client, base: String },
}

/// A request in the making.
pub struct Call {
    to: To,
    request: Request<Bytes>,
    is_chunked: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status, code and subcode of an error; zeros where there are none.
    pub fn error(&self) -> (u16, i64, i64) {
        let body = self.json();
        let number = |name: &str| body["error"][name].as_i64().unwrap_or_default();
        (self.status, number("code"), number("error_subcode"))
    }

    /// The text of an error.
    pub fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

impl Call {
    pub(crate) fn in_process(platform: Arc<Platform>, method: Method, path: &str) -> Self {
        Self::new(To::Platform(platform), method, path)
    }

    /// A request to a running server: `path` is appended to `base`.
    pub fn over_http(client: net::Client, base: &str, method: Method, path: &str) -> Self {
        Self::new(To::Url { client, base: base.trim_end_matches('/').to_owned() }, method, path)
    }

    fn new(to: To, method: Method, path: &str) -> Self {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = utf8_percent_encode(path, RAW).to_string().parse().expect("a path");
        request.headers_mut().insert(HOST, HeaderValue::from_static("127.0.0.1:8430"));
        Self { to, request, is_chunked: false }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Names the real host.
    #[must_use]
    pub fn host(self, host: &str) -> Self {
        self.header(HOST.as_str(), host)
    }

    /// Adds `Authorization: Bearer`.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// Gives it a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Gives it a form body, as written.
    #[must_use]
    pub fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body.to_owned())
    }

    /// Gives it any body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        *self.request.body_mut() = body.into();
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Has the body go out in pieces, without a length.
    #[must_use]
    pub const fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let what = format!("{} {}", self.request.method(), self.request.uri().path());
        self.try_send().await.unwrap_or_else(|e| panic!("{what}: no answer: {e}"))
    }

    /// Sends it to a server that may not be there.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn try_send(self) -> Result<Answer, net::ClientError> {
        let sending = async {
            Ok(match self.to {
                To::Platform(platform) => {
                    let is_chunked = self.is_chunked;
                    let request =
                        self.request.map(|body| if is_chunked { pieces(&body) } else { whole(body) });
                    let response = platform.handle(request).await;
                    let (parts, body) = response.into_parts();
                    let broke = |error| net::ClientError::Protocol(format!("the connection broke: {error}"));
                    let body = body.collect().await.map_err(broke)?.to_bytes();
                    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
                }
                To::Url { base, .. } if self.is_chunked => in_chunks(&base, self.request).await,
                To::Url { client, base } => {
                    let mut request = self.request;
                    *request.uri_mut() = format!("{base}{}", request.uri()).parse().expect("an address");
                    let response = client.send(request, TIME, 64 << 20).await?;
                    Answer {
                        status: response.status.as_u16(),
                        headers: response.headers,
                        body: response.body,
                    }
                }
            })
        };
        tokio::time::timeout(TIME, sending).await.expect("an answer in time")
    }

    /// Sends it; it must succeed.
    pub async fn ok(self) -> Answer {
        let answer = self.send().await;
        assert_eq!(answer.status, StatusCode::OK.as_u16(), "{}", answer.text());
        answer
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

fn whole(body: Bytes) -> Body {
    Full::new(body).boxed_unsync()
}

/// The body in some ten pieces.
fn pieces(body: &Bytes) -> Body {
    let each = body.len().div_ceil(10).max(1);
    let frames: Vec<_> =
        body.chunks(each).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece)))).collect();
    StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync()
}

/// Sends the body of a request with chunked transfer encoding, which [`net::Client`] never does.
async fn in_chunks(base: &str, request: Request<Bytes>) -> Answer {
    let address = base.strip_prefix("http://").expect("an http address");
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    // The connection ends when its sender is gone.
    let exchange = async move {
        let answer = sender.send_request(request.map(|body| pieces(&body))).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    };
    tokio::join!(exchange, connection).0
}
