//! `/{user}/permissions`: what a user has granted to the app, and taking it back (doc: Graph API, User permissions).

use crate::failure::Result;
use crate::grants::{self, Giver, callbacks};
use crate::graph::Call;
use crate::graph::node::{Node, entries};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::{ErrorName, GraphError};
use serde_json::{Value, json};
use std::sync::Arc;

fn giver(call: &Call<'_>) -> Result<Giver> {
    match call.node {
        Node::User(user) => Ok(Giver::User(user.id)),
        _ => Err(ErrorName::Unknown.into()),
    }
}

/// `{"data":[{"permission","status":"granted"|"declined"}]}`.
pub(super) async fn list(call: &Call<'_>) -> Result<Value> {
    let (giver, app_id) = (giver(call)?, call.caller.app.id);
    let grant = call.platform.db.read(move |db| grants::store::find(db, app_id, giver)).await?;
    let told = |scopes: ScopeSet, status: &'static str| {
        scopes.iter().map(move |scope| json!({ "permission": scope.name(), "status": status }))
    };
    let data: Vec<Value> = grant
        .iter()
        .flat_map(|grant| told(grant.granted, "granted").chain(told(grant.declined, "declined")))
        .collect();
    Ok(entries(call.params, ("Permission", &["permission", "status"]), &data)?)
}

/// Takes one permission back, named in the path or as the parameter `permission`, or removes the app.
pub(super) async fn remove(call: &Call<'_>) -> Result<Value> {
    let (giver, app) = (giver(call)?, Arc::clone(&call.caller.app));
    let named = match call.tail {
        Some(name) => Some(name.to_owned()),
        None => call.params.text("permission")?.filter(|name| !name.is_empty()).map(Into::into),
    };
    let Some(name) = named else {
        let platform = Arc::clone(call.platform);
        let removal = call.platform.db.write(move |tx| callbacks::remove(tx, &platform, &app, giver));
        removal.await?;
        return Ok(json!({ "success": true }));
    };
    let all = ScopeSet::all(false);
    let scope = Scope::parse(&name).filter(|scope| all.has(*scope)).ok_or_else(|| {
        let known = all.to_string().replace(',', ", ");
        GraphError::with(ErrorName::ParameterNotOneOf, ["permission", &known, &name])
    })?;
    if scope == Scope::PublicProfile {
        // It comes with every login.
        return Err(GraphError::invalid("permission", "a permission that can be revoked by itself").into());
    }
    let platform = Arc::clone(call.platform);
    call.platform
        .db
        .write(move |tx| {
            grants::store::decide(tx, app.id, giver, ScopeSet::of(&[]), ScopeSet::of(&[scope]))?;
            crate::directory::forget_after_commit(tx, &platform);
            Ok::<_, storage::Error>(())
        })
        .await?;
    Ok(json!({ "success": true }))
}
