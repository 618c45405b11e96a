//! The table of conversations.

use super::Conversation;
use crate::apps::store::Doc;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};

impl FromRow for Conversation {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            app_id: row.text(1)?,
            user_id: row.text(2)?,
            participant_id: row.text(3)?,
            doc: Doc::from_column(row, 4)?,
            messages: row.int(5)?,
            last_at: row.micros(6)?,
            events_at: row.micros(7)?,
            inbound_at: row.micros(8)?,
            window_until: row.micros(9)?,
            unanswered_at: row.micros(10)?,
            unread: row.int(11)?,
            last_read: row.micros(12)?,
            active: row.opt_text(13)?,
            pending: row.opt_text(14)?,
        })
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT conversation_id, app_id, user_id, participant_id, doc, messages, last_at, events_at, inbound_at, \
             window_until, unanswered_at, unread, last_read, active, pending FROM conversation ",
            $rest
        )
    };
}

pub(crate) fn find(db: &mut impl Read, app_id: &str, id: &str) -> Result<Option<Conversation>> {
    db.one(select!("WHERE conversation_id = $2 AND app_id = $1"), params![app_id, id])
}

/// The conversation, its row locked.
pub(crate) fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<Conversation>> {
    tx.one(select!("WHERE conversation_id = $1 FOR UPDATE"), params![id])
}

pub(crate) fn of_user_after(
    db: &mut impl Read,
    user_id: &str,
    after: &str,
    most: i64,
) -> Result<Vec<Conversation>> {
    db.all(
        select!("WHERE user_id = $1 AND conversation_id > $2 ORDER BY conversation_id LIMIT $3"),
        params![user_id, after, most],
    )
}

pub(crate) fn of_user_before(
    db: &mut impl Read,
    user_id: &str,
    before: &str,
    most: i64,
) -> Result<Vec<Conversation>> {
    db.all(
        select!("WHERE user_id = $1 AND conversation_id < $2 ORDER BY conversation_id DESC LIMIT $3"),
        params![user_id, before, most],
    )
}

/// The conversation whose person has waited longest, of those that wait since `after` or later.
pub(crate) fn longest_waiting(db: &mut impl Read) -> Result<Option<Conversation>> {
    db.one(select!("WHERE unanswered_at > 0 ORDER BY unanswered_at LIMIT 1"), params![])
}

pub(crate) fn add(tx: &mut Tx<'_>, c: &Conversation) -> Result<()> {
    tx.run_exactly(
        1,
        "INSERT INTO conversation (conversation_id, app_id, user_id, participant_id, doc, messages, last_at, events_at,
             inbound_at, window_until, unanswered_at, unread, last_read, active, pending)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            &c.id,
            &c.app_id,
            &c.user_id,
            &c.participant_id,
            c.doc.json(),
            c.messages,
            c.last_at,
            c.events_at,
            c.inbound_at,
            c.window_until,
            c.unanswered_at,
            c.unread,
            c.last_read,
            c.active.clone(),
            c.pending.clone()
        ],
    )
}

pub(crate) fn update(tx: &mut Tx<'_>, c: &Conversation) -> Result<()> {
    tx.later(
        "UPDATE conversation SET doc = $2, messages = $3, last_at = $4, events_at = $5, inbound_at = $6,
             window_until = $7, unanswered_at = $8, unread = $9, last_read = $10, active = $11, pending = $12
         WHERE conversation_id = $1",
        params![
            &c.id,
            c.doc.json(),
            c.messages,
            c.last_at,
            c.events_at,
            c.inbound_at,
            c.window_until,
            c.unanswered_at,
            c.unread,
            c.last_read,
            c.active.clone(),
            c.pending.clone()
        ],
    )
}
