//! The tables of switchboards. An app's row is locked by whoever changes its switchboard.

use super::Entry;
use crate::apps::store::Doc;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.text(0)?, doc: Doc::from_column(row, 1)? })
    }
}

pub(crate) fn find(db: &mut impl Read, app_id: &str) -> Result<Option<Doc>> {
    db.one("SELECT doc FROM switchboard WHERE app_id = $1", params![app_id])
}

pub(crate) fn add(tx: &mut Tx<'_>, app_id: &str, id: &str, doc: &Doc) -> Result<()> {
    tx.later(
        "INSERT INTO switchboard (app_id, switchboard_id, doc) VALUES ($1, $2, $3)",
        params![app_id, id, doc.json()],
    )
}

pub(crate) fn update(tx: &mut Tx<'_>, app_id: &str, doc: &Doc) -> Result<()> {
    tx.later("UPDATE switchboard SET doc = $2 WHERE app_id = $1", params![app_id, doc.json()])
}

pub(crate) fn remove(tx: &mut Tx<'_>, app_id: &str) -> Result<()> {
    tx.later("DELETE FROM switchboard_integration WHERE app_id = $1", params![app_id])?;
    tx.later("DELETE FROM switchboard WHERE app_id = $1", params![app_id])
}

pub(crate) fn entries(db: &mut impl Read, app_id: &str) -> Result<Vec<Entry>> {
    db.all(
        "SELECT entry_id, doc FROM switchboard_integration WHERE app_id = $1 ORDER BY entry_id",
        params![app_id],
    )
}

pub(crate) fn add_entry(tx: &mut Tx<'_>, app_id: &str, entry: &Entry) -> Result<()> {
    tx.later(
        "INSERT INTO switchboard_integration (app_id, entry_id, doc) VALUES ($1, $2, $3)",
        params![app_id, &entry.id, entry.doc.json()],
    )
}

pub(crate) fn update_entry(tx: &mut Tx<'_>, app_id: &str, entry: &Entry) -> Result<()> {
    tx.later(
        "UPDATE switchboard_integration SET doc = $3 WHERE app_id = $1 AND entry_id = $2",
        params![app_id, &entry.id, entry.doc.json()],
    )
}

pub(crate) fn remove_entry(tx: &mut Tx<'_>, app_id: &str, id: &str) -> Result<()> {
    tx.later("DELETE FROM switchboard_integration WHERE app_id = $1 AND entry_id = $2", params![app_id, id])
}
