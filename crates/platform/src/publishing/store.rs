//! The table of published media.

use super::Media;
use crate::conversations::Product;
use crate::failure::{Failure, Result};
use crate::insights;
use crate::schema::next_id;
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::{ErrorName, GraphError, limits};
use storage::{FromRow, Read, Row, Tx, params};

impl FromRow for Media {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        let product = row.text(2)?;
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            product: Product::parse(&product)
                .ok_or_else(|| storage::Error::Engine(format!("an unknown product is stored: {product}")))?,
            media_type: row.text(3)?,
            caption: row.text(4)?,
            asset: row.int(5)?,
            link_sticker_url: row.opt_text(6)?,
            comments_enabled: row.bool(7)?,
            created_at: row.micros(8)?,
            expires_at: Some(row.micros(9)?).filter(|end| end.0 > 0),
        })
    }
}

/// What is published: everything of [`Media`] but its id and times.
pub(crate) struct New<'a> {
    /// The account.
    pub account: i64,
    /// What it is.
    pub product: Product,
    /// `IMAGE` or `VIDEO`.
    pub media_type: &'a str,
    /// The caption.
    pub caption: &'a str,
    /// The picture or video.
    pub asset: i64,
    /// The link of a story's sticker.
    pub link_sticker_url: Option<&'a str>,
}

/// Publishes; stories end after a day.
pub(crate) fn create(tx: &mut Tx<'_>, new: &New<'_>) -> storage::Result<Media> {
    let now = tx.now();
    let media = Media {
        account: new.account,
        id: next_id(tx, NodeKind::Media)?,
        product: new.product,
        media_type: new.media_type.to_owned(),
        caption: new.caption.to_owned(),
        asset: new.asset,
        link_sticker_url: new.link_sticker_url.map(str::to_owned),
        comments_enabled: true,
        created_at: now,
        expires_at: (new.product == Product::Story).then(|| now.plus(limits::STORY)),
    };
    tx.run(
        "INSERT INTO media (account_id, media_id, product, media_type, caption, asset_id, link_sticker_url,
         comments_enabled, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)",
        params![
            media.account,
            media.id,
            media.product.name(),
            media.media_type.as_str(),
            media.caption.as_str(),
            media.asset,
            media.link_sticker_url.clone(),
            media.created_at,
            media.expires_at.unwrap_or(Micros(0))
        ],
    )?;
    insights::published(tx, &media)?;
    Ok(media)
}

/// The account's media with that id.
pub(crate) fn find(db: &mut impl Read, account: i64, id: i64) -> storage::Result<Option<Media>> {
    db.one(
        "SELECT account_id, media_id, product, media_type, caption, asset_id, link_sticker_url, comments_enabled, created_at,
                expires_at
         FROM media WHERE account_id = $1 AND media_id = $2",
        params![account, id],
    )
}

/// The same, locked to be changed.
pub(crate) fn lock(tx: &mut Tx<'_>, account: i64, id: i64) -> storage::Result<Option<Media>> {
    tx.one(
        "SELECT account_id, media_id, product, media_type, caption, asset_id, link_sticker_url, comments_enabled, created_at,
                expires_at
         FROM media WHERE account_id = $1 AND media_id = $2 FOR UPDATE",
        params![account, id],
    )
}

/// Anybody's media with that id.
pub(crate) fn by_id(db: &mut impl Read, id: i64) -> storage::Result<Option<Media>> {
    db.one(
        "SELECT account_id, media_id, product, media_type, caption, asset_id, link_sticker_url, comments_enabled, created_at,
                expires_at
         FROM media WHERE media_id = $1",
        params![id],
    )
}

/// Lets people comment on it, or not.
pub(crate) fn set_comments(tx: &mut Tx<'_>, media: &Media, enabled: bool) -> storage::Result<()> {
    tx.run(
        "UPDATE media SET comments_enabled = $3 WHERE account_id = $1 AND media_id = $2",
        params![media.account, media.id, enabled],
    )?;
    Ok(())
}

/// Takes a broadcast away.
pub(crate) fn end(tx: &mut Tx<'_>, media: &Media) -> storage::Result<()> {
    tx.run("DELETE FROM media WHERE account_id = $1 AND media_id = $2", params![media.account, media.id])?;
    Ok(())
}

/// The account's media, the newest first.
pub(crate) fn of_account(db: &mut impl Read, account: i64) -> storage::Result<Vec<Media>> {
    db.all(
        "SELECT account_id, media_id, product, media_type, caption, asset_id, link_sticker_url, comments_enabled, created_at,
                expires_at
         FROM media WHERE account_id = $1 ORDER BY media_id DESC LIMIT 500",
        params![account],
    )
}

/// All media, the newest first.
pub(crate) fn all(db: &mut impl Read) -> storage::Result<Vec<Media>> {
    db.all(
        "SELECT account_id, media_id, product, media_type, caption, asset_id, link_sticker_url, comments_enabled, created_at,
                expires_at
         FROM media ORDER BY media_id DESC LIMIT 1000",
        params![],
    )
}

/// How many posts and reels the account has published.
pub(crate) fn count(db: &mut impl Read, account: i64) -> storage::Result<i64> {
    let count = db.one::<i64>(
        "SELECT COUNT(*) FROM media WHERE account_id = $1 AND product IN ('FEED', 'REELS')",
        params![account],
    )?;
    Ok(count.unwrap_or(0))
}

/// The post or reel that the account wants to send: it must be its own (doc: Send a Published Post). Anything else is not
/// owned ([`ErrorName::AttachmentNotOwned`]).
pub(crate) fn own_post(db: &mut impl Read, account: i64, id: &str) -> Result<Media> {
    let id = decimal(id.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Media));
    let media = match id {
        Some(id) => find(db, account, id)?,
        None => None,
    };
    media
        .filter(|media| matches!(media.product, Product::Feed | Product::Reels))
        .ok_or_else(|| Failure::Graph(GraphError::new(ErrorName::AttachmentNotOwned)))
}
