//! Applying migrations.

use std::collections::BTreeSet;

use clock::Micros;
use tokio_postgres::Client;

use super::connect::Server;
use super::{ddl, failure};
use crate::{Error, Migration, Result};

/// Applies what is missing, each migration in its own transaction, on a connection without a limit of time. One process
/// at a time: the others wait. Refuses to touch a database that has migrations which are not in the list: a newer
/// binary made them.
pub(super) async fn migrate(server: &Server, migrations: &[Migration], now: Micros) -> Result<()> {
    let (client, driver) = server.connect(None).await?;
    let done = in_turn(&client, migrations, now).await;
    // The server hears of the end, and frees the lock.
    drop(client);
    let _ = driver.await;
    done
}

async fn in_turn(client: &Client, migrations: &[Migration], now: Micros) -> Result<()> {
    batch(client, "SET default_transaction_read_only = off").await?;
    // The number stands for this program. Held until the connection ends.
    batch(client, "SELECT pg_advisory_lock(1886349172, hashtext(coalesce(current_schema(), '')))").await?;
    let table = "CREATE TABLE IF NOT EXISTS schema_migration (
                     name TEXT COLLATE \"C\" NOT NULL PRIMARY KEY,
                     applied_at BIGINT NOT NULL
                 )";
    batch(client, table).await?;
    let applied = names(client, "SELECT name FROM schema_migration").await?;
    let unknown: Vec<_> =
        applied.iter().filter(|name| !migrations.iter().any(|m| m.name == **name)).cloned().collect();
    if !unknown.is_empty() {
        return Err(Error::Newer { unknown });
    }
    for migration in migrations.iter().filter(|m| !applied.contains(m.name)) {
        if let Err(cause) = apply(client, migration, now).await {
            // If this fails, too, the connection is gone, and the transaction with it.
            let _ = batch(client, "ROLLBACK").await;
            return Err(Error::Migration { name: migration.name, cause: Box::new(cause) });
        }
    }
    Ok(())
}

async fn apply(client: &Client, migration: &Migration, now: Micros) -> Result<()> {
    let sql =
        ddl::translate(migration.sql).map_err(|reason| Error::Statement { reason, sql: migration.sql })?;
    batch(client, "BEGIN").await?;
    batch(client, &sql).await?;
    let misordered = names(client, MISORDERED).await?;
    if !misordered.is_empty() {
        let columns = misordered.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Error::Engine(format!(
            "texts in another order than their bytes': {columns}: write TEXT"
        )));
    }
    let record = "INSERT INTO schema_migration (name, applied_at) VALUES ($1, $2)";
    client.execute(record, &[&migration.name, &now.0]).await.map_err(|e| failure::translate(&e).0)?;
    client.batch_execute("COMMIT").await.map_err(|e| failure::translate_commit(&e).0)
}

/// The columns that the running transaction made or changed, and whose texts are not in the order of their bytes.
const MISORDERED: &str = "
    SELECT a.attrelid::regclass || '.' || a.attname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.xmin = pg_current_xact_id()::xid AND c.relkind IN ('r', 'p') AND a.attnum > 0
      AND NOT a.attisdropped AND a.attcollation NOT IN (0, '\"C\"'::regcollation)";

async fn batch(client: &Client, sql: &str) -> Result<()> {
    client.batch_execute(sql).await.map_err(|e| failure::translate(&e).0)
}

async fn names(client: &Client, sql: &str) -> Result<BTreeSet<String>> {
    let rows = client.query(sql, &[]).await;
    let names = rows.and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect());
    names.map_err(|e| failure::translate(&e).0)
}
