//! The tables of what was counted.

use super::parts::Parts;
use super::rules::Series;
use clock::Micros;
use graph_api::time::PacificDay;
use storage::{FromRow, Read, Result, Row, Tx, params};

/// What is kept of an account at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// Since when the account is a professional one; 0: for ever.
    pub professional_since: Micros,
    /// How many followers there are of each age, city, country and gender.
    pub followers: Parts,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { professional_since: row.micros(0)?, followers: Parts::parse(&row.text(1)?)? })
    }
}

/// Locks what is counted of an account, and makes it first if it is not there.
pub(super) fn lock(tx: &mut Tx<'_>, account: i64) -> Result<Kept> {
    if let Some(kept) = locked(tx, account)? {
        return Ok(kept);
    }
    tx.run(
        "INSERT INTO insight_account (account_id, professional_since, followers) VALUES ($1, 0, '{}')
         ON CONFLICT (account_id) DO NOTHING",
        params![account],
    )?;
    Ok(locked(tx, account)?.unwrap_or_default())
}

fn locked(tx: &mut Tx<'_>, account: i64) -> Result<Option<Kept>> {
    tx.one(
        "SELECT professional_since, followers FROM insight_account WHERE account_id = $1 FOR UPDATE",
        params![account],
    )
}

/// What is kept of an account.
pub(super) fn kept(db: &mut impl Read, account: i64) -> Result<Kept> {
    let found = db.one(
        "SELECT professional_since, followers FROM insight_account WHERE account_id = $1",
        params![account],
    )?;
    Ok(found.unwrap_or_default())
}

/// Writes what [`lock`] answered.
pub(super) fn save(tx: &mut Tx<'_>, account: i64, kept: &Kept) -> Result<()> {
    tx.later(
        "UPDATE insight_account SET professional_since = $2, followers = $3 WHERE account_id = $1",
        params![account, kept.professional_since, kept.followers.text()],
    )
}

/// Says since when the account is a professional one.
pub(crate) fn set_professional_since(tx: &mut Tx<'_>, account: i64, since: Micros) -> Result<()> {
    let kept = lock(tx, account)?;
    save(tx, account, &Kept { professional_since: since, ..kept })
}

/// One thing that was counted on one day.
pub(super) fn of_day(tx: &mut Tx<'_>, account: i64, series: Series, day: PacificDay) -> Result<Parts> {
    let found = tx.one(
        "SELECT parts FROM insight_day WHERE account_id = $1 AND series = $2 AND day = $3",
        params![account, series.name(), day.0],
    )?;
    Ok(found.unwrap_or_default())
}

/// The same on every day of a range, in order; days without a row are left out.
pub(super) fn of_days(
    db: &mut impl Read,
    account: i64,
    series: Series,
    (first, last): (PacificDay, PacificDay),
) -> Result<Vec<(PacificDay, Parts)>> {
    let rows = db.all::<(i64, String)>(
        "SELECT day, parts FROM insight_day WHERE account_id = $1 AND series = $2 AND day BETWEEN $3 AND $4
         ORDER BY day",
        params![account, series.name(), first.0, last.0],
    )?;
    rows.into_iter().map(|(day, text)| Ok((PacificDay(day), Parts::parse(&text)?))).collect()
}

/// Writes what was counted on a day.
pub(super) fn set_day(
    tx: &mut Tx<'_>,
    account: i64,
    series: Series,
    day: PacificDay,
    parts: &Parts,
) -> Result<()> {
    tx.later(
        "INSERT INTO insight_day (account_id, series, day, parts) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, series, day) DO UPDATE SET parts = excluded.parts",
        params![account, series.name(), day.0, parts.text()],
    )
}

/// Forgets what was counted on the days before one.
pub(super) fn forget_before(tx: &mut Tx<'_>, account: i64, series: Series, day: PacificDay) -> Result<()> {
    tx.later(
        "DELETE FROM insight_day WHERE account_id = $1 AND series = $2 AND day < $3",
        params![account, series.name(), day.0],
    )
}

/// Everything that was counted of a medium.
pub(super) fn of_media(db: &mut impl Read, account: i64, media: i64) -> Result<Parts> {
    let found = db.one(
        "SELECT parts FROM insight_media WHERE account_id = $1 AND media_id = $2",
        params![account, media],
    )?;
    Ok(found.unwrap_or_default())
}

/// Writes it.
pub(super) fn set_media(tx: &mut Tx<'_>, account: i64, media: i64, parts: &Parts) -> Result<()> {
    tx.later(
        "INSERT INTO insight_media (account_id, media_id, parts) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, media_id) DO UPDATE SET parts = excluded.parts",
        params![account, media, parts.text()],
    )
}

/// A person among those who count once: of the account (0) or of one of its media.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    /// The account.
    pub account: i64,
    /// The medium, or 0.
    pub media: i64,
    /// Those who count once.
    pub audience: &'a str,
    /// The person.
    pub user_no: i64,
}

/// The last day on which the person belonged to them.
pub(super) fn last_day(tx: &mut Tx<'_>, member: Member<'_>) -> Result<Option<PacificDay>> {
    let found = tx.one::<i64>(
        "SELECT last_day FROM insight_person
         WHERE account_id = $1 AND media_id = $2 AND audience = $3 AND user_no = $4",
        params![member.account, member.media, member.audience, member.user_no],
    )?;
    Ok(found.map(PacificDay))
}

/// The person belongs to them on that day.
pub(super) fn joins(tx: &mut Tx<'_>, member: Member<'_>, day: PacificDay) -> Result<()> {
    tx.later(
        "INSERT INTO insight_person (account_id, media_id, audience, user_no, last_day) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, media_id, audience, user_no) DO UPDATE SET last_day = excluded.last_day",
        params![member.account, member.media, member.audience, member.user_no, day.0],
    )
}

/// The person no longer belongs to them.
pub(super) fn leaves(tx: &mut Tx<'_>, member: Member<'_>) -> Result<()> {
    tx.later(
        "DELETE FROM insight_person WHERE account_id = $1 AND media_id = $2 AND audience = $3 AND user_no = $4",
        params![member.account, member.media, member.audience, member.user_no],
    )
}

/// A story was published: its figures are told then.
pub(super) fn expect_story(tx: &mut Tx<'_>, account: i64, media: i64, due_at: Micros) -> Result<()> {
    tx.later(
        "INSERT INTO insight_story (account_id, media_id, due_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, media_id) DO NOTHING",
        params![account, media, due_at],
    )
}

/// Stories whose figures are due, the oldest first: account and medium.
pub(super) fn due_stories(db: &mut impl Read, now: Micros) -> Result<Vec<(i64, i64)>> {
    db.all(
        "SELECT account_id, media_id FROM insight_story WHERE due_at <= $1 ORDER BY due_at LIMIT 100",
        params![now],
    )
}

/// Forgets what was counted of a medium. What it added to the account's days stays.
pub(super) fn forget_media(tx: &mut Tx<'_>, account: i64, media: i64) -> Result<()> {
    tx.run("DELETE FROM insight_media WHERE account_id = $1 AND media_id = $2", params![account, media])?;
    tx.run("DELETE FROM insight_person WHERE account_id = $1 AND media_id = $2", params![account, media])?;
    Ok(())
}

/// Takes a story off the list; whether it was on it.
pub(super) fn take_story(tx: &mut Tx<'_>, account: i64, media: i64) -> Result<bool> {
    let taken =
        tx.run("DELETE FROM insight_story WHERE account_id = $1 AND media_id = $2", params![account, media])?;
    Ok(taken == 1)
}
