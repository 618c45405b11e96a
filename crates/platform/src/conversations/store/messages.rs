//! The table of messages.

use crate::conversations::{Content, Message};
use crate::graph::paging::{Bound, Cursor, Page};
use clock::Micros;
use graph_api::ids::{ConversationKey, MessageKey};
use graph_api::send::Reaction;
use storage::{FromRow, Read, Result, Row, Tx, Value, params};

macro_rules! columns {
    () => {
        "at, from_account, app_id, text, content, person_reaction, account_reaction, edits, is_deleted"
    };
}

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let content = row.opt_text(4)?.map(|json| {
            serde_json::from_str::<Content>(&json)
                .map_err(|e| storage::Error::Engine(format!("a stored content cannot be read: {e}")))
        });
        Ok(Self {
            at: row.micros(0)?,
            from_account: row.bool(1)?,
            app_id: row.int(2)?,
            text: row.text(3)?,
            content: content.transpose()?.map(Box::new),
            person_reaction: row.opt_text(5)?.map(Reaction::stored),
            account_reaction: row.opt_text(6)?.map(Reaction::stored),
            edits: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
            is_deleted: row.bool(8)?,
        })
    }
}

fn json(content: &Content) -> Result<String> {
    serde_json::to_string(content)
        .map_err(|e| storage::Error::Engine(format!("a content cannot be written: {e}")))
}

/// Adds a message to the locked conversation.
pub(crate) fn add(tx: &mut Tx<'_>, key: ConversationKey, message: &Message) -> Result<()> {
    let Some(content) = &message.content else {
        return tx.later(
            "INSERT INTO message (account_id, igsid, at, from_account, app_id, text) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                key.account,
                key.igsid,
                message.at,
                message.from_account,
                message.app_id,
                message.text.as_str()
            ],
        );
    };
    tx.later(
        "INSERT INTO message (account_id, igsid, at, from_account, app_id, text, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            key.account,
            key.igsid,
            message.at,
            message.from_account,
            message.app_id,
            message.text.as_str(),
            json(content)?
        ],
    )
}

/// Writes what can change of a message of the locked conversation: reactions, an edit, an unsend.
pub(crate) fn change(tx: &mut Tx<'_>, key: ConversationKey, message: &Message) -> Result<()> {
    let content = match &message.content {
        Some(content) => Value::Text(json(content)?),
        None => Value::Null,
    };
    let emoji = |reaction: &Option<Reaction>| match reaction {
        Some(reaction) => Value::Text(reaction.emoji().to_owned()),
        None => Value::Null,
    };
    tx.later(
        "UPDATE message SET text = $4, content = $5, person_reaction = $6, account_reaction = $7, edits = $8,
         is_deleted = $9 WHERE account_id = $1 AND igsid = $2 AND at = $3",
        &[
            key.account.into(),
            key.igsid.into(),
            message.at.into(),
            message.text.as_str().into(),
            content,
            emoji(&message.person_reaction),
            emoji(&message.account_reaction),
            message.edits.into(),
            message.is_deleted.into(),
        ],
    )
}

/// One message.
pub(crate) fn find(db: &mut impl Read, key: MessageKey) -> Result<Option<Message>> {
    db.one(
        concat!("SELECT ", columns!(), " FROM message WHERE account_id = $1 AND igsid = $2 AND at = $3"),
        params![key.account, key.igsid, key.at],
    )
}

/// The newest messages of a conversation, at most `limit`, before `before`; the newest first.
pub(crate) fn newest(
    db: &mut impl Read,
    key: ConversationKey,
    before: Micros,
    limit: u32,
) -> Result<Vec<Message>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM message WHERE account_id = $1 AND igsid = $2 AND at < $3 ORDER BY at DESC LIMIT $4"
        ),
        params![key.account, key.igsid, before, limit],
    )
}

/// A page of a conversation's messages, the newest first, without those that were taken back: one more than the page has,
/// if there are as many.
pub(crate) fn messages_page(db: &mut impl Read, key: ConversationKey, page: &Page) -> Result<Vec<Message>> {
    match page.from {
        Bound::Before(Cursor(at, _)) => {
            let mut found: Vec<Message> = db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM message WHERE account_id = $1 AND igsid = $2 AND at > $3 AND is_deleted = 0
                     ORDER BY at LIMIT $4"
                ),
                params![key.account, key.igsid, at, page.look()],
            )?;
            found.reverse();
            Ok(found)
        }
        Bound::Start | Bound::After(_) => {
            let at = match page.from {
                Bound::After(Cursor(at, _)) => at,
                _ => i64::MAX,
            };
            db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM message WHERE account_id = $1 AND igsid = $2 AND at < $3 AND is_deleted = 0
                     ORDER BY at DESC LIMIT $4"
                ),
                params![key.account, key.igsid, at, page.look()],
            )
        }
    }
}

/// How many messages of a conversation can be read in detail (doc: Conversations API).
const READABLE: u32 = 20;

/// The oldest message of a conversation that can be read in detail.
pub(crate) fn oldest_readable(db: &mut impl Read, key: ConversationKey) -> Result<Micros> {
    let at: Option<i64> = db.one(
        "SELECT at FROM message WHERE account_id = $1 AND igsid = $2 AND is_deleted = 0
         ORDER BY at DESC LIMIT 1 OFFSET $3",
        params![key.account, key.igsid, READABLE - 1],
    )?;
    Ok(Micros(at.unwrap_or(0)))
}

/// When the account last wrote, up to `until`; `None` if it did not.
pub(crate) fn newest_by_account(
    db: &mut impl Read,
    key: ConversationKey,
    until: Micros,
) -> Result<Option<Micros>> {
    let at: Option<i64> = db.one(
        "SELECT at FROM message WHERE account_id = $1 AND igsid = $2 AND at <= $3 AND from_account = 1
         ORDER BY at DESC LIMIT 1",
        params![key.account, key.igsid, until],
    )?;
    Ok(at.map(Micros))
}
