//! The tables of ads and of what they show.

use super::{Ad, Creative};
use crate::graph::paging::{Bound, Cursor, Page};
use graph_api::ads::{AdStatus, Seen};
use storage::{Error, FromRow, Read, Result, Row, Tx, params};

macro_rules! creative_columns {
    () => {
        "account_id, creative_id, ad_account, flow_id, name, title, photo_url, video_url, spec"
    };
}

macro_rules! ads {
    ($rest:literal) => {
        concat!(
            "SELECT a.account_id, a.ad_id, a.ad_account, a.creative_id, a.flow_id, a.name, a.status, a.reference,
             a.created_at, a.updated_at, c.title, c.photo_url, c.video_url
             FROM ad a JOIN ad_creative c ON c.account_id = a.account_id AND c.creative_id = a.creative_id ",
            $rest
        )
    };
}

fn named(id: i64) -> Option<i64> {
    (id != 0).then_some(id)
}

impl FromRow for Creative {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let spec = serde_json::from_str(&row.text(8)?)
            .map_err(|e| Error::Engine(format!("a stored creative cannot be read: {e}")))?;
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            ad_account: row.int(2)?,
            flow: named(row.int(3)?),
            name: row.text(4)?,
            seen: Seen { title: row.text(5)?, photo_url: row.opt_text(6)?, video_url: row.opt_text(7)? },
            spec,
        })
    }
}

impl FromRow for Ad {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let status = row.text(6)?;
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            ad_account: row.int(2)?,
            creative: row.int(3)?,
            flow: named(row.int(4)?),
            name: row.text(5)?,
            status: AdStatus::parse(&status)
                .ok_or_else(|| Error::Engine(format!("an unknown status of an ad is stored: {status}")))?,
            reference: row.text(7)?,
            created_at: row.micros(8)?,
            updated_at: row.micros(9)?,
            seen: Seen { title: row.text(10)?, photo_url: row.opt_text(11)?, video_url: row.opt_text(12)? },
        })
    }
}

/// Adds what an ad will show.
pub(super) fn add_creative(tx: &mut Tx<'_>, creative: &Creative) -> Result<()> {
    tx.run(
        "INSERT INTO ad_creative (account_id, creative_id, ad_account, flow_id, name, title, photo_url, video_url, spec)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            creative.account,
            creative.id,
            creative.ad_account,
            creative.flow.unwrap_or(0),
            creative.name.as_str(),
            creative.seen.title.as_str(),
            creative.seen.photo_url.clone(),
            creative.seen.video_url.clone(),
            creative.spec.to_string()
        ],
    )?;
    Ok(())
}

/// What an ad of the account shows.
pub(crate) fn creative(db: &mut impl Read, account: i64, id: i64) -> Result<Option<Creative>> {
    db.one(
        concat!(
            "SELECT ",
            creative_columns!(),
            " FROM ad_creative WHERE account_id = $1 AND creative_id = $2"
        ),
        params![account, id],
    )
}

/// Adds an ad.
pub(super) fn add(tx: &mut Tx<'_>, ad: &Ad) -> Result<()> {
    tx.run(
        "INSERT INTO ad (account_id, ad_id, ad_account, creative_id, flow_id, name, status, reference, created_at,
         updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            ad.account,
            ad.id,
            ad.ad_account,
            ad.creative,
            ad.flow.unwrap_or(0),
            ad.name.as_str(),
            ad.status.name(),
            ad.reference.as_str(),
            ad.created_at,
            ad.updated_at
        ],
    )?;
    Ok(())
}

/// An ad of the account.
pub(crate) fn ad(db: &mut impl Read, account: i64, id: i64) -> Result<Option<Ad>> {
    db.one(ads!("WHERE a.account_id = $1 AND a.ad_id = $2"), params![account, id])
}

/// The account that an ad advertises, for those who have nothing but the id.
pub(super) fn account_of(db: &mut impl Read, id: i64) -> Result<Option<i64>> {
    db.one("SELECT account_id FROM ad WHERE ad_id = $1", params![id])
}

