//! Making connections.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage, Socket};

use super::failure::chain;
use super::options::{PostgresOptions, Tls};
use super::sole;
use super::tls::Connector;
use crate::{Error, Result};

/// How long a transaction may stay open while its unit sends nothing; then the server frees what it has locked.
const IDLE: Duration = Duration::from_secs(60);

/// When to ask a silent server for a sign of life, and when the server asks us: it holds our locks as long as it believes
/// that we live.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A connection: the driver's client, and the task that moves its bytes.
pub(super) type Connection = (Client, JoinHandle<()>);

/// Where the server is, and how to reach it.
pub(super) struct Server {
    config: Config,
    tls: Option<Connector>,
    /// For error messages.
    name: String,
    options: PostgresOptions,
    /// The number of this process, if the database belongs to one alone.
    owner: OnceLock<i64>,
}

impl Server {
    /// Reads the URL and the certificates; does not connect.
    pub(super) fn new(url: &str, options: PostgresOptions) -> Result<Self> {
        let mut config: Config = url
            .parse()
            .map_err(|e| Error::Unreachable { server: "of the URL".to_owned(), reason: chain(&e) })?;
        config
            .keepalives_idle(KEEPALIVE)
            .keepalives_interval(KEEPALIVE / 3)
            .keepalives_retries(3)
            .tcp_user_timeout(KEEPALIVE * 2)
            // A standby lags behind what was answered, and takes no writes.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("posthaste");
        }
        let name = name(&config);
        let encrypted = match options.tls {
            Tls::Disable => false,
            Tls::Require => true,
            Tls::Url => match config.get_ssl_mode() {
                SslMode::Disable => false,
                SslMode::Require => true,
                _ => !is_local(&config),
            },
        };
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        let tls = encrypted.then(|| Connector::new(options.root_cert.as_deref())).transpose();
        let tls = tls.map_err(|reason| Error::Unreachable { server: name.clone(), reason })?;
        Ok(Self { config, tls, name, options, owner: OnceLock::new() })
    }

    /// Every connection from now on holds the database for the process with that number.
    pub(super) fn belongs_to(&self, number: i64) {
        // It is told once.
        let _ = self.owner.set(number);
    }

    /// A new connection, on which a statement may take as long as `limit`, if there is one. Runs on the current runtime.
    pub(super) async fn connect(&self, limit: Option<Duration>) -> Result<Connection> {
        let connecting = async {
            let connection = match &self.tls {
                None => start(&self.config, NoTls).await,
                Some(tls) => start(&self.config, tls.clone()).await,
            };
            let connection = connection.map_err(|e| self.unreachable(chain(&e)))?;
            self.prepare(&connection.0, limit).await?;
            if let Some(&number) = self.owner.get()
                && !sole::join(&connection.0, number).await?
            {
                return Err(self.in_use());
            }
            Ok(connection)
        };
        let late = |_| Err(self.unreachable(format!("no answer in {:?}", self.options.connect_limit)));
        timeout(self.options.connect_limit, connecting).await.unwrap_or_else(late)
    }

    /// Makes the session behave as this crate expects, whatever the server's configuration says.
    ///
    /// Outside of a transaction that says otherwise, nothing can be written: writes are sent before it is known that
    /// BEGIN succeeded, and if it did not, each of them would be committed by itself.
    async fn prepare(&self, client: &Client, limit: Option<Duration>) -> Result<()> {
        // To the server, zero stands for no limit.
        let limit = limit.map_or(0, |limit| limit.as_millis().max(1));
        let idle = IDLE.as_millis();
        let (keepalive, interval) = (KEEPALIVE.as_secs(), KEEPALIVE.as_secs() / 3);
        let settings = format!(
            "SET statement_timeout = {limit};
             SET idle_in_transaction_session_timeout = {idle};
             SET tcp_keepalives_idle = {keepalive};
             SET tcp_keepalives_interval = {interval};
             SET tcp_keepalives_count = 3;
             SET standard_conforming_strings = on;
             SET client_min_messages = warning;
             SET default_transaction_read_only = on;
             SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') = 'off';
             SELECT current_setting('server_encoding')"
        );
        let told = client.simple_query(&settings).await.map_err(|e| self.unreachable(chain(&e)))?;
        let encoding = told.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        match encoding {
            Some("UTF8") => Ok(()),
            other => {
                let found = other.unwrap_or("unknown");
                Err(self.unreachable(format!("the database's encoding must be UTF8, and is {found}")))
            }
        }
    }

    /// Somebody else has the database.
    pub(super) fn in_use(&self) -> Error {
        Error::DatabaseInUse { server: self.name.clone() }
    }

    fn unreachable(&self, reason: String) -> Error {
        Error::Unreachable { server: self.name.clone(), reason }
    }

    pub(super) fn options(&self) -> &PostgresOptions {
        &self.options
    }
}

async fn start<T>(config: &Config, tls: T) -> Result<Connection, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::TlsConnect: Send,
    T::Stream: Send + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = chain(&error), "a connection to PostgreSQL ended");
        }
    });
    Ok((client, driver))
}

/// Hosts, ports and database, as in a URL.
fn name(config: &Config) -> String {
    let ports = config.get_ports();
    let host = |(i, host): (usize, &Host)| {
        let port = ports.get(i).or(ports.first()).unwrap_or(&5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => format!("{}:{port}", path.display()),
        }
    };
    let hosts: Vec<_> = config.get_hosts().iter().enumerate().map(host).collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("{}/{database}", hosts.join(","))
}

/// Whether all hosts are this machine.
fn is_local(config: &Config) -> bool {
    let local = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hostaddrs().iter().all(IpAddr::is_loopback) && config.get_hosts().iter().all(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, tls: Tls) -> Result<Server> {
        Server::new(url, PostgresOptions { tls, ..PostgresOptions::default() })
    }

    #[test]
    fn only_what_stays_on_this_machine_is_not_encrypted() {
        let encrypted = |url: &str, tls| server(url, tls).map(|server| server.tls.is_some());
        for (url, tls, wanted) in [
            ("postgres://u@127.0.0.1/d", Tls::Url, false),
            ("postgres://u@[::1]/d", Tls::Url, false),
            ("postgres://u@localhost/d", Tls::Url, false),
            ("host=/tmp user=u", Tls::Url, false),
            ("postgres://u@db.example/d?sslmode=disable", Tls::Url, false),
            ("postgres://u@db.example/d?sslmode=require", Tls::Disable, false),
        ] {
            assert_eq!(encrypted(url, tls), Ok(wanted), "{url}");
        }
        // Needs the system's authorities, which a bare machine may not have.
        for (url, tls) in [
            ("postgres://u@db.example/d", Tls::Url),
            ("postgres://u@127.0.0.1,db.example/d", Tls::Url),
            ("postgres://u@db.example/d?sslmode=prefer", Tls::Url),
            ("postgres://u@localhost/d?sslmode=require", Tls::Url),
            ("postgres://u@localhost/d", Tls::Require),
        ] {
            assert!(!matches!(encrypted(url, tls), Ok(false)), "{url}");
        }
    }

    #[test]
    fn errors_name_the_server_and_no_password() {
        let named =
            server("postgres://user:secret@a.example:1,b.example:2/data?sslmode=disable", Tls::Url).unwrap();
        assert_eq!(named.name, "a.example:1,b.example:2/data");
        for url in ["postgres://user:secret@h:port/d", "postgres://user:secret@h/d?nonsense=1", "secret"] {
            let refused = server(url, Tls::Url).err().unwrap().to_string();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
