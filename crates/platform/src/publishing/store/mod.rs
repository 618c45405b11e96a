//! The table of published media.

/// What of `media m` a [`Media`] is read from.
macro_rules! columns {
    () => {
        "m.account_id, m.media_id, m.parent_id, m.product, m.media_type, m.caption, m.asset_id, m.thumbnail_id,
         m.link_sticker_url, m.comments_enabled, m.details, m.created_at, m.expires_at"
    };
}
pub(crate) use columns;

pub(crate) mod containers;
pub(crate) mod parts;
pub(crate) mod tags;

use super::{ALBUM, Media};
use crate::conversations::Product;
use crate::failure::{Failure, Result};
use crate::graph::paging::{Bound, Cursor, Page};
use crate::schema::next_id;
use crate::{Platform, assets, insights};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::publish::Details;
use graph_api::{ErrorName, GraphError, limits};
use std::sync::Arc;
use storage::{FromRow, Read, Row, Tx, params};

impl FromRow for Media {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        let product = row.text(3)?;
        let some = |id: i64| Some(id).filter(|id| *id != 0);
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            parent: some(row.int(2)?),
            product: Product::parse(&product)
                .ok_or_else(|| storage::Error::Engine(format!("an unknown product is stored: {product}")))?,
            media_type: row.text(4)?,
            caption: row.text(5)?,
            asset: row.int(6)?,
            thumbnail: some(row.int(7)?),
            link_sticker_url: row.opt_text(8)?,
            comments_enabled: row.bool(9)?,
            details: details(&row.text(10)?)?,
            created_at: row.micros(11)?,
            expires_at: Some(row.micros(12)?).filter(|end| end.0 > 0),
        })
    }
}

fn details(text: &str) -> storage::Result<Details> {
    serde_json::from_str(text)
        .map_err(|e| storage::Error::Engine(format!("stored details cannot be read: {e}")))
}

fn written(details: &Details) -> String {
    serde_json::to_string(details).unwrap_or_else(|_| "{}".to_owned())
}

/// What is published: everything of [`Media`] but its id and times.
pub(crate) struct New<'a> {
    /// The account.
    pub account: i64,
    /// The album that it is a part of.
    pub parent: Option<i64>,
    /// What it is.
    pub product: Product,
    /// `IMAGE`, `VIDEO`, `CAROUSEL_ALBUM` or `BROADCAST`.
    pub media_type: &'a str,
    /// The caption.
    pub caption: &'a str,
    /// The picture or video.
    pub asset: i64,
    /// The picture that stands for a video.
    pub thumbnail: Option<i64>,
    /// The link of a story's sticker.
    pub link_sticker_url: Option<&'a str>,
    /// Everything else.
    pub details: Details,
}

impl<'a> New<'a> {
    /// A picture.
    pub(crate) fn image(account: i64, product: Product, caption: &'a str, asset: i64) -> Self {
        Self {
            account,
            parent: None,
            product,
            media_type: super::IMAGE,
            caption,
            asset,
            thumbnail: None,
            link_sticker_url: None,
            details: Details::default(),
        }
    }
}

/// Publishes; stories end after a day.
pub(crate) fn create(tx: &mut Tx<'_>, new: &New<'_>) -> storage::Result<Media> {
    let now = tx.now();
    let media = Media {
        account: new.account,
        id: next_id(tx, NodeKind::Media)?,
        parent: new.parent,
        product: new.product,
        media_type: new.media_type.to_owned(),
        caption: new.caption.to_owned(),
        asset: new.asset,
        thumbnail: new.thumbnail,
        link_sticker_url: new.link_sticker_url.map(str::to_owned),
        comments_enabled: true,
        details: new.details.clone(),
        created_at: now,
        expires_at: (new.product == Product::Story).then(|| now.plus(limits::STORY)),
    };
    tx.run(
        "INSERT INTO media (account_id, media_id, parent_id, product, media_type, caption, asset_id, thumbnail_id,
         link_sticker_url, comments_enabled, details, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12)",
        params![
            media.account,
            media.id,
            media.parent.unwrap_or(0),
            media.product.name(),
            media.media_type.as_str(),
            media.caption.as_str(),
            media.asset,
            media.thumbnail.unwrap_or(0),
            media.link_sticker_url.clone(),
            written(&media.details),
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
        concat!("SELECT ", columns!(), " FROM media m WHERE m.account_id = $1 AND m.media_id = $2"),
        params![account, id],
    )
}

/// The same, locked to be changed.
pub(crate) fn lock(tx: &mut Tx<'_>, account: i64, id: i64) -> storage::Result<Option<Media>> {
    tx.one(
        concat!(
            "SELECT ",
            columns!(),
            " FROM media m WHERE m.account_id = $1 AND m.media_id = $2 FOR UPDATE"
        ),
        params![account, id],
    )
}

