//! The engine under the sandboxes of tests: SQLite in memory, or PostgreSQL if `POSTHASTE_TEST_ENGINE` is `postgres`.

use clock::Clock;
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, PostgresOptions};
use test_postgres::Schema;

/// A new, empty database, and where it lies, if that must be tidied up.
pub fn database(clock: Arc<dyn Clock>) -> (Database, Option<Place>) {
    match Schema::if_wanted() {
        None => (Database::in_memory(clock).unwrap(), None),
        Some(schema) => {
            // Enough for units to run side by side.
            let options = PostgresOptions { connections: 4, readers: 2, ..PostgresOptions::default() };
            let place = Place::new(schema, clock, options);
            (place.db.clone(), Some(place))
        }
    }
}

/// A database in a schema of its own on the server of the tests. To be kept as long as the database is used.
pub struct Place {
    pub(crate) db: Database,
    /// Goes after the database is closed.
    _schema: Schema,
}

impl Place {
    pub(crate) fn new(schema: Schema, clock: Arc<dyn Clock>, options: PostgresOptions) -> Self {
        let db = Database::connect(&schema.url(), clock, options).unwrap();
        Self { db, _schema: schema }
    }
}

impl Drop for Place {
    /// Closes the database: what is still under way would hold locks.
    fn drop(&mut self) {
        let db = self.db.clone();
        let close = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let closing = async { tokio::time::timeout(Duration::from_secs(30), db.close()).await };
            runtime.block_on(closing).expect("the database closes").unwrap();
        };
        // On a thread of its own: the test is in a runtime.
        let closed = std::thread::spawn(close).join();
        assert!(closed.is_ok() || std::thread::panicking(), "the database is not closed");
    }
}
