//! The tables of hashtags.

use super::Hashtag;
use crate::graph::paging::{Bound, Cursor, Page};
use crate::publishing::Media;
use crate::publishing::store::columns;
use crate::schema::next_id;
use clock::Micros;
use graph_api::ids::NodeKind;
use graph_api::publish;
use std::collections::BTreeSet;
use storage::{FromRow, Read, Result, Row, Tx, params};

impl FromRow for Hashtag {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.int(0)?, name: row.text(1)? })
    }
}

/// Notes the hashtags of a caption.
pub(crate) fn note(tx: &mut Tx<'_>, media: &Media) -> Result<()> {
    let names: BTreeSet<String> = publish::hashtags(&media.caption).map(str::to_lowercase).collect();
    for name in names {
        let id = match by_name(tx, &name)? {
            Some(known) => known.id,
            None => {
                let id = next_id(tx, NodeKind::Hashtag)?;
                // Who publishes at the same time may have made it meanwhile.
                tx.run(
                    "INSERT INTO hashtag (hashtag_id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
                    params![id, name.as_str()],
                )?;
                by_name(tx, &name)?.map_or(id, |known| known.id)
            }
        };
        tx.run(
            "INSERT INTO media_hashtag (hashtag_id, media_id, account_id) VALUES ($1, $2, $3)
             ON CONFLICT (hashtag_id, media_id) DO NOTHING",
            params![id, media.id, media.account],
        )?;
    }
    Ok(())
}

/// The hashtag of that name.
pub(crate) fn by_name(db: &mut impl Read, name: &str) -> Result<Option<Hashtag>> {
    db.one("SELECT hashtag_id, name FROM hashtag WHERE name = $1", params![name])
}

/// The hashtag with that id.
pub(crate) fn find(db: &mut impl Read, id: i64) -> Result<Option<Hashtag>> {
    db.one("SELECT hashtag_id, name FROM hashtag WHERE hashtag_id = $1", params![id])
}

/// The ids of what an account has looked for since that instant.
pub(super) fn searched_since(db: &mut impl Read, account: i64, since: Micros) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = db.all(
        "SELECT hashtag_id FROM hashtag_search WHERE account_id = $1 AND searched_at > $2",
        params![account, since],
    )?;
    ids.sort_unstable();
    Ok(ids)
}

/// One page of the same, by id.
pub(super) fn searched_page(
    db: &mut impl Read,
    account: i64,
    since: Micros,
    page: &Page,
) -> Result<Vec<i64>> {
    let all = searched_since(db, account, since)?;
    let look = page.look() as usize;
    Ok(match page.from {
        Bound::Start => all.into_iter().take(look).collect(),
        Bound::After(Cursor(id, _)) => all.into_iter().filter(|tag| *tag > id).take(look).collect(),
        Bound::Before(Cursor(id, _)) => {
            let before: Vec<_> = all.into_iter().filter(|tag| *tag < id).collect();
            before[before.len().saturating_sub(look)..].to_vec()
        }
    })
}

/// Notes that an account looks for a hashtag.
pub(super) fn note_search(tx: &mut Tx<'_>, account: i64, hashtag: i64) -> Result<()> {
    tx.run(
        "INSERT INTO hashtag_search (account_id, hashtag_id, searched_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, hashtag_id) DO UPDATE SET searched_at = excluded.searched_at",
        params![account, hashtag, tx.now()],
    )?;
    Ok(())
}

/// One page of the media that have a hashtag, published since that instant, the newest first.
pub(super) fn media(db: &mut impl Read, hashtag: i64, since: Micros, page: &Page) -> Result<Vec<Media>> {
    let (before, after) = match page.from {
        Bound::Start => (i64::MAX, 0),
        Bound::After(Cursor(id, _)) => (id, 0),
        Bound::Before(Cursor(id, _)) => (i64::MAX, id),
    };
    let values = params![hashtag, before, after, since, page.look()];
    if matches!(page.from, Bound::Before(_)) {
        let mut found: Vec<Media> = db.all(
            concat!(
                "SELECT ",
                columns!(),
                " FROM media_hashtag t JOIN media m ON m.account_id = t.account_id AND m.media_id = t.media_id
                 WHERE t.hashtag_id = $1 AND t.media_id < $2 AND t.media_id > $3 AND m.created_at >= $4
                 ORDER BY t.media_id LIMIT $5"
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
            " FROM media_hashtag t JOIN media m ON m.account_id = t.account_id AND m.media_id = t.media_id
             WHERE t.hashtag_id = $1 AND t.media_id < $2 AND t.media_id > $3 AND m.created_at >= $4
             ORDER BY t.media_id DESC LIMIT $5"
        ),
        values,
    )
}
