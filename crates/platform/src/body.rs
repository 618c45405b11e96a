//! The body of an answer: all at once, a stream of server-sent events, or a file.

use bytes::Bytes;
use futures_util::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use std::pin::Pin;
use std::task::{Context, Poll};
use storage::BlobStream;

type Chunks = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

/// The body.
pub struct Body(Kind);

enum Kind {
    Full(Full<Bytes>),
    Stream(Chunks),
    File { bytes: BlobStream, left: u64 },
    Broken,
}

impl Body {
    /// A body that is there as a whole.
    pub(crate) const fn full(body: Full<Bytes>) -> Self {
        Self(Kind::Full(body))
    }

    /// A body that comes in pieces.
    pub(crate) fn stream(chunks: impl Stream<Item = Bytes> + Send + 'static) -> Self {
        Self(Kind::Stream(Box::pin(chunks)))
    }

    /// A file, or a part of one, of `length` bytes.
    pub(crate) const fn file(bytes: BlobStream, length: u64) -> Self {
        Self(Kind::File { bytes, left: length })
    }

    /// No body: the connection breaks instead.
    pub(crate) const fn broken() -> Self {
        Self(Kind::Broken)
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::full(Full::new(bytes))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    /// A file could not be read to its end, or a fault says so: the connection breaks off.
    type Error = storage::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, storage::Error>>> {
        match &mut self.0 {
            Kind::Full(body) => Pin::new(body).poll_frame(cx).map_err(|never| match never {}),
            Kind::Broken => {
                Poll::Ready(Some(Err(storage::Error::Engine("a fault breaks the connection".to_owned()))))
            }
            Kind::Stream(chunks) => {
                chunks.as_mut().poll_next(cx).map(|chunk| chunk.map(|c| Ok(Frame::data(c))))
            }
            Kind::File { bytes, left } => {
                let next = Pin::new(bytes).poll_next(cx);
                if let Poll::Ready(Some(Ok(piece))) = &next {
                    *left = left.saturating_sub(piece.len() as u64);
                }
                next.map_ok(Frame::data)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Full(body) => body.is_end_stream(),
            Kind::Stream(_) | Kind::Broken => false,
            Kind::File { left, .. } => *left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(body) => http_body::Body::size_hint(body),
            Kind::Stream(_) | Kind::Broken => SizeHint::default(),
            Kind::File { left, .. } => SizeHint::with_exact(*left),
        }
    }
}
