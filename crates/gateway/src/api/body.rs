//! The body of an answer: all at once, or a file as it comes.

use bytes::Bytes;
use futures_util::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use std::pin::Pin;
use std::task::{Context, Poll};

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, String>> + Send>>;

/// The body.
pub struct Body(Kind);

enum Kind {
    Full(Full<Bytes>),
    Stream(Pieces),
}

impl Body {
    /// A body that is there as a whole.
    pub(crate) fn full(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Full(Full::new(bytes.into())))
    }

    /// A body that comes in pieces. After an error the connection breaks off.
    pub(crate) fn stream(pieces: impl Stream<Item = Result<Bytes, String>> + Send + 'static) -> Self {
        Self(Kind::Stream(Box::pin(pieces)))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        match &mut self.0 {
            Kind::Full(body) => Pin::new(body).poll_frame(cx).map_err(|never| match never {}),
            Kind::Stream(pieces) => pieces.as_mut().poll_next(cx).map_ok(Frame::data),
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
