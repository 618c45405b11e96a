//! Reading a body whole, within a size and a time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is, or says that it is, longer than allowed.
    #[error("the body is too large")]
    TooLarge,
    /// It did not come in time.
    #[error("the body did not arrive in time")]
    TimedOut,
    /// The connection ended in the middle of it, or it is not framed as HTTP says.
    #[error("the body ended early or is malformed")]
    Broken,
}

/// Reads `body` whole: at most `max` bytes, within `within`. A body that announces more than `max` is refused unread.
pub async fn read_body<B>(body: B, max: usize, within: Duration) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes>,
{
    if body.size_hint().lower() > max as u64 {
        return Err(BodyError::TooLarge);
    }
    let part = tokio::time::timeout(within, read_up_to(body, max)).await.map_err(|_| BodyError::TimedOut)?;
    match part {
        Ok((_, true)) => Err(BodyError::TooLarge),
        Ok((bytes, false)) => Ok(bytes),
        Err(_) => Err(BodyError::Broken),
    }
}

/// The first `max` bytes of `body`, and whether there were more. A body of one piece is not copied.
pub(crate) async fn read_up_to<B>(body: B, max: usize) -> Result<(Bytes, bool), B::Error>
where
    B: Body<Data = Bytes>,
{
    let mut body = std::pin::pin!(body);
    let mut first = Bytes::new();
    let mut joined: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame?.into_data() else { continue };
        let have = joined.as_ref().map_or(first.len(), BytesMut::len);
        let truncated = data.len() > max - have;
        data.truncate(max - have);
        match &mut joined {
            None if first.is_empty() => first = data,
            None => {
                let mut both = BytesMut::with_capacity(first.len() + data.len());
                both.extend_from_slice(&first);
                both.extend_from_slice(&data);
                joined = Some(both);
            }
            Some(joined) => joined.extend_from_slice(&data),
        }
        if truncated {
            return Ok((joined.map_or(first, BytesMut::freeze), true));
        }
    }
    Ok((joined.map_or(first, BytesMut::freeze), false))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;

    use super::*;

    /// A body of these pieces, which then ends, breaks or never ends.
    struct Pieces(VecDeque<&'static str>, Option<Result<(), ()>>);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = ();
        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, ()>>> {
            match (self.0.pop_front(), self.1) {
                (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))),
                (None, Some(Ok(()))) => Poll::Ready(None),
                (None, Some(Err(()))) => Poll::Ready(Some(Err(()))),
                (None, None) => Poll::Pending,
            }
        }
    }

    fn pieces<const N: usize>(list: [&'static str; N], end: Option<Result<(), ()>>) -> Pieces {
        Pieces(list.into_iter().collect(), end)
    }

    #[tokio::test]
    async fn a_body_is_read_whole_or_refused() {
        let second = Duration::from_secs(1);
        let whole = read_body(pieces(["ab", "c", "", "de"], Some(Ok(()))), 5, second).await;
        assert_eq!(whole, Ok(Bytes::from("abcde")));
        let empty = read_body(pieces([], Some(Ok(()))), 0, second).await;
        assert_eq!(empty, Ok(Bytes::new()));
        let long = read_body(pieces(["ab", "cde", "f"], Some(Ok(()))), 5, second).await;
        assert_eq!(long, Err(BodyError::TooLarge));
        let broken = read_body(pieces(["ab"], Some(Err(()))), 5, second).await;
        assert_eq!(broken, Err(BodyError::Broken));
        let slow = read_body(pieces(["ab"], None), 5, Duration::from_millis(10)).await;
        assert_eq!(slow, Err(BodyError::TimedOut));
        let announced = read_body(http_body_util::Full::new(Bytes::from("abcdef")), 5, second).await;
        assert_eq!(announced, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn the_beginning_of_a_body_can_be_had() {
        let (bytes, more) = read_up_to(pieces(["ab", "cde"], None), 4).await.unwrap();
        assert_eq!((&bytes[..], more), (&b"abcd"[..], true));
        let (bytes, more) = read_up_to(pieces(["abcd"], Some(Ok(()))), 4).await.unwrap();
        assert_eq!((&bytes[..], more), (&b"abcd"[..], false));
    }
}
