//! The tables of users and clients.

use super::{Client, User};
use crate::apps::store::Doc;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};
use sunco_api::content::UserName;

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            app_id: row.text(1)?,
            external_id: row.opt_text(2)?,
            doc: Doc::from_column(row, 3)?,
            events_at: row.micros(4)?,
        })
    }
}

impl FromRow for Client {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            app_id: row.text(1)?,
            user_id: row.text(2)?,
            integration_id: row.text(3)?,
            external_id: row.text(4)?,
            conversation_id: row.text(5)?,
            doc: Doc::from_column(row, 6)?,
        })
    }
}

pub(crate) fn by_id(db: &mut impl Read, app_id: &str, id: &str) -> Result<Option<User>> {
    db.one(
        "SELECT user_id, app_id, external_id, doc, events_at FROM user_account WHERE user_id = $2 AND app_id = $1",
        params![app_id, id],
    )
}

fn by_external(db: &mut impl Read, app_id: &str, id: &str) -> Result<Option<User>> {
    db.one(
        "SELECT user_id, app_id, external_id, doc, events_at FROM user_account
         WHERE app_id = $1 AND external_id = $2",
        params![app_id, id],
    )
}

/// By the one id or the other, as paths name users.
pub(crate) fn find(db: &mut impl Read, app_id: &str, id: &str) -> Result<Option<User>> {
    match by_id(db, app_id, id)? {
        Some(user) => Ok(Some(user)),
        None => by_external(db, app_id, id),
    }
}

pub(crate) fn named(db: &mut impl Read, app_id: &str, name: &UserName) -> Result<Option<User>> {
    match name {
        UserName::Id(id) => by_id(db, app_id, id),
        UserName::External(id) => by_external(db, app_id, id),
    }
}

/// The user, their row locked.
pub(crate) fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<User>> {
    tx.one(
        "SELECT user_id, app_id, external_id, doc, events_at FROM user_account WHERE user_id = $1 FOR UPDATE",
        params![id],
    )
}

/// Adds a user; answers whether the external id was free.
pub(crate) fn add(tx: &mut Tx<'_>, user: &User) -> Result<bool> {
    let added = tx.run(
        "INSERT INTO user_account (user_id, app_id, external_id, doc, events_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        params![&user.id, &user.app_id, user.external_id.clone(), user.doc.json(), user.events_at],
    )?;
    Ok(added == 1)
}

pub(crate) fn update(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    tx.later(
        "UPDATE user_account SET doc = $2, events_at = $3 WHERE user_id = $1",
        params![&user.id, user.doc.json(), user.events_at],
    )
}

pub(crate) fn clients(db: &mut impl Read, user_id: &str) -> Result<Vec<Client>> {
    db.all(
        "SELECT client_id, app_id, user_id, integration_id, external_id, conversation_id, doc FROM client
         WHERE user_id = $1 ORDER BY client_id",
        params![user_id],
    )
}

/// The client of a person on an integration.
pub(crate) fn client_of(db: &mut impl Read, integration_id: &str, igsid: &str) -> Result<Option<Client>> {
    db.one(
        "SELECT client_id, app_id, user_id, integration_id, external_id, conversation_id, doc FROM client
         WHERE integration_id = $1 AND external_id = $2",
        params![integration_id, igsid],
    )
}

pub(crate) fn add_client(tx: &mut Tx<'_>, client: &Client) -> Result<()> {
    tx.run_exactly(
        1,
        "INSERT INTO client (client_id, app_id, user_id, integration_id, external_id, conversation_id, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            &client.id,
            &client.app_id,
            &client.user_id,
            &client.integration_id,
            &client.external_id,
            &client.conversation_id,
            client.doc.json()
        ],
    )
}

pub(crate) fn update_client(tx: &mut Tx<'_>, client: &Client) -> Result<()> {
    tx.later(
        "UPDATE client SET conversation_id = $2, doc = $3 WHERE client_id = $1",
        params![&client.id, &client.conversation_id, client.doc.json()],
    )
}

pub(crate) fn remove_client(tx: &mut Tx<'_>, client_id: &str) -> Result<()> {
    tx.later("DELETE FROM client WHERE client_id = $1", params![client_id])
}

pub(crate) fn remove(tx: &mut Tx<'_>, user_id: &str) -> Result<()> {
    tx.later("DELETE FROM client WHERE user_id = $1", params![user_id])?;
    tx.later("DELETE FROM user_account WHERE user_id = $1", params![user_id])
}
