//! Ending reads that take too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use tokio::time::Instant;

/// How many steps of its machine SQLite runs between two looks at the clock: well under a millisecond.
const STEPS: i32 = 10_000;

/// No limit is running.
const NEVER: u64 = u64::MAX;

/// The end of the running read of one connection. The time is the machine's, not the world's.
#[derive(Debug)]
pub(super) struct TimeLimit {
    started: Instant,
    /// In milliseconds after `started`.
    end: Arc<AtomicU64>,
}

impl TimeLimit {
    /// Watches over a connection; no limit runs yet.
    pub(super) fn watch(connection: &mut Connection) -> rusqlite::Result<Self> {
        let limit = Self { started: Instant::now(), end: Arc::new(AtomicU64::new(NEVER)) };
        let (started, end) = (limit.started, Arc::clone(&limit.end));
        connection.progress_handler(STEPS, Some(move || passed(started, &end)))?;
        Ok(limit)
    }
    /// Statements fail from `limit` on.
    pub(super) fn start(&self, limit: Duration) {
        let end = self.started.elapsed().saturating_add(limit).as_millis();
        self.end.store(u64::try_from(end).unwrap_or(NEVER), Ordering::Relaxed);
    }
    /// Statements may take any time again.
    pub(super) fn stop(&self) {
        self.end.store(NEVER, Ordering::Relaxed);
    }
    /// Whether the running limit has passed.
    pub(super) fn passed(&self) -> bool {
        passed(self.started, &self.end)
    }
}

fn passed(started: Instant, end: &AtomicU64) -> bool {
    let end = end.load(Ordering::Relaxed);
    end != NEVER && started.elapsed().as_millis() >= u128::from(end)
}
