//! Webhooks of an integration.

use super::{NewWebhook, Webhook, read_triggers, store, target};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{HOOKS, Operation, op};
use crate::integrations;
use serde_json::{Value, json};
use std::sync::Arc;
use sunco_api::ApiError;
use sunco_api::error::Missing;

const ALL: &str = "/v2/apps/{appId}/integrations/{integrationId}/webhooks";
const ONE: &str = "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("CreateWebhook", "POST", ALL, HOOKS, Real, create),
    op!("ListWebhooks", "GET", ALL, HOOKS, Real, list),
    op!("GetWebhook", "GET", ONE, HOOKS, Real, show),
    op!("UpdateWebhook", "PATCH", ONE, HOOKS, Real, update),
    op!("DeleteWebhook", "DELETE", ONE, HOOKS, Real, delete),
];

/// The path's integration must be there, and a custom one (spec: webhooks belong to custom integrations).
async fn integration(call: &Call) -> Outcome<String> {
    let (app_id, id) = (call.app_id(), call.id("integrationId"));
    let found = call.gateway.db.read(move |db| integrations::store::find(db, &app_id, &id)).await?;
    let found = found.ok_or_else(|| ApiError::not_found(Missing::Integration))?;
    match found.is_instagram() {
        true => Err(ApiError::bad("Bad request").into()),
        false => Ok(found.id),
    }
}

async fn create(call: &Call) -> Outcome {
    let integration_id = integration(call).await?;
    let new = NewWebhook::read(&call.gateway, &call.body)?;
    let (gateway, app_id) = (Arc::clone(&call.gateway), call.app_id());
    let made = call
        .gateway
        .db
        .write(move |tx| store::create(tx, &gateway, &app_id, &integration_id, std::slice::from_ref(&new)))
        .await?;
    let shown = made.first().map(|webhook| webhook.shown(&call.gateway)).transpose()?;
    Answer::created(json!({ "webhook": shown }))
}

async fn list(call: &Call) -> Outcome {
    let (integration_id, app_id) = (integration(call).await?, call.app_id());
    let all = call.gateway.db.read(move |db| store::of_integration(db, &app_id, &integration_id)).await?;
    let shown: Vec<Value> =
        all.iter().map(|webhook| webhook.shown(&call.gateway)).collect::<storage::Result<_>>()?;
    Answer::ok(json!({ "webhooks": shown }))
}

/// The webhook of the path.
fn find(all: Vec<Webhook>, id: &str) -> Outcome<Webhook> {
    let found = all.into_iter().find(|webhook| webhook.id == id);
    Ok(found.ok_or_else(|| ApiError::not_found(Missing::Resource))?)
}

async fn show(call: &Call) -> Outcome {
    let (integration_id, app_id) = (integration(call).await?, call.app_id());
    let all = call.gateway.db.read(move |db| store::of_integration(db, &app_id, &integration_id)).await?;
    let webhook = find(all, &call.id("webhookId"))?;
    Answer::ok(json!({ "webhook": webhook.shown(&call.gateway)? }))
}

async fn update(call: &Call) -> Outcome {
    let (integration_id, app_id, id) = (integration(call).await?, call.app_id(), call.id("webhookId"));
    let mut changed = serde_json::Map::new();
    changed.extend(target(&call.body)?.map(|target| ("target".to_owned(), target.into())));
    let triggers = read_triggers(&call.gateway, &call.body)?;
    changed.extend(triggers.map(|triggers| ("triggers".to_owned(), triggers.into())));
    for name in ["includeFullUser", "includeFullSource"] {
        changed.extend(call.body.flag(name)?.map(|flag| (name.to_owned(), flag.into())));
    }
    let gateway = Arc::clone(&call.gateway);
    let webhook = call
        .gateway
        .db
        .write(move |tx| {
            crate::apps::store::lock_app(tx, &app_id)?;
            let mut webhook = find(store::of_integration(tx, &app_id, &integration_id)?, &id)?;
            webhook.doc.0.extend(changed.clone());
            store::update(tx, &gateway, &webhook)?;
            Ok::<_, Failure>(webhook)
        })
        .await?;
    Answer::ok(json!({ "webhook": webhook.shown(&call.gateway)? }))
}

async fn delete(call: &Call) -> Outcome {
    let (integration_id, app_id, id) = (integration(call).await?, call.app_id(), call.id("webhookId"));
    let gateway = Arc::clone(&call.gateway);
    call.gateway
        .db
        .write(move |tx| {
            crate::apps::store::lock_app(tx, &app_id)?;
            let webhook = find(store::of_integration(tx, &app_id, &integration_id)?, &id)?;
            Ok::<_, Failure>(store::remove(tx, &gateway, &webhook)?)
        })
        .await?;
    Answer::done()
}
