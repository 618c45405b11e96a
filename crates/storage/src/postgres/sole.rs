//! One process at a time, where the database belongs to one alone.
//!
//! Each connection of a process holds an advisory lock that is shared. A process that starts takes the same lock for
//! itself first. So it waits until the connections of an earlier one have ended, and with them whatever that one had sent
//! before it died: nothing is committed behind the new process's back. It then counts up a number, by which one that
//! was cut off meanwhile notices, when it connects again, that the database is no longer its own.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::runtime::Builder;
use tokio::time::timeout;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::{Connection, Server};
use super::failure;
use crate::{Error, Result};
/// What the lock is called, as the parameters of the server's functions. The number stands for this use of it.
macro_rules! lock {
    ($function:literal) => {
        concat!("SELECT ", $function, "(1886349173, hashtext(coalesce(current_schema(), '')))")
    };
}

/// Holds the database until the process's workers do: as long as it lives.
pub(super) struct Claim {
    /// Counts the processes that have worked on the database.
    pub(super) number: i64,
    _alive: Sender<()>,
}

impl Claim {
    /// Waits for an earlier process to be gone, and claims the database. [`Error::DatabaseInUse`] if it stays.
    pub(super) fn make(server: &Arc<Server>) -> Result<Self> {
        let (alive, is_over) = channel();
        let (claimed, answer) = channel();
        let server = Arc::clone(server);
        let hold = move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(|e| Error::Engine(format!("cannot start a runtime: {e}")))?;
            let ((client, driver), number) = runtime.block_on(claim(&server))?;
            let _ = claimed.send(number);
            // Nothing is ever sent.
            let _ = is_over.recv();
            drop(client);
            let _ = runtime.block_on(driver);
            Ok(())
        };
        let thread = thread::Builder::new().name("storage-claim".to_owned()).spawn(hold);
        let thread = thread.map_err(|e| Error::Engine(format!("cannot start a thread: {e}")))?;
        match answer.recv() {
            Ok(number) => Ok(Self { number, _alive: alive }),
            Err(_) => Err(thread.join().unwrap_or(Ok(())).err().unwrap_or(Error::Panicked)),
        }
    }
}

async fn claim(server: &Server) -> Result<(Connection, i64)> {
    let connection = server.connect(None).await?;
    let client = &connection.0;
    // A process that was killed lets go as soon as the server notices.
    match timeout(server.options().connect_limit, client.batch_execute(lock!("pg_advisory_lock"))).await {
        Ok(locked) => locked.map_err(|e| failure::translate(&e).0)?,
        Err(_) => return Err(server.in_use()),
    }
    for sql in ["SET default_transaction_read_only = off", TABLE] {
        client.batch_execute(sql).await.map_err(|e| failure::translate(&e).0)?;
    }
    let number = ask(client, "UPDATE database_owner SET number = number + 1 RETURNING number").await?;
    let number = number.and_then(|number| number.parse().ok());
    let number = number.ok_or_else(|| Error::Engine("database_owner holds no number".to_owned()))?;
    // Without a moment between the two.
    if !is_true(client, lock!("pg_try_advisory_lock_shared")).await? {
        return Err(server.in_use());
    }
    is_true(client, lock!("pg_advisory_unlock")).await?;
    Ok((connection, number))
}

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS database_owner (number BIGINT NOT NULL);
    INSERT INTO database_owner (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM database_owner)";

/// Joins the connection to those that hold the database for the process with that number. Answers whether it is still
/// that process's own.
pub(super) async fn join(client: &Client, number: i64) -> Result<bool> {
    // The number is looked at when nobody can change it any more.
    Ok(is_true(client, lock!("pg_try_advisory_lock_shared")).await?
        && ask(client, "SELECT number FROM database_owner").await? == Some(number.to_string()))
}

async fn is_true(client: &Client, sql: &str) -> Result<bool> {
    Ok(ask(client, sql).await?.as_deref() == Some("t"))
}

/// The first column of the first row.
async fn ask(client: &Client, sql: &str) -> Result<Option<String>> {
    let told = client.simple_query(sql).await.map_err(|e| failure::translate(&e).0)?;
    Ok(told.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}
