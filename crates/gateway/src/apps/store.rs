//! The tables of apps and keys, and documents as all tables keep them.

use serde_json::{Map, Value};
use storage::{Error, FromColumn, FromRow, Read, Result, Row, Tx, params};
use sunco_api::credentials::Scope;

/// A resource as the API shows it, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Doc(pub(crate) Map<String, Value>);

impl Doc {
    /// A text of the document; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
    /// A yes or no; `otherwise` if it is not there.
    pub(crate) fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(otherwise)
    }
    /// Sets a member, or takes it out.
    pub(crate) fn set(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => drop(self.0.insert(name.to_owned(), value)),
            None => drop(self.0.shift_remove(name)),
        }
    }
    /// As it is stored.
    pub(crate) fn json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
    /// As it is shown.
    pub(crate) fn value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl From<Map<String, Value>> for Doc {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

impl FromColumn for Doc {
    fn from_column(row: &Row<'_>, i: usize) -> Result<Self> {
        let parsed = serde_json::from_str(&row.text(i)?);
        parsed.map(Self).map_err(|e| Error::Engine(format!("a stored document cannot be read: {e}")))
    }
}

impl FromRow for Doc {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Self::from_column(row, 0)
    }
}

/// A key. The secret is sealed.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) key_id: String,
    pub(crate) scope: Scope,
    pub(crate) app_id: String,
    pub(crate) integration_id: String,
    pub(crate) display_name: String,
    pub(crate) secret: Vec<u8>,
}

impl FromRow for Key {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let scope = row.text(1)?;
        Ok(Self {
            key_id: row.text(0)?,
            scope: Scope::parse(&scope)
                .ok_or_else(|| Error::Engine(format!("a key of the unknown scope {scope}")))?,
            app_id: row.text(2)?,
            integration_id: row.text(3)?,
            display_name: row.text(4)?,
            secret: row.bytes(5)?,
        })
    }
}

pub(crate) fn key(db: &mut impl Read, key_id: &str) -> Result<Option<Key>> {
    db.one(
        "SELECT key_id, scope, app_id, integration_id, display_name, secret FROM api_key WHERE key_id = $1",
        params![key_id],
    )
}

/// The keys of an app (`integration_id` empty) or of one of its integrations.
pub(crate) fn keys(db: &mut impl Read, app_id: &str, integration_id: &str) -> Result<Vec<Key>> {
    db.all(
        "SELECT key_id, scope, app_id, integration_id, display_name, secret FROM api_key
         WHERE app_id = $1 AND integration_id = $2 ORDER BY key_id",
        params![app_id, integration_id],
    )
}

pub(crate) fn add_key(tx: &mut Tx<'_>, key: &Key) -> Result<()> {
    tx.later(
        "INSERT INTO api_key (key_id, scope, app_id, integration_id, display_name, secret)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            &key.key_id,
            key.scope.name(),
            &key.app_id,
            &key.integration_id,
            &key.display_name,
            &key.secret
        ],
    )
}

pub(crate) fn remove_key(tx: &mut Tx<'_>, app_id: &str, integration_id: &str, key_id: &str) -> Result<bool> {
    let removed = tx.run(
        "DELETE FROM api_key WHERE app_id = $1 AND integration_id = $2 AND key_id = $3",
        params![app_id, integration_id, key_id],
    )?;
    Ok(removed > 0)
}

pub(crate) fn app(db: &mut impl Read, app_id: &str) -> Result<Option<Doc>> {
    db.one("SELECT doc FROM app WHERE app_id = $1", params![app_id])
}

/// The app, its row locked.
pub(crate) fn lock_app(tx: &mut Tx<'_>, app_id: &str) -> Result<Option<Doc>> {
    tx.one("SELECT doc FROM app WHERE app_id = $1 FOR UPDATE", params![app_id])
}

pub(crate) fn apps_after(db: &mut impl Read, after: &str, most: i64) -> Result<Vec<Doc>> {
    db.all("SELECT doc FROM app WHERE app_id > $1 ORDER BY app_id LIMIT $2", params![after, most])
}

pub(crate) fn apps_before(db: &mut impl Read, before: &str, most: i64) -> Result<Vec<Doc>> {
    db.all("SELECT doc FROM app WHERE app_id < $1 ORDER BY app_id DESC LIMIT $2", params![before, most])
}

pub(crate) fn add_app(tx: &mut Tx<'_>, app_id: &str, doc: &Doc) -> Result<()> {
    tx.later("INSERT INTO app (app_id, doc) VALUES ($1, $2)", params![app_id, doc.json()])
}

pub(crate) fn update_app(tx: &mut Tx<'_>, app_id: &str, doc: &Doc) -> Result<()> {
    tx.later("UPDATE app SET doc = $2 WHERE app_id = $1", params![app_id, doc.json()])
}
