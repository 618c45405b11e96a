//! The table of integrations.

use super::Integration;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};

impl FromRow for Integration {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            app_id: row.text(1)?,
            kind: row.text(2)?,
            business_id: row.text(3)?,
            doc: crate::apps::store::Doc::from_column(row, 4)?,
            secrets: row.opt_bytes(5)?,
        })
    }
}

pub(crate) fn find(db: &mut impl Read, app_id: &str, id: &str) -> Result<Option<Integration>> {
    db.one(
        "SELECT integration_id, app_id, type, business_id, doc, secrets FROM integration
         WHERE integration_id = $2 AND app_id = $1",
        params![app_id, id],
    )
}

/// The integration, its row locked.
pub(crate) fn lock(tx: &mut Tx<'_>, app_id: &str, id: &str) -> Result<Option<Integration>> {
    tx.one(
        "SELECT integration_id, app_id, type, business_id, doc, secrets FROM integration
         WHERE integration_id = $2 AND app_id = $1 FOR UPDATE",
        params![app_id, id],
    )
}

pub(crate) fn all_of_app(db: &mut impl Read, app_id: &str) -> Result<Vec<Integration>> {
    db.all(
        "SELECT integration_id, app_id, type, business_id, doc, secrets FROM integration
         WHERE app_id = $1 ORDER BY integration_id",
        params![app_id],
    )
}

/// The integrations of an Instagram account, of whichever app.
pub(crate) fn of_business(db: &mut impl Read, business_id: &str) -> Result<Vec<Integration>> {
    db.all(
        "SELECT integration_id, app_id, type, business_id, doc, secrets FROM integration
         WHERE business_id = $1 ORDER BY integration_id",
        params![business_id],
    )
}

/// All that have secrets.
pub(crate) fn of_instagram(db: &mut impl Read) -> Result<Vec<Integration>> {
    db.all(
        "SELECT integration_id, app_id, type, business_id, doc, secrets FROM integration
         WHERE business_id > '' ORDER BY business_id, integration_id",
        params![],
    )
}

pub(crate) fn add(tx: &mut Tx<'_>, integration: &Integration) -> Result<()> {
    let Integration { id, app_id, kind, business_id, doc, secrets } = integration;
    tx.later(
        "INSERT INTO integration (integration_id, app_id, type, business_id, doc, secrets)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, app_id, kind, business_id, doc.json(), secrets.clone()],
    )
}

pub(crate) fn update(tx: &mut Tx<'_>, integration: &Integration) -> Result<()> {
    tx.later(
        "UPDATE integration SET doc = $2, secrets = $3 WHERE integration_id = $1",
        params![&integration.id, integration.doc.json(), integration.secrets.clone()],
    )
}
