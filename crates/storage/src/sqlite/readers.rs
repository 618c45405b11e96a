//! Reading beside the writer: a pool of connections, each used by one read at a time.
//!
//! Reads run on tokio's blocking threads rather than on threads of this crate's own: waiting for a free connection is
//! then an await in the caller (no second queue, no second way to be full), a read that is not polled costs nothing,
//! and to close is to take all the permits. What makes a read fast, the connection's page cache and its prepared
//! statements, stays with the connection; the one used last is used next.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::Clock;
use tokio::sync::Semaphore;

use super::session::Session;
use crate::tx::Engine;
use crate::{Error, ReadTx, Result, unit};

/// The connections that read.
#[derive(Debug)]
pub(super) struct Readers {
    idle: Mutex<Vec<Session>>,
    permits: Arc<Semaphore>,
    count: u32,
    limit: Duration,
}

impl Readers {
    /// Opens `count` connections to the file.
    pub(super) fn open(path: &Arc<Path>, count: usize, limit: Duration) -> Result<Self> {
        let open = || {
            let session = Session::open(path)?;
            session.batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384")?;
            Ok(session)
        };
        let idle = (0..count.max(1)).map(|_| open()).collect::<Result<Vec<_>>>()?;
        let permits = Arc::new(Semaphore::new(idle.len()));
        let count = u32::try_from(idle.len()).unwrap_or(u32::MAX);
        Ok(Self { idle: Mutex::new(idle), permits, count, limit })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a unit that only reads, on a free connection.
    pub(super) async fn read<T, E>(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        work: impl Fn(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::Closed)?;
        let (readers, clock) = (Arc::clone(self), Arc::clone(clock));
        let done = tokio::task::spawn_blocking(move || {
            // Dropped last: when there is a permit there is an idle connection.
            let _permit = permit;
            let mut session = readers.idle().pop().ok_or(Error::Closed)?;
            let outcome = run(&mut session, readers.limit, &*clock, &work);
            readers.idle().push(session);
            outcome
        });
        // The runtime is shutting down, and the read was never begun.
        done.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Waits for the running reads, and closes the connections; further reads are refused.
    pub(super) async fn close(&self) {
        // An error says that somebody else has done it.
        if let Ok(_all) = self.permits.acquire_many(self.count).await {
            self.permits.close();
            self.idle().clear();
        }
    }
}

/// Runs the closure on one state of the database.
fn run<T, E: From<Error>>(
    session: &mut Session,
    limit: Duration,
    clock: &dyn Clock,
    work: &impl Fn(&mut ReadTx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    session.control("BEGIN DEFERRED")?;
    session.limit().start(limit);
    let outcome = unit::read(work, &mut ReadTx::new(Engine::Sqlite(session), clock.now()));
    session.limit().stop();
    session.rollback()?;
    outcome
}

#[cfg(test)]
mod tests {
    use clock::{ManualClock, Micros};
    use rusqlite::StatementStatus;

    use super::*;
    use crate::params;

    /// A statement that has to be prepared again each time costs a read more than all the rest.
    #[test]
    fn a_read_prepares_its_statements_once() {
        let folder = std::env::temp_dir().join(format!("storage-readers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path: Arc<Path> = Arc::from(folder.join("t.db"));
        let writer = Session::open(&path).unwrap();
        writer.batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a BIGINT PRIMARY KEY, b BIGINT)").unwrap();
        writer.batch("INSERT INTO t VALUES (1, 7), (2, 7), (3, 8)").unwrap();
        let mut reader = Session::open(&path).unwrap();
        let clock = ManualClock::new(Micros(0));
        // How many rows are wanted is what the planner would like to know beforehand.
        let sql = "SELECT a FROM t WHERE a > $1 AND b = $2 ORDER BY a LIMIT $3";
        for limit in [1_i64, 2, 1] {
            let read = run(&mut reader, Duration::from_secs(5), &clock, &move |tx| {
                tx.all::<i64>(sql, params![0_i64, 7_i64, limit])
            });
            assert_eq!(read.map(|rows| rows.len() as i64), Ok(limit));
        }
        let text = "SELECT a FROM t WHERE a > ?1 AND b = ?2 ORDER BY a LIMIT ?3";
        let statement = reader.connection().prepare_cached(text).unwrap();
        let counts = [StatementStatus::Run, StatementStatus::RePrepare].map(|of| statement.get_status(of));
        assert_eq!(counts, [3, 0]);
        drop(statement);
        drop((reader, writer));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
