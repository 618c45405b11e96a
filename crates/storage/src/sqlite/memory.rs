//! A database in memory: one connection, and no threads. Units run where they are called.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::Micros;
use rusqlite::backup::{Backup, StepResult};

use super::schema;
use super::session::Session;
use crate::tx::Engine;
use crate::unit::End;
use crate::{Error, Migration, ReadTx, Result, Stats, Tx, unit};

/// The engine of a world that is gone with its process.
#[derive(Debug)]
pub(crate) struct Memory {
    /// `None` once closed.
    session: Mutex<Option<Session>>,
    commits: AtomicU64,
    read_limit: Duration,
}

impl Memory {
    /// An empty database. Reads end after `read_limit`.
    pub(crate) fn new(read_limit: Duration) -> Result<Self> {
        Ok(Self::of(Session::in_memory()?, read_limit))
    }

    fn of(session: Session, read_limit: Duration) -> Self {
        Self { session: Mutex::new(Some(session)), commits: AtomicU64::new(0), read_limit }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        // Panics of units are caught while the lock is held, so whoever poisoned it broke nothing of the session.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn migrate(&self, migrations: &[Migration], now: Micros) -> Result<()> {
        schema::migrate(self.lock().as_ref().ok_or(Error::Closed)?, migrations, now)
    }

    /// Runs a unit in a transaction of its own. Its after-commit calls run before the next unit can begin, so that
    /// they come in the order of the commits.
    pub(crate) fn write<T, E: From<Error>>(
        &self,
        now: impl FnOnce() -> Micros,
        work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut guard = self.lock();
        let session = guard.as_mut().ok_or(Error::Closed)?;
        session.control("BEGIN")?;
        let mut tx = Tx::new(Engine::Sqlite(session), now());
        let outcome = unit::write(work, &mut tx);
        let hooks = tx.take_hooks();
        let committed = outcome.and_then(|value| Ok(session.control("COMMIT").map(|()| value)?));
        if committed.is_ok() {
            self.commits.fetch_add(1, Ordering::Relaxed);
            unit::run_hooks(hooks, End::Committed);
        } else {
            let undone = session.rollback();
            unit::run_hooks(hooks, End::Undone);
            undone?;
        }
        committed
    }

    /// Runs a unit that only reads.
    pub(crate) fn read<T, E: From<Error>>(
        &self,
        now: impl FnOnce() -> Micros,
        work: &impl Fn(&mut ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut guard = self.lock();
        let session = guard.as_mut().ok_or(Error::Closed)?;
        session.limit().start(self.read_limit);
        let outcome = unit::read(work, &mut ReadTx::new(Engine::Sqlite(session), now()));
        session.limit().stop();
        outcome
    }

    /// A copy, in memory, that goes its own way from here.
    pub(crate) fn fork(&self) -> Result<Self> {
        let guard = self.lock();
        let from = guard.as_ref().ok_or(Error::Closed)?;
        let mut to = Session::in_memory()?;
        let step = Backup::new(from.connection(), to.connection_mut()).and_then(|backup| backup.step(-1));
        match step.map_err(|e| from.failure(&e))? {
            StepResult::Done => Ok(Self::of(to, self.read_limit)),
            unfinished => Err(Error::Engine(format!("the copy ended early: {unfinished:?}"))),
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let commits = self.commits.load(Ordering::Relaxed);
        Stats { commits, units: commits, round_trips: 0 }
    }

    pub(crate) fn close(&self) {
        *self.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    #[test]
    fn a_read_that_takes_too_long_ends() {
        let memory = Memory::new(Duration::from_millis(20)).unwrap();
        let now = || Micros::from_secs(0);
        let endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
        let read = memory.read(now, &move |tx| tx.one::<i64>(endless, params![]));
        assert_eq!(read, Err(Error::TooLong));
        let write = memory.write(now, &|tx| tx.one::<i64>("SELECT 1", params![]));
        assert_eq!(write, Ok(Some(1)), "the limit is over with the read");
    }
}
