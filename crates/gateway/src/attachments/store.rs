//! The table of uploaded files.

use storage::{FromRow, Read, Result, Row, Tx, params};

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) conversation_id: String,
    pub(crate) for_message: bool,
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) size: i64,
}

impl FromRow for Attachment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            app_id: row.text(1)?,
            conversation_id: row.text(2)?,
            for_message: row.bool(3)?,
            name: row.text(4)?,
            media_type: row.text(5)?,
            size: row.int(6)?,
        })
    }
}

pub(crate) fn find(db: &mut impl Read, id: &str) -> Result<Option<Attachment>> {
    db.one(
        "SELECT attachment_id, app_id, conversation_id, for_message, name, media_type, size FROM attachment
         WHERE attachment_id = $1",
        params![id],
    )
}

pub(crate) fn add(tx: &mut Tx<'_>, attachment: &Attachment) -> Result<()> {
    let Attachment { id, app_id, conversation_id, for_message, name, media_type, size } = attachment;
    tx.later(
        "INSERT INTO attachment (attachment_id, app_id, conversation_id, for_message, name, media_type, size)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, app_id, conversation_id, *for_message, name, media_type, *size],
    )
}

pub(crate) fn remove(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.later("DELETE FROM attachment WHERE attachment_id = $1", params![id])
}

/// Removes the file behind an address, if it was uploaded for a message of the conversation. Answers the blobs that are to
/// be deleted.
pub(crate) fn remove_for_message(tx: &mut Tx<'_>, conversation_id: &str, url: &str) -> Result<Vec<String>> {
    let Some(id) = id_of(url) else { return Ok(Vec::new()) };
    let found = find(tx, id)?.filter(|found| found.for_message && found.conversation_id == conversation_id);
    let Some(found) = found else { return Ok(Vec::new()) };
    remove(tx, &found.id)?;
    Ok(vec![found.id])
}

/// The id in the address of an uploaded file: `…/sc/attachments/v2/<id>/<name>`.
pub(crate) fn id_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("/attachments/v2/")?;
    rest.split('/').next().filter(|id| !id.is_empty())
}
