//! Databases to test on, and ways to have several things happen at once without leaving that to luck.

use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use clock::{Clock, ManualClock, Micros};
use storage::{Database, Error, FromRow, Migration, Options, PostgresOptions, Result, Tx, Value, params};

use test_postgres::{Proxy, Schema, blocking};

/// The tables of the cases.
pub(crate) const TABLES: Migration = Migration {
    name: "001 tables",
    sql: "CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL);
          CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT, data {bytes});
          CREATE TABLE part (id BIGINT PRIMARY KEY, thing_id BIGINT NOT NULL REFERENCES thing (id));
          CREATE TABLE promise (
              id BIGINT PRIMARY KEY,
              thing_id BIGINT NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED
          );
          INSERT INTO counter (id, n) VALUES (1, 0);",
};

/// A database with the tables, and its clock. The clock stands at second 1000.
pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) clock: Arc<ManualClock>,
    /// Where the data lies, if it lies somewhere.
    pub(crate) folder: Option<Folder>,
    /// Where the data lies on a server, if it does.
    pub(crate) schema: Option<Schema>,
}

impl World {
    /// In memory.
    pub(crate) fn memory() -> Self {
        let clock = clock();
        let db = Database::in_memory(Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        db.migrate(&[TABLES]).unwrap();
        Self { db, clock, folder: None, schema: None }
    }
    /// In a file.
    pub(crate) fn file() -> Self {
        Self::with(Options::default())
    }
    /// In a file, with options.
    pub(crate) fn with(options: Options) -> Self {
        let folder = Folder::new();
        let clock = clock();
        let db = open(&folder.database(), &clock, options).unwrap();
        db.migrate(&[TABLES]).unwrap();
        Self { db, clock, folder: Some(folder), schema: None }
    }
    /// On the PostgreSQL server of the tests, if there is one.
    pub(crate) fn postgres() -> Option<Self> {
        Self::postgres_with(few_connections())
    }
    /// On the server, with options.
    pub(crate) fn postgres_with(options: PostgresOptions) -> Option<Self> {
        let schema = Schema::new()?;
        let clock = clock();
        let db = connect(&schema.url(), &clock, options).unwrap();
        db.migrate(&[TABLES]).unwrap();
        Some(Self { db, clock, folder: None, schema: Some(schema) })
    }
    /// Closes the database, and opens it again.
    pub(crate) async fn reopened(self) -> Self {
        self.db.close().await.unwrap();
        let db = match (&self.folder, &self.schema) {
            (Some(folder), _) => open(&folder.database(), &self.clock, Options::default()),
            (None, Some(schema)) => connect(&schema.url(), &self.clock, few_connections()),
            (None, None) => panic!("what is in memory cannot be opened again"),
        };
        Self { db: db.unwrap(), ..self }
    }
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.as_ref().unwrap().database()
    }

    /// One statement that writes, as a unit.
    pub(crate) async fn run(&self, sql: &'static str, p: &[Value]) -> Result<u64> {
        let p = p.to_vec();
        self.db.write(move |tx| tx.run(sql, &p)).await
    }
    /// The one row of a query.
    pub(crate) async fn one<T: FromRow + Send + 'static>(&self, sql: &'static str, p: &[Value]) -> T {
        let p = p.to_vec();
        self.db.read::<_, Error>(move |tx| tx.one(sql, &p)).await.unwrap().expect("a row")
    }
    /// All rows of a query.
    pub(crate) async fn all<T: FromRow + Send + 'static>(&self, sql: &'static str) -> Vec<T> {
        self.db.read::<_, Error>(move |tx| tx.all(sql, params![])).await.unwrap()
    }
    /// The ids of the things.
    pub(crate) async fn things(&self) -> Vec<i64> {
        self.all("SELECT id FROM thing ORDER BY id").await
    }
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Micros::from_secs(1000)))
}

pub(crate) fn open(path: &Path, clock: &Arc<ManualClock>, options: Options) -> Result<Database> {
    Database::open(path, Arc::clone(clock) as Arc<dyn Clock>, options)
}

pub(crate) fn connect(url: &str, clock: &Arc<ManualClock>, options: PostgresOptions) -> Result<Database> {
    Database::connect(url, Arc::clone(clock) as Arc<dyn Clock>, options)
}

/// Enough to run side by side, and little enough for many tests at the same time.
pub(crate) fn few_connections() -> PostgresOptions {
    PostgresOptions { connections: 4, readers: 2, ..PostgresOptions::default() }
}

pub(crate) const ADD_THING: &str = "INSERT INTO thing (id, name) VALUES ($1, $2)";

/// A unit that makes the thing `id`.
pub(crate) fn add_thing(db: &Database, id: i64) -> impl Future<Output = Result<u64>> + Send + 'static {
    let db = db.clone();
    async move { db.write(move |tx| tx.run(ADD_THING, params![id, format!("thing {id}")])).await }
}

/// A folder for one test, removed with everything in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
    /// The database's file; its folder does not exist yet.
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("data").join("world.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A unit that has begun to wait.
pub(crate) type Waiting<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// Starts a unit; when this returns, the unit is in the queue, or has been refused.
pub(crate) async fn start<T>(unit: impl Future<Output = Result<T>> + Send + 'static) -> Waiting<T>
where
    T: Send + 'static,
{
    let mut unit = Box::pin(unit);
    match poll_fn(|cx| Poll::Ready(unit.as_mut().poll(cx))).await {
        Poll::Pending => unit,
        Poll::Ready(done) => Box::pin(async { done }),
    }
}

/// A writer that is busy with a unit until [`Held::release`].
pub(crate) struct Held {
    unit: Waiting<()>,
    release: mpsc::Sender<()>,
}

/// Gives the writer a unit that waits. When this returns, the writer is inside it, and the queue is empty.
pub(crate) async fn hold(db: &Database) -> Held {
    hold_after(db, |_| Ok(())).await
}

/// As [`hold`], with a unit that has done `work` before it waits.
pub(crate) async fn hold_after(
    db: &Database,
    work: impl Fn(&mut Tx<'_>) -> Result<()> + Send + 'static,
) -> Held {
    let (entered, inside) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let released = Mutex::new(released);
    let db = db.clone();
    let unit = start(async move {
        db.write(move |tx| {
            work(tx)?;
            entered.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            Ok(())
        })
        .await
    });
    let unit = unit.await;
    inside.recv().unwrap();
    Held { unit, release }
}

impl Held {
    /// Lets the writer go on, and waits for the unit's answer.
    pub(crate) async fn release(self) {
        self.release.send(()).unwrap();
        self.unit.await.unwrap();
    }
    /// Lets the writer go on, and does not wait.
    pub(crate) fn let_go(self) {
        self.release.send(()).unwrap();
    }
}

/// A database with the tables that is reached through a proxy, by one connection for each kind of unit.
pub(crate) async fn world_behind_proxy(options: PostgresOptions) -> Option<(World, Proxy)> {
    let schema = Schema::new()?;
    let proxy = Proxy::start(&schema, None).await;
    let options = PostgresOptions { connections: 1, readers: 1, ..options };
    let url = schema.url_at("127.0.0.1", proxy.port);
    let connecting = blocking(move || {
        let clock = clock();
        let db = connect(&url, &clock, options).unwrap();
        db.migrate(&[TABLES]).unwrap();
        (db, clock)
    });
    let (db, clock) = connecting.await;
    Some((World { db, clock, folder: None, schema: Some(schema) }, proxy))
}
