//! The settings of a connection to PostgreSQL.

use std::path::PathBuf;
use std::time::Duration;

/// Whether what goes to the server and comes from it is encrypted. Where TLS is used, the server must prove its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// As the URL's `sslmode` says: `disable` or `require`. Where it says neither, TLS is required, except to this
    /// machine (a loopback address or a socket), where none is used.
    #[default]
    Url,
    /// Never, whatever the URL says.
    Disable,
    /// Always, whatever the URL says.
    Require,
}

/// The settings of a database on PostgreSQL; [`PostgresOptions::default`] suits a server.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// How many units run at the same time that may write, each on a connection of its own.
    pub connections: usize,
    /// How many reads run at the same time, each on a connection of its own.
    pub readers: usize,
    /// How many units may wait to be run (and how many reads); further ones are refused with
    /// [`Error::Busy`](crate::Error::Busy).
    pub queue: usize,
    /// How long a read may take before it ends with [`Error::TooLong`](crate::Error::TooLong).
    pub read_limit: Duration,
    /// How long one statement of a writing unit may take, waiting for locks included, before the unit ends with
    /// [`Error::TooLong`](crate::Error::TooLong).
    pub write_limit: Duration,
    /// How long connecting may take. So long, too, a unit waits for the server to come back when its connection was
    /// lost; after that, units are refused at once until the server is there again.
    pub connect_limit: Duration,
    /// Whether no other process that asks for this may work on the database (on the tables of this schema) as long as this
    /// one does: for programs that keep in memory what the tables say. A process that starts waits for
    /// [`connect_limit`](Self::connect_limit) until an earlier one is gone, then ends with
    /// [`Error::DatabaseInUse`](crate::Error::DatabaseInUse); so do the units of one that was cut off from the server
    /// and has been replaced. A pooler between here and the server must pool by session.
    pub alone: bool,
    /// Whether the connections are encrypted.
    pub tls: Tls,
    /// A file of certificates (PEM) of the authorities that may vouch for the server, instead of the system's.
    pub root_cert: Option<PathBuf>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            connections: 16,
            readers: 8,
            queue: 8192,
            read_limit: Duration::from_secs(5),
            write_limit: Duration::from_secs(10),
            connect_limit: Duration::from_secs(5),
            alone: false,
            tls: Tls::default(),
            root_cert: None,
        }
    }
}
