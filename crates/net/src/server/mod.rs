//! The listener: an accept loop over hyper's HTTP/1 with limits on everything that a peer can hold on to.

mod connection;
mod deadline;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

/// What one peer, and all peers together, may take. Bodies are limited by who reads them: [`crate::read_body`].
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the first byte of a request, or from the connection's beginning, to the end of its header.
    pub header_timeout: Duration,
    /// How long a connection may rest between two requests, and how long a peer may take nothing of its answer.
    pub idle_timeout: Duration,
    /// The request line and all header fields together, in bytes. More is answered with 431.
    pub max_header_bytes: usize,
    /// The number of header fields. More is answered with 431.
    pub max_headers: usize,
    /// Connections at a time. Further ones wait in the system's queue.
    pub max_connections: usize,
    /// How long requests in flight may go on after the shutdown.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            max_header_bytes: 64 * 1024,
            max_headers: 100,
            max_connections: 4096,
            grace: Duration::from_secs(10),
        }
    }
}

/// After an error of `accept` that will not go away at once, such as no file descriptor being free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves HTTP/1.1 on `listener` until `shutdown` resolves: then no connection is accepted any more, and requests in
/// flight are finished within [`Limits::grace`]. Returns when all connections are closed.
///
/// `service` is given each request and the peer's address. A service that panics costs its own connection only. If the
/// peer goes away, the service's future is dropped.
pub async fn serve<S, F, B>(
    listener: TcpListener,
    limits: Limits,
    service: S,
    shutdown: impl Future<Output = ()>,
) where
    S: Fn(Request<Incoming>, SocketAddr) -> F + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let service = Arc::new(service);
    let limits = Arc::new(limits);
    let (closing, closed) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut paused_until: Option<Instant> = None;
    loop {
        let room = paused_until.is_none() && connections.len() < limits.max_connections;
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                paused_until = None;
            }
            () = tokio::time::sleep_until(paused_until.unwrap_or_else(Instant::now)), if paused_until.is_some() => {
                paused_until = None;
            }
            accepted = listener.accept(), if room => match accepted {
                Ok((stream, peer)) => {
                    let service = Arc::clone(&service);
                    let serving = connection::serve(stream, peer, Arc::clone(&limits), service, closed.clone());
                    connections.spawn(serving);
                }
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections for now");
                    paused_until = Some(Instant::now() + ACCEPT_PAUSE);
                }
            },
        }
    }
    drop(listener);
    drop(closed);
    closing.send_replace(());
    let rest = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if tokio::time::timeout(limits.grace, rest).await.is_err() {
        tracing::warn!(open = connections.len(), "connections were cut: their requests did not end in time");
        connections.shutdown().await;
    }
}

/// Whether an error of `accept` is that of a connection which ended while it waited in the queue.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a request's handler panicked");
    }
}
