//! What a half of Posthaste says of its webhooks.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clock::Micros;
use http::{HeaderMap, StatusCode, Uri};

use crate::{Attempt, EndpointId, Event, Fate, Schedule, Tampering};

/// A future of a trait's method.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a half says of its webhooks.
pub trait Dialect: Send + Sync + 'static {
    /// The endpoint as it is configured now, or `None` if it is no longer there: its events then become dead letters.
    /// The dispatcher keeps the answer until [`crate::Handle::changed`].
    fn endpoint(&self, id: EndpointId) -> BoxFuture<'_, storage::Result<Option<Arc<dyn Endpoint>>>>;
    /// When a failed event is tried again, and when it is given up.
    fn schedule(&self) -> &Schedule;
    /// How long one attempt may take, the reading of the answer included.
    fn timeout(&self) -> Duration;
}

/// An endpoint as it is configured. Its methods are called for each attempt and must not wait for anything.
pub trait Endpoint: Send + Sync {
    /// Where to POST to: an absolute `http` or `https` address.
    fn url(&self) -> &Uri;
    /// The most events in one POST; 1 if nothing is folded.
    fn batch(&self) -> usize {
        1
    }
    /// Whether two events may go in one POST.
    fn go_together(&self, _one: &Event, _other: &Event) -> bool {
        true
    }
    /// What is sent for `events` (at least one; those of a lane in order) in an attempt at `now`. Made for each
    /// attempt, since times and signatures change.
    fn envelope(&self, events: &[&Event], now: Micros) -> Envelope;
    /// Whether an answer of this status means that the events were received.
    fn accepts(&self, status: StatusCode) -> bool;

    /// Whether anything is done to deliveries on purpose. The methods that follow are only asked if so; it must cost
    /// next to nothing.
    fn is_tampered(&self) -> bool {
        false
    }
    /// What becomes of `event`, which would be sent now, for the first time. Asked once for each event.
    fn fate(&self, _event: &Event, _now: Micros) -> Fate {
        Fate::Sent
    }
    /// What is done to an attempt of `events`, if anything. Asked for each attempt but replays.
    fn tampering(&self, _events: &[Arc<Event>], _now: Micros) -> Option<Tampering> {
        None
    }
    /// How many events must wait before any is sent: then they go in one POST, whatever [`Endpoint::batch`] says. More
    /// than an eighth of [`crate::Options::capacity`] may never be there. When it falls, [`crate::Handle::clock_moved`]
    /// tells those that wait.
    fn gathered(&self) -> usize {
        1
    }
}

/// One request's header fields and body. `Host` and `Content-Length` are added when it is sent.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// All other header fields.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Told of everything that happens. Called on the dispatcher's side, never inside a transaction; must be quick.
pub trait Observer: Send + Sync + 'static {
    /// `events` were sent in one POST, with this result.
    fn attempted(&self, events: &[Arc<Event>], attempt: &Arc<Attempt>);
    /// `event` has become a dead letter, for `reason`.
    fn gave_up(&self, event: &Event, reason: &str);
    /// `event` is held back until then, by what `by` says.
    fn held(&self, _event: &Event, _until: Micros, _by: &str) {}
}

/// An observer that looks away.
impl Observer for () {
    fn attempted(&self, _: &[Arc<Event>], _: &Arc<Attempt>) {}
    fn gave_up(&self, _: &Event, _: &str) {}
}
