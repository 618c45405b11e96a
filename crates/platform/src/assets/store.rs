//! The table of assets.

use super::{Asset, NewAsset, Owner, Purpose};
use crate::Platform;
use crate::failure;
use crate::schema::next_id;
use graph_api::ErrorName;
use graph_api::ids::{NodeKind, decimal};
use graph_api::media::{AttachmentKind, ImageSize};
use std::sync::Arc;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Asset {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let unknown =
            |what: &str, name: &str| storage::Error::Engine(format!("an unknown {what} is stored: {name}"));
        let (purpose, kind) = (row.text(3)?, row.text(4)?);
        let [size, width, height] = [row.int(6)?, row.int(7)?, row.int(8)?].map(i64::unsigned_abs);
        let image = match (u32::try_from(width), u32::try_from(height)) {
            (Ok(width), Ok(height)) if width > 0 => Some(ImageSize { width, height }),
            _ => None,
        };
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            app: row.int(2)?,
            purpose: Purpose::parse(&purpose).ok_or_else(|| unknown("purpose", &purpose))?,
            kind: AttachmentKind::parse(&kind).ok_or_else(|| unknown("kind of attachment", &kind))?,
            mime: row.text(5)?,
            size,
            image,
            file_name: row.text(9)?,
            blob_key: row.text(10)?,
            created_at: row.micros(11)?,
        })
    }
}

/// Stores a new file. From the commit on, its bytes stay. One file may be stored several times, as for a message and for
/// sending it again.
pub(crate) fn add(tx: &mut Tx<'_>, new: &NewAsset, owner: Owner, purpose: Purpose) -> Result<Asset> {
    let asset = Asset {
        account: owner.account,
        id: next_id(tx, NodeKind::Attachment)?,
        app: owner.app,
        purpose,
        kind: new.kind,
        mime: new.format.mime_as(new.kind).to_owned(),
        size: new.held.size,
        image: new.image,
        file_name: new.file_name.clone(),
        blob_key: new.held.key.clone(),
        created_at: tx.now(),
    };
    insert(tx, &asset)?;
    let held = Arc::clone(&new.held);
    tx.after_commit(move || held.named());
    Ok(asset)
}

/// Stores an uploaded attachment once more, such as the file of a message: [`add_again`]. An attachment for one send is gone
/// after it.
///
/// [`ErrorName::AttachmentNotOwned`] (2018074) for what is no id, and for an attachment that does not exist, is gone, or
/// belongs to another account or app.
pub(crate) fn add_uploaded(
    tx: &mut Tx<'_>,
    owner: Owner,
    attachment_id: &str,
    purpose: Purpose,
) -> failure::Result<Asset> {
    let found = match attachment(attachment_id) {
        Some(id) => tx.one(
            "SELECT account_id, asset_id, app_id, purpose, kind, mime, size, width, height, file_name, blob_key,
             created_at FROM asset WHERE account_id = $1 AND asset_id = $2 AND gone_at = 0 FOR UPDATE",
            params![owner.account, id],
        )?,
        None => None,
    };
    let uploaded = theirs(found, owner)?;
    if uploaded.purpose == Purpose::OneSend {
        mark_gone(tx, uploaded.account, uploaded.id)?;
    }
    Ok(add_again(tx, &uploaded, purpose)?)
}

/// Stores a file that is there once more: it has an id of its own, so that unsending the message that shows it takes nothing
/// from others.
pub(crate) fn add_again(tx: &mut Tx<'_>, asset: &Asset, purpose: Purpose) -> Result<Asset> {
    let id = next_id(tx, NodeKind::Attachment)?;
    let asset = Asset { id, purpose, created_at: tx.now(), ..asset.clone() };
    insert(tx, &asset)?;
    Ok(asset)
}

fn insert(tx: &mut Tx<'_>, asset: &Asset) -> Result<()> {
    let image = asset.image.unwrap_or(ImageSize { width: 0, height: 0 });
    tx.later(
        "INSERT INTO asset (account_id, asset_id, app_id, purpose, kind, mime, size, width, height, file_name, blob_key,
         created_at, gone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)",
        params![
            asset.account,
            asset.id,
            asset.app,
            asset.purpose.name(),
            asset.kind.name(),
            asset.mime.as_str(),
            i64::try_from(asset.size).unwrap_or(i64::MAX),
            i64::from(image.width),
            i64::from(image.height),
            asset.file_name.as_str(),
            asset.blob_key.as_str(),
            asset.created_at
        ],
    )
}

