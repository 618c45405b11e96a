//! What people do with comments inside the Instagram app.

use super::events::Told;
use super::writing::{Author, Barred, Writing};
use super::{Comment, moderation, store};
use crate::Platform;
use crate::conversations;
use crate::people::acts::{Refused, Result};
use crate::people::{self, Person};
use graph_api::ids::ConversationKey;
use std::sync::Arc;
use storage::Tx;

impl Author {
    /// A person who writes.
    pub(crate) fn person(person: &Person) -> Self {
        Self { user_no: person.user_no, username: person.username.clone(), is_private: person.is_private }
    }
}

impl From<Barred> for Refused {
    fn from(barred: Barred) -> Self {
        match barred {
            Barred::Gone => Self::missing("media_id", "there is no such media, or it has ended"),
            Barred::Off => Self::conflict("media_id", "comments are switched off for this post"),
            Barred::NoParent => Self::missing("parent_id", "there is no such comment under this post"),
            Barred::Hidden => Self::conflict("parent_id", "the comment is hidden"),
            Barred::NoAd => Self::missing("ad", "the account has no such ad that runs"),
            Barred::Live => Self::conflict("parent_id", "nobody replies to comments of a broadcast"),
            Barred::Storage(error) => Self::Storage(error),
        }
    }
}

/// A person comments. Refused if they have blocked the account: the app shows them nothing of it.
pub(crate) fn comment(
    tx: &mut Tx<'_>,
    writing: &Writing,
    place: (i64, i64),
    parent: Option<i64>,
) -> Result<Comment> {
    if let Some(owner) = &writing.owner {
        let account = owner.account.id;
        let key = ConversationKey { account, igsid: people::igsid(account, writing.author.user_no) };
        if conversations::store::read(tx, key)?.is_some_and(|conversation| conversation.blocked) {
            return Err(Refused::conflict("media_id", "the person has blocked this account"));
        }
    }
    Ok(writing.write(tx, place, parent)?)
}

/// A person takes a comment of theirs back.
pub(crate) fn take_back(tx: &mut Tx<'_>, platform: &Arc<Platform>, user_no: i64, id: i64) -> Result<()> {
    let (comment, media) = there(tx, id)?;
    if comment.author != user_no {
        return Err(Refused::conflict("comment_id", "somebody else wrote this comment"));
    }
    Ok(moderation::delete(tx, &Told { platform, media: &media }, &comment)?)
}

/// A person likes a comment, or does no longer.
pub(crate) fn like(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    user_no: i64,
    id: i64,
    likes: bool,
) -> Result<()> {
    let (comment, media) = there(tx, id)?;
    if comment.is_hidden && comment.author != user_no {
        return Err(Refused::missing("comment_id", "the comment is hidden"));
    }
    if store::set_like(tx, &comment, user_no, likes)? {
        let what = if likes { "liked" } else { "unliked" };
        Told { platform, media: &media }.tell(tx, &comment, what);
    }
    Ok(())
}

fn there(tx: &mut Tx<'_>, id: i64) -> Result<(Comment, crate::publishing::Media)> {
    let found = match store::by_id(tx, id)? {
        Some(comment) => moderation::locked(tx, comment.owner, id)?,
        None => None,
    };
    found.ok_or_else(|| Refused::missing("comment_id", "there is no such comment"))
}
