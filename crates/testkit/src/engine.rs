//! The engine under the sandboxes of tests: SQLite in memory, or PostgreSQL if `POSTHASTE_TEST_ENGINE` is `postgres`.

use clock::Clock;
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, PostgresOptions};
use test_postgres::Schema;

/// A new, empty database, and where it lies, if that must be tidied up.
pub(crate) fn database(clock: Arc<dyn Clock>) -> (Database, Option<Place>) {
    match Schema::if_wanted() {
        None => (Database::in_memory(clock).unwrap(), None),
        Some(schema) => {
            let (db, place) = Place::new(schema, clock);
            (db, Some(place))
        }
    }
}

/// A schema of its own on the server of the tests.
pub(crate) struct Place {
    db: Database,
    _schema: Schema,
}

impl Place {
    fn new(schema: Schema, clock: Arc<dyn Clock>) -> (Database, Self) {
        // Enough for units to run side by side.
        let options = PostgresOptions { connections: 4, readers: 2, ..PostgresOptions::default() };
        let db = Database::connect(&schema.url(), clock, options).unwrap();
        (db.clone(), Self { db, _schema: schema })
    }
}

impl Drop for Place {
    /// Closes the database: what is still under way would hold locks. The schema goes afterwards.
    fn drop(&mut self) {
        let db = self.db.clone();
        let close = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let closed =
                runtime.block_on(async { tokio::time::timeout(Duration::from_secs(30), db.close()).await });
            closed.expect("the database closes").unwrap();
        };
        // The test may be in a runtime of its own.
        let closed = std::thread::spawn(close).join();
        assert!(closed.is_ok() || std::thread::panicking(), "the database is not closed");
    }
}
