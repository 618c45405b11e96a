//! The table of mentions.

use crate::publishing::Media;
use storage::{Read, Result, Tx, params};

/// An account is mentioned, in a comment or in the caption.
pub(crate) fn add(tx: &mut Tx<'_>, account: i64, media: &Media, comment: Option<i64>) -> Result<()> {
    tx.later(
        "INSERT INTO mention (account_id, comment_id, media_id, owner_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, comment_id, media_id) DO NOTHING",
        params![account, comment.unwrap_or(0), media.id, media.account],
    )
}

/// Whether a comment mentions the account.
pub(crate) fn is_in_comment(db: &mut impl Read, account: i64, comment: i64) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT media_id FROM mention WHERE account_id = $1 AND comment_id = $2",
        params![account, comment],
    )?;
    Ok(found.is_some())
}

/// Whose post it is in whose caption the account is mentioned.
pub(crate) fn owner_of_caption(db: &mut impl Read, account: i64, media: i64) -> Result<Option<i64>> {
    db.one(
        "SELECT owner_id FROM mention WHERE account_id = $1 AND comment_id = 0 AND media_id = $2",
        params![account, media],
    )
}
