//! `POST`, `GET`, `DELETE /{ig-id | page-id | me}/messenger_profile`. On the Facebook host with `platform=instagram`.

use super::store;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use graph_api::profile::{ProfileChange, Property};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, Host};
use serde_json::{Value, json};

const fn row(verb: Verb, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "account",
        edge: Some("messenger_profile"),
        at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageMessages,
        ]),
        facebook_scopes: ScopeSet::of(&[
            Scope::InstagramBasic,
            Scope::InstagramManageMessages,
            Scope::PagesMessaging,
        ]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::AccountOrPage,
        use_case: UseCase::Messenger,
        takes_file: false,
        section: "Messenger Profile",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Post, |call| Box::pin(set(call))),
    row(Verb::Get, |call| Box::pin(get(call))),
    row(Verb::Delete, |call| Box::pin(delete(call))),
];

fn account(call: &Call<'_>) -> Result<i64> {
    Ok(call.node.account().ok_or(ErrorName::Unknown)?.account.id)
}

/// Cap: `{"result":"success"}`, and not the `success: true` of one page.
fn success() -> Value {
    json!({ "result": "success" })
}

/// Sets one property or both.
async fn set(call: &Call<'_>) -> Result<Value> {
    call.only_instagram()?;
    let (account, change) = (account(call)?, ProfileChange::read(call.params)?);
    call.platform.db.write(move |tx| store::set(tx, account, &change)).await?;
    Ok(success())
}

/// Reads the properties that `fields` names. Ice breakers come one entry for each locale, the menu as one entry (cap).
async fn get(call: &Call<'_>) -> Result<Value> {
    let (account, properties) = (account(call)?, Property::read_fields(call.params)?);
    if !call.is_of_instagram()? {
        return Ok(json!({ "data": [] }));
    }
    let profile = call.platform.db.read(move |db| store::of_account(db, account)).await?;
    let mut data = Vec::new();
    for property in properties {
        match property {
            Property::IceBreakers => data.extend(profile.ice_breakers.iter().map(|entry| json!(entry))),
            Property::PersistentMenu if profile.persistent_menu.is_empty() => {}
            Property::PersistentMenu => {
                // The document has the locale first here, and last in ice breakers.
                let menu = profile
                    .persistent_menu
                    .iter()
                    .map(|entry| json!({ "locale": entry.locale, "call_to_actions": entry.call_to_actions }));
                data.push(json!({ "persistent_menu": menu.collect::<Vec<Value>>() }));
            }
        }
    }
    Ok(json!({ "data": data }))
}

/// Takes away the properties that `fields` names, in the query or in the body.
async fn delete(call: &Call<'_>) -> Result<Value> {
    call.only_instagram()?;
    let (account, properties) = (account(call)?, Property::read_fields(call.params)?);
    call.platform
        .db
        .write(move |tx| properties.iter().try_for_each(|property| store::delete(tx, account, *property)))
        .await?;
    Ok(success())
}
