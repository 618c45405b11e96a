//! `/{app-id}/subscriptions` and `/{ig-id | page-id}/subscribed_apps` (reference of the webhooks, sections 1 and 2).

use super::{handshake, store};
use crate::directory::forget_after_commit;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{Node, NodeType};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::ids::{NodeKind, scoped};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host, webhook};
use http::Uri;
use serde_json::{Value, json};
use std::sync::Arc;

const ACCOUNT: &[(Host, NodeType)] = &[
    (Host::Instagram, NodeType::Account),
    (Host::Facebook, NodeType::Page),
    (Host::Facebook, NodeType::Account),
];
const APP: &[(Host, NodeType)] = &[(Host::Facebook, NodeType::App), (Host::Instagram, NodeType::App)];

const fn account(verb: Verb, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "account",
        edge: Some("subscribed_apps"),
        at: ACCOUNT,
        instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic]),
        facebook_scopes: ScopeSet::of(&[Scope::PagesManageMetadata, Scope::PagesShowList]),
        tasks: TaskSet::of(&[Task::CreateContent, Task::Manage, Task::Moderate]),
        tokens: TakenTokens::AccountOrPage,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Webhooks",
        handler,
    }
}

const fn app(verb: Verb, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "app",
        edge: Some("subscriptions"),
        at: APP,
        instagram_scopes: ScopeSet::of(&[]),
        facebook_scopes: ScopeSet::of(&[]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::App,
        use_case: UseCase::Other,
        takes_file: false,
        section: "Webhooks",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    app(Verb::Post, |call| Box::pin(set_callback(call))),
    app(Verb::Get, |call| Box::pin(callback(call))),
    app(Verb::Delete, |call| Box::pin(remove_callback(call))),
    account(Verb::Post, |call| Box::pin(subscribe(call))),
    account(Verb::Get, |call| Box::pin(subscribed(call))),
    account(Verb::Delete, |call| Box::pin(unsubscribe(call))),
];

/// The product whose subscriptions an app's id in the path names.
fn product(call: &Call<'_>) -> Result<(i64, Host)> {
    match call.node {
        Node::App(app, id) if *id == app.instagram_id => Ok((app.id, Host::Instagram)),
        Node::App(app, _) => Ok((app.id, Host::Facebook)),
        _ => Err(ErrorName::Unknown.into()),
    }
}

fn known_fields(fields: &[String], parameter: &str, known: &[&str]) -> Result<(), GraphError> {
    match fields.iter().enumerate().find(|(_, field)| !known.contains(&field.as_str())) {
        None => Ok(()),
        Some((at, field)) => Err(GraphError::with(
            ErrorName::ParameterNotOneOf,
            [&format!("{parameter}[{at}]"), &known.join(", "), field],
        )),
    }
}

fn instagram_object(call: &Call<'_>, required: bool) -> Result<(), GraphError> {
    match call.params.text("object")?.as_deref() {
        Some("instagram") => Ok(()),
        None | Some("") if required => Err(GraphError::required("object")),
        None | Some("") => Ok(()),
        Some(other) => Err(GraphError::with(ErrorName::ParameterNotOneOf, ["object", "instagram", other])),
    }
}

/// The asked fields under the names that they are kept by; without the parameter, none.
fn fields(call: &Call<'_>) -> Result<Option<Vec<String>>, GraphError> {
    let Some(fields) = call.params.words("fields")? else { return Ok(None) };
    let fields: Vec<String> = fields.iter().map(|name| webhook::normal_field(name).to_owned()).collect();
    known_fields(&fields, "fields", webhook::APP_FIELDS)?;
    Ok(Some(fields))
}

/// Sets or replaces the callback, after the handshake. Without `fields`, those set before stay, else all fields of
/// messaging, comments and mentions are taken (as in a new app of the dashboard; unconfirmed for this edge).
async fn set_callback(call: &Call<'_>) -> Result<Value> {
    instagram_object(call, true)?;
    let (app_id, login) = product(call)?;
    let url = call.params.required_text("callback_url")?.trim().to_owned();
    let parsed: Uri = url.parse().map_err(|_| GraphError::invalid("callback_url", "a valid URL"))?;
    let scheme = parsed.scheme_str();
    if parsed.host().is_none() || !matches!(scheme, Some("http" | "https")) {
        return Err(GraphError::invalid("callback_url", "an absolute http or https URL").into());
    }
    let asked = fields(call)?;
    let verify_token = call.params.text("verify_token")?.unwrap_or_default();
    handshake::verify(call.platform, &parsed, &verify_token).await?;
    let version = call.version.to_string();
    let platform = Arc::clone(call.platform);
    let endpoint = call
        .platform
        .db
        .write(move |tx| {
            let fields = match &asked {
                Some(fields) => fields.clone(),
                None => match store::callback(tx, app_id, login)? {
                    Some(known) => known.fields,
                    None => webhook::MESSAGING_FIELDS
                        .iter()
                        .chain(webhook::COMMENT_FIELDS)
                        .map(|&field| field.to_owned())
                        .collect(),
                },
            };
            let endpoint = store::set_callback(tx, app_id, login, &url, &fields, &version)?;
            forget_after_commit(tx, &platform);
            Ok::<_, storage::Error>(endpoint)
        })
        .await?;
    call.platform.outbox().changed(endpoint);
    Ok(json!({ "success": true }))
}

async fn callback(call: &Call<'_>) -> Result<Value> {
    let (app_id, login) = product(call)?;
    let callback = call.platform.db.read(move |db| store::callback(db, app_id, login)).await?;
    let data: Vec<Value> = callback
        .into_iter()
        .map(|callback| {
            let fields: Vec<Value> = callback
                .fields
                .iter()
                .map(|name| json!({ "name": name, "version": callback.version }))
                .collect();
            json!({ "object": "instagram", "callback_url": callback.url, "active": true, "fields": fields })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// Removes the callback, or only some of its fields.
async fn remove_callback(call: &Call<'_>) -> Result<Value> {
    instagram_object(call, false)?;
    let (app_id, login) = product(call)?;
    let removed = fields(call)?;
    let platform = Arc::clone(call.platform);
    let endpoint = call
        .platform
        .db
        .write(move |tx| {
            let Some(known) = store::callback(tx, app_id, login)? else { return Ok(None) };
            let left: Vec<String> = match &removed {
                Some(removed) => known.fields.iter().filter(|f| !removed.contains(f)).cloned().collect(),
                None => Vec::new(),
            };
            if left.is_empty() {
                store::remove_callback(tx, app_id, login)?;
            } else {
                store::set_callback_fields(tx, app_id, login, &left)?;
            }
            forget_after_commit(tx, &platform);
            Ok::<_, storage::Error>(Some(known.endpoint))
        })
        .await?;
    if let Some(endpoint) = endpoint {
        call.platform.outbox().changed(endpoint);
    }
    Ok(json!({ "success": true }))
}

/// Subscribes the app to the account. The list replaces an earlier one; one bad name voids the whole call.
async fn subscribe(call: &Call<'_>) -> Result<Value> {
    let parameter = "subscribed_fields";
    let fields = call
        .params
        .words(parameter)?
        .filter(|fields| !fields.is_empty())
        .ok_or_else(|| GraphError::required(parameter))?;
    let on_page = matches!(call.node, Node::Page(_));
    // Pages have names of their own; an account on the Facebook host takes those of the Instagram host.
    let fields: Vec<String> = if on_page {
        fields
    } else {
        fields.iter().map(|name| webhook::normal_field(name).to_owned()).collect()
    };
    known_fields(
        &fields,
        parameter,
        if on_page { webhook::PAGE_FIELDS } else { webhook::INSTAGRAM_ACCOUNT_FIELDS },
    )?;
    permitted(call, &fields)?;
    let (account_id, app_id, host) = whose(call)?;
    change(call, move |tx| store::subscribe(tx, account_id, app_id, host, &fields)).await
}

/// Each field needs the permission that its events need.
fn permitted(call: &Call<'_>, fields: &[String]) -> Result<(), GraphError> {
    for field in fields {
        let messaging = field.starts_with("messag") || field == "standby";
        let needed = match (call.host, field.as_str()) {
            (Host::Instagram, "comments" | "live_comments") => Scope::InstagramBusinessManageComments,
            (Host::Instagram, _) if messaging => Scope::InstagramBusinessManageMessages,
            (Host::Facebook, _) if messaging => Scope::PagesMessaging,
            _ => continue,
        };
        if !call.caller.scopes.has(needed) {
            return Err(match call.host {
                Host::Facebook => {
                    GraphError::with(ErrorName::SubscribePermissionMissing, [field, needed.name()])
                }
                Host::Instagram => GraphError::new(ErrorName::PermissionMissing),
            });
        }
    }
    Ok(())
}

/// The app's subscription to the account, in the shape of the host (reference, sections 2.1 and 2.3).
async fn subscribed(call: &Call<'_>) -> Result<Value> {
    let (account_id, app_id, host) = whose(call)?;
    let fields = call.platform.db.read(move |db| store::subscribed(db, account_id, app_id, host)).await?;
    let data: Vec<Value> = fields
        .into_iter()
        .map(|fields| match host {
            // The id that the Instagram host shows is not the app's; what it is, nobody knows. This one is stable for
            // the app and account (unconfirmed).
            Host::Instagram => {
                let id = scoped(NodeKind::ScopedAccount, account_id, app_id);
                json!({ "id": id.to_string(), "subscribed_fields": fields })
            }
            Host::Facebook => {
                json!({ "name": call.caller.app.name, "id": app_id.to_string(), "subscribed_fields": fields })
            }
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// Ends the subscription, or takes fields out of it (unconfirmed that fields can be named).
async fn unsubscribe(call: &Call<'_>) -> Result<Value> {
    let removed = call.params.words("subscribed_fields")?.unwrap_or_default();
    let (account_id, app_id, host) = whose(call)?;
    change(call, move |tx| {
        let known = store::subscribed(tx, account_id, app_id, host)?.unwrap_or_default();
        let left: Vec<String> = known.into_iter().filter(|field| !removed.contains(field)).collect();
        if removed.is_empty() || left.is_empty() {
            store::unsubscribe(tx, account_id, app_id, host)
        } else {
            store::subscribe(tx, account_id, app_id, host, &left)
        }
    })
    .await
}

fn whose(call: &Call<'_>) -> Result<(i64, i64, Host)> {
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    Ok((account.account.id, call.caller.app.id, call.host))
}

async fn change(
    call: &Call<'_>,
    f: impl Fn(&mut storage::Tx<'_>) -> storage::Result<()> + Send + 'static,
) -> Result<Value> {
    let platform = Arc::clone(call.platform);
    call.platform
        .db
        .write(move |tx| {
            f(tx)?;
            forget_after_commit(tx, &platform);
            Ok::<_, storage::Error>(())
        })
        .await?;
    Ok(json!({ "success": true }))
}
