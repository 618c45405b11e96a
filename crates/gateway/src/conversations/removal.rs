//! What goes with a conversation, or with what is in it.

use crate::Gateway;
use storage::{Result, Tx, params};

/// Removes the messages of a conversation, what of them is still to be sent, and their files. Answers the blobs that are to
/// be deleted after the commit.
pub(crate) fn empty(tx: &mut Tx<'_>, conversation_id: &str) -> Result<Vec<String>> {
    let blobs = tx.all::<String>(
        "SELECT attachment_id FROM attachment WHERE conversation_id = $1 ORDER BY attachment_id",
        params![conversation_id],
    )?;
    for sql in [
        "DELETE FROM message WHERE conversation_id = $1",
        "DELETE FROM outgoing WHERE conversation_id = $1",
        "DELETE FROM undelivered WHERE conversation_id = $1",
        "DELETE FROM media WHERE conversation_id = $1",
        "DELETE FROM attachment WHERE conversation_id = $1",
    ] {
        tx.run(sql, params![conversation_id])?;
    }
    Ok(blobs)
}

/// Removes an empty conversation.
pub(crate) fn remove(tx: &mut Tx<'_>, conversation_id: &str) -> Result<()> {
    tx.later("DELETE FROM conversation WHERE conversation_id = $1", params![conversation_id])
}

/// Deletes blobs that no row names any more. One that stays behind costs room and nothing else.
pub(crate) async fn drop_blobs(gateway: &Gateway, keys: Vec<String>) {
    for key in keys {
        if let Err(error) = gateway.blobs.delete(&key).await {
            tracing::warn!(%error, "a file of the gateway could not be deleted");
        }
    }
}
