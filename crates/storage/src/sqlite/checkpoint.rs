//! Moving what the write-ahead log holds into the database, so that the log stays small.
//!
//! SQLite can do this by itself, at the end of a COMMIT; but then the group that happens to be there waits for it, and
//! a failure of the disk goes unnoticed: the next flush may succeed although the failed one's pages are gone. So the
//! writer does it, after it has answered.

use std::time::Duration;

use super::session::{BUSY, Session};
use crate::{Error, Result};

/// How many pages (of 4 KiB) may wait in the log before they are moved. Fewer moves write a page less often, and each
/// takes longer: between the default of 1000 and the 10000 that were measured as 1.24 times as fast.
const PAGES: u64 = 4000;

/// How long the writer waits for readers, to empty a log that has grown too big.
const WAIT: Duration = Duration::from_millis(250);

/// When to move pages.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Above how many pages the log is emptied.
    limit: u64,
    /// From how many pages on the next attempt is made.
    next: u64,
}

/// What a checkpoint says.
struct Log {
    /// Somebody was in the way.
    busy: bool,
    /// Pages in the log.
    pages: u64,
    /// How many of them are in the database, too.
    moved: u64,
}

impl Checkpoints {
    /// Keeps the log of `session` at about `limit` bytes.
    pub(super) fn new(session: &Session, limit: u64) -> Result<Self> {
        let page = session.connection().pragma_query_value(None, "page_size", |row| row.get::<_, u32>(0));
        let limit = limit / u64::from(page.map_err(|e| session.failure(&e))?.max(1));
        Ok(Self { limit, next: limit })
    }

    /// Looks at the log, and moves pages if it is time.
    pub(super) fn after_commit(&mut self, session: &Session) -> Result<()> {
        let log = checkpoint(session, "PRAGMA wal_checkpoint(NOOP)")?;
        if log.pages > self.next {
            self.next = if empty(session)? {
                self.limit
            } else {
                // A long read is in the way: rather than to wait for it again after each commit, let the log grow.
                tracing::warn!(pages = log.pages, "a read keeps the write-ahead log from being emptied");
                log.pages + self.limit / 4
            };
        } else if log.pages - log.moved >= PAGES {
            checkpoint(session, "PRAGMA wal_checkpoint(PASSIVE)")?;
        }
        Ok(())
    }
}

/// Moves everything and cuts the log to nothing, if the readers let go of it in time.
pub(super) fn empty(session: &Session) -> Result<bool> {
    let wait = |time| session.connection().busy_timeout(time).map_err(|e| session.failure(&e));
    wait(WAIT)?;
    let log = checkpoint(session, "PRAGMA wal_checkpoint(TRUNCATE)");
    wait(BUSY)?;
    Ok(!log?.busy)
}

fn checkpoint(session: &Session, pragma: &'static str) -> Result<Log> {
    let done = session.connection().prepare_cached(pragma).and_then(|mut statement| {
        statement.query_row([], |row| {
            // -1 stands for a log that has not been begun.
            let count = |i| row.get::<_, i64>(i).map(|n| u64::try_from(n).unwrap_or(0));
            Ok(Log { busy: row.get(0)?, pages: count(1)?, moved: count(2)? })
        })
    });
    match done.map_err(|e| session.failure(&e)) {
        // Another program's checkpoint.
        Err(Error::Busy) => Ok(Log { busy: true, pages: 0, moved: 0 }),
        other => other,
    }
}
