//! What the owner has set, and the control that stands in a conversation's row.

use super::{Control, Routing};
use clock::Micros;
use graph_api::ids::ConversationKey;
use storage::{Read, Result, Tx, params};

/// What the account's owner has set.
pub(crate) fn of_account(db: &mut impl Read, account: i64) -> Result<Routing> {
    let text = db
        .one::<String>("SELECT settings FROM conversation_routing WHERE account_id = $1", params![account])?;
    read(text)
}

/// The same, locked: whoever changes it. The row begins to exist.
pub(crate) fn lock(tx: &mut Tx<'_>, account: i64) -> Result<Routing> {
    tx.run(
        "INSERT INTO conversation_routing (account_id, settings, told_at) VALUES ($1, '{}', 0)
         ON CONFLICT (account_id) DO NOTHING",
        params![account],
    )?;
    let text = tx.one::<String>(
        "SELECT settings FROM conversation_routing WHERE account_id = $1 FOR UPDATE",
        params![account],
    )?;
    read(text)
}

fn read(text: Option<String>) -> Result<Routing> {
    text.map_or_else(
        || Ok(Routing::default()),
        |text| {
            serde_json::from_str(&text)
                .map_err(|e| storage::Error::Engine(format!("stored routing cannot be read: {e}")))
        },
    )
}

/// Writes the locked settings.
pub(crate) fn save(tx: &mut Tx<'_>, account: i64, routing: &Routing) -> Result<()> {
    let text = serde_json::to_string(routing)
        .map_err(|e| storage::Error::Engine(format!("routing cannot be written: {e}")))?;
    tx.run("UPDATE conversation_routing SET settings = $2 WHERE account_id = $1", params![account, text])?;
    Ok(())
}

/// A microsecond for an event about the account's locked settings: none gets it twice.
pub(super) fn take_at(tx: &mut Tx<'_>, account: i64) -> Result<Micros> {
    let now = tx.now();
    let at = tx.one::<i64>(
        "UPDATE conversation_routing SET told_at = CASE WHEN told_at < $2 THEN $2 ELSE told_at + 1 END
         WHERE account_id = $1 RETURNING told_at",
        params![account, now],
    )?;
    Ok(at.map_or(now, Micros))
}

/// Writes the control of a locked conversation.
pub(crate) fn save_control(tx: &mut Tx<'_>, key: ConversationKey, control: Control) -> Result<()> {
    tx.later(
        "UPDATE conversation SET control_app_id = $3, control_until = $4, control_seconds = $5
         WHERE account_id = $1 AND igsid = $2",
        params![key.account, key.igsid, control.app_id, control.until, control.seconds],
    )
}
