//! Outgoing HTTP: a pool of kept-alive connections to checked addresses.

mod connector;
mod error;
mod fetch;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::AddressPolicy;
use crate::body::read_up_to;
use connector::Connector;
pub use error::{ClientError, FetchError};
pub use fetch::{Fetch, Fetched};

type Pool<C> = legacy::Client<C, Full<Bytes>>;

/// How long an unused connection is kept: shorter than the 60 to 75 s after which common servers close theirs.
const KEPT_FOR: Duration = Duration::from_secs(50);
/// Unused connections that are kept per host.
const KEPT_PER_HOST: usize = 64;

/// An HTTP/1.1 client that uses no proxy, speaks only `http` and `https`, and connects only to addresses that its
/// [`AddressPolicy`] allows. It follows redirects only where it is told to ([`Client::fetch`]), and each leads through the
/// same check. A clone shares the connections.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    policy: AddressPolicy,
    plain: Pool<Connector>,
    /// Made for the first `https` request: reading the system's certificates takes milliseconds, which most worlds of
    /// a test never need. The error says why there are none.
    secure: OnceLock<Result<Pool<HttpsConnector<Connector>>, String>>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status, whatever it is: that a server answers 500 is no error of the client.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Whether the body was longer than asked for, and is cut.
    pub truncated: bool,
}

impl Client {
    /// A client with an empty pool. Certificates of servers are checked against the system's roots (those of
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` if these are set).
    pub fn new(policy: AddressPolicy) -> Self {
        let plain = pool().build(Connector::new(policy));
        Self { shared: Arc::new(Shared { policy, plain, secure: OnceLock::new() }) }
    }

    /// Sends `request`, whose URI is absolute, and reads the answer: all within `within`, and at most `max_body` bytes
    /// of its body. If the body is longer, the connection is not used again.
    pub async fn send(
        &self,
        request: Request<Bytes>,
        within: Duration,
        max_body: usize,
    ) -> Result<Response, ClientError> {
        tokio::time::timeout(within, self.exchange(request, max_body))
            .await
            .unwrap_or(Err(ClientError::TimedOut))
    }

    async fn exchange(&self, request: Request<Bytes>, max_body: usize) -> Result<Response, ClientError> {
        read(self.request(request).await?, max_body).await
    }

    /// Sends a request; the answer's body is still to be read.
    async fn request(&self, request: Request<Bytes>) -> Result<http::Response<Incoming>, ClientError> {
        let request = request.map(Full::new);
        let uri = request.uri();
        if uri.host().is_none_or(str::is_empty) {
            return Err(ClientError::BadUrl(format!("{uri} names no host")));
        }
        let answer = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => self.shared.plain.request(request).await,
            Some(scheme) if *scheme == Scheme::HTTPS => self.shared.secure()?.request(request).await,
            _ => return Err(ClientError::BadUrl(format!("{uri} is neither http nor https"))),
        };
        answer.map_err(|e| ClientError::of_request(&e))
    }
}

impl Shared {
    fn secure(&self) -> Result<&Pool<HttpsConnector<Connector>>, ClientError> {
        let made = self.secure.get_or_init(|| {
            let roots = HttpsConnectorBuilder::new().with_native_roots();
            let secured = roots.map_err(|e| format!("the system's root certificates cannot be read: {e}"))?;
            let connector = secured.https_only().enable_http1().wrap_connector(Connector::new(self.policy));
            Ok(pool().build(connector))
        });
        made.as_ref().map_err(|reason| ClientError::Tls(reason.clone()))
    }
}

fn pool() -> legacy::Builder {
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEPT_FOR)
        .pool_max_idle_per_host(KEPT_PER_HOST)
        // As the real senders and most clients write them; receivers that read header lines by hand rely on it.
        .http1_title_case_headers(true);
    builder
}

async fn read(answer: http::Response<Incoming>, max_body: usize) -> Result<Response, ClientError> {
    let (head, body) = answer.into_parts();
    let (body, truncated) = read_up_to(body, max_body).await.map_err(|e| ClientError::of_body(&e))?;
    Ok(Response { status: head.status, headers: head.headers, body, truncated })
}
