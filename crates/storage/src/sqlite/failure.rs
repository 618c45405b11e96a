//! SQLite's errors in this crate's words.

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

use crate::Error;

/// The error of a database at `path`. SQLite's texts name tables and columns; they never hold parameters' values.
pub(super) fn translate(error: &rusqlite::Error, path: &Path) -> Error {
    let text = error.to_string();
    let rusqlite::Error::SqliteFailure(cause, _) = error else { return Error::Engine(text) };
    match cause.code {
        ErrorCode::ConstraintViolation => match cause.extended_code {
            // The plain code is what COMMIT says when a deferred foreign key is violated.
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID
            | ffi::SQLITE_CONSTRAINT_FOREIGNKEY
            | ffi::SQLITE_CONSTRAINT => Error::Conflict(text),
            // NOT NULL, CHECK: no other data would make this write right.
            _ => Error::Engine(text),
        },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        ErrorCode::DiskFull => Error::Full,
        ErrorCode::SystemIoFailure => Error::Disk(text),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Error::Damaged { path: path.to_owned(), reason: text }
        }
        ErrorCode::OperationInterrupted => Error::TooLong,
        ErrorCode::ReadOnly => Error::ReadOnly,
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            Error::Open { path: path.to_owned(), reason: text }
        }
        _ => Error::Engine(text),
    }
}
