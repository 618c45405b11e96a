//! One connection, with its translated and prepared statements.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use super::failure;
use super::time_limit::TimeLimit;
use crate::row::Cell;
use crate::sql::Texts;
use crate::tx::Rows;
use crate::{Error, Result, Row, Value, value};

/// More than the program has, so that no statement is prepared twice.
const PREPARED: usize = 1024;

/// How long to wait for a lock that another program holds (a backup, or somebody's shell), beside the lock file.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// A connection to one database. Used by one thread at a time.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Connection,
    texts: Texts,
    limit: TimeLimit,
    path: Arc<Path>,
    /// Whether a statement that can write was begun since [`Session::forget_writes`].
    written: bool,
}

impl Session {
    /// Opens the file, and makes it if it is not there.
    pub(super) fn open(path: &Arc<Path>) -> Result<Self> {
        // No URI: a file name means itself. No mutex: sessions are never shared.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|e| failure::translate(&e, path))?;
        Self::new(connection, Arc::clone(path))
    }

    /// A new, empty database in memory.
    pub(super) fn in_memory() -> Result<Self> {
        let path = Arc::from(Path::new("(memory)"));
        let connection = Connection::open_in_memory().map_err(|e| failure::translate(&e, &path))?;
        Self::new(connection, path)
    }

    fn new(mut connection: Connection, path: Arc<Path>) -> Result<Self> {
        let limit = (|| {
            connection.set_prepared_statement_cache_capacity(PREPARED);
            connection.busy_timeout(BUSY)?;
            // A name in double quotes is a name, as in standard SQL; SQLite would take a misspelt one for a string.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
            // Plans do not depend on the values: else each new value of a LIMIT, say, has the statement prepared again.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")?;
            TimeLimit::watch(&mut connection)
        })();
        let limit = limit.map_err(|e| failure::translate(&e, &path))?;
        Ok(Self { connection, texts: Texts::default(), limit, path, written: false })
    }

    pub(super) fn limit(&self) -> &TimeLimit {
        &self.limit
    }
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
    pub(super) fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
    pub(super) fn path(&self) -> &Arc<Path> {
        &self.path
    }
    /// Translates an error of this connection.
    pub(super) fn failure(&self, error: &rusqlite::Error) -> Error {
        failure::translate(error, &self.path)
    }

    /// Runs several statements without parameters.
    pub(super) fn batch(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(|e| self.failure(&e))
    }
    /// Runs a statement of the transaction's own: `BEGIN`, `COMMIT`, …
    pub(super) fn control(&self, sql: &'static str) -> Result<()> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        done.map(|_| ()).map_err(|e| self.failure(&e))
    }
    /// Whether a transaction is open. Some errors end it, without anybody having asked.
    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }
    /// Begins to note anew whether something is written.
    pub(super) fn forget_writes(&mut self) {
        self.written = false;
    }
    /// Whether a statement that can write was run since [`Session::forget_writes`], also if it failed. If none was,
    /// there is nothing to be undone.
    pub(super) fn has_written(&self) -> bool {
        self.written
    }
    /// Ends the transaction, if one is open, and undoes it.
    pub(super) fn rollback(&self) -> Result<()> {
        if self.in_transaction() { self.control("ROLLBACK") } else { Ok(()) }
    }

    /// Runs a statement and gives its rows to `each`.
    pub(crate) fn rows(
        &mut self,
        sql: &'static str,
        p: &[Value],
        may_write: bool,
        which: Rows,
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        // Other engines lock the rows, and that is a write.
        if !may_write && self.texts.get(sql)?.locks {
            return Err(Error::ReadOnly);
        }
        let (mut statement, path) = self.prepare(sql, p)?;
        if !may_write && !statement.readonly() {
            return Err(Error::ReadOnly);
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|e| failure::translate(&e, path))? {
            each(&Row::sqlite(row))?;
            // A write has done all of its work, and checked it, before it gives its first row.
            if which == Rows::First {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement that gives no rows; answers how many it changed.
    pub(crate) fn run(&mut self, sql: &'static str, p: &[Value]) -> Result<u64> {
        let (mut statement, path) = self.prepare(sql, p)?;
        statement.raw_execute().map(|n| n as u64).map_err(|e| failure::translate(&e, path))
    }

    /// The statement with its values, ready to run; and the path, for what may fail then.
    fn prepare(&mut self, sql: &'static str, p: &[Value]) -> Result<(CachedStatement<'_>, &Path)> {
        let Self { connection, texts, limit, path, written } = self;
        // SQLite looks at the clock in long statements only; the time between statements counts as well.
        if limit.passed() {
            return Err(Error::TooLong);
        }
        let failed = |e: rusqlite::Error| failure::translate(&e, path);
        let text = texts.get(sql)?;
        let mut statement = connection.prepare_cached(&text.sql).map_err(failed)?;
        value::check(p, text.parameters)?;
        // SQLite's own count also knows of parameters that are not written `$n`, such as `:name`.
        if statement.parameter_count() != p.len() {
            return Err(Error::Parameters { wanted: text.parameters, got: p.len() });
        }
        for (i, value) in p.iter().enumerate() {
            statement.raw_bind_parameter(i + 1, value).map_err(failed)?;
        }
        *written |= !statement.readonly();
        Ok((statement, path))
    }

    /// How SQLite would run a statement, one line a step.
    pub(crate) fn explain(&mut self, sql: &'static str) -> Result<String> {
        let text = self.texts.get(sql)?;
        // It does not matter what the values are.
        let values = vec![Value::Null; text.parameters];
        let steps =
            self.connection.prepare(&format!("EXPLAIN QUERY PLAN {}", text.sql)).and_then(|mut plan| {
                let values = rusqlite::params_from_iter(&values);
                let steps = plan.query_map(values, |row| row.get::<_, String>("detail"))?;
                steps.collect::<rusqlite::Result<Vec<_>>>()
            });
        Ok(steps.map_err(|e| self.failure(&e))?.join("\n"))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// What column `i` of a row holds.
pub(crate) fn cell<'r>(row: &'r rusqlite::Row<'_>, i: usize) -> Result<Cell<'r>> {
    match row.get_ref(i) {
        Ok(ValueRef::Null) => Ok(Cell::Null),
        Ok(ValueRef::Integer(int)) => Ok(Cell::Int(int)),
        Ok(ValueRef::Text(text)) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Cell::Text(text)),
            Err(_) => Err(Error::Column { column: i, wanted: "text", found: "bytes that are no UTF-8" }),
        },
        Ok(ValueRef::Blob(bytes)) => Ok(Cell::Bytes(bytes)),
        Ok(ValueRef::Real(_)) => Err(Error::Column { column: i, wanted: "an integer", found: "a fraction" }),
        Err(_) => Err(Error::Column { column: i, wanted: "a column", found: "nothing" }),
    }
}
