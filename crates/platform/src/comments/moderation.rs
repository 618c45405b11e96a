//! What an account's owner does with comments under the account's posts, through an app or in the Instagram app.

use super::events::Told;
use super::writing::counted;
use super::{Comment, store};
use crate::Platform;
use crate::conversations::Product;
use crate::publishing::{self, Media};
use std::sync::Arc;
use storage::{Result, Tx};

/// What is done with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moderation {
    /// Hidden from everybody but owner and author.
    Hide,
    /// Shown again.
    Show,
    /// Deleted, with the replies to it.
    Delete,
}

/// Does it to a comment under a post of that owner's. Answers whether it could be done: the comment is there, and not of
/// a broadcast (doc: IG Comment, updating and deleting).
pub(crate) fn moderate(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    (owner, id): (i64, i64),
    what: Moderation,
) -> Result<bool> {
    let Some((comment, media)) = locked(tx, owner, id)? else { return Ok(false) };
    if media.product == Product::Live {
        return Ok(false);
    }
    let told = Told { platform, media: &media };
    match what {
        Moderation::Delete => delete(tx, &told, &comment)?,
        Moderation::Hide | Moderation::Show => {
            let hidden = what == Moderation::Hide;
            store::set_hidden(tx, &comment, hidden)?;
            told.tell(tx, &comment, if hidden { "hidden" } else { "shown" });
        }
    }
    Ok(true)
}

/// A comment that is there, with its post, which is locked.
pub(super) fn locked(tx: &mut Tx<'_>, owner: i64, id: i64) -> Result<Option<(Comment, Media)>> {
    let Some(comment) = store::find(tx, owner, id)? else { return Ok(None) };
    let now = tx.now();
    let media = publishing::store::lock(tx, owner, comment.media)?.filter(|media| media.is_live(now));
    let Some(media) = media else { return Ok(None) };
    // As it is now that nobody else can change it.
    let comment = store::find(tx, owner, id)?.filter(|comment| !comment.is_deleted);
    Ok(comment.map(|comment| (comment, media)))
}

/// Deletes a comment that is there, under a locked post.
pub(super) fn delete(tx: &mut Tx<'_>, told: &Told<'_>, comment: &Comment) -> Result<()> {
    let mut thread = store::lock_thread(tx, told.media)?;
    let gone = store::delete(tx, comment)?;
    let gone = if comment.ad.is_none() { gone } else { 0 };
    thread.comments -= gone;
    counted(tx, told.media, comment.author, -gone)?;
    store::save_thread(tx, &thread)?;
    told.tell(tx, comment, "deleted");
    Ok(())
}
