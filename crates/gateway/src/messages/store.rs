//! The tables of messages and of the media that they show.

use super::Message;
use crate::apps::store::Doc;
use clock::Micros;
use serde_json::Value;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            conversation_id: row.text(0)?,
            at: row.micros(1)?,
            id: row.text(2)?,
            mid: row.opt_text(3)?,
            doc: Doc::from_column(row, 4)?,
        })
    }
}

pub(crate) fn is_taken(db: &mut impl Read, conversation_id: &str, at: Micros, id: &str) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT at FROM message WHERE conversation_id = $1 AND at = $2 AND message_id <> $3 LIMIT 1",
        params![conversation_id, at, id],
    )?;
    Ok(found.is_some())
}

pub(crate) fn add(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    tx.later(
        "INSERT INTO message (conversation_id, at, message_id, mid, doc, earlier) VALUES ($1, $2, $3, $4, $5, '[]')",
        params![
            &message.conversation_id,
            message.at,
            &message.id,
            message.mid.clone(),
            message.doc.json()
        ],
    )
}

pub(crate) fn find(db: &mut impl Read, conversation_id: &str, id: &str) -> Result<Option<Message>> {
    db.one(
        "SELECT conversation_id, at, message_id, mid, doc FROM message
         WHERE message_id = $2 AND conversation_id = $1",
        params![conversation_id, id],
    )
}

/// What became of one message on Instagram: one for each attachment.
pub(crate) fn with_mid(db: &mut impl Read, conversation_id: &str, mid: &str) -> Result<Vec<Message>> {
    db.all(
        "SELECT conversation_id, at, message_id, mid, doc FROM message
         WHERE conversation_id = $1 AND mid = $2 ORDER BY at, message_id",
        params![conversation_id, mid],
    )
}

/// At most so many of those before a place, the newest first.
pub(crate) fn before(
    db: &mut impl Read,
    conversation_id: &str,
    at: Micros,
    most: i64,
) -> Result<Vec<Message>> {
    db.all(
        "SELECT conversation_id, at, message_id, mid, doc FROM message
         WHERE conversation_id = $1 AND at < $2 ORDER BY at DESC, message_id DESC LIMIT $3",
        params![conversation_id, at, most],
    )
}

/// At most so many of those after a place, the oldest first.
pub(crate) fn after(
    db: &mut impl Read,
    conversation_id: &str,
    at: Micros,
    most: i64,
) -> Result<Vec<Message>> {
    db.all(
        "SELECT conversation_id, at, message_id, mid, doc FROM message
         WHERE conversation_id = $1 AND at > $2 ORDER BY at, message_id LIMIT $3",
        params![conversation_id, at, most],
    )
}

pub(crate) fn update(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    tx.later(
        "UPDATE message SET doc = $4 WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&message.conversation_id, message.at, &message.id, message.doc.json()],
    )
}

/// Keeps what a message said before it was edited.
pub(crate) fn keep_earlier(tx: &mut Tx<'_>, message: &Message, content: &Value) -> Result<()> {
    let earlier = tx.one::<String>(
        "SELECT earlier FROM message WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&message.conversation_id, message.at, &message.id],
    )?;
    let mut list: Vec<Value> = serde_json::from_str(&earlier.unwrap_or_default()).unwrap_or_default();
    list.push(content.clone());
    tx.later(
        "UPDATE message SET earlier = $4 WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&message.conversation_id, message.at, &message.id, Value::from(list).to_string()],
    )
}

pub(crate) fn remove(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    tx.later(
        "DELETE FROM message WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&message.conversation_id, message.at, &message.id],
    )?;
    forget_media(tx, message)
}

pub(crate) fn add_media(
    tx: &mut Tx<'_>,
    media_id: &str,
    conversation_id: &str,
    message_id: &str,
    url: &str,
) -> Result<()> {
    tx.later(
        "INSERT INTO media (media_id, conversation_id, message_id, url) VALUES ($1, $2, $3, $4)",
        params![media_id, conversation_id, message_id, url],
    )
}

pub(crate) fn media(db: &mut impl Read, media_id: &str) -> Result<Option<String>> {
    db.one("SELECT url FROM media WHERE media_id = $1", params![media_id])
}

pub(crate) fn forget_media(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    tx.later(
        "DELETE FROM media WHERE conversation_id = $1 AND message_id = $2",
        params![&message.conversation_id, &message.id],
    )
}
