//! Several requests in one round trip.
//!
//! The driver hands a request to its connection when the request's future is first polled, and the connection writes
//! all that it was handed at once. So to poll several futures, one after the other, before waiting for any, is to send
//! them together; the server answers in the same order.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

/// What the driver says.
pub(super) type Answer<T> = Result<T, tokio_postgres::Error>;

/// A request of which only the success matters.
pub(super) type Step<'s> = Pin<Box<dyn Future<Output = Answer<()>> + 's>>;

/// What has become of requests that went out together.
#[derive(Debug)]
pub(super) enum Outcome<T> {
    /// The steps succeeded; what the last request was answered.
    Done(Answer<T>),
    /// A step failed. All requests were sent.
    Failed(tokio_postgres::Error),
    /// A request could not be sent, and those after it, the last one with them, were not tried.
    Unsent(tokio_postgres::Error),
}

/// Sends `steps` and then `last`, and waits for all answers.
pub(super) async fn send<T>(steps: Vec<Step<'_>>, last: impl Future<Output = Answer<T>>) -> Outcome<T> {
    let mut last = pin!(last);
    let mut running = Vec::with_capacity(steps.len());
    // Only the driver itself can refuse a request at once. What comes after it must not run without it.
    for mut step in steps {
        match once(step.as_mut()).await {
            Poll::Pending => running.push(step),
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return Outcome::Unsent(error),
        }
    }
    let first_look = once(last.as_mut()).await;
    if let Poll::Ready(Err(error)) = first_look {
        return Outcome::Unsent(error);
    }
    let mut failed = None;
    for step in running {
        let answer = step.await;
        failed = failed.or(answer.err());
    }
    let answer = match first_look {
        Poll::Ready(answer) => answer,
        Poll::Pending => last.await,
    };
    failed.map_or(Outcome::Done(answer), Outcome::Failed)
}

/// Polls a future once, so that it sends its request.
async fn once<T>(mut future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Poll<T> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}
