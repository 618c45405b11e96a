//! Reading a blob, a piece at a time.

use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore};

use super::failure::told;
use crate::{Error, Result};

/// The bytes of a part of a blob. An error ends it: what came before is then not the whole part.
pub struct BlobStream {
    pieces: BoxStream<'static, object_store::Result<Bytes>>,
    /// The bytes that are still to come.
    left: u64,
}

pub(super) async fn open(
    store: &dyn ObjectStore,
    path: &Path,
    range: Range<u64>,
) -> Result<Option<BlobStream>> {
    let left = range.end.saturating_sub(range.start);
    // The store takes no empty ranges.
    let range = if left == 0 { None } else { Some(GetRange::Bounded(range)) };
    let options = GetOptions { range, head: left == 0, ..GetOptions::default() };
    match store.get_opts(path, options).await {
        Ok(_) if left == 0 => Ok(Some(BlobStream { pieces: futures_util::stream::empty().boxed(), left })),
        Ok(found) => Ok(Some(BlobStream { pieces: found.into_stream(), left })),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(told(&error)),
    }
}

impl Stream for BlobStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        match self.pieces.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.left = self.left.saturating_sub(piece.len() as u64);
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(told(&error)))),
            Poll::Ready(None) if self.left > 0 => {
                self.left = 0;
                Poll::Ready(Some(Err(Error::Disk("a blob is shorter than it was".to_owned()))))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
