//! The database, whichever the engine.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use clock::Clock;

use crate::recorder::Recorder;
use crate::{Error, Migration, Options, PostgresOptions, ReadTx, Result, Tx, postgres, sqlite};

/// A world's data. Clones are handles to the same database; the last one to go closes it.
#[derive(Clone)]
pub struct Database {
    clock: Arc<dyn Clock>,
    engine: Engine,
    recorder: Option<Arc<Recorder>>,
}

#[derive(Clone)]
enum Engine {
    File(Arc<sqlite::File>),
    Memory(Arc<sqlite::Memory>),
    Postgres(Arc<postgres::Postgres>),
}

/// What a database has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions that were committed. Several units can share one.
    pub commits: u64,
    /// Units of work whose writes were committed.
    pub units: u64,
    /// How often something was sent to a server and whoever asked for the unit waited for the answer. None where the
    /// engine is in this process.
    pub round_trips: u64,
}

impl Database {
    /// Opens the SQLite database at `path`, and makes it and its folder if they are not there. The folder belongs to
    /// this database alone, until it is closed.
    ///
    /// Blocks. Fails with [`Error::InUse`] if the folder is taken, [`Error::Damaged`] if the file is no database, and
    /// [`Error::Open`] if it cannot be read and written.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, options: Options) -> Result<Self> {
        let file = sqlite::File::open(path, Arc::clone(&clock), options)?;
        Ok(Self { clock, engine: Engine::File(Arc::new(file)), recorder: None })
    }

    /// A new, empty SQLite database in memory, gone with its last handle. It has no threads: units run where they are
    /// called, one at a time.
    pub fn in_memory(clock: Arc<dyn Clock>) -> Result<Self> {
        let memory = sqlite::Memory::new(Options::default().read_limit)?;
        Ok(Self { clock, engine: Engine::Memory(Arc::new(memory)), recorder: None })
    }

    /// Connects to a PostgreSQL server (13 or later) by a URL such as `postgres://user:password@host/database`. Several
    /// processes may work on one database, unless [`PostgresOptions::alone`] says otherwise. It must keep its texts in
    /// UTF-8. A `search_path` among the URL's `options` says in which schema the tables are.
    ///
    /// Blocks. Fails with [`Error::Unreachable`] if not all connections can be made, and [`Error::DatabaseInUse`] if it
    /// is to belong to this process alone and does not.
    pub fn connect(url: &str, clock: Arc<dyn Clock>, options: PostgresOptions) -> Result<Self> {
        let postgres = postgres::Postgres::connect(url, &clock, options)?;
        Ok(Self { clock, engine: Engine::Postgres(Arc::new(postgres)), recorder: None })
    }

    /// A copy of a database in memory that goes its own way from here, on the same clock. [`Error::Unsupported`] for
    /// other engines.
    pub fn fork(&self) -> Result<Self> {
        self.fork_with_clock(Arc::clone(&self.clock))
    }

    /// As [`fork`](Self::fork), with a clock of its own.
    pub fn fork_with_clock(&self, clock: Arc<dyn Clock>) -> Result<Self> {
        match &self.engine {
            Engine::File(_) | Engine::Postgres(_) => {
                Err(Error::Unsupported("only a database in memory can be forked"))
            }
            Engine::Memory(memory) => {
                Ok(Self { clock, engine: Engine::Memory(Arc::new(memory.fork()?)), recorder: None })
            }
        }
    }

    /// Applies the migrations that the database does not have yet, in order, each in a transaction of its own. The list
    /// is the whole program's: [`Error::Newer`] if the database has migrations that are not in it.
    ///
    /// Blocks: called at the start.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        match &self.engine {
            Engine::File(file) => file.migrate(migrations),
            Engine::Memory(memory) => memory.migrate(migrations, self.clock.now()),
            Engine::Postgres(postgres) => postgres.migrate(migrations),
        }
    }

    /// Runs `f` in a transaction, and answers when its writes are on disk; if it fails, nothing of it is kept. `f` must
    /// not wait for anything, and may be run several times. A caller that stops waiting does not stop the unit.
    ///
    /// [`Error::Busy`] if too many units are waiting. On PostgreSQL, [`Error::Unclear`] if the connection was lost in the
    /// one moment in which nobody can know whether the writes are kept.
    pub async fn write<T, E>(&self, f: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let recorder = self.recorder.clone();
        let cause = crate::cause();
        let f = move |tx: &mut Tx<'_>| {
            tx.record(recorder.as_ref());
            tx.caused_by(cause);
            f(tx)
        };
        match &self.engine {
            Engine::File(file) => file.write(f).await,
            Engine::Memory(memory) => memory.write(|| self.clock.now(), &f),
            Engine::Postgres(postgres) => postgres.write(f).await,
        }
    }

    /// Runs `f` on one committed state of the database, beside the writes. It sees what was answered before the call.
    /// Needs a tokio runtime. [`Error::TooLong`] if it takes longer than [`Options::read_limit`].
    pub async fn read<T, E>(
        &self,
        f: impl Fn(&mut ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let recorder = self.recorder.clone();
        let f = move |tx: &mut ReadTx<'_>| {
            tx.record(recorder.as_ref());
            f(tx)
        };
        match &self.engine {
            Engine::File(file) => file.read(f).await,
            Engine::Memory(memory) => memory.read(|| self.clock.now(), &f),
            Engine::Postgres(postgres) => postgres.read(f).await,
        }
    }

    /// A handle whose units, and those of its clones, are recorded: for tests that must not miss a statement.
    #[doc(hidden)]
    #[must_use]
    pub fn recording(self) -> Self {
        Self { recorder: Some(Arc::default()), ..self }
    }

    /// The statements that were run through a handle that is [`recording`](Self::recording), each once.
    #[doc(hidden)]
    pub fn recorded(&self) -> Vec<&'static str> {
        self.recorder.as_ref().map(|recorder| recorder.noted()).unwrap_or_default()
    }

    /// How the engine would run a statement, in its own words: for tests that look whether an index is used. The
    /// statement, which may be one that writes, is not run.
    #[doc(hidden)]
    pub async fn explain(&self, sql: &'static str) -> Result<String> {
        self.read(move |tx| tx.explain(sql)).await
    }

    /// Waits until the units that are in the queue are done and everything is in the database's file, then closes it
    /// and lets go of the folder. Every handle answers [`Error::Closed`] from then on.
    pub async fn close(&self) -> Result<()> {
        match &self.engine {
            Engine::File(file) => file.close().await,
            Engine::Memory(memory) => {
                memory.close();
                Ok(())
            }
            Engine::Postgres(postgres) => {
                postgres.close().await;
                Ok(())
            }
        }
    }

    /// What the database has done since it was opened.
    pub fn stats(&self) -> Stats {
        match &self.engine {
            Engine::File(file) => file.stats(),
            Engine::Memory(memory) => memory.stats(),
            Engine::Postgres(postgres) => postgres.stats(),
        }
    }

    /// The world's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engine = match &self.engine {
            Engine::File(_) => "SQLite file",
            Engine::Memory(_) => "SQLite in memory",
            Engine::Postgres(_) => "PostgreSQL",
        };
        f.debug_struct("Database")
            .field("engine", &engine)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
