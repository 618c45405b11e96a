//! Pacing: no more sends a second than Instagram takes (Meta: Rate limits).

use graph_api::{Host, limits};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// When each account's next send may go, by kind.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    next: Mutex<HashMap<(String, bool), Instant>>,
}

impl Pace {
    /// Waits for this send's turn.
    pub(crate) async fn wait(&self, integration_id: &str, host: Host, is_media: bool) {
        let rate = match (is_media, host) {
            (true, _) => limits::SEND_MEDIA_RATE,
            (false, Host::Instagram) => limits::SEND_RATE_INSTAGRAM,
            (false, Host::Facebook) => limits::SEND_RATE_FACEBOOK,
        };
        let slot = self.slot(integration_id, is_media, rate.within / rate.calls.max(1));
        tokio::time::sleep_until(slot).await;
    }

    fn slot(&self, integration_id: &str, is_media: bool, each: Duration) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let slot = next.entry((integration_id.to_owned(), is_media)).or_insert(now);
        // What was not used of the last tenth of a second may be caught up with.
        let turn = (*slot).max(now.checked_sub(Duration::from_millis(100)).unwrap_or(now));
        *slot = turn + each;
        turn.max(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_second_holds_no_more_than_the_limit() {
        let pace = Pace::default();
        let begun = Instant::now();
        for _ in 0..300 {
            pace.wait("a", Host::Instagram, false).await;
        }
        let took = begun.elapsed();
        assert!((Duration::from_millis(2800)..Duration::from_millis(3100)).contains(&took), "{took:?}");
        let begun = Instant::now();
        pace.wait("b", Host::Instagram, false).await;
        assert!(begun.elapsed() < Duration::from_millis(5), "another account");
    }
}
