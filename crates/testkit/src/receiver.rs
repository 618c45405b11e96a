//! A receiver of webhooks on loopback: answers handshakes, records deliveries, fails on demand.

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};
use http_body_util::Full;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};

/// One recorded POST.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, byte for byte.
    pub body: Bytes,
    /// The path and query that were called.
    pub target: String,
}

impl Received {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The only event of the only entry.
    pub fn event(&self) -> Value {
        let body = self.json();
        assert_eq!(body["entry"].as_array().map(Vec::len), Some(1), "{body}");
        body["entry"][0]["messaging"][0].clone()
    }
}

/// Stands for no answer.
const NEVER: StatusCode = StatusCode::CONTINUE;

/// The receiver. It ends when it is dropped.
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    status: Arc<AtomicU16>,
    received: Mutex<mpsc::UnboundedReceiver<Received>>,
    _ends: oneshot::Sender<()>,
}

impl Receiver {
    /// Starts one that answers 200, and each handshake whose token is `verify_token`.
    pub async fn start(verify_token: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, received) = mpsc::unbounded_channel();
        let (ends, ended) = oneshot::channel::<()>();
        let status = Arc::new(AtomicU16::new(200));
        let (answers, verify_token) = (Arc::clone(&status), verify_token.to_owned());
        let service = move |request: http::Request<hyper::body::Incoming>, _peer: std::net::SocketAddr| {
            let (sender, answers, verify_token) =
                (sender.clone(), Arc::clone(&answers), verify_token.clone());
            async move {
                let (parts, body) = request.into_parts();
                let target = parts.uri.to_string();
                if parts.method == Method::GET {
                    return handshake(parts.uri.query().unwrap_or_default(), &verify_token);
                }
                let body = net::read_body(body, 64 << 20, Duration::from_secs(30)).await.unwrap();
                let status = StatusCode::from_u16(answers.load(Ordering::SeqCst)).unwrap();
                // Nobody listens any more when the test is over.
                let _ = sender.send(Received { headers: parts.headers, body, target });
                if status == NEVER {
                    std::future::pending::<()>().await;
                }
                answer(status, "EVENT_RECEIVED".to_owned())
            }
        };
        tokio::spawn(net::serve(listener, net::Limits::default(), service, async move {
            let _ = ended.await;
        }));
        Self { url, status, received: Mutex::new(received), _ends: ends }
    }

    /// Deliveries get no answer from now on.
    pub fn hang(&self) {
        self.answer_with(NEVER.as_u16());
    }

    /// What it answers to deliveries from now on.
    pub fn answer_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// The next delivery, as soon as it comes.
    pub async fn next(&self) -> Received {
        let mut received = self.received.lock().await;
        let next = tokio::time::timeout(Duration::from_secs(20), received.recv()).await;
        next.expect("a delivery in time").expect("the receiver runs")
    }

    /// What has come and was not taken yet. Call it after everything due has been delivered.
    pub async fn rest(&self) -> Vec<Received> {
        let mut received = self.received.lock().await;
        std::iter::from_fn(|| received.try_recv().ok()).collect()
    }
}

fn handshake(query: &str, verify_token: &str) -> Response<Full<Bytes>> {
    let pair = |name: &str| {
        let prefix = format!("{name}=");
        let value = query.split('&').find_map(|pair| pair.strip_prefix(&prefix)).unwrap_or_default();
        percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned()
    };
    match pair("hub.mode") == "subscribe" && pair("hub.verify_token") == verify_token {
        true => answer(StatusCode::OK, pair("hub.challenge")),
        false => answer(StatusCode::FORBIDDEN, "wrong verify token".to_owned()),
    }
}

fn answer(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
}
