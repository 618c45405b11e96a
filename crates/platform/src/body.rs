//! The body of an answer: all at once, or a stream of server-sent events.

use bytes::Bytes;
use futures_util::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

type Chunks = Pin<Box<dyn Stream<Item = Bytes> + Send>>;

/// The body.
pub struct Body(Kind);

enum Kind {
    Full(Full<Bytes>),
    Stream(Chunks),
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
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut self.0 {
            Kind::Full(body) => Pin::new(body).poll_frame(cx),
            Kind::Stream(chunks) => {
                chunks.as_mut().poll_next(cx).map(|chunk| chunk.map(|c| Ok(Frame::data(c))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Full(body) => body.is_end_stream(),
            Kind::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(body) => http_body::Body::size_hint(body),
            Kind::Stream(_) => SizeHint::default(),
        }
    }
}
