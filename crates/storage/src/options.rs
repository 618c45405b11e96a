//! The settings of a database in a file.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Error;

/// Called with the error when the disk fails in a way after which nobody can know what it holds. If it returns, the
/// database answers [`Error::Closed`] from then on.
pub type OnFatal = Arc<dyn Fn(&Error) + Send + Sync>;

/// The settings of a database; [`Options::default`] suits a server.
#[derive(Clone)]
pub struct Options {
    /// How many units may wait to be written; further ones are refused with [`Error::Busy`].
    pub queue: usize,
    /// How many units share a commit at most. Bounds how long the first of them waits for the last.
    pub group: usize,
    /// How many reads run at the same time; further ones wait.
    pub readers: usize,
    /// How long a read may take before it ends with [`Error::TooLong`]. A long read keeps the log from being emptied.
    pub read_limit: Duration,
    /// The write-ahead log's size, in bytes, above which the writer empties it, though it must wait for readers.
    pub wal_limit: u64,
    /// What happens after a failure of the disk; by default the process ends. Acknowledged writes are safe then, and
    /// what the log holds is read afresh at the next start.
    pub on_fatal: OnFatal,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue: 8192,
            group: 256,
            readers: 2,
            read_limit: Duration::from_secs(5),
            wal_limit: 64 << 20,
            on_fatal: Arc::new(|_| std::process::abort()),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { queue, group, readers, read_limit, wal_limit, on_fatal: _ } = self;
        f.debug_struct("Options")
            .field("queue", queue)
            .field("group", group)
            .field("readers", readers)
            .field("read_limit", read_limit)
            .field("wal_limit", wal_limit)
            .finish_non_exhaustive()
    }
}
