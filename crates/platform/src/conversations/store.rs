//! The tables of conversations and messages.

use super::{Conversation, Folder, Message};
use clock::Micros;
use graph_api::ids::ConversationKey;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Conversation {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let folder = row.text(3)?;
        Ok(Self {
            key: ConversationKey { account: row.int(0)?, igsid: row.int(1)? },
            user_no: row.int(2)?,
            folder: Folder::parse(&folder)
                .ok_or_else(|| storage::Error::Engine(format!("an unknown folder is stored: {folder}")))?,
            last_at: row.micros(4)?,
            updated_at: row.micros(5)?,
            wrote_at: row.micros(6)?,
            window_until: row.micros(7)?,
            blocked: row.bool(8)?,
        })
    }
}

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { at: row.micros(0)?, from_account: row.bool(1)?, app_id: row.int(2)?, text: row.text(3)? })
    }
}

/// Locks the conversation, if there is one. Every write to it begins here.
pub(crate) fn lock(tx: &mut Tx<'_>, key: ConversationKey) -> Result<Option<Conversation>> {
    tx.one(
        "SELECT account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked
         FROM conversation WHERE account_id = $1 AND igsid = $2 FOR UPDATE",
        params![key.account, key.igsid],
    )
}

/// Locks the conversation, which begins to exist if it did not.
pub(crate) fn lock_or_begin(tx: &mut Tx<'_>, key: ConversationKey, user_no: i64) -> Result<Conversation> {
    if let Some(conversation) = lock(tx, key)? {
        return Ok(conversation);
    }
    // Nobody follows anybody yet, so a new conversation is a request.
    tx.run(
        "INSERT INTO conversation
         (account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked)
         VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0) ON CONFLICT (account_id, igsid) DO NOTHING",
        params![key.account, key.igsid, user_no, Folder::Requests.name()],
    )?;
    lock(tx, key)?.ok_or_else(|| storage::Error::Engine("a new conversation is not there".to_owned()))
}

/// Writes the locked conversation back.
pub(crate) fn save(tx: &mut Tx<'_>, conversation: &Conversation) -> Result<()> {
    tx.later(
        "UPDATE conversation SET folder = $3, last_at = $4, updated_at = $5, wrote_at = $6, window_until = $7,
         blocked = $8 WHERE account_id = $1 AND igsid = $2",
        params![
            conversation.key.account,
            conversation.key.igsid,
            conversation.folder.name(),
            conversation.last_at,
            conversation.updated_at,
            conversation.wrote_at,
            conversation.window_until,
            conversation.blocked
        ],
    )
}

/// Adds a message to the locked conversation.
pub(crate) fn add(tx: &mut Tx<'_>, key: ConversationKey, message: &Message) -> Result<()> {
    tx.later(
        "INSERT INTO message (account_id, igsid, at, from_account, app_id, text) VALUES ($1, $2, $3, $4, $5, $6)",
        params![key.account, key.igsid, message.at, message.from_account, message.app_id, message.text.as_str()],
    )
}

/// The conversations of a person that hold messages, the newest first.
pub(crate) fn of_user(db: &mut impl Read, user_no: i64) -> Result<Vec<Conversation>> {
    db.all(
        "SELECT account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked
         FROM conversation WHERE user_no = $1 AND updated_at > 0 ORDER BY updated_at DESC, account_id",
        params![user_no],
    )
}

/// All conversations that hold messages, the newest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Conversation>> {
    db.all(
        "SELECT account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked
         FROM conversation WHERE updated_at > 0 ORDER BY updated_at DESC, account_id, igsid LIMIT 500",
        params![],
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
        "SELECT at, from_account, app_id, text FROM message
         WHERE account_id = $1 AND igsid = $2 AND at < $3 ORDER BY at DESC LIMIT $4",
        params![key.account, key.igsid, before, limit],
    )
}
