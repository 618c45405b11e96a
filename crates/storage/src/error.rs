//! What can go wrong.

use std::path::PathBuf;

/// A result whose error is by default [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call of this crate failed. Whatever the error but [`Unclear`](Self::Unclear), nothing that the failed unit wrote
/// is kept.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A unique, primary or foreign key forbids the write. The engine's text names the columns, never their values.
    #[error("the write conflicts with what is stored: {0}")]
    Conflict(String),
    /// Too many units are waiting already, or others hold what the unit needs. Nothing was done: try again.
    #[error("the database is busy: try again")]
    Busy,
    /// The closure panicked.
    #[error("the unit of work panicked")]
    Panicked,
    /// A statement changed another number of rows than it must.
    #[error("a statement changed {got} rows where it must change {wanted}")]
    RowCount {
        /// How many rows the statement must change.
        wanted: u64,
        /// How many it changed.
        got: u64,
    },
    /// A text value holds U+0000, which not every engine can store.
    #[error("a text value holds U+0000")]
    Text,
    /// The statement was given too few or too many values.
    #[error("a statement takes {wanted} values and was given {got}")]
    Parameters {
        /// How many parameters the statement has.
        wanted: usize,
        /// How many values came with it.
        got: usize,
    },
    /// The statement is none that a unit may run.
    #[error("the statement cannot be run: {reason}: {sql}")]
    Statement {
        /// What is wrong with it.
        reason: &'static str,
        /// Its text.
        sql: &'static str,
    },
    /// A column does not hold what was asked for.
    #[error("column {column} holds {found} where {wanted} was asked for")]
    Column {
        /// The column's position, from 0.
        column: usize,
        /// What was asked for.
        wanted: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A read tried to write.
    #[error("a read must not write")]
    ReadOnly,
    /// A read went on for longer than [`Options::read_limit`](crate::Options::read_limit), or, on PostgreSQL, a
    /// statement of a writing unit for longer than [`PostgresOptions::write_limit`](crate::PostgresOptions::write_limit).
    #[error("the unit of work took too long and was stopped")]
    TooLong,
    /// The connection to the server was lost after COMMIT was sent and before the answer came: the unit's writes are
    /// there all together, or not at all, and nobody here knows which. Whoever tries again must look first.
    #[error("the connection was lost during COMMIT: whether the writes are kept is unknown")]
    Unclear,
    /// The disk (or the database's own limit of size) is full.
    #[error("the disk is full")]
    Full,
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Disk(String),
    /// The file is no database, or a damaged one.
    #[error("{} is damaged or not a database: {reason}", path.display())]
    Damaged {
        /// The database's file.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The database cannot be opened for reading and writing.
    #[error("cannot open {}: {reason}", path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The server cannot be reached, or refuses to work with us.
    #[error("cannot use the PostgreSQL server {server}: {reason}")]
    Unreachable {
        /// Its host, port and database; never a password.
        server: String,
        /// What it said, or the system.
        reason: String,
    },
    /// Another process (or another [`Database`](crate::Database) of this one) works on the same data folder.
    #[error("the data folder {} is in use by another process", folder.display())]
    InUse {
        /// The data folder.
        folder: PathBuf,
    },
    /// Another process (or another [`Database`](crate::Database) of this one) works on the same tables of a server.
    #[error("the PostgreSQL database {server} is in use by another process")]
    DatabaseInUse {
        /// The server's host, port and database.
        server: String,
    },
    /// The database was written by a newer version of this program.
    #[error("the database was made by a newer version: this one does not know its migrations {}", unknown.join(", "))]
    Newer {
        /// The applied migrations that this binary does not have.
        unknown: Vec<String>,
    },
    /// A migration failed; what it did is undone, the ones before it stay.
    #[error("migration {name:?} failed: {cause}")]
    Migration {
        /// The migration.
        name: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<Error>,
    },
    /// This engine cannot do that.
    #[error("{0}")]
    Unsupported(&'static str),
    /// The database was closed before the unit could run.
    #[error("the database is closed")]
    Closed,
    /// Anything else that the engine said.
    #[error("the database failed: {0}")]
    Engine(String),
}
