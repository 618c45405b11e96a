//! The table of the parts of videos that are uploaded in several goes.

use crate::publishing::Container;
use crate::{Platform, assets};
use std::sync::Arc;
use storage::{FromRow, Read, Result, Row, Tx, params};

/// A part that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Where it begins in the video.
    pub begins_at: i64,
    /// Its bytes.
    pub size: i64,
    /// The asset that holds them.
    pub asset: i64,
    /// Where they are.
    pub blob_key: String,
}

impl FromRow for Part {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { begins_at: row.int(0)?, size: row.int(1)?, asset: row.int(2)?, blob_key: row.text(3)? })
    }
}

/// The parts of a container's video, the first one first.
pub(crate) fn of(db: &mut impl Read, container: &Container) -> Result<Vec<Part>> {
    db.all(
        "SELECT begins_at, size, asset_id, blob_key FROM upload_part
         WHERE account_id = $1 AND container_id = $2 ORDER BY begins_at",
        params![container.account, container.id],
    )
}

/// How many bytes are there.
pub(crate) fn received(parts: &[Part]) -> u64 {
    parts.iter().map(|part| part.size.unsigned_abs()).sum()
}

/// Adds a part.
pub(crate) fn add(tx: &mut Tx<'_>, container: &Container, part: &Part) -> Result<()> {
    tx.run(
        "INSERT INTO upload_part (account_id, container_id, begins_at, size, asset_id, blob_key)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            container.account,
            container.id,
            part.begins_at,
            part.size,
            part.asset,
            part.blob_key.as_str()
        ],
    )?;
    Ok(())
}

/// Lets go of a container's parts.
pub(crate) fn forget(tx: &mut Tx<'_>, platform: &Arc<Platform>, container: &Container) -> Result<()> {
    for part in of(tx, container)? {
        assets::store::delete(tx, platform, container.account, part.asset)?;
    }
    tx.run(
        "DELETE FROM upload_part WHERE account_id = $1 AND container_id = $2",
        params![container.account, container.id],
    )?;
    Ok(())
}