/// An ad of the account, locked to be changed.
pub(super) fn lock(tx: &mut Tx<'_>, account: i64, id: i64) -> Result<Option<Ad>> {
    let locked = tx.one::<i64>(
        "SELECT ad_id FROM ad WHERE account_id = $1 AND ad_id = $2 FOR UPDATE",
        params![account, id],
    )?;
    match locked {
        Some(id) => ad(tx, account, id),
        None => Ok(None),
    }
}

/// Writes what can change of a locked ad.
pub(super) fn save(tx: &mut Tx<'_>, ad: &Ad) -> Result<()> {
    tx.run(
        "UPDATE ad SET name = $3, status = $4, updated_at = $5 WHERE account_id = $1 AND ad_id = $2",
        params![ad.account, ad.id, ad.name.as_str(), ad.status.name(), ad.updated_at],
    )?;
    Ok(())
}

/// Whether an ad that has not ended uses the flow.
pub(crate) fn uses(db: &mut impl Read, account: i64, flow: i64) -> Result<bool> {
    let found = db.one::<i64>(
        "SELECT ad_id FROM ad WHERE account_id = $1 AND flow_id = $2 AND status IN ('ACTIVE', 'PAUSED') LIMIT 1",
        params![account, flow],
    )?;
    Ok(found.is_some())
}

/// All ads that have not ended, the oldest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Ad>> {
    db.all(
        ads!("WHERE a.status IN ('ACTIVE', 'PAUSED') ORDER BY a.account_id, a.ad_id LIMIT 1000"),
        params![],
    )
}

/// How many ads of an advertiser's have not ended.
pub(super) fn count(db: &mut impl Read, ad_account: i64) -> Result<Option<i64>> {
    db.one(
        "SELECT COUNT(*) FROM ad WHERE ad_account = $1 AND status IN ('ACTIVE', 'PAUSED')",
        params![ad_account],
    )
}

/// How many creatives an advertiser has.
pub(super) fn count_creatives(db: &mut impl Read, ad_account: i64) -> Result<Option<i64>> {
    db.one("SELECT COUNT(*) FROM ad_creative WHERE ad_account = $1", params![ad_account])
}

/// Where a page of an advertiser's begins or ends, by id; everything if it begins at the start.
const fn bound(page: &Page) -> (bool, i64) {
    match page.from {
        Bound::Start => (false, i64::MAX),
        Bound::After(Cursor(id, _)) => (false, id),
        Bound::Before(Cursor(id, _)) => (true, id),
    }
}

/// A page of the ads of an advertiser's account that have not ended, the newest first: one more than the page has, if there
/// are as many.
pub(super) fn page(db: &mut impl Read, ad_account: i64, page: &Page) -> Result<Vec<Ad>> {
    let (is_before, id) = bound(page);
    let params = params![ad_account, id, page.look()];
    if !is_before {
        let sql = ads!(
            "WHERE a.ad_account = $1 AND a.ad_id < $2 AND a.status IN ('ACTIVE', 'PAUSED')
             ORDER BY a.ad_id DESC LIMIT $3"
        );
        return db.all(sql, params);
    }
    let sql = ads!(
        "WHERE a.ad_account = $1 AND a.ad_id > $2 AND a.status IN ('ACTIVE', 'PAUSED')
         ORDER BY a.ad_id LIMIT $3"
    );
    let mut found = db.all(sql, params)?;
    found.reverse();
    Ok(found)
}

/// The same of what its ads show.
pub(super) fn creatives(db: &mut impl Read, ad_account: i64, page: &Page) -> Result<Vec<Creative>> {
    let (is_before, id) = bound(page);
    let params = params![ad_account, id, page.look()];
    if !is_before {
        let sql = concat!(
            "SELECT ",
            creative_columns!(),
            " FROM ad_creative WHERE ad_account = $1 AND creative_id < $2 ORDER BY creative_id DESC LIMIT $3"
        );
        return db.all(sql, params);
    }
    let sql = concat!(
        "SELECT ",
        creative_columns!(),
        " FROM ad_creative WHERE ad_account = $1 AND creative_id > $2 ORDER BY creative_id LIMIT $3"
    );
    let mut found = db.all(sql, params)?;
    found.reverse();
    Ok(found)
}
