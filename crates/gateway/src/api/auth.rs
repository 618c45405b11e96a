//! Who calls: the key behind the credentials, and what it may do.

use super::call::{Failure, Outcome};
use super::operations::Operation;
use crate::Gateway;
use crate::apps::store;
use std::sync::Arc;
use sunco_api::ApiError;
use sunco_api::credentials::{Credentials, Scope};
use sunco_api::error::Missing;

/// Whoever calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// How far the key reaches.
    pub(crate) scope: Scope,
    /// The key's app; empty if it reaches all.
    pub(crate) app_id: String,
    /// The key's integration, if it is that of one.
    pub(crate) integration: Option<String>,
}

/// Finds out who calls, and whether they may call the operation on what the path names.
///
/// In this order: credentials (401), scope (403), the key's own app and integration (403), the app (404). A path's
/// integration may be `me` with a key of an integration (spec).
pub(crate) async fn check(
    gateway: &Arc<Gateway>,
    header: Option<&str>,
    operation: &Operation,
    ids: &mut [(&'static str, String)],
) -> Outcome<Caller> {
    if operation.scopes.is_empty() {
        return Ok(Caller { scope: Scope::Account, app_id: String::new(), integration: None });
    }
    let credentials = Credentials::read(header)?;
    let of_path = |ids: &[(&'static str, String)], name: &str| {
        ids.iter().find(|(known, _)| *known == name).map(|(_, id)| id.clone())
    };
    let (key_id, app_id) = (credentials.key_id().to_owned(), of_path(ids, "appId"));
    let app = app_id.clone();
    let (key, app_exists) = gateway
        .db
        .read(move |db| {
            let key = store::key(db, &key_id)?;
            let exists = app.as_ref().map(|app| store::app(db, app)).transpose()?.flatten().is_some();
            Ok::<_, Failure>((key, exists))
        })
        .await?;
    let key = key.ok_or_else(ApiError::unauthorized)?;
    let secret = gateway.seal.open(&key.secret)?;
    if !credentials.are_of(&secret, key.scope, gateway.clock.now().secs()) {
        return Err(ApiError::unauthorized().into());
    }
    if !operation.scopes.contains(&key.scope) {
        return Err(ApiError::forbidden().into());
    }
    if let Some(app_id) = app_id {
        if key.scope != Scope::Account && key.app_id != app_id {
            return Err(ApiError::forbidden().into());
        }
        if !app_exists {
            return Err(ApiError::not_found(Missing::App).into());
        }
    }
    let integration = (key.scope == Scope::Integration).then_some(key.integration_id);
    if let Some(own) = &integration
        && let Some((_, named)) = ids.iter_mut().find(|(name, _)| *name == "integrationId")
    {
        if named == "me" {
            named.clone_from(own);
        } else if named != own {
            return Err(ApiError::forbidden().into());
        }
    }
    Ok(Caller { scope: key.scope, app_id: key.app_id, integration })
}
