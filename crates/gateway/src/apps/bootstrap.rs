//! The first keys: what whoever sets up a gateway begins with.

use super::ops::{default_settings, new_key};
use super::store::{self, Doc};
use crate::{Gateway, schema};
use serde_json::json;
use std::sync::Arc;
use storage::Result;
use sunco_api::credentials::Scope;

/// A key with its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// What there is to begin with.
#[derive(Clone, PartialEq, Eq)]
pub struct Bootstrap {
    /// The account's key: for making apps and their keys.
    pub account_key: NewKey,
    /// The first app.
    pub app_id: String,
    /// That app's key.
    pub app_key: NewKey,
}

impl Gateway {
    /// The account's key, a first app and its key: made if they are not there. The same at each start.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub async fn bootstrap(self: &Arc<Self>) -> Result<Bootstrap> {
        let this = Arc::clone(self);
        let stored = self
            .db
            .write(move |tx| {
                if let Some(known) = schema::setting(tx, "bootstrap")? {
                    return Ok(known);
                }
                let app_id = this.new_id();
                let app = json!({
                    "id": app_id, "displayName": "Posthaste", "settings": default_settings(), "metadata": {},
                });
                store::add_app(tx, &app_id, &app.as_object().cloned().map(Doc).unwrap_or_default())?;
                let account = new_key(&this, Scope::Account, "", "", "Account")?;
                let key = new_key(&this, Scope::App, &app_id, "", "First key")?;
                store::add_key(tx, &account)?;
                store::add_key(tx, &key)?;
                let known = format!("{} {} {}", account.key_id, app_id, key.key_id);
                schema::set(tx, "bootstrap", &known)?;
                Ok::<_, storage::Error>(known)
            })
            .await?;
        let mut names = stored.split(' ').map(str::to_owned);
        let mut next = || names.next().unwrap_or_default();
        let (account, app_id, key) = (next(), next(), next());
        Ok(Bootstrap {
            account_key: self.shown_key(account).await?,
            app_key: self.shown_key(key).await?,
            app_id,
        })
    }

    async fn shown_key(&self, id: String) -> Result<NewKey> {
        let wanted = id.clone();
        let key = self.db.read(move |db| store::key(db, &wanted)).await?;
        let secret = key.map(|key| self.seal.open(&key.secret)).transpose()?.unwrap_or_default();
        Ok(NewKey { id, secret })
    }
}