/// Anybody's media with that id.
pub(crate) fn by_id(db: &mut impl Read, id: i64) -> storage::Result<Option<Media>> {
    db.one(concat!("SELECT ", columns!(), " FROM media m WHERE m.media_id = $1"), params![id])
}

/// The parts of an album, in their order.
pub(crate) fn children(db: &mut impl Read, account: i64, album: i64) -> storage::Result<Vec<Media>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM media m WHERE m.account_id = $1 AND m.parent_id = $2 ORDER BY m.media_id"
        ),
        params![account, album],
    )
}

/// Which of an account's media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Posts and reels.
    Posts,
    /// Stories that have not ended.
    Stories,
    /// Broadcasts: they are there while they last.
    Broadcasts,
}

/// A span of time: from the first instant, until before the second.
pub(crate) type Span = (Micros, Micros);

/// One page of an account's media, the newest first; one more than the page has if more follow.
pub(crate) fn page(
    db: &mut impl Read,
    account: i64,
    which: Which,
    page: &Page,
    (since, until): Span,
) -> storage::Result<Vec<Media>> {
    let (first, second) = match which {
        Which::Posts => (Product::Feed, Product::Reels),
        Which::Stories => (Product::Story, Product::Story),
        Which::Broadcasts => (Product::Live, Product::Live),
    };
    let (before, after) = match page.from {
        Bound::Start => (i64::MAX, 0),
        Bound::After(Cursor(id, _)) => (id, 0),
        Bound::Before(Cursor(id, _)) => (i64::MAX, id),
    };
    let now = db.now();
    let values = params![account, before, after, first.name(), second.name(), since, until, now, page.look()];
    let is_backward = matches!(page.from, Bound::Before(_));
    let mut found: Vec<Media> = match is_backward {
        false => db.all(
            concat!(
                "SELECT ",
                columns!(),
                " FROM media m WHERE m.account_id = $1 AND m.parent_id = 0 AND m.media_id < $2 AND m.media_id > $3
                 AND m.product IN ($4, $5) AND m.created_at >= $6 AND m.created_at < $7
                 AND (m.expires_at = 0 OR m.expires_at > $8) ORDER BY m.media_id DESC LIMIT $9"
            ),
            values,
        )?,
        true => db.all(
            concat!(
                "SELECT ",
                columns!(),
                " FROM media m WHERE m.account_id = $1 AND m.parent_id = 0 AND m.media_id < $2 AND m.media_id > $3
                 AND m.product IN ($4, $5) AND m.created_at >= $6 AND m.created_at < $7
                 AND (m.expires_at = 0 OR m.expires_at > $8) ORDER BY m.media_id LIMIT $9"
            ),
            values,
        )?,
    };
    if is_backward {
        found.reverse();
    }
    Ok(found)
}

/// The account's media, the newest first.
pub(crate) fn of_account(db: &mut impl Read, account: i64) -> storage::Result<Vec<Media>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM media m WHERE m.account_id = $1 AND m.parent_id = 0 ORDER BY m.media_id DESC LIMIT 500"
        ),
        params![account],
    )
}

/// All media, the newest first, with the parts of albums.
pub(crate) fn all(db: &mut impl Read) -> storage::Result<Vec<Media>> {
    db.all(concat!("SELECT ", columns!(), " FROM media m ORDER BY m.media_id DESC LIMIT 1000"), params![])
}

/// How many posts and reels the account has published.
pub(crate) fn count(db: &mut impl Read, account: i64) -> storage::Result<i64> {
    let count = db.one::<i64>(
        "SELECT COUNT(*) FROM media WHERE account_id = $1 AND parent_id = 0 AND product IN ('FEED', 'REELS')",
        params![account],
    )?;
    Ok(count.unwrap_or(0))
}

/// Lets people comment on it, or not.
pub(crate) fn set_comments(tx: &mut Tx<'_>, media: &Media, enabled: bool) -> storage::Result<()> {
    tx.run(
        "UPDATE media SET comments_enabled = $3 WHERE account_id = $1 AND media_id = $2",
        params![media.account, media.id, enabled],
    )?;
    Ok(())
}

/// Takes it away, with its parts and files: their addresses answer 404 from the commit on.
pub(crate) fn delete(tx: &mut Tx<'_>, platform: &Arc<Platform>, media: &Media) -> storage::Result<()> {
    let parts = match media.media_type == ALBUM {
        true => children(tx, media.account, media.id)?,
        false => Vec::new(),
    };
    for one in parts.iter().chain([media]) {
        tags::forget(tx, one.id)?;
        insights::deleted(tx, one.account, one.id)?;
        // An album has the file of its first part.
        if one.asset != 0 && one.media_type != ALBUM {
            assets::store::delete(tx, platform, one.account, one.asset)?;
        }
        if let Some(thumbnail) = one.thumbnail {
            assets::store::delete(tx, platform, one.account, thumbnail)?;
        }
        tx.run("DELETE FROM media WHERE account_id = $1 AND media_id = $2", params![one.account, one.id])?;
    }
    Ok(())
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
