//! Playing the dashboard in which an account's owner says which app gets which conversation.

use super::input::Input;
use super::people::account;
use super::{SimError, SimResult};
use crate::Platform;
use crate::conversation_routing::{INSTAGRAM_INBOX, Routing, connected, events, store};
use crate::directory::{AccountView, forget_after_commit};
use graph_api::ids::decimal;
use graph_api::limits;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `GET /sim/accounts/{u}/routing`.
pub(super) async fn show(platform: &Arc<Platform>, name: &str) -> SimResult {
    Ok(shown(&account(platform, name).await?.routing))
}

/// The settings as they are given: ids as strings.
pub(super) fn shown(routing: &Routing) -> Value {
    let links: Map<String, Value> =
        routing.links.iter().map(|(link, app)| (link.clone(), app.to_string().into())).collect();
    json!({
        "default_app": routing.default_app.map(|id| id.to_string()),
        "take_control": routing.take_control.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "links": links,
    })
}

/// `PATCH /sim/accounts/{u}/routing {"default_app"?: id, "inbox" or null, "take_control"?: [id…], "links"?: {ref: id}}`: the
/// settings. An app that is told of a role hears of it.
pub(super) async fn change(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let default = input.nullable("default_app")?;
    let (takers, links) = (input.values("take_control")?, input.object("links")?);
    input.done()?;
    let view = account(platform, name).await?;
    let default = match default {
        Some(Some(id)) => Some(Some(connected_app(&view, "default_app", &id)?)),
        Some(None) => Some(None),
        None => None,
    };
    let id = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let takers = takers.map(|ids| {
        ids.iter()
            .map(|value| connected_app(&view, "take_control", &id(value)))
            .collect::<Result<Vec<_>, _>>()
    });
    let links = links.map(|links| {
        links
            .members()
            .iter()
            .map(|(link, value)| match link.chars().count() {
                1..=limits::REF => Ok((link.clone(), connected_app(&view, "links", &id(value))?)),
                _ => Err(SimError::bad("links", "a ref has 1 to 2083 characters")),
            })
            .collect::<Result<BTreeMap<_, _>, _>>()
    });
    let (takers, links) = (takers.transpose()?, links.transpose()?);
    let this = Arc::clone(platform);
    let routing = platform
        .db
        .write(move |tx| {
            let account = view.account.id;
            let before = store::lock(tx, account)?;
            let mut after = before.clone();
            after.default_app = default.unwrap_or(after.default_app);
            after.take_control = takers.clone().unwrap_or(after.take_control);
            after.links = links.clone().unwrap_or(after.links);
            store::save(tx, account, &after)?;
            events::roles_changed(tx, (&this, &view), &before, &after)?;
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(after)
        })
        .await?;
    Ok(shown(&routing))
}

/// The app with that id, if it is connected to the account; `inbox` is that of the Instagram app.
pub(super) fn connected_app(view: &AccountView, parameter: &str, id: &str) -> Result<i64, SimError> {
    match id {
        "inbox" => Ok(INSTAGRAM_INBOX),
        id => decimal(id.trim()).and_then(|id| connected(view, id)).ok_or_else(|| {
            SimError::bad(
                parameter,
                format!("no app {id} has subscribed the account: POST /me/subscribed_apps with its token"),
            )
        }),
    }
}
