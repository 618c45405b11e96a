//! Who is tagged in pictures and videos.

use crate::graph::paging::{Bound, Cursor, Page};
use crate::publishing::Media;
use storage::{Read, Result, Tx, params};

/// Tags a user.
pub(crate) fn add(tx: &mut Tx<'_>, media: &Media, user_no: i64) -> Result<()> {
    tx.run(
        "INSERT INTO media_tag (user_no, media_id, account_id) VALUES ($1, $2, $3)
         ON CONFLICT (user_no, media_id) DO NOTHING",
        params![user_no, media.id, media.account],
    )?;
    Ok(())
}

/// Removes all tags, and hashtags, of a medium.
pub(crate) fn forget(tx: &mut Tx<'_>, media_id: i64) -> Result<()> {
    tx.run("DELETE FROM media_tag WHERE media_id = $1", params![media_id])?;
    tx.run("DELETE FROM media_hashtag WHERE media_id = $1", params![media_id])?;
    Ok(())
}

/// One page of the posts and reels in which a user is tagged, the newest first. Stories are not listed.
pub(crate) fn page(db: &mut impl Read, user_no: i64, page: &Page) -> Result<Vec<Media>> {
    let (before, after) = match page.from {
        Bound::Start => (i64::MAX, 0),
        Bound::After(Cursor(id, _)) => (id, 0),
        Bound::Before(Cursor(id, _)) => (i64::MAX, id),
    };
    let values = params![user_no, before, after, page.look()];
    if matches!(page.from, Bound::Before(_)) {
        let mut found: Vec<Media> = db.all(
            concat!(
                "SELECT ",
                columns!(),
                " FROM media_tag t JOIN media m ON m.account_id = t.account_id AND m.media_id = t.media_id
                 WHERE t.user_no = $1 AND t.media_id < $2 AND t.media_id > $3 AND m.product <> 'STORY'
                 ORDER BY t.media_id LIMIT $4"
            ),
            values,
        )?;
        found.reverse();
        return Ok(found);
    }
    db.all(
        concat!(
            "SELECT ",
            columns!(),
            " FROM media_tag t JOIN media m ON m.account_id = t.account_id AND m.media_id = t.media_id
             WHERE t.user_no = $1 AND t.media_id < $2 AND t.media_id > $3 AND m.product <> 'STORY'
             ORDER BY t.media_id DESC LIMIT $4"
        ),
        values,
    )
}
