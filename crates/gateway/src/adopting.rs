//! What a sandbox does with the gateway inside it: accounts are given to it, and it begins anew.

use crate::apps::store::Doc;
use crate::instagram::backfill;
use crate::integrations::{self, Integration};
use crate::{Gateway, schema};
use graph_api::Host;
use graph_client::Access;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{Result, params};

/// An account that is known to be the app's: nobody is asked about it.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// What it is remembered by.
    pub name: String,
    /// The app of the gateway that it goes to.
    pub app_id: String,
    /// The Meta app's id.
    pub meta_app_id: String,
    /// How it is reached.
    pub access: Access,
    /// The account's id.
    pub business_id: String,
    /// Its username.
    pub username: String,
    /// Its name.
    pub display_name: String,
    /// Its page, if it has one.
    pub page_id: Option<String>,
}

impl Gateway {
    /// An `instagram` integration of that account: made at the first call, brought up to date at later ones. Answers its
    /// id.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn adopt(self: &Arc<Self>, adopted: Adopted) -> Result<String> {
        let token_name = match adopted.access.host {
            Host::Facebook => "pageAccessToken",
            Host::Instagram => "instagramAccessToken",
        };
        let secrets = json!({ token_name: adopted.access.token, "appSecret": adopted.access.app_secret });
        let secrets = self.seal.seal(&secrets.to_string())?;
        let this = Arc::clone(self);
        self.db
            .write(move |tx| {
                let setting = format!("adopted {}", adopted.name);
                if let Some(id) = schema::setting(tx, &setting)?
                    && let Some(mut known) = integrations::store::lock(tx, &adopted.app_id, &id)?
                {
                    known.secrets = Some(secrets.clone());
                    integrations::store::update(tx, &known)?;
                    return Ok(id);
                }
                let id = this.new_id();
                let mut doc = Doc::default();
                for (name, value) in [
                    ("id", Some(id.as_str())),
                    ("type", Some("instagram")),
                    ("status", Some("active")),
                    ("appId", Some(adopted.meta_app_id.as_str())),
                    ("businessName", Some(adopted.display_name.as_str())),
                    ("businessUsername", Some(adopted.username.as_str())),
                    ("businessId", Some(adopted.business_id.as_str())),
                    ("pageId", adopted.page_id.as_deref()),
                ] {
                    doc.set(name, value.map(Value::from));
                }
                for name in ["storyRepliesEnabled", "storyMentionsEnabled", "showAIDisclaimer"] {
                    doc.set(name, Some(true.into()));
                }
                let integration = Integration {
                    id: id.clone(),
                    app_id: adopted.app_id.clone(),
                    kind: "instagram".to_owned(),
                    business_id: adopted.business_id.clone(),
                    doc,
                    secrets: Some(secrets.clone()),
                };
                integrations::store::add(tx, &integration)?;
                schema::set(tx, &setting, &id)?;
                Ok::<_, storage::Error>(id)
            })
            .await
    }

    /// From now on it is looked for what the adopted accounts' notifications may have missed.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn look_after(&self) -> Result<()> {
        self.db
            .write(|tx| {
                for integration in integrations::store::of_instagram(tx)? {
                    backfill::begin(tx, &integration.id)?;
                }
                Ok::<_, storage::Error>(())
            })
            .await
    }

    /// Removes everything but the first keys, their app, and the accounts that were adopted: their ids stay the same.
    ///
    /// # Errors
    /// If the database cannot be written; everything is then still there.
    pub async fn reset(self: &Arc<Self>) -> Result<()> {
        self.work.idle().await;
        self.hooks.forget().await;
        let emptied = self
            .db
            .write(|tx| {
                let first = schema::setting(tx, "bootstrap")?.unwrap_or_default();
                let mut first = first.split(' ').map(str::to_owned);
                let mut next = || first.next().unwrap_or_default();
                let (account_key, app_id, app_key) = (next(), next(), next());
                for sql in [
                    "DELETE FROM conversation",
                    "DELETE FROM outgoing",
                    "DELETE FROM undelivered",
                    "DELETE FROM sent_part",
                    "DELETE FROM inbound",
                    "DELETE FROM message",
                    "DELETE FROM media",
                    "DELETE FROM attachment",
                    "DELETE FROM client",
                    "DELETE FROM user_account",
                    "DELETE FROM switchboard_integration",
                    "DELETE FROM switchboard",
                    "DELETE FROM webhook",
                    "DELETE FROM outbox",
                    "DELETE FROM webhook_retry",
                    "DELETE FROM dead_letter",
                    "DELETE FROM setting WHERE name = 'noted connected' OR (name >= 'looked ' AND name < 'looked!')",
                    "DELETE FROM integration
                     WHERE integration_id NOT IN (SELECT value FROM setting WHERE name IN ('adopted page', 'adopted instagram'))",
                ] {
                    tx.run(sql, params![])?;
                }
                tx.run("DELETE FROM api_key WHERE key_id <> $1 AND key_id <> $2", params![account_key, app_key])?;
                tx.run("DELETE FROM app WHERE app_id <> $1", params![app_id])?;
                Ok::<_, storage::Error>(())
            })
            .await;
        let reloaded = self.hooks.reload().await;
        emptied?;
        // No row names a file any more.
        self.blobs.sweep(std::collections::HashSet::new()).await?;
        reloaded
    }

    /// Keeps a word under a name.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub async fn note(&self, name: &str, value: &str) -> Result<()> {
        let (name, value) = (format!("noted {name}"), value.to_owned());
        self.db.write(move |tx| schema::set(tx, &name, &value)).await
    }

    /// The word that was kept under a name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn noted(&self, name: &str) -> Result<Option<String>> {
        let name = format!("noted {name}");
        self.db.read(move |db| schema::setting(db, &name)).await
    }
}
