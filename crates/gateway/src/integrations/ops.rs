//! Integrations and the keys of custom ones.

use super::{Integration, connect, store};
use crate::api::call::{Answer, Call, Outcome};
use crate::api::operations::{APP, Operation, op};
use crate::api::paging::{self, Entries};
use crate::apps::store::Doc;
use crate::apps::{ops as apps, removal};
use crate::hooks::{self, NewWebhook};
use crate::instagram::backfill;
use crate::switchboards::Board;
use graph_api::Host;
use graph_client::Access;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::Read;
use sunco_api::credentials::Scope;
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body};

pub(crate) const OPERATIONS: &[Operation] = &[
    op!(
        "CreateIntegration",
        "POST",
        "/v2/apps/{appId}/integrations",
        APP,
        Real,
        create,
        "of the types `instagram` (also with an Instagram Login token) and `custom`; other types are refused"
    ),
    op!("ListIntegrations", "GET", "/v2/apps/{appId}/integrations", APP, Real, list),
    op!("GetIntegration", "GET", "/v2/apps/{appId}/integrations/{integrationId}", APP, Real, show),
    op!("UpdateIntegration", "PATCH", "/v2/apps/{appId}/integrations/{integrationId}", APP, Real, update),
    op!("DeleteIntegration", "DELETE", "/v2/apps/{appId}/integrations/{integrationId}", APP, Real, delete),
    op!(
        "CreateCustomIntegrationKey",
        "POST",
        "/v2/apps/{appId}/integrations/{integrationId}/keys",
        APP,
        Real,
        create_key
    ),
    op!(
        "ListCustomIntegrationKeys",
        "GET",
        "/v2/apps/{appId}/integrations/{integrationId}/keys",
        APP,
        Real,
        list_keys
    ),
    op!(
        "GetCustomIntegrationKey",
        "GET",
        "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
        APP,
        Real,
        show_key
    ),
    op!(
        "DeleteCustomIntegrationKey",
        "DELETE",
        "/v2/apps/{appId}/integrations/{integrationId}/keys/{keyId}",
        APP,
        Real,
        delete_key
    ),
];

/// An instagram integration as it is shown: with the responder that has its conversations first, its own or the
/// switchboard's (spec: `defaultResponder`).
fn with_responder(db: &mut impl Read, integration: &Integration) -> storage::Result<Doc> {
    let mut shown = integration.doc.clone();
    let own = shown.0.shift_remove("defaultResponderId");
    let Some(board) = Board::enabled(db, &integration.app_id)? else { return Ok(shown) };
    let own = own.as_ref().and_then(Value::as_str).and_then(|id| board.by_id(id));
    let inherited = own.is_none();
    if let Some(entry) = own.or_else(|| board.by_id(board.default.as_deref()?)) {
        let mut responder = entry.doc.0.clone();
        responder.shift_remove("id");
        responder.insert("inherited".to_owned(), inherited.into());
        shown.set("defaultResponder", Some(responder.into()));
    }
    Ok(shown)
}

/// All types of the document.
const TYPES: &[&str] = &[
    "android",
    "apple",
    "custom",
    "instagram",
    "ios",
    "line",
    "mailgun",
    "messagebird",
    "messenger",
    "telegram",
    "twilio",
    "twitter",
    "unity",
    "viber",
    "web",
    "whatsapp",
];

async fn create(call: &Call) -> Outcome {
    let kind = call.body.text("type", 64)?.ok_or_else(|| ApiError::required("", "type"))?;
    match kind.as_str() {
        "instagram" => create_instagram(call).await,
        "custom" => create_custom(call).await,
        known if TYPES.contains(&known) => Err(ApiError::bad(format!(
            "Invalid integration type: {known} is not served here, whose channel is Instagram Direct"
        ))
        .into()),
        _ => Err(ApiError::bad("Invalid integration type").into()),
    }
}

async fn create_custom(call: &Call) -> Outcome {
    let name = call.body.text("displayName", 100)?;
    let automated = call.body.flag("automated")?.filter(|_| !call.gateway.settings.strict);
    let webhooks = call.body.objects("webhooks", 1, 1, |body| NewWebhook::read(&call.gateway, &body))?;
    let webhooks = webhooks.ok_or_else(|| ApiError::required("", "webhooks"))?;
    let id = call.gateway.new_id();
    let mut doc = Doc::default();
    doc.set("id", Some(id.as_str().into()));
    doc.set("type", Some("custom".into()));
    doc.set("status", Some("active".into()));
    doc.set("displayName", name.map(Value::from));
    doc.set("automated", automated.map(Value::from));
    let integration = Integration {
        id,
        app_id: call.app_id(),
        kind: "custom".into(),
        business_id: String::new(),
        doc,
        secrets: None,
    };
    let gateway = Arc::clone(&call.gateway);
    let (stored, given) = (integration.clone(), webhooks.clone());
    let made = call
        .gateway
        .db
        .write(move |tx| {
            store::add(tx, &stored)?;
            hooks::store::create(tx, &gateway, &stored.app_id, &stored.id, &given)
        })
        .await?;
    Answer::created(json!({ "integration": with_webhooks(call, &integration, &made)? }))
}

