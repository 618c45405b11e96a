//! Apps and app keys.

use super::store::{self, Doc, Key};
use crate::Gateway;
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{ACCOUNT, APP, Operation, op};
use crate::api::paging::{self, Entries};
use serde_json::{Map, Value, json};
use storage::Result;
use sunco_api::credentials::Scope;
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body, limits};

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("CreateApp", "POST", "/v2/apps", ACCOUNT, Real, create),
    op!("ListApps", "GET", "/v2/apps", ACCOUNT, Real, list),
    op!("GetApp", "GET", "/v2/apps/{appId}", APP, Real, show),
    op!("UpdateApp", "PATCH", "/v2/apps/{appId}", APP, Real, update),
    op!("DeleteApp", "DELETE", "/v2/apps/{appId}", ACCOUNT, Real, delete),
    op!("CreateAppKey", "POST", "/v2/apps/{appId}/keys", ACCOUNT, Real, create_key),
    op!("ListAppKeys", "GET", "/v2/apps/{appId}/keys", ACCOUNT, Real, list_keys),
    op!("GetAppKey", "GET", "/v2/apps/{appId}/keys/{keyId}", ACCOUNT, Real, show_key),
    op!("DeleteAppKey", "DELETE", "/v2/apps/{appId}/keys/{keyId}", ACCOUNT, Real, delete_key),
];

/// The settings of a new app (spec: the example).
pub(crate) fn default_settings() -> Value {
    json!({
        "appLocalizationEnabled": true,
        "echoPostback": false,
        "ignoreAutoConversationStart": false,
        "maskCreditCardNumbers": true,
        "multiConvoEnabled": false,
        "useAnimalNames": false,
    })
}

/// What a body says of `settings`: those that are known.
fn settings(body: &Body) -> Result<Map<String, Value>, ApiError> {
    let mut changed = Map::new();
    let Some(settings) = body.object("settings")? else { return Ok(changed) };
    for name in [
        "maskCreditCardNumbers",
        "useAnimalNames",
        "echoPostback",
        "ignoreAutoConversationStart",
        "multiConvoEnabled",
        "appLocalizationEnabled",
        "endSessionEnabled",
        "disableConversationReopen",
    ] {
        if let Some(flag) = settings.flag(name)? {
            changed.insert(name.to_owned(), flag.into());
        }
    }
    if let Some(seconds) = settings.whole("conversationRetentionSeconds", 0, i64::MAX)? {
        changed.insert("conversationRetentionSeconds".to_owned(), seconds.into());
    }
    Ok(changed)
}

async fn create(call: &Call) -> Outcome {
    let name = call.body.required("displayName", 100)?;
    let metadata = call.body.metadata("metadata", "App")?.unwrap_or_default();
    let changed = settings(&call.body)?;
    let id = call.gateway.new_id();
    let mut all = default_settings().as_object().cloned().unwrap_or_default();
    all.extend(changed);
    let doc = json!({ "id": id, "displayName": name, "settings": all, "metadata": metadata });
    let stored = doc.as_object().cloned().map(Doc).unwrap_or_default();
    call.gateway.db.write(move |tx| store::add_app(tx, &id, &stored)).await?;
    Answer::created(json!({ "app": doc }))
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    // There are no service accounts, so none of them has an app.
    let of_none = call.query.filter("serviceAccountId")?.is_some();
    let asked = page.clone();
    let entries = call
        .gateway
        .db
        .read(move |db| {
            let most = |n: i64| if of_none { 0 } else { n };
            Entries::read(
                db,
                &asked,
                |db, id, n| store::apps_after(db, id, most(n)),
                |db, id, n| store::apps_before(db, id, most(n)),
            )
        })
        .await?;
    Answer::ok(paging::list(call, "apps", &page, entries, &[]))
}

async fn show(call: &Call) -> Outcome {
    let id = call.app_id();
    let app = call.gateway.db.read(move |db| store::app(db, &id)).await?;
    let mut app = app.ok_or_else(|| ApiError::not_found(Missing::App))?;
    app.set("subdomain", Some("posthaste".into()));
    Answer::ok(json!({ "app": app.value() }))
}

