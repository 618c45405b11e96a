//! The store's errors in this crate's words.

use std::error::Error as _;
use std::io;

use crate::Error;

/// What went wrong, for who runs the server: the innermost cause tells what the system said.
pub(super) fn told(error: &object_store::Error) -> Error {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return of_disk(io);
        }
        cause = inner.source();
    }
    Error::Disk(error.to_string())
}

pub(super) fn of_disk(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        _ => Error::Disk(error.to_string()),
    }
}