fn with_webhooks(call: &Call, integration: &Integration, made: &[hooks::Webhook]) -> Outcome<Value> {
    let mut shown = integration.doc.value();
    let each =
        made.iter().map(|webhook| webhook.shown(&call.gateway)).collect::<storage::Result<Vec<_>>>()?;
    shown["webhooks"] = each.into();
    Ok(shown)
}

async fn create_instagram(call: &Call) -> Outcome {
    let (body, gateway) = (&call.body, &call.gateway);
    let page_token = body.text("pageAccessToken", 2048)?;
    let login_token = body.text("instagramAccessToken", 2048)?.filter(|_| !gateway.settings.strict);
    let (host, name, token) = match (page_token, login_token) {
        (Some(token), None) => (Host::Facebook, "pageAccessToken", token),
        (None, Some(token)) => (Host::Instagram, "instagramAccessToken", token),
        (Some(_), Some(_)) => {
            return Err(ApiError::bad("pageAccessToken and instagramAccessToken exclude each other").into());
        }
        (None, None) => return Err(ApiError::required("", "pageAccessToken").into()),
    };
    let app_id = body.required("appId", 128)?;
    let app_secret = body.required("appSecret", 256)?;
    let changes = changes(call)?;
    let access = Access { host, token, app_secret };
    let business = connect::connect(gateway, &access, name, true).await?;
    let id = gateway.new_id();
    let mut doc = Doc::default();
    for (name, value) in [
        ("id", Some(id.as_str())),
        ("type", Some("instagram")),
        ("status", Some("active")),
        ("appId", Some(app_id.as_str())),
        ("businessName", Some(business.name.as_str())),
        ("businessUsername", Some(business.username.as_str())),
        ("businessId", Some(business.id.as_str())),
        ("pageId", business.page_id.as_deref()),
    ] {
        doc.set(name, value.map(Value::from));
    }
    for name in ["storyRepliesEnabled", "storyMentionsEnabled", "showAIDisclaimer"] {
        doc.set(name, Some(true.into()));
    }
    doc.0.extend(changes);
    let integration = Integration {
        id,
        app_id: call.app_id(),
        kind: "instagram".to_owned(),
        business_id: business.id,
        doc,
        secrets: Some(gateway.seal.seal(&secrets(name, &access))?),
    };
    let stored = integration.clone();
    gateway
        .db
        .write(move |tx| {
            store::add(tx, &stored)?;
            backfill::begin(tx, &stored.id)
        })
        .await?;
    Answer::created(json!({ "integration": instagram_shown(call, integration).await? }))
}

fn secrets(token_name: &str, access: &Access) -> String {
    json!({ token_name: access.token, "appSecret": access.app_secret }).to_string()
}

/// What an instagram integration can be told, at its making and later. `appId` and `appSecret` cannot be changed (spec).
fn changes(call: &Call) -> Result<Map<String, Value>, ApiError> {
    let body: &Body = &call.body;
    let mut changed = Map::new();
    if body.has("displayName") {
        changed.extend(body.text("displayName", 100)?.map(|name| ("displayName".to_owned(), name.into())));
    }
    for name in ["storyRepliesEnabled", "storyMentionsEnabled", "showAIDisclaimer"] {
        changed.extend(body.flag(name)?.map(|flag| (name.to_owned(), flag.into())));
    }
    changed
        .extend(body.text("defaultResponderId", 24)?.map(|id| ("defaultResponderId".to_owned(), id.into())));
    if !call.gateway.settings.strict {
        let profile = body.one_of("contentProfile", &["native", "sunshine"])?;
        changed.extend(profile.map(|profile| ("contentProfile".to_owned(), profile.into())));
        let tag = body.one_of("humanAgentTag", &["always", "auto", "never"])?;
        changed.extend(tag.map(|tag| ("humanAgentTag".to_owned(), tag.into())));
        changed.extend(body.flag("importEchoes")?.map(|flag| ("importEchoes".to_owned(), flag.into())));
    }
    Ok(changed)
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    let types = call.query.filter("types")?;
    let wanted: Option<Vec<String>> =
        types.as_deref().map(|types| types.split(',').map(|kind| kind.trim().to_owned()).collect());
    if wanted.iter().flatten().any(|kind| !TYPES.contains(&kind.as_str())) {
        return Err(ApiError::bad("Invalid query parameters").into());
    }
    let (app_id, asked) = (call.app_id(), page.clone());
    let gateway = Arc::clone(&call.gateway);
    let entries = call
        .gateway
        .db
        .read(move |db| {
            // An app has a handful of integrations: they are read together and paged here.
            let mut all = store::all_of_app(db, &app_id)?;
            all.retain(|one| wanted.as_ref().is_none_or(|wanted| wanted.contains(&one.kind)));
            let mut shown = Vec::with_capacity(all.len());
            for integration in all {
                let webhooks = hooks::store::of_integration(db, &integration.app_id, &integration.id)?;
                let mut doc = with_responder(db, &integration)?;
                if integration.kind == "custom" {
                    let each = webhooks.iter().map(|webhook| webhook.shown(&gateway));
                    doc.set("webhooks", Some(each.collect::<storage::Result<Vec<_>>>()?.into()));
                }
                shown.push(doc);
            }
            let of = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
            Entries::read(
                &mut shown,
                &asked,
                |all, id, n| Ok(all.iter().filter(|doc| doc.text("id") > id).take(of(n)).cloned().collect()),
                |all, id, n| {
                    Ok(all.iter().rev().filter(|doc| doc.text("id") < id).take(of(n)).cloned().collect())
                },
            )
        })
        .await?;
    let kept: Vec<(&str, &str)> = types.iter().map(|types| ("filter[types]", types.as_str())).collect();
    Answer::ok(paging::list(call, "integrations", &page, entries, &kept))
}

