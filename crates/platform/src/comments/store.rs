//! The tables of comments. Whoever writes locks the post first, then its thread.

use super::{Comment, Thread};
use crate::graph::paging::{Bound, Cursor, Page};
use crate::publishing::{self, Media};
use clock::Micros;
use storage::{FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "c.account_id, c.comment_id, c.media_id, c.parent_id, c.user_no, u.username, c.app_id, c.text, c.created_at,
         c.is_hidden, c.is_deleted, c.is_live, c.likes, c.private_reply_at, c.answer_lost, c.ad_id
         FROM comment c JOIN instagram_user u ON u.user_no = c.user_no"
    };
}

impl FromRow for Comment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            owner: row.int(0)?,
            id: row.int(1)?,
            media: row.int(2)?,
            parent: Some(row.int(3)?).filter(|id| *id > 0),
            author: row.int(4)?,
            username: row.text(5)?,
            app: row.int(6)?,
            text: row.text(7)?,
            created_at: row.micros(8)?,
            is_hidden: row.bool(9)?,
            is_deleted: row.bool(10)?,
            is_live: row.bool(11)?,
            likes: row.int(12)?,
            private_reply_at: Some(row.micros(13)?).filter(|at| at.0 > 0),
            is_answer_lost: row.bool(14)?,
            ad: Some(row.int(15)?).filter(|id| *id > 0),
        })
    }
}

impl FromRow for Thread {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { owner: row.int(0)?, media: row.int(1)?, comments: row.int(2)?, last_at: row.micros(3)? })
    }
}

/// Locks a post's thread, which begins to exist if it did not.
pub(crate) fn lock_thread(tx: &mut Tx<'_>, media: &Media) -> Result<Thread> {
    tx.run(
        "INSERT INTO comment_thread (account_id, media_id, comments, last_at) VALUES ($1, $2, 0, 0)
         ON CONFLICT (account_id, media_id) DO NOTHING",
        params![media.account, media.id],
    )?;
    let thread = tx.one(
        "SELECT account_id, media_id, comments, last_at FROM comment_thread
         WHERE account_id = $1 AND media_id = $2 FOR UPDATE",
        params![media.account, media.id],
    )?;
    thread.ok_or_else(|| storage::Error::Engine("a new thread of comments is not there".to_owned()))
}

/// Writes the locked thread back.
pub(crate) fn save_thread(tx: &mut Tx<'_>, thread: &Thread) -> Result<()> {
    tx.later(
        "UPDATE comment_thread SET comments = $3, last_at = $4 WHERE account_id = $1 AND media_id = $2",
        params![thread.owner, thread.media, thread.comments, thread.last_at],
    )
}

/// How many comments a post has, replies and all.
pub(crate) fn count(db: &mut impl Read, media: &Media) -> Result<i64> {
    let count = db.one(
        "SELECT comments FROM comment_thread WHERE account_id = $1 AND media_id = $2",
        params![media.account, media.id],
    )?;
    Ok(count.unwrap_or(0))
}

/// Adds a comment.
pub(crate) fn add(tx: &mut Tx<'_>, comment: &Comment) -> Result<()> {
    tx.later(
        "INSERT INTO comment (account_id, comment_id, media_id, parent_id, user_no, app_id, text, created_at, is_hidden,
         is_deleted, is_live, likes, private_reply_at, answer_lost, ad_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, 0, 0, 0, $10)",
        params![
            comment.owner,
            comment.id,
            comment.media,
            comment.parent.unwrap_or(0),
            comment.author,
            comment.app,
            comment.text.as_str(),
            comment.created_at,
            comment.is_live,
            comment.ad.unwrap_or(0)
        ],
    )
}

/// The comment under a post of that owner's, deleted or not.
pub(crate) fn find(db: &mut impl Read, owner: i64, id: i64) -> Result<Option<Comment>> {
    db.one(
        concat!("SELECT ", columns!(), " WHERE c.account_id = $1 AND c.comment_id = $2"),
        params![owner, id],
    )
}

/// Anybody's comment, deleted or not.
pub(crate) fn by_id(db: &mut impl Read, id: i64) -> Result<Option<Comment>> {
    db.one(concat!("SELECT ", columns!(), " WHERE c.comment_id = $1"), params![id])
}

/// Anybody's comment that is there, with its post: not deleted, and the post is there too, or the broadcast not over.
pub(crate) fn there(db: &mut impl Read, id: i64) -> Result<Option<(Comment, Media)>> {
    let Some(comment) = by_id(db, id)?.filter(|comment| !comment.is_deleted) else { return Ok(None) };
    let media = publishing::store::find(db, comment.owner, comment.media)?;
    let now = db.now();
    Ok(media.filter(|media| media.is_live(now)).map(|media| (comment, media)))
}

/// Which of the comments at the top are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// All but those on ads, as the API lists them (doc: IG Media, comments).
    OnPost,
    /// Those on ads too.
    All,
}

