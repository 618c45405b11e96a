//! A schema on the PostgreSQL server of the tests: the one whose URL is in `POSTHASTE_TEST_POSTGRES`. Without it, the
//! tests that need it say so and pass, unless `POSTHASTE_TEST_ALL` is set.

use std::sync::atomic::{AtomicU32, Ordering};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

/// A schema for one test, removed with everything in it: a hundred times as fast to make as a database.
pub struct Schema {
    /// Its name, which is also that of the connections to it.
    pub name: String,
    server: Config,
}

impl Schema {
    /// A new, empty schema, if there is a server.
    pub fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server()?;
        let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        query(&server, &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        Some(Self { name, server })
    }

    /// A schema for a test that runs on either engine: `None` stands for SQLite. `POSTHASTE_TEST_ENGINE` says which one
    /// it is: `sqlite`, or `postgres`, which must then be there.
    pub fn if_wanted() -> Option<Self> {
        let engine = std::env::var_os("POSTHASTE_TEST_ENGINE")?;
        match engine.to_str() {
            Some("sqlite") => None,
            Some("postgres") => Some(Self::new().expect("POSTHASTE_TEST_POSTGRES names a server")),
            _ => panic!("POSTHASTE_TEST_ENGINE is sqlite or postgres, not {}", engine.display()),
        }
    }

    /// Where a database finds the schema: `postgres://…`.
    pub fn url(&self) -> String {
        let (host, port) = self.address();
        self.url_at(&host, port)
    }

    /// As [`url`](Self::url), by another way to the server.
    pub fn url_at(&self, host: &str, port: u16) -> String {
        let Self { name, server } = self;
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let password = server.get_password().map(String::from_utf8_lossy);
        format!(
            "postgres://{}:{}@{}:{port}/{}?application_name={name}&options=-csearch_path%3D{name}",
            escaped(server.get_user().unwrap_or_default()),
            escaped(&password.unwrap_or_default()),
            escaped(host),
            escaped(server.get_dbname().unwrap_or_default()),
        )
    }

    /// Where the server listens.
    pub fn address(&self) -> (String, u16) {
        (host(&self.server), self.server.get_ports().first().copied().unwrap_or(5432))
    }

    /// Asks the server something from outside, as an administrator would: the first column of the answer.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        query(&self.server, sql)
    }

    /// Ends the test's connections. Answers how many there were.
    pub fn terminate(&self) -> usize {
        let name = &self.name;
        let ended = format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '{name}'"
        );
        self.ask(&ended).len()
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // A test that has failed may leave a lock behind. That must not keep the others from running.
        query(&self.server, &format!("SET lock_timeout = 5000; DROP SCHEMA {} CASCADE", self.name));
    }
}

fn host(server: &Config) -> String {
    match server.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    }
}

fn server() -> Option<Config> {
    let Some(url) = std::env::var_os("POSTHASTE_TEST_POSTGRES") else {
        assert!(
            std::env::var_os("POSTHASTE_TEST_ALL").is_none(),
            "POSTHASTE_TEST_POSTGRES is not set, and nothing may be skipped"
        );
        say("skipped: POSTHASTE_TEST_POSTGRES names no server");
        return None;
    };
    Some(url.to_str().unwrap().parse().unwrap())
}

#[expect(clippy::print_stderr, reason = "who runs the tests is told what is not tested")]
fn say(text: &str) {
    eprintln!("{text}");
}

/// On a thread of its own: the caller may be in a runtime, or in a drop.
fn query(server: &Config, sql: &str) -> Vec<String> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = server.connect(NoTls).await.unwrap();
            tokio::spawn(connection);
            let answer = client.simple_query(sql).await.unwrap();
            let first = |message: &SimpleQueryMessage| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                _ => None,
            };
            answer.iter().filter_map(first).collect()
        })
    };
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}
