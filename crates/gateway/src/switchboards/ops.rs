//! Switchboards and their integrations.

use super::{Entry, store};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{APP, Operation, op};
use crate::apps::store::{Doc, lock_app};
use crate::integrations;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{Read, Tx};
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body, limits};

const BOARDS: &str = "/v2/apps/{appId}/switchboards";
const BOARD: &str = "/v2/apps/{appId}/switchboards/{switchboardId}";
const ENTRIES: &str = "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations";
const ENTRY: &str =
    "/v2/apps/{appId}/switchboards/{switchboardId}/switchboardIntegrations/{switchboardIntegrationId}";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("CreateSwitchboard", "POST", BOARDS, APP, Real, create),
    op!("ListSwitchboards", "GET", BOARDS, APP, Real, list),
    op!("UpdateSwitchboard", "PATCH", BOARD, APP, Real, update),
    op!("DeleteSwitchboard", "DELETE", BOARD, APP, Real, delete),
    op!("CreateSwitchboardIntegration", "POST", ENTRIES, APP, Real, create_entry),
    op!("ListSwitchboardIntegrations", "GET", ENTRIES, APP, Real, list_entries),
    op!("UpdateSwitchboardIntegration", "PATCH", ENTRY, APP, Real, update_entry),
    op!("DeleteSwitchboardIntegration", "DELETE", ENTRY, APP, Real, delete_entry),
];

async fn create(call: &Call) -> Outcome {
    let (app_id, gateway) = (call.app_id(), Arc::clone(&call.gateway));
    let made = call
        .gateway
        .db
        .write(move |tx| {
            lock_app(tx, &app_id)?;
            if store::find(tx, &app_id)?.is_some() {
                let title = "Only one switchboard can be created per app";
                return Err(Failure::Api(ApiError::bad(title)));
            }
            let id = gateway.new_id();
            let mut doc = Doc::default();
            doc.set("id", Some(id.as_str().into()));
            doc.set("enabled", Some(false.into()));
            store::add(tx, &app_id, &id, &doc)?;
            Ok(doc.value())
        })
        .await?;
    Answer::created(json!({ "switchboard": made }))
}

async fn list(call: &Call) -> Outcome {
    let app_id = call.app_id();
    let found = call.gateway.db.read(move |db| store::find(db, &app_id)).await?;
    let all: Vec<Value> = found.iter().map(Doc::value).collect();
    Answer::ok(json!({ "switchboards": all }))
}

/// The switchboard of the path.
fn board(db: &mut impl Read, app_id: &str, id: &str) -> Outcome<Doc> {
    let found = store::find(db, app_id)?.filter(|doc| doc.text("id") == id);
    Ok(found.ok_or_else(|| ApiError::not_found(Missing::Switchboard))?)
}

/// Changes the path's switchboard, or what is in it, under the app's lock.
async fn change<T: Send + 'static>(
    call: &Call,
    act: impl Fn(&mut Tx<'_>, &str, &mut Doc, Vec<Entry>) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let (app_id, id) = (call.app_id(), call.id("switchboardId"));
    call.gateway
        .db
        .write(move |tx| {
            lock_app(tx, &app_id)?;
            let mut doc = board(tx, &app_id, &id)?;
            let entries = store::entries(tx, &app_id)?;
            act(tx, &app_id, &mut doc, entries)
        })
        .await
}

async fn update(call: &Call) -> Outcome {
    let enabled = call.body.flag("enabled")?;
    let default = call.body.text("defaultSwitchboardIntegrationId", 24)?;
    let changed = change(call, move |tx, app_id, doc, entries| {
        if let Some(default) = &default {
            if !entries.iter().any(|entry| entry.id == *default) {
                return Err(ApiError::not_found(Missing::SwitchboardIntegration).into());
            }
            doc.set("defaultSwitchboardIntegrationId", Some(default.as_str().into()));
        }
        if let Some(enabled) = enabled {
            if enabled && doc.text("defaultSwitchboardIntegrationId").is_empty() {
                let title = "Enabled switchboard must have an associated default switchboardIntegration";
                return Err(ApiError::new(404, "switchboard_integration_not_found", title).into());
            }
            doc.set("enabled", Some(enabled.into()));
        }
        store::update(tx, app_id, doc)?;
        Ok(doc.value())
    })
    .await?;
    Answer::ok(json!({ "switchboard": changed }))
}

async fn delete(call: &Call) -> Outcome {
    change(call, |tx, app_id, _, _| Ok(store::remove(tx, app_id)?)).await?;
    Answer::done()
}

/// `name`: letters, digits, `-` and `_`.
fn name(body: &Body) -> Result<Option<String>, ApiError> {
    let name = body.text("name", 128)?;
    let is_good = |name: &String| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    match name.as_ref().is_none_or(is_good) {
        true => Ok(name),
        false => Err(ApiError::bad("name should match pattern \"^[a-zA-Z0-9-_]+$\"")),
    }
}

