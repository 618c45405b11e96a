//! The tables, and the key that belongs to them.

use crate::sealed::Seal;
use storage::{Database, Error, Migration, Read, Result, Tx, params};

/// All of the gateway's migrations, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { name: "gateway 001 apps", sql: include_str!("apps/schema.sql") },
    Migration { name: "gateway 002 integrations", sql: include_str!("integrations/schema.sql") },
    Migration { name: "gateway 003 webhooks", sql: include_str!("hooks/schema.sql") },
    Migration { name: "gateway 004 users", sql: include_str!("users/schema.sql") },
    Migration { name: "gateway 005 conversations", sql: include_str!("conversations/schema.sql") },
    Migration { name: "gateway 006 messages", sql: include_str!("messages/schema.sql") },
    Migration { name: "gateway 007 switchboards", sql: include_str!("switchboards/schema.sql") },
    Migration { name: "gateway 008 attachments", sql: include_str!("attachments/schema.sql") },
    Migration { name: "gateway 009 instagram", sql: include_str!("instagram/schema.sql") },
];

pub(crate) fn migrate(db: &Database) -> Result<()> {
    let all: Vec<Migration> = MIGRATIONS.iter().chain(webhooks::MIGRATIONS).copied().collect();
    db.migrate(&all)
}

/// A database that was written with another key is refused: none of its secrets could be read.
pub(crate) async fn check_key(db: &Database, seal: &Seal) -> Result<()> {
    let fingerprint = seal.fingerprint().to_owned();
    let is_right = db
        .write(move |tx| {
            tx.run(
                "INSERT INTO setting (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING",
                params![&fingerprint],
            )?;
            Ok::<_, Error>(setting(tx, "key")?.as_deref() == Some(fingerprint.as_str()))
        })
        .await?;
    match is_right {
        true => Ok(()),
        false => Err(Error::Unsupported("the gateway's key is another than that of its database")),
    }
}

/// A setting's value.
pub(crate) fn setting(db: &mut impl Read, name: &str) -> Result<Option<String>> {
    db.one("SELECT value FROM setting WHERE name = $1", params![name])
}

/// Sets it.
pub(crate) fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    tx.later(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )
}

/// The next value of a counter, from 1.
pub(crate) fn next(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let next = tx.one::<i64>(
        "INSERT INTO counter (name, last) VALUES ($1, 1)
         ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last",
        params![name],
    )?;
    next.ok_or_else(|| Error::Engine("a counter gave no number".to_owned()))
}
