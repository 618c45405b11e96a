//! The tables of conversations and messages.

mod messages;

use super::{Conversation, Folder, rules};
use crate::conversation_routing::Control;
use crate::graph::paging::{Bound, Cursor, Page};
use crate::people;
use clock::Micros;
use graph_api::ids::ConversationKey;
pub(crate) use messages::{add, change, find, messages_page, newest, newest_by_account, oldest_readable};
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked, typing_until,
         person_seen_at, account_seen_at, active_minute, is_declined, consented_at, pending_referral, pending_flow,
         control_app_id, control_until, control_seconds"
    };
}

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
            typing_until: row.micros(9)?,
            person_seen_at: row.micros(10)?,
            account_seen_at: row.micros(11)?,
            active_minute: row.int(12)?,
            is_declined: row.bool(13)?,
            consented_at: row.micros(14)?,
            pending_referral: row.opt_text(15)?.and_then(|json| serde_json::from_str(&json).ok()),
            pending_flow: row.opt_text(16)?.and_then(|json| serde_json::from_str(&json).ok()),
            control: Control { app_id: row.int(17)?, until: row.micros(18)?, seconds: row.int(19)? },
        })
    }
}

/// Locks the conversation, if there is one. Every write to it begins here.
pub(crate) fn lock(tx: &mut Tx<'_>, key: ConversationKey) -> Result<Option<Conversation>> {
    tx.one(
        concat!("SELECT ", columns!(), " FROM conversation WHERE account_id = $1 AND igsid = $2 FOR UPDATE"),
        params![key.account, key.igsid],
    )
}

/// The conversation as it is, for those who only read.
pub(crate) fn read(db: &mut impl Read, key: ConversationKey) -> Result<Option<Conversation>> {
    db.one(
        concat!("SELECT ", columns!(), " FROM conversation WHERE account_id = $1 AND igsid = $2"),
        params![key.account, key.igsid],
    )
}

/// Locks the conversation, which begins to exist if it did not.
pub(crate) fn lock_or_begin(tx: &mut Tx<'_>, key: ConversationKey, user_no: i64) -> Result<Conversation> {
    if let Some(conversation) = lock(tx, key)? {
        return Ok(conversation);
    }
    // Doc: new conversations of followers begin in Primary, of others in Requests.
    let follows = people::store::follows_account(tx, user_no, key.account)?;
    let folder = if follows { Folder::Primary } else { Folder::Requests };
    tx.run(
        "INSERT INTO conversation
         (account_id, igsid, user_no, folder, last_at, updated_at, wrote_at, window_until, blocked, typing_until,
          person_seen_at, account_seen_at, active_minute, is_declined, consented_at)
         VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (account_id, igsid) DO NOTHING",
        params![key.account, key.igsid, user_no, folder.name()],
    )?;
    lock(tx, key)?.ok_or_else(|| storage::Error::Engine("a new conversation is not there".to_owned()))
}

/// Writes the locked conversation back, but for how the person came in: [`save_entry`], and for who has it:
/// [`crate::conversation_routing::store::save_control`].
pub(crate) fn save(tx: &mut Tx<'_>, conversation: &Conversation) -> Result<()> {
    let active_minute = minute(conversation.updated_at);
    if active_minute != conversation.active_minute {
        tx.later(
            "UPDATE conversation SET active_minute = $3 WHERE account_id = $1 AND igsid = $2",
            params![conversation.key.account, conversation.key.igsid, active_minute],
        )?;
    }
    tx.later(
        "UPDATE conversation SET folder = $3, last_at = $4, updated_at = $5, wrote_at = $6, window_until = $7,
         blocked = $8, typing_until = $9, person_seen_at = $10, account_seen_at = $11, is_declined = $12
         WHERE account_id = $1 AND igsid = $2",
        params![
            conversation.key.account,
            conversation.key.igsid,
            conversation.folder.name(),
            conversation.last_at,
            conversation.updated_at,
            conversation.wrote_at,
            conversation.window_until,
            conversation.blocked,
            conversation.typing_until,
            conversation.person_seen_at,
            conversation.account_seen_at,
            conversation.is_declined
        ],
    )
}

/// Writes back what [`save`] does not: how the person came in, which few acts change.
pub(crate) fn save_entry(tx: &mut Tx<'_>, conversation: &Conversation) -> Result<()> {
    tx.later(
        "UPDATE conversation SET consented_at = $3, pending_referral = $4, pending_flow = $5
         WHERE account_id = $1 AND igsid = $2",
        params![
            conversation.key.account,
            conversation.key.igsid,
            conversation.consented_at,
            conversation.pending_referral.as_ref().and_then(|referral| serde_json::to_string(referral).ok()),
            conversation.pending_flow.as_ref().and_then(|flow| serde_json::to_string(flow).ok())
        ],
    )
}

/// A page of the account's conversations that the API lists, the newest first: one more than the page has, if there are
/// as many.
///
/// The index is by the minute of the last change: it is written once a minute at most, not with every message.
pub(crate) fn page(db: &mut impl Read, account: i64, page: &Page, now: Micros) -> Result<Vec<Conversation>> {
    let idle = now.minus(rules::REQUEST_IDLE);
    let look = page.look();
    match page.from {
        Bound::Before(Cursor(updated_at, igsid)) => {
            let mut found: Vec<Conversation> = db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM conversation WHERE account_id = $1
                     AND (active_minute, updated_at, igsid) > ($2, $3, $4) AND updated_at > 0 AND is_declined = 0
                     AND (folder <> 'requests' OR updated_at >= $5)
                     ORDER BY active_minute, updated_at, igsid LIMIT $6"
                ),
                params![account, minute(Micros(updated_at)), updated_at, igsid, idle, look],
            )?;
            found.reverse();
            Ok(found)
        }
        Bound::Start | Bound::After(_) => {
            let Cursor(updated_at, igsid) = match page.from {
                Bound::After(cursor) => cursor,
                _ => Cursor(i64::MAX, i64::MAX),
            };
            db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM conversation WHERE account_id = $1
                     AND (active_minute, updated_at, igsid) < ($2, $3, $4) AND updated_at > 0 AND is_declined = 0
                     AND (folder <> 'requests' OR updated_at >= $5)
                     ORDER BY active_minute DESC, updated_at DESC, igsid DESC LIMIT $6"
                ),
                params![account, minute(Micros(updated_at)), updated_at, igsid, idle, look],
            )
        }
    }
}

/// The minute of an instant, in which the index finds it.
const fn minute(at: Micros) -> i64 {
    at.0 / 60_000_000
}

/// The conversations of a person that hold messages, or show those of a flow, the newest first.
pub(crate) fn of_user(db: &mut impl Read, user_no: i64) -> Result<Vec<Conversation>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversation WHERE user_no = $1 AND (updated_at > 0 OR pending_flow IS NOT NULL)
             ORDER BY updated_at DESC, account_id"
        ),
        params![user_no],
    )
}

/// All conversations that hold messages, the newest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Conversation>> {
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversation WHERE updated_at > 0 ORDER BY updated_at DESC, account_id, igsid LIMIT 500"
        ),
        params![],
    )
}

/// The last microsecond before which everything is, for [`newest`].
pub(crate) const NOW: Micros = Micros(i64::MAX);