/// What a body says of an entry besides its name and integration.
fn rest(body: &Body, entries: &[Entry], doc: &mut Doc) -> Outcome<()> {
    if let Some(deliver) = body.flag("deliverStandbyEvents")? {
        doc.set("deliverStandbyEvents", Some(deliver.into()));
    }
    if let Some(next) = body.text("nextSwitchboardIntegrationId", 24)? {
        if !entries.iter().any(|entry| entry.id == next) {
            return Err(ApiError::not_found(Missing::SwitchboardIntegration).into());
        }
        doc.set("nextSwitchboardIntegrationId", Some(next.into()));
    }
    if let Some(count) = body.whole("messageHistoryCount", 1, 10)? {
        doc.set("messageHistoryCount", Some(count.into()));
    }
    Ok(())
}

fn is_name_taken(entries: &[Entry], name: &str, but: &str) -> bool {
    entries.iter().any(|entry| entry.id != but && entry.doc.text("name") == name)
}

async fn create_entry(call: &Call) -> Outcome {
    let name = name(&call.body)?.ok_or_else(|| ApiError::required("", "name"))?;
    let (by_id, by_type) = (call.body.text("integrationId", 24)?, call.body.text("integrationType", 64)?);
    if by_id.is_some() == by_type.is_some() {
        return Err(ApiError::bad("should have exactly one of integrationId and integrationType").into());
    }
    let (body, gateway) = (call.body.clone(), Arc::clone(&call.gateway));
    let made = change(call, move |tx, app_id, _, entries| {
        if entries.len() >= limits::SWITCHBOARD_INTEGRATIONS {
            let title = format!(
                "Switchboard has reached the max number of switchboard integrations ({})",
                limits::SWITCHBOARD_INTEGRATIONS
            );
            return Err(ApiError::new(400, "too_many_switchboard_integrations", title).into());
        }
        if is_name_taken(&entries, &name, "") {
            return Err(ApiError::bad(format!("name {name} is taken in this switchboard")).into());
        }
        let all = integrations::store::all_of_app(tx, app_id)?;
        let found = all.into_iter().find(|one| match (&by_id, &by_type) {
            (Some(id), _) => one.id == *id,
            (None, kind) => Some(&one.kind) == kind.as_ref(),
        });
        let integration = found.ok_or_else(|| ApiError::not_found(Missing::Integration))?;
        let mut doc = Doc::default();
        let id = gateway.new_id();
        for (name, value) in [
            ("id", &id),
            ("name", &name),
            ("integrationId", &integration.id),
            ("integrationType", &integration.kind),
        ] {
            doc.set(name, Some(value.as_str().into()));
        }
        doc.set("deliverStandbyEvents", Some(true.into()));
        rest(&body, &entries, &mut doc)?;
        let entry = Entry { id, doc };
        store::add_entry(tx, app_id, &entry)?;
        Ok(entry.doc.value())
    })
    .await?;
    Answer::created(json!({ "switchboardIntegration": made }))
}

async fn list_entries(call: &Call) -> Outcome {
    let (app_id, id) = (call.app_id(), call.id("switchboardId"));
    let all = call
        .gateway
        .db
        .read(move |db| {
            board(db, &app_id, &id)?;
            Ok::<_, Failure>(store::entries(db, &app_id)?)
        })
        .await?;
    let shown: Vec<Value> = all.iter().map(|entry| entry.doc.value()).collect();
    Answer::ok(json!({ "switchboardIntegrations": shown }))
}

async fn update_entry(call: &Call) -> Outcome {
    let (name, id, body) = (name(&call.body)?, call.id("switchboardIntegrationId"), call.body.clone());
    let changed = change(call, move |tx, app_id, _, entries| {
        let found = entries.iter().find(|entry| entry.id == id).cloned();
        let mut entry = found.ok_or_else(|| ApiError::not_found(Missing::SwitchboardIntegration))?;
        if let Some(name) = &name {
            if is_name_taken(&entries, name, &id) {
                return Err(ApiError::bad(format!("name {name} is taken in this switchboard")).into());
            }
            entry.doc.set("name", Some(name.as_str().into()));
        }
        rest(&body, &entries, &mut entry.doc)?;
        store::update_entry(tx, app_id, &entry)?;
        Ok(entry.doc.value())
    })
    .await?;
    Answer::ok(json!({ "switchboardIntegration": changed }))
}

async fn delete_entry(call: &Call) -> Outcome {
    let id = call.id("switchboardIntegrationId");
    change(call, move |tx, app_id, doc, entries| {
        if !entries.iter().any(|entry| entry.id == id) {
            return Err(ApiError::not_found(Missing::SwitchboardIntegration).into());
        }
        let is_default = doc.text("defaultSwitchboardIntegrationId") == id;
        let is_next = entries.iter().any(|entry| entry.doc.text("nextSwitchboardIntegrationId") == id);
        if is_default || is_next {
            let title =
                "A switchboard integration that is the default or the next one of another cannot be deleted";
            return Err(ApiError::bad(title).into());
        }
        Ok(store::remove_entry(tx, app_id, &id)?)
    })
    .await?;
    Answer::done()
}