/// A page of the comments on a post, or, with a `parent`, of the replies to one, the newest first: one more than the page
/// has, if there are as many.
pub(crate) fn page(
    db: &mut impl Read,
    media: &Media,
    (parent, which): (Option<i64>, Which),
    page: &Page,
) -> Result<Vec<Comment>> {
    let ads = if which == Which::All { i64::MAX } else { 0 };
    let parent = parent.unwrap_or(0);
    match page.from {
        Bound::Before(Cursor(id, _)) => {
            let mut found: Vec<Comment> = db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " WHERE c.account_id = $1 AND c.media_id = $2 AND c.parent_id = $3 AND c.is_deleted = 0
                      AND (c.parent_id > 0 OR c.ad_id <= $6) AND c.comment_id > $4 ORDER BY c.comment_id LIMIT $5"
                ),
                params![media.account, media.id, parent, id, page.look(), ads],
            )?;
            found.reverse();
            Ok(found)
        }
        Bound::Start | Bound::After(_) => {
            let Cursor(id, _) = match page.from {
                Bound::After(cursor) => cursor,
                _ => Cursor(i64::MAX, 0),
            };
            db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " WHERE c.account_id = $1 AND c.media_id = $2 AND c.parent_id = $3 AND c.is_deleted = 0
                      AND (c.parent_id > 0 OR c.ad_id <= $6) AND c.comment_id < $4 ORDER BY c.comment_id DESC LIMIT $5"
                ),
                params![media.account, media.id, parent, id, page.look(), ads],
            )
        }
    }
}

/// Hides a comment, or shows it again.
pub(crate) fn set_hidden(tx: &mut Tx<'_>, comment: &Comment, hidden: bool) -> Result<()> {
    tx.later(
        "UPDATE comment SET is_hidden = $3 WHERE account_id = $1 AND comment_id = $2",
        params![comment.owner, comment.id, hidden],
    )
}

/// Deletes a comment with the replies to it. Answers how many are gone.
pub(crate) fn delete(tx: &mut Tx<'_>, comment: &Comment) -> Result<i64> {
    tx.run(
        "UPDATE comment SET is_deleted = 1, text = '' WHERE account_id = $1 AND comment_id = $2",
        params![comment.owner, comment.id],
    )?;
    let replies = tx.run(
        "UPDATE comment SET is_deleted = 1, text = ''
         WHERE account_id = $1 AND media_id = $2 AND parent_id = $3 AND is_deleted = 0",
        params![comment.owner, comment.media, comment.id],
    )?;
    Ok(i64::try_from(replies).unwrap_or(i64::MAX).saturating_add(1))
}

/// A user likes a comment, or does no longer. Answers whether that changed anything.
pub(crate) fn set_like(tx: &mut Tx<'_>, comment: &Comment, user_no: i64, likes: bool) -> Result<bool> {
    let (changed, step) = match likes {
        true => {
            let added = tx.run(
                "INSERT INTO comment_like (account_id, comment_id, user_no) VALUES ($1, $2, $3)
                 ON CONFLICT (account_id, comment_id, user_no) DO NOTHING",
                params![comment.owner, comment.id, user_no],
            )?;
            (added, 1_i64)
        }
        false => {
            let removed = tx.run(
                "DELETE FROM comment_like WHERE account_id = $1 AND comment_id = $2 AND user_no = $3",
                params![comment.owner, comment.id, user_no],
            )?;
            (removed, -1_i64)
        }
    };
    if changed > 0 {
        tx.later(
            "UPDATE comment SET likes = likes + $3 WHERE account_id = $1 AND comment_id = $2",
            params![comment.owner, comment.id, step],
        )?;
    }
    Ok(changed > 0)
}

/// Locks a comment that is to be replied to privately.
pub(crate) fn lock(tx: &mut Tx<'_>, owner: i64, id: i64) -> Result<Option<Comment>> {
    let locked = tx.one::<i64>(
        "SELECT comment_id FROM comment WHERE account_id = $1 AND comment_id = $2 FOR UPDATE",
        params![owner, id],
    )?;
    match locked {
        Some(id) => find(tx, owner, id),
        None => Ok(None),
    }
}

/// A comment has been replied to privately.
pub(crate) fn set_private_reply(tx: &mut Tx<'_>, comment: &Comment, at: Micros) -> Result<()> {
    tx.later(
        "UPDATE comment SET private_reply_at = $3 WHERE account_id = $1 AND comment_id = $2",
        params![comment.owner, comment.id, at],
    )
}

/// Whoever replied privately was not told so.
pub(crate) fn set_answer_lost(tx: &mut Tx<'_>, owner: i64, id: i64) -> Result<()> {
    tx.later(
        "UPDATE comment SET answer_lost = 1 WHERE account_id = $1 AND comment_id = $2 AND private_reply_at > 0",
        params![owner, id],
    )
}
