//! The listener and the client over real sockets, on loopback only.

#![expect(clippy::unwrap_used, reason = "in a test an unwrap is an assertion")]

mod client;
mod fetch;
mod listener;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longer than anything here takes, unless it hangs.
const LONG: Duration = Duration::from_secs(20);

/// A listener under test.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    async fn start<S, F>(limits: net::Limits, service: S) -> Self
    where
        S: Fn(Request<Incoming>, SocketAddr) -> F + Send + Sync + 'static,
        F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(net::serve(listener, limits, service, async move {
            let _ = stopped.await;
        }));
        Self { address, stop, running }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops the listener and waits until it has ended.
    async fn stop(self) {
        self.stop.send(()).unwrap();
        soon(self.running).await.unwrap();
    }
}

/// Waits for what must happen.
async fn soon<F: Future>(event: F) -> F::Output {
    tokio::time::timeout(LONG, event).await.expect("it happens in time")
}

fn text(text: &str) -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::from(text.to_owned())))
}