/// The instagram integration as it is shown now.
async fn instagram_shown(call: &Call, integration: Integration) -> Outcome<Value> {
    Ok(call.gateway.db.read(move |db| with_responder(db, &integration)).await?.value())
}

/// The integration of the path, and its webhooks.
async fn found(call: &Call) -> Outcome<(Integration, Vec<hooks::Webhook>)> {
    let (app_id, id) = (call.app_id(), call.id("integrationId"));
    let found = call
        .gateway
        .db
        .read(move |db| {
            let integration = store::find(db, &app_id, &id)?;
            let webhooks = hooks::store::of_integration(db, &app_id, &id)?;
            Ok::<_, storage::Error>(integration.map(|integration| (integration, webhooks)))
        })
        .await?;
    Ok(found.ok_or_else(|| ApiError::not_found(Missing::Integration))?)
}

async fn show(call: &Call) -> Outcome {
    let (integration, webhooks) = found(call).await?;
    let shown = match integration.is_instagram() {
        true => instagram_shown(call, integration).await?,
        false => with_webhooks(call, &integration, &webhooks)?,
    };
    Answer::ok(json!({ "integration": shown }))
}

async fn update(call: &Call) -> Outcome {
    let (integration, webhooks) = found(call).await?;
    let changed = match integration.is_instagram() {
        true => changes(call)?,
        false => call
            .body
            .text("displayName", 100)?
            .map(|name| ("displayName".to_owned(), Value::from(name)))
            .into_iter()
            .collect(),
    };
    let mut secrets_now = integration.secrets.clone();
    if integration.is_instagram() {
        let mut access = integration.access(&call.gateway)?;
        let name = match access.host {
            Host::Facebook => "pageAccessToken",
            Host::Instagram => "instagramAccessToken",
        };
        if let Some(token) = call.body.text(name, 2048)? {
            access.token = token;
            let business = connect::connect(&call.gateway, &access, name, true).await?;
            if business.id != integration.business_id {
                return Err(ApiError::bad(format!("Invalid {name}: it belongs to another account")).into());
            }
            secrets_now = Some(call.gateway.seal.seal(&secrets(name, &access))?);
        }
    }
    let (app_id, id) = (call.app_id(), integration.id.clone());
    let renewed = secrets_now != integration.secrets;
    let updated = call
        .gateway
        .db
        .write(move |tx| {
            let locked = store::lock(tx, &app_id, &id)?;
            let mut integration = locked.ok_or_else(|| ApiError::not_found(Missing::Integration))?;
            integration.doc.0.extend(changed.clone());
            if renewed {
                integration.secrets.clone_from(&secrets_now);
                integration.doc.set("status", Some("active".into()));
            }
            store::update(tx, &integration)?;
            Ok::<_, crate::api::call::Failure>(integration)
        })
        .await?;
    let shown = match updated.is_instagram() {
        true => instagram_shown(call, updated).await?,
        false => with_webhooks(call, &updated, &webhooks)?,
    };
    Answer::ok(json!({ "integration": shown }))
}

async fn delete(call: &Call) -> Outcome {
    let (integration, _) = found(call).await?;
    connect::let_go(&call.gateway, &integration).await;
    let (gateway, app_id) = (Arc::clone(&call.gateway), call.app_id());
    call.gateway.db.write(move |tx| removal::integration(tx, &gateway, &app_id, &integration.id)).await?;
    Answer::done()
}

/// The path's integration, which must be a custom one.
async fn custom(call: &Call) -> Outcome<String> {
    let (integration, _) = found(call).await?;
    match integration.is_instagram() {
        true => Err(ApiError::bad("API keys are available only for custom integrations").into()),
        false => Ok(integration.id),
    }
}

async fn create_key(call: &Call) -> Outcome {
    apps::add_key(call, Scope::Integration, custom(call).await?).await
}

async fn list_keys(call: &Call) -> Outcome {
    apps::keys_of(call, custom(call).await?).await
}

async fn show_key(call: &Call) -> Outcome {
    apps::key_of(call, custom(call).await?).await
}

async fn delete_key(call: &Call) -> Outcome {
    apps::drop_key(call, custom(call).await?).await
}
