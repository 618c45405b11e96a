//! PostgreSQL's errors in this crate's words.

use std::error::Error as _;

use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::Error;

/// Why a unit that failed may be run again. Nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setback {
    /// The server undid it in favour of other units.
    Yielded,
    /// The tables have changed under the prepared statements.
    Stale,
    /// The connection is gone.
    Lost,
}

/// What an error is called, and whether the unit may be run again. Of the server's texts only the message is kept: it
/// names tables and columns, where the detail shows values.
pub(super) fn translate(error: &tokio_postgres::Error) -> (Error, Option<Setback>) {
    let Some(told) = error.as_db_error() else {
        return (lost(&chain(error)), Some(Setback::Lost));
    };
    let code = told.code();
    if ends_session(told) {
        return (lost(told.message()), Some(Setback::Lost));
    }
    if is_yielding(code) {
        return (Error::Busy, Some(Setback::Yielded));
    }
    if is_stale(told) {
        return (engine(told), Some(Setback::Stale));
    }
    let error = match *code {
        SqlState::UNIQUE_VIOLATION | SqlState::FOREIGN_KEY_VIOLATION => {
            Error::Conflict(told.message().to_owned())
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => Error::ReadOnly,
        SqlState::QUERY_CANCELED => Error::TooLong,
        SqlState::LOCK_NOT_AVAILABLE => Error::Busy,
        SqlState::DISK_FULL => Error::Full,
        SqlState::IO_ERROR => Error::Disk(told.message().to_owned()),
        _ => engine(told),
    };
    (error, None)
}

/// What a failed COMMIT is called. Only an answer that is a plain error says that nothing is kept.
pub(super) fn translate_commit(error: &tokio_postgres::Error) -> (Error, Option<Setback>) {
    match error.as_db_error() {
        Some(told) if !ends_session(told) => translate(error),
        _ => (Error::Unclear, None),
    }
}

/// The error of a connection that is gone.
pub(super) fn lost(reason: &str) -> Error {
    Error::Engine(format!("the connection to PostgreSQL was lost: {reason}"))
}

/// An error's text with those of its causes: the driver's own say little.
pub(super) fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        match error.downcast_ref::<DbError>() {
            Some(told) => text = told.message().to_owned(),
            None => text = format!("{text}: {error}"),
        }
        cause = error.source();
    }
    text
}

fn engine(told: &DbError) -> Error {
    let code = told.code().code();
    // "Data exceptions" quote the value that they do not like.
    let message = if code.starts_with("22") { "a value is refused" } else { told.message() };
    Error::Engine(format!("{message} (SQLSTATE {code})"))
}

/// Deadlocks and serialization failures.
fn is_yielding(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

/// A prepared statement that is not there (a pooler between us and the server), or whose columns have changed.
fn is_stale(told: &DbError) -> bool {
    *told.code() == SqlState::INVALID_SQL_STATEMENT_NAME || told.routine() == Some("RevalidateCachedQuery")
}

/// Errors after which the server has hung up, or knows no better than we whether a transaction was committed.
fn ends_session(told: &DbError) -> bool {
    let code = told.code();
    matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
        || code.code().starts_with("08")
        || *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
}
