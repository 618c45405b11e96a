//! The table of webhooks.

use super::{NewWebhook, Webhook};
use crate::Gateway;
use crate::api::call::{Failure, Outcome};
use crate::apps::store::{Doc, lock_app};
use crate::schema;
use std::sync::Arc;
use storage::{FromColumn as _, FromRow, Read, Result, Row, Tx, params};
use sunco_api::{ApiError, limits};
use webhooks::EndpointId;

impl FromRow for Webhook {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            endpoint: row.int(1)?,
            app_id: row.text(2)?,
            integration_id: row.text(3)?,
            doc: Doc::from_column(row, 4)?,
            secret: row.bytes(5)?,
        })
    }
}

pub(crate) fn of_app(db: &mut impl Read, app_id: &str) -> Result<Vec<Webhook>> {
    db.all(
        "SELECT webhook_id, endpoint, app_id, integration_id, doc, secret FROM webhook
         WHERE app_id = $1 ORDER BY integration_id, webhook_id",
        params![app_id],
    )
}

pub(crate) fn of_integration(db: &mut impl Read, app_id: &str, integration_id: &str) -> Result<Vec<Webhook>> {
    db.all(
        "SELECT webhook_id, endpoint, app_id, integration_id, doc, secret FROM webhook
         WHERE app_id = $1 AND integration_id = $2 ORDER BY webhook_id",
        params![app_id, integration_id],
    )
}

pub(crate) fn by_endpoint(db: &mut impl Read, endpoint: i64) -> Result<Option<Webhook>> {
    db.one(
        "SELECT webhook_id, endpoint, app_id, integration_id, doc, secret FROM webhook WHERE endpoint = $1",
        params![endpoint],
    )
}

/// Makes webhooks of an integration; the app's row is locked for their number.
pub(crate) fn create(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    app_id: &str,
    integration_id: &str,
    given: &[NewWebhook],
) -> Outcome<Vec<Webhook>> {
    lock_app(tx, app_id)?;
    if of_app(tx, app_id)?.len() + given.len() > limits::WEBHOOKS {
        let title = format!("No more than {} webhooks are allowed", limits::WEBHOOKS);
        return Err(Failure::Api(ApiError::bad(title)));
    }
    let mut made = Vec::with_capacity(given.len());
    for new in given {
        let id = gateway.new_id();
        let mut doc = Doc::default();
        doc.set("id", Some(id.as_str().into()));
        doc.0.extend(new.doc.0.clone());
        let webhook = Webhook {
            id,
            endpoint: schema::next(tx, "endpoint")?,
            app_id: app_id.to_owned(),
            integration_id: integration_id.to_owned(),
            doc,
            secret: new.secret.clone(),
        };
        tx.later(
            "INSERT INTO webhook (webhook_id, endpoint, app_id, integration_id, doc, secret)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                &webhook.id,
                webhook.endpoint,
                app_id,
                integration_id,
                webhook.doc.json(),
                &webhook.secret
            ],
        )?;
        made.push(webhook);
    }
    Ok(made)
}

pub(crate) fn update(tx: &mut Tx<'_>, gateway: &Arc<Gateway>, webhook: &Webhook) -> Result<()> {
    tx.later("UPDATE webhook SET doc = $2 WHERE webhook_id = $1", params![&webhook.id, webhook.doc.json()])?;
    changed(tx, gateway, webhook);
    Ok(())
}

/// Removes the webhooks of an app, or of one of its integrations.
pub(crate) fn remove_all(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    app_id: &str,
    integration_id: Option<&str>,
) -> Result<()> {
    for webhook in of_app(tx, app_id)? {
        if integration_id.is_none_or(|id| id == webhook.integration_id) {
            remove(tx, gateway, &webhook)?;
        }
    }
    Ok(())
}

pub(crate) fn remove(tx: &mut Tx<'_>, gateway: &Arc<Gateway>, webhook: &Webhook) -> Result<()> {
    tx.later("DELETE FROM webhook WHERE webhook_id = $1", params![&webhook.id])?;
    changed(tx, gateway, webhook);
    Ok(())
}

fn changed(tx: &mut Tx<'_>, gateway: &Arc<Gateway>, webhook: &Webhook) {
    let (hooks, id) = (gateway.outbox().clone(), EndpointId(webhook.endpoint));
    tx.after_commit(move || hooks.changed(id));
}