/// The account's asset with that id, unless it is gone.
pub(crate) fn find(db: &mut impl Read, account: i64, id: i64) -> Result<Option<Asset>> {
    db.one(
        "SELECT account_id, asset_id, app_id, purpose, kind, mime, size, width, height, file_name, blob_key, created_at
         FROM asset WHERE account_id = $1 AND asset_id = $2 AND gone_at = 0",
        params![account, id],
    )
}

/// The uploaded attachment that a request names. [`ErrorName::AttachmentNotOwned`] (2018074) for what is no id, and for
/// an attachment that does not exist, is gone, or belongs to another account or app.
pub(crate) fn owned(db: &mut impl Read, owner: Owner, attachment_id: &str) -> failure::Result<Asset> {
    let found = match attachment(attachment_id) {
        Some(id) => find(db, owner.account, id)?,
        None => None,
    };
    theirs(found, owner)
}

/// The id of an attachment that a request names, if it is one.
fn attachment(id: &str) -> Option<i64> {
    decimal(id.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Attachment))
}

/// The attachment, if the owner uploaded it: the file of a message has an id too, but none that can be sent.
fn theirs(found: Option<Asset>, owner: Owner) -> failure::Result<Asset> {
    let is_upload = |asset: &Asset| matches!(asset.purpose, Purpose::OneSend | Purpose::Reuse);
    let uploaded = found.filter(|asset| asset.app == owner.app && is_upload(asset));
    Ok(uploaded.ok_or(ErrorName::AttachmentNotOwned)?)
}

/// Takes an asset away, as when its message is unsent: its URLs answer 404 from the commit on, and its bytes are removed
/// if nothing else needs them.
pub(crate) fn delete(tx: &mut Tx<'_>, platform: &Arc<Platform>, account: i64, id: i64) -> Result<()> {
    let Some(blob_key) = mark_gone(tx, account, id)? else { return Ok(()) };
    let files = platform.files.clone();
    tx.after_commit(move || files.remove_unnamed(blob_key));
    Ok(())
}

/// Answers the blob's key, if the asset was there.
fn mark_gone(tx: &mut Tx<'_>, account: i64, id: i64) -> Result<Option<String>> {
    tx.one(
        "UPDATE asset SET gone_at = $3 WHERE account_id = $1 AND asset_id = $2 AND gone_at = 0 RETURNING blob_key",
        params![account, id, tx.now()],
    )
}

/// The keys of all blobs that are needed.
pub(super) fn blob_keys(db: &mut impl Read) -> Result<Vec<String>> {
    db.all("SELECT DISTINCT blob_key FROM asset WHERE gone_at = 0", params![])
}

/// Whether something needs the blob.
pub(super) fn is_named(db: &mut impl Read, blob_key: &str) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT asset_id FROM asset WHERE blob_key = $1 AND gone_at = 0 LIMIT 1",
        params![blob_key],
    )?;
    Ok(found.is_some())
}

/// The oldest uploaded attachments: what no message needs.
pub(super) fn oldest_uploads(db: &mut impl Read, limit: u32) -> Result<Vec<(i64, i64, i64)>> {
    db.all(
        "SELECT account_id, asset_id, size FROM asset WHERE purpose IN ('one send', 'reuse') AND gone_at = 0
         ORDER BY created_at, asset_id LIMIT $1",
        params![limit],
    )
}

/// Removes all rows, for a reset; the blobs go after the commit.
pub(crate) fn clear(tx: &mut Tx<'_>, platform: &Arc<Platform>) -> Result<()> {
    let keys = blob_keys(tx)?;
    tx.run("DELETE FROM asset", params![])?;
    let files = platform.files.clone();
    tx.after_commit(move || keys.into_iter().for_each(|key| files.remove_unnamed(key)));
    Ok(())
}
