//! The table of flows.

use super::Flow;
use crate::Platform;
use crate::assets;
use crate::graph::paging::{Bound, Cursor, Page};
use std::sync::Arc;
use storage::{Error, FromRow, Read, Result, Row, Tx, params};

macro_rules! columns {
    () => {
        "account_id, flow_id, app_id, name, platforms, flow, messages, updated_at"
    };
}

impl FromRow for Flow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let messages = serde_json::from_str(&row.text(6)?)
            .map_err(|e| Error::Engine(format!("a stored flow cannot be read: {e}")))?;
        Ok(Self {
            account: row.int(0)?,
            id: row.int(1)?,
            app: row.int(2)?,
            name: row.text(3)?,
            platforms: row.text(4)?.split(',').map(str::to_owned).collect(),
            text: row.text(5)?,
            messages,
            updated_at: row.micros(7)?,
        })
    }
}

/// Writes a flow: a new one, or a changed one that is locked.
pub(super) fn save(tx: &mut Tx<'_>, flow: &Flow) -> Result<()> {
    let messages = serde_json::to_string(&flow.messages)
        .map_err(|e| Error::Engine(format!("a flow cannot be written: {e}")))?;
    tx.run(
        "INSERT INTO welcome_message_flow (account_id, flow_id, app_id, name, platforms, flow, messages, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (account_id, flow_id) DO UPDATE SET name = excluded.name, platforms = excluded.platforms,
         flow = excluded.flow, messages = excluded.messages, updated_at = excluded.updated_at",
        params![
            flow.account,
            flow.id,
            flow.app,
            flow.name.as_str(),
            flow.platforms.join(","),
            flow.text.as_str(),
            messages,
            flow.updated_at
        ],
    )?;
    Ok(())
}

/// The account's flow with that id.
pub(crate) fn find(db: &mut impl Read, account: i64, id: i64) -> Result<Option<Flow>> {
    db.one(
        concat!("SELECT ", columns!(), " FROM welcome_message_flow WHERE account_id = $1 AND flow_id = $2"),
        params![account, id],
    )
}

/// The same, locked: whoever changes it, and whoever makes an ad of it.
pub(crate) fn lock(tx: &mut Tx<'_>, account: i64, id: i64) -> Result<Option<Flow>> {
    tx.one(
        concat!(
            "SELECT ",
            columns!(),
            " FROM welcome_message_flow WHERE account_id = $1 AND flow_id = $2 FOR UPDATE"
        ),
        params![account, id],
    )
}

/// A page of the flows that an app made for the account, the last changed first: one more than the page has, if there are
/// as many.
pub(super) fn page(db: &mut impl Read, (account, app): (i64, i64), page: &Page) -> Result<Vec<Flow>> {
    match page.from {
        Bound::Before(Cursor(updated_at, id)) => {
            let mut found: Vec<Flow> = db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM welcome_message_flow WHERE account_id = $1 AND app_id = $2
                     AND (updated_at, flow_id) > ($3, $4) ORDER BY updated_at, flow_id LIMIT $5"
                ),
                params![account, app, updated_at, id, page.look()],
            )?;
            found.reverse();
            Ok(found)
        }
        Bound::Start | Bound::After(_) => {
            let Cursor(updated_at, id) = match page.from {
                Bound::After(cursor) => cursor,
                _ => Cursor(i64::MAX, i64::MAX),
            };
            db.all(
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM welcome_message_flow WHERE account_id = $1 AND app_id = $2
                     AND (updated_at, flow_id) < ($3, $4) ORDER BY updated_at DESC, flow_id DESC LIMIT $5"
                ),
                params![account, app, updated_at, id, page.look()],
            )
        }
    }
}

/// All flows, the oldest first.
pub(crate) fn all(db: &mut impl Read) -> Result<Vec<Flow>> {
    db.all(
        concat!("SELECT ", columns!(), " FROM welcome_message_flow ORDER BY account_id, flow_id LIMIT 1000"),
        params![],
    )
}

/// Removes a locked flow with its files. What people have been shown of it stays.
pub(super) fn delete(tx: &mut Tx<'_>, platform: &Arc<Platform>, flow: &Flow) -> Result<()> {
    delete_files(tx, platform, flow)?;
    tx.run(
        "DELETE FROM welcome_message_flow WHERE account_id = $1 AND flow_id = $2",
        params![flow.account, flow.id],
    )?;
    Ok(())
}

/// Removes the files of a flow's messages.
pub(super) fn delete_files(tx: &mut Tx<'_>, platform: &Arc<Platform>, flow: &Flow) -> Result<()> {
    flow.files().try_for_each(|asset| assets::store::delete(tx, platform, flow.account, asset))
}
