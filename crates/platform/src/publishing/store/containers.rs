//! The table of containers.

use super::{details, written};
use crate::assets;
use crate::publishing::Container;
use crate::schema::next_id;
use crate::{Platform, publishing::store::parts};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::publish::Shape;
use std::sync::Arc;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "account_id, container_id, app_id, shape, caption, asset_id, thumbnail_id, thumb_offset, details, children,
         is_upload, created_at, ready_at, expires_at, published_at, media_id, error, reason"
    };
}

impl FromRow for Container {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let shape = row.text(3)?;
        let some = |id: i64| Some(id).filter(|id| *id != 0);
        let instant = |at: Micros| Some(at).filter(|at| at.0 != 0);
        let media = row.int(15)?;
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            app: row.int(2)?,
            shape: Shape::parse(&shape)
                .ok_or_else(|| storage::Error::Engine(format!("an unknown shape is stored: {shape}")))?,
            caption: row.text(4)?,
            asset: some(row.int(5)?),
            thumbnail: some(row.int(6)?),
            thumb_offset: row.int(7)?,
            details: details(&row.text(8)?)?,
            children: row.text(9)?.split(',').filter_map(decimal).collect(),
            is_upload: row.bool(10)?,
            created_at: row.micros(11)?,
            ready_at: instant(row.micros(12)?),
            expires_at: row.micros(13)?,
            published: instant(row.micros(14)?).map(|at| (at, media)),
            error: u32::try_from(row.int(16)?).ok().filter(|subcode| *subcode != 0),
            reason: row.text(17)?,
        })
    }
}

/// Stores a new container, which gets its id.
pub(crate) fn create(tx: &mut Tx<'_>, container: &mut Container) -> Result<()> {
    container.id = next_id(tx, NodeKind::Container)?;
    let children: Vec<String> = container.children.iter().map(i64::to_string).collect();
    tx.run(
        "INSERT INTO container (account_id, container_id, app_id, shape, caption, asset_id, thumbnail_id, thumb_offset,
         details, children, is_upload, created_at, ready_at, expires_at, published_at, media_id, error, reason, is_cleared)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, $15, $16, 0)",
        params![
            container.account,
            container.id,
            container.app,
            container.shape.name(),
            container.caption.as_str(),
            container.asset.unwrap_or(0),
            container.thumbnail.unwrap_or(0),
            container.thumb_offset,
            written(&container.details),
            children.join(","),
            container.is_upload,
            container.created_at,
            container.ready_at.unwrap_or(Micros(0)),
            container.expires_at,
            i64::from(container.error.unwrap_or(0)),
            container.reason.as_str()
        ],
    )?;
    Ok(())
}

/// The account's container with that id.
pub(crate) fn find(db: &mut impl Read, account: i64, id: i64) -> Result<Option<Container>> {
    db.one(
        concat!("SELECT ", columns!(), " FROM container WHERE account_id = $1 AND container_id = $2"),
        params![account, id],
    )
}

/// The same, locked to be changed.
pub(crate) fn lock(tx: &mut Tx<'_>, account: i64, id: i64) -> Result<Option<Container>> {
    tx.one(
        concat!(
            "SELECT ",
            columns!(),
            " FROM container WHERE account_id = $1 AND container_id = $2 FOR UPDATE"
        ),
        params![account, id],
    )
}

/// The containers of a carousel, in their order.
pub(crate) fn children(db: &mut impl Read, container: &Container) -> Result<Vec<Container>> {
    let mut children = Vec::with_capacity(container.children.len());
    for id in &container.children {
        children.extend(find(db, container.account, *id)?);
    }
    Ok(children)
}

/// The account's newest containers.
pub(crate) fn newest(db: &mut impl Read, account: i64, limit: u32) -> Result<Vec<Container>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM container WHERE account_id = $1 ORDER BY container_id DESC LIMIT $2"
        ),
        params![account, limit],
    )
}

/// How many containers the account has made since that instant.
pub(crate) fn made_since(db: &mut impl Read, account: i64, since: Micros) -> Result<i64> {
    let count = db.one::<i64>(
        "SELECT COUNT(*) FROM container WHERE account_id = $1 AND created_at > $2",
        params![account, since],
    )?;
    Ok(count.unwrap_or(0))
}

/// How many of the account's containers were published since that instant. An album counts once: its parts are not published
/// themselves.
pub(crate) fn published_since(db: &mut impl Read, account: i64, since: Micros) -> Result<i64> {
    let count = db.one::<i64>(
        "SELECT COUNT(*) FROM container WHERE account_id = $1 AND published_at > $2
         AND shape NOT IN ('ITEM_IMAGE', 'ITEM_VIDEO')",
        params![account, since],
    )?;
    Ok(count.unwrap_or(0))
}

/// Notes that it was published as that medium.
pub(crate) fn set_published(tx: &mut Tx<'_>, container: &Container, media: i64) -> Result<()> {
    tx.run(
        "UPDATE container SET published_at = $3, media_id = $4, is_cleared = 1
         WHERE account_id = $1 AND container_id = $2",
        params![container.account, container.id, tx.now(), media],
    )?;
    Ok(())
}

/// Notes what became of its video.
pub(crate) fn set_processed(tx: &mut Tx<'_>, container: &Container) -> Result<()> {
    tx.run(
        "UPDATE container SET asset_id = $3, thumbnail_id = $4, ready_at = $5, error = $6, reason = $7
         WHERE account_id = $1 AND container_id = $2",
        params![
            container.account,
            container.id,
            container.asset.unwrap_or(0),
            container.thumbnail.unwrap_or(0),
            container.ready_at.unwrap_or(Micros(0)),
            i64::from(container.error.unwrap_or(0)),
            container.reason.as_str()
        ],
    )?;
    Ok(())
}

/// Lets go of the files of a few of the account's containers that are too old to be published.
pub(crate) fn clear_expired(tx: &mut Tx<'_>, platform: &Arc<Platform>, account: i64) -> Result<()> {
    let expired: Vec<Container> = tx.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM container WHERE account_id = $1 AND is_cleared = 0 AND expires_at <= $2 ORDER BY expires_at LIMIT 20"
        ),
        params![account, tx.now()],
    )?;
    for container in expired {
        for asset in [container.asset, container.thumbnail].into_iter().flatten() {
            assets::store::delete(tx, platform, account, asset)?;
        }
        parts::forget(tx, platform, &container)?;
        tx.run(
            "UPDATE container SET is_cleared = 1, asset_id = 0, thumbnail_id = 0
             WHERE account_id = $1 AND container_id = $2",
            params![account, container.id],
        )?;
    }
    Ok(())
}
