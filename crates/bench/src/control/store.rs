//! One SQLite file and the thread that writes it: what waits is committed together, flushed, and then answered.

use super::now_ms;
use rusqlite::{Connection, params};
use std::path::Path;
use tokio::sync::{mpsc, oneshot};

/// What the writer is asked.
pub(super) enum Job {
    /// To store a message, and its event if there is one; answers the event's number.
    Put { recipient: i64, text: String, mid: String, event: Option<String>, done: oneshot::Sender<i64> },
    /// To forget an event.
    Delivered(i64),
}

const SCHEMA: &str = "
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, conv_id INTEGER NOT NULL, mid TEXT NOT NULL,
  direction INTEGER NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  created_ms INTEGER NOT NULL);
CREATE UNIQUE INDEX m_mid ON messages (mid);
CREATE INDEX m_conv ON messages (conv_id, id);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, body TEXT NOT NULL);
";

/// Opens a new file and starts the thread.
pub(super) fn start(path: &Path) -> Result<mpsc::Sender<Job>, String> {
    let db = open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (jobs, queue) = mpsc::channel(8192);
    std::thread::spawn(move || {
        if let Err(error) = write(&db, queue) {
            eprintln!("the control cannot write: {error}");
            std::process::abort();
        }
    });
    Ok(jobs)
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 1000",
    )?;
    db.execute_batch(SCHEMA)?;
    Ok(db)
}

fn write(db: &Connection, mut queue: mpsc::Receiver<Job>) -> rusqlite::Result<()> {
    /// How many jobs share a commit at most.
    const GROUP: usize = 1000;
    let mut begin = db.prepare("BEGIN IMMEDIATE")?;
    let mut commit = db.prepare("COMMIT")?;
    let mut message = db.prepare(
        "INSERT INTO messages (account_id, conv_id, mid, direction, sender, recipient, kind, body, created_ms)
         VALUES (1, ?1, ?2, 1, '17841400000000001', ?3, 'text', ?4, ?5)",
    )?;
    let mut event_row = db.prepare("INSERT INTO outbox (message_id, body) VALUES (?1, ?2)")?;
    let mut delivered = db.prepare("DELETE FROM outbox WHERE id = ?1")?;
    let mut answers = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        begin.execute([])?;
        let mut next = Some(first);
        let mut taken = 0;
        while let Some(job) = next {
            match job {
                Job::Put { recipient, text, mid, event, done } => {
                    let id =
                        message.insert(params![recipient, mid, recipient.to_string(), text, now_ms()])?;
                    let number = match event {
                        Some(event) => event_row.insert(params![id, event])?,
                        None => 0,
                    };
                    answers.push((done, number));
                }
                Job::Delivered(number) => {
                    delivered.execute([number])?;
                }
            }
            taken += 1;
            next = if taken < GROUP { queue.try_recv().ok() } else { None };
        }
        commit.execute([])?;
        for (done, number) in answers.drain(..) {
            let _ = done.send(number);
        }
    }
    Ok(())
}
