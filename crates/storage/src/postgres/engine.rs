//! A database on a PostgreSQL server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clock::Clock;

use super::connect::Server;
use super::options::PostgresOptions;
use super::pool::Pool;
use super::queue::Queue;
use super::session::Role;
use super::sole::Claim;
use super::worker::{Job, Setup};
use crate::unit::Pending;
use crate::{Error, Migration, ReadTx, Result, Stats, Tx};

/// The engine of a world that several machines work on. Units that read have connections of their own, so that they
/// never wait for those that wait for locks.
pub(crate) struct Postgres {
    writers: Pool,
    readers: Pool,
    counters: Arc<Counters>,
}

/// What the workers have done so far.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Each of one unit.
    pub(super) commits: AtomicU64,
    pub(super) round_trips: AtomicU64,
}

impl Postgres {
    /// Connects all workers.
    pub(crate) fn connect(url: &str, clock: &Arc<dyn Clock>, options: PostgresOptions) -> Result<Self> {
        let server = Arc::new(Server::new(url, options)?);
        let options = server.options();
        // Held until the workers hold the database.
        let claim = options.alone.then(|| Claim::make(&server)).transpose()?;
        if let Some(claim) = &claim {
            server.belongs_to(claim.number);
        }
        let counters = Arc::new(Counters::default());
        let setup = |role| Setup {
            server: Arc::clone(&server),
            role,
            clock: Arc::clone(clock),
            counters: Arc::clone(&counters),
            queue: Arc::new(Queue::new(options.queue)),
        };
        let writer = setup(Role::writer(options.write_limit));
        let writers = Pool::start("storage-writer", options.connections, &writer)?;
        let reader = setup(Role::reader(options.read_limit));
        let readers = Pool::start("storage-reader", options.readers, &reader)?;
        drop(claim);
        Ok(Self { writers, readers, counters })
    }

    pub(crate) fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        let (done, answer) = std::sync::mpsc::channel();
        self.writers.push(Job::Migrate { migrations: migrations.to_vec(), done })?;
        answer.recv().unwrap_or(Err(Error::Closed))
    }

    pub(crate) async fn write<T, E>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = Pending::new(work);
        self.writers.push(Job::Write(Box::new(unit)))?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    pub(crate) async fn read<T, E>(
        &self,
        work: impl Fn(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (unit, answer) = Pending::new(work);
        self.readers.push(Job::Read(Box::new(unit)))?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    pub(crate) fn stats(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let commits = read(&self.counters.commits);
        Stats { commits, units: commits, round_trips: read(&self.counters.round_trips) }
    }

    pub(crate) async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
    }
}