async fn update(call: &Call) -> Outcome {
    let name = call.body.text("displayName", 100)?;
    let metadata = call.body.metadata("metadata", "App")?;
    let (changed, id) = (settings(&call.body)?, call.app_id());
    let updated = call
        .gateway
        .db
        .write(move |tx| {
            let mut app = store::lock_app(tx, &id)?.ok_or_else(|| ApiError::not_found(Missing::App))?;
            let settings = app.0.entry("settings").or_insert_with(default_settings);
            if settings["multiConvoEnabled"] == true
                && changed.get("multiConvoEnabled") == Some(&false.into())
            {
                return Err(Failure::Api(ApiError::bad("settings.multiConvoEnabled cannot be switched off")));
            }
            if let Some(settings) = settings.as_object_mut() {
                settings.extend(changed.clone());
            }
            if let Some(name) = &name {
                app.set("displayName", Some(name.as_str().into()));
            }
            if let Some(metadata) = &metadata {
                app.set("metadata", Some(metadata.clone().into()));
            }
            store::update_app(tx, &id, &app)?;
            Ok(app)
        })
        .await?;
    Answer::ok(json!({ "app": updated.value() }))
}

async fn delete(call: &Call) -> Outcome {
    crate::apps::removal::app(&call.gateway, &call.app_id()).await?;
    Answer::done()
}

/// A key with a new id and secret.
pub(crate) fn new_key(
    gateway: &Gateway,
    scope: Scope,
    app_id: &str,
    integration_id: &str,
    display_name: &str,
) -> Result<Key> {
    Ok(Key {
        key_id: format!("{}{}", scope.prefix(), gateway.new_id()),
        scope,
        app_id: app_id.to_owned(),
        integration_id: integration_id.to_owned(),
        display_name: display_name.to_owned(),
        secret: gateway.seal.seal(&secret(gateway))?,
    })
}

/// 86 characters of base64url, as the document's examples (spec).
fn secret(gateway: &Gateway) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [0; 86];
    gateway.chance.fill(&mut bytes);
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 63)])).collect()
}

/// A key as it is shown: with its secret, always (spec).
pub(crate) fn shown(gateway: &Gateway, key: &Key) -> Result<Value> {
    let secret = gateway.seal.open(&key.secret)?;
    Ok(json!({ "id": key.key_id, "displayName": key.display_name, "secret": secret }))
}

async fn create_key(call: &Call) -> Outcome {
    add_key(call, Scope::App, String::new()).await
}

/// Makes a key of the path's app, or of an integration of it.
pub(crate) async fn add_key(call: &Call, scope: Scope, integration_id: String) -> Outcome {
    let name = call.body.required("displayName", 100)?;
    let key = new_key(&call.gateway, scope, &call.app_id(), &integration_id, &name)?;
    let stored = key.clone();
    call.gateway
        .db
        .write(move |tx| {
            store::lock_app(tx, &stored.app_id)?.ok_or_else(|| ApiError::not_found(Missing::App))?;
            if store::keys(tx, &stored.app_id, &stored.integration_id)?.len() >= limits::KEYS {
                let title = format!("No more than {} keys are allowed", limits::KEYS);
                return Err(Failure::Api(ApiError::bad(title)));
            }
            Ok(store::add_key(tx, &stored)?)
        })
        .await?;
    Answer::created(json!({ "key": shown(&call.gateway, &key)? }))
}

async fn list_keys(call: &Call) -> Outcome {
    keys_of(call, String::new()).await
}

/// The keys of the path's app, or of an integration of it.
pub(crate) async fn keys_of(call: &Call, integration_id: String) -> Outcome {
    let app_id = call.app_id();
    let keys = call.gateway.db.read(move |db| store::keys(db, &app_id, &integration_id)).await?;
    let shown: Vec<Value> = keys.iter().map(|key| shown(&call.gateway, key)).collect::<Result<_>>()?;
    Answer::ok(json!({ "keys": shown }))
}

async fn show_key(call: &Call) -> Outcome {
    key_of(call, String::new()).await
}

/// One key of the path's app, or of an integration of it.
pub(crate) async fn key_of(call: &Call, integration_id: String) -> Outcome {
    let (app_id, key_id) = (call.app_id(), call.id("keyId"));
    let key = call.gateway.db.read(move |db| store::key(db, &key_id)).await?;
    let key = key.filter(|key| key.app_id == app_id && key.integration_id == integration_id);
    let key = key.ok_or_else(|| ApiError::not_found(Missing::Resource))?;
    Answer::ok(json!({ "key": shown(&call.gateway, &key)? }))
}

async fn delete_key(call: &Call) -> Outcome {
    drop_key(call, String::new()).await
}

/// Removes a key of the path's app, or of an integration of it.
pub(crate) async fn drop_key(call: &Call, integration_id: String) -> Outcome {
    let (app_id, key_id) = (call.app_id(), call.id("keyId"));
    let removed =
        call.gateway.db.write(move |tx| store::remove_key(tx, &app_id, &integration_id, &key_id)).await?;
    match removed {
        true => Answer::done(),
        false => Err(ApiError::not_found(Missing::Resource).into()),
    }
}
