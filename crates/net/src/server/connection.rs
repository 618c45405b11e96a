//! One connection: hyper over a stream that knows its deadlines.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::Limits;
use super::deadline::{Deadline, Phase, Progress, ToldStream};

/// Serves one connection to its end. Its errors are its own: a peer that breaks off or talks nonsense is no event.
pub(super) async fn serve<S, F, B>(
    stream: TcpStream,
    peer: SocketAddr,
    limits: Arc<Limits>,
    service: Arc<S>,
    mut closing: watch::Receiver<()>,
) where
    S: Fn(Request<Incoming>, SocketAddr) -> F + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // An answer is one write; Nagle's algorithm could only delay it.
    let _ = stream.set_nodelay(true);
    let progress = Progress::new();
    let mut deadline = Deadline::new(progress.clone());
    let stream = ToldStream::new(stream, progress.clone());
    let answer = service_fn(move |request| {
        progress.set(Phase::Busy);
        let answering = service(request, peer);
        let progress = progress.clone();
        async move { Ok::<_, Infallible>(answering.await.map(|inner| Answer { inner, progress })) }
    });
    let mut http = http1::Builder::new();
    http.header_read_timeout(None).max_header_size(limits.max_header_bytes);
    // hyper parses into an array of 100 fields on the stack unless told otherwise.
    if limits.max_headers != 100 {
        http.max_headers(limits.max_headers);
    }
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), answer));
    let mut closed = pin!(closing.changed());
    let mut is_closing = false;
    poll_fn(|context| {
        if !is_closing && closed.as_mut().poll(context).is_ready() {
            is_closing = true;
            connection.as_mut().graceful_shutdown();
        }
        if let Poll::Ready(ended) = connection.as_mut().poll(context) {
            if let Err(error) = ended {
                tracing::debug!(%peer, %error, "a connection broke");
            }
            return Poll::Ready(());
        }
        deadline.poll(&limits, context)
    })
    .await;
}

/// An answer's body, which says when the last of it has been handed to the stream: hyper drops it then.
struct Answer<B> {
    inner: B,
    progress: Progress,
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }
    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B> Drop for Answer<B> {
    fn drop(&mut self) {
        self.progress.set(Phase::Idle);
    }
}
