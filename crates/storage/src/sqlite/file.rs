//! A database in a file: one thread that writes, and a pool of connections that read.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use clock::Clock;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::folder::FolderLock;
use super::readers::Readers;
use super::session::Session;
use super::writer::{Counters, Job, Writer};
use crate::unit::Pending;
use crate::{Error, Migration, Options, ReadTx, Result, Stats, Tx};

/// The engine of a world that lives on a disk. When the last handle goes, the writer finishes its queue and ends.
pub(crate) struct File {
    queue: mpsc::Sender<Job>,
    readers: Arc<Readers>,
    counters: Arc<Counters>,
    clock: Arc<dyn Clock>,
}

impl File {
    /// Locks the folder, opens the file, or makes it, and starts the writer.
    pub(crate) fn open(path: &Path, clock: Arc<dyn Clock>, options: Options) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let lock = FolderLock::acquire(folder.unwrap_or(Path::new(".")))?;
        let path = Arc::<Path>::from(path);
        let session = Session::open(&path)?;
        prepare_file(&session, &path)?;
        let readers = Arc::new(Readers::open(&path, options.readers, options.read_limit)?);
        let counters = Arc::new(Counters::default());
        let (queue, jobs) = mpsc::channel(options.queue.max(1));
        let writer = Writer::new(session, lock, Arc::clone(&clock), Arc::clone(&counters), options)?;
        let thread = thread::Builder::new().name("storage-writer".to_owned());
        let started = thread.spawn(move || writer.run(jobs));
        started.map_err(|e| Error::Engine(format!("cannot start the writer's thread: {e}")))?;
        Ok(Self { queue, readers, counters, clock })
    }

    fn send(&self, job: Job) -> Result<()> {
        self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Closed(_) => Error::Closed,
        })
    }

    pub(crate) fn migrate(&self, migrations: &[Migration]) -> Result<()> {
        let (done, answer) = std::sync::mpsc::channel();
        self.send(Job::Migrate { migrations: migrations.to_vec(), done })?;
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
        self.send(Job::Unit(Box::new(unit)))?;
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
        self.readers.read(&self.clock, work).await
    }

    pub(crate) fn stats(&self) -> Stats {
        self.counters.read()
    }

    /// Readers first: the log can only be emptied when nobody reads it.
    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close().await;
        let (done, answer) = oneshot::channel();
        // Unlike units, this waits for a place in the queue. That nobody takes it, or drops it, says that the writer
        // has ended already.
        let _ = self.queue.send(Job::Close { done }).await;
        answer.await.unwrap_or(Ok(()))
    }
}

/// Reads enough of the file to know that it is a database that can be written, and sets it up.
fn prepare_file(session: &Session, path: &Path) -> Result<()> {
    let connection = session.connection();
    let open = |reason: &str| Error::Open { path: path.to_owned(), reason: reason.to_owned() };
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(|e| session.failure(&e))? {
        return Err(open("the file cannot be written"));
    }
    // This reads the header, and the schema's pages: a file that is something else, or was cut, is found out here.
    let mode = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
    if mode.map_err(|e| session.failure(&e))? != "wal" {
        return Err(open("the file system has no shared memory for the write-ahead log"));
    }
    // The log is emptied by the writer itself: see checkpoint.rs.
    session.batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 0")
}
