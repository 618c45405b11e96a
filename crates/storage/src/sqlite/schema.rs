//! Applying migrations.

use std::collections::BTreeSet;

use clock::Micros;

use super::session::Session;
use crate::{Error, Migration, Result};

/// Applies what is missing, each migration in its own transaction. Refuses to touch a database that has migrations
/// which are not in the list: a newer binary made them.
pub(super) fn migrate(session: &Session, migrations: &[Migration], now: Micros) -> Result<()> {
    session.batch(
        "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )?;
    let applied = applied(session)?;
    let unknown: Vec<_> =
        applied.iter().filter(|name| !migrations.iter().any(|m| m.name == **name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(Error::Newer { unknown });
    }
    for migration in migrations.iter().filter(|m| !applied.contains(m.name)) {
        apply(session, migration, now).map_err(|cause| {
            // An open transaction would swallow what comes next, so the failure to end it counts more.
            let cause = session.rollback().err().unwrap_or(cause);
            Error::Migration { name: migration.name, cause: Box::new(cause) }
        })?;
    }
    Ok(())
}

fn applied(session: &Session) -> Result<BTreeSet<String>> {
    let read = || {
        let mut statement = session.connection().prepare("SELECT name FROM schema_migration")?;
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
    };
    read().map_err(|e| session.failure(&e))
}

fn apply(session: &Session, migration: &Migration, now: Micros) -> Result<()> {
    session.control("BEGIN IMMEDIATE")?;
    session.batch(&migration.sql.replace("{bytes}", "BLOB"))?;
    if !session.in_transaction() {
        return Err(Error::Engine("the migration ends its own transaction".to_owned()));
    }
    let record = "INSERT INTO schema_migration (name, applied_at) VALUES (?1, ?2)";
    session.connection().execute(record, (migration.name, now.0)).map_err(|e| session.failure(&e))?;
    session.control("COMMIT")
}
