//! The data folder, held by one process at a time.

use std::fs::{self, TryLockError};
use std::path::Path;

use crate::{Error, Result};

/// The name of the lock file in the data folder. It stays there; what counts is who has it locked.
const LOCK: &str = "lock";

/// Holds a data folder as long as it lives. The system lets go when the process ends, however that happens. A database
/// in a file holds its folder itself.
#[derive(Debug)]
pub struct FolderLock {
    _file: fs::File,
}

impl FolderLock {
    /// Locks the folder, and makes it if need be. [`Error::InUse`] if it is locked, [`Error::Open`] if that is not possible.
    pub fn acquire(folder: &Path) -> Result<Self> {
        // SQLite has locks of its own, but they let several processes take turns, each of which would believe that it
        // alone counts ids and delivers webhooks.
        let failed = |at: &Path, error: &std::io::Error| Error::Open {
            path: at.to_owned(),
            reason: error.to_string(),
        };
        fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
        let lock = folder.join(LOCK);
        let opened = fs::File::options().write(true).create(true).truncate(false).open(&lock);
        let file = opened.map_err(|e| failed(&lock, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) => Err(failed(&lock, &error)),
        }
    }
}
