//! Moving what the write-ahead log holds into the database, so that the log stays small.
//!
//! SQLite can do this by itself, at the end of a COMMIT; but then the group that happens to be there waits for it, and
//! a failure of the disk goes unnoticed: the next flush may succeed although the failed one's pages are gone. So the
//! [`mover`](super::mover) does the most of it beside the writer, on a thread of its own. The writer does the rest after
//! it has answered: only when nobody adds to the log can all of it be in the database, and only then is it begun anew.

use std::sync::Arc;
use std::time::Duration;

use super::mover::{Mover, State};
use super::session::{BUSY, Session};
use crate::{Error, Options, Result};

/// How many pages (of 4 KiB) may wait in the log before they are moved. With fewer, pages that are written again and
/// again are moved more often.
const PAGES: u64 = 8000;

/// How few pages are left to the writer: about a millisecond's work.
pub(super) const REST: u64 = 500;

/// How long the writer waits for readers, to empty a log that has grown too big.
const WAIT: Duration = Duration::from_millis(250);

/// When to move pages.
pub(super) struct Checkpoints {
    mover: Mover,
    /// From how many pages on the mover is asked to move.
    pages: u64,
    /// Above how many pages the log is emptied.
    limit: u64,
    /// From how many pages on the next attempt is made.
    next: u64,
}

/// What a checkpoint says.
pub(super) struct Log {
    /// Somebody was in the way.
    busy: bool,
    /// Pages in the log.
    pages: u64,
    /// How many of them are in the database, too.
    moved: u64,
}

impl Log {
    /// Pages that are in the log only.
    pub(super) fn left(&self) -> u64 {
        self.pages.saturating_sub(self.moved)
    }
}

impl Checkpoints {
    /// Keeps the log of `session` below [`Options::wal_limit`].
    pub(super) fn new(session: &Session, options: &Options) -> Result<Self> {
        let page = session.connection().pragma_query_value(None, "page_size", |row| row.get::<_, u32>(0));
        let limit = options.wal_limit / u64::from(page.map_err(|e| session.failure(&e))?.max(1));
        let mover = Mover::start(session.path(), Arc::clone(&options.on_fatal))?;
        Ok(Self { mover, pages: PAGES.min(limit), limit, next: limit })
    }

    /// Whether the disk has failed under the mover. It has told whom it concerns; nothing more may be written.
    pub(super) fn has_failed(&self) -> bool {
        self.mover.state() == State::Failed
    }

    /// Looks at the log, and sees to it that pages are moved if it is time.
    pub(super) fn after_commit(&mut self, session: &Session) -> Result<()> {
        let log = checkpoint(session, "PRAGMA wal_checkpoint(NOOP)")?;
        if log.pages > self.next {
            if self.mover.wait() != State::Failed {
                self.empty(session, &log)?;
            }
            return Ok(());
        }
        match self.mover.state() {
            State::Idle if log.left() >= self.pages => self.mover.ask(),
            // If the rest is moved before more comes, the next group begins the log anew.
            State::Done => {
                self.mover.dismiss();
                checkpoint(session, "PRAGMA wal_checkpoint(PASSIVE)")?;
            }
            State::Idle | State::Busy | State::Failed => {}
        }
        Ok(())
    }

    fn empty(&mut self, session: &Session, log: &Log) -> Result<()> {
        self.mover.dismiss();
        self.next = if empty(session)? {
            self.limit
        } else {
            // A long read is in the way: rather than to wait for it again after each commit, let the log grow.
            tracing::warn!(pages = log.pages, "a read keeps the write-ahead log from being emptied");
            log.pages + self.limit / 4
        };
        Ok(())
    }

    /// Ends the mover, and empties the log. Says whether that could be done.
    pub(super) fn finish(self, session: &Session) -> Result<bool> {
        if self.mover.end() == State::Failed { Ok(false) } else { empty(session) }
    }
}

/// Moves everything and cuts the log to nothing, if the readers let go of it in time.
fn empty(session: &Session) -> Result<bool> {
    let wait = |time| session.connection().busy_timeout(time).map_err(|e| session.failure(&e));
    wait(WAIT)?;
    let log = checkpoint(session, "PRAGMA wal_checkpoint(TRUNCATE)");
    wait(BUSY)?;
    Ok(!log?.busy)
}

/// Runs one of SQLite's checkpoints.
pub(super) fn checkpoint(session: &Session, pragma: &'static str) -> Result<Log> {
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
