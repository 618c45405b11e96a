//! Waiting for an instant of the world's clock.

use crate::Platform;
use clock::Micros;
use std::time::Duration;

/// The longest wait at a time, so that a correction of the system's clock is noticed.
const LONGEST: Duration = Duration::from_secs(60);

/// Returns when the world's clock shows `at`, be it that time passes or that the sim moves it; and when the world is made
/// anew or the platform ends.
pub(crate) async fn until(platform: &Platform, at: Micros) {
    let feed = &platform.log.feed;
    let moves = ["clock".to_owned(), "reset".to_owned()];
    let mut cursor = feed.newest();
    loop {
        let wait = match platform.clock.until(at) {
            Some(Duration::ZERO) => return,
            Some(wait) => wait.min(LONGEST),
            None => LONGEST,
        };
        let (moved, next) = feed.wait(cursor, &moves, wait).await;
        if feed.is_closed() || moved.iter().any(|event| event["type"] == "reset") {
            return;
        }
        cursor = next;
    }
}
