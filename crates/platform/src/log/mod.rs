//! What was called, what was sent, and everything as it happens. Bounded rings in memory: they cost the request path a
//! push, and are written out only when somebody looks.

pub(crate) mod act;
mod conversation;
pub(crate) mod deliveries;
pub(crate) mod feed;
pub(crate) mod handshake;
pub(crate) mod mask;
pub(crate) mod requests;
mod ring;

#[cfg(test)]
mod tests;

use clock::{Clock, Micros};
use deliveries::DeliveryLog;
use feed::Feed;
use requests::RequestLog;
use std::sync::Arc;
use webhooks::{Attempt, Event, Observer};

/// The logs of a world.
pub(crate) struct Log {
    pub(crate) requests: RequestLog,
    pub(crate) deliveries: DeliveryLog,
    pub(crate) feed: Arc<Feed>,
}

impl Log {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let feed = Arc::new(Feed::new(clock.now()));
        Self {
            requests: RequestLog::new(Arc::clone(&feed)),
            deliveries: DeliveryLog::new(Arc::clone(&feed), clock),
            feed,
        }
    }

    /// Forgets what was called and sent; the feed goes on, so that who waits on it misses nothing.
    pub(crate) fn clear(&self) {
        self.requests.clear();
        self.deliveries.clear();
    }
}

impl Observer for Log {
    fn attempted(&self, events: &[Arc<Event>], attempt: &Arc<Attempt>) {
        self.deliveries.attempted(events, attempt);
    }

    fn gave_up(&self, event: &Event, reason: &str) {
        self.deliveries.gave_up(event, reason);
    }

    fn held(&self, event: &Event, _: Micros, by: &str) {
        self.deliveries.held(event, by);
    }
}
