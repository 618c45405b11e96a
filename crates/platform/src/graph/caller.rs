//! Who calls: the token, the variant of the API, and what the token may do. Resolved once, here.

use super::GraphRequest;
use super::node::NodeType;
use super::operations::{Operation, TakenTokens};
use crate::Platform;
use crate::ads;
use crate::directory::{Caller, Identity};
use crate::failure::Result;
use crate::tokens;
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::scopes::Scope;
use graph_api::{ErrorName, GraphError, Host, time};
use std::sync::Arc;

/// The token of the request: an explicit parameter wins over the header (unconfirmed order; the ways are documented).
pub(super) fn token(request: &GraphRequest) -> Option<String> {
    let parameter = request.params.0.text("access_token").ok().flatten();
    // An empty parameter hides no header: clients in the field send such.
    parameter
        .map(std::borrow::Cow::into_owned)
        .filter(|token| !token.is_empty())
        .or_else(|| request.header_token.clone().filter(|token| !token.is_empty()))
}

/// The variant that the request speaks: the one its `Host` header names, else the one its token belongs to, else the
/// one its path belongs to.
pub(super) fn host(request: &GraphRequest, token: Option<&str>) -> Host {
    let of_path = || {
        let node = request.segments.first().map_or("", String::as_str);
        match decimal(node).and_then(NodeKind::of) {
            Some(NodeKind::Page | NodeKind::User | NodeKind::App | NodeKind::InstagramApp) => Host::Facebook,
            Some(NodeKind::AdCreative | NodeKind::Ad) => Host::Facebook,
            _ if node.starts_with(ads::PREFIX) => Host::Facebook,
            _ => Host::Instagram,
        }
    };
    request.named_host.or_else(|| token.and_then(tokens::host_of)).unwrap_or_else(of_path)
}

/// The caller, if the token is one of this host and alive.
pub(super) async fn resolve(
    platform: &Platform,
    request: &GraphRequest,
    host: Host,
    token: Option<&str>,
) -> Result<Arc<Caller>> {
    let Some(token) = token else {
        let on_me = request.segments.first().is_some_and(|node| node == "me");
        return Err(if on_me { ErrorName::TokenMissingOnMe } else { ErrorName::TokenMissing }.into());
    };
    // An app's own token has no host of its own: subscriptions of either product are made with it.
    let is_app = tokens::app_token(token).is_some();
    if !is_app && tokens::host_of(token) != Some(host) {
        return Err(ErrorName::TokenUnparseable.into());
    }
    let caller = platform.directory.caller(token).await?.ok_or(ErrorName::TokenUnknown)?;
    match caller.expires_at {
        Some(expiry) if expiry <= platform.clock.now() => Err(expired(expiry, platform.clock.now()).into()),
        _ => Ok(caller),
    }
}

fn expired(at: Micros, now: Micros) -> GraphError {
    GraphError::with(ErrorName::TokenExpired, [&time::token_error(at), &time::token_error(now)])
}

/// Whether the caller may do the operation at all: the kind of token, then the permissions.
pub(super) fn allow(
    caller: &Caller,
    operation: &Operation,
    host: Host,
    node: NodeType,
) -> Result<(), GraphError> {
    match (operation.tokens, &caller.identity) {
        (TakenTokens::Any, _)
        | (TakenTokens::App, Identity::App)
        | (TakenTokens::AccountOrPage, Identity::Account(_) | Identity::Page(_)) => {}
        // A page's edges want the page's own token; its account's take the user's too (rep: integrators, 2026).
        (TakenTokens::AccountOrPage, Identity::User(_)) if node == NodeType::Account => {}
        (TakenTokens::App, _) => return Err(GraphError::new(ErrorName::AppTokenNeeded)),
        (TakenTokens::AccountOrPage, _) => return Err(GraphError::new(ErrorName::PageTokenNeeded)),
    }
    if matches!(caller.identity, Identity::App) {
        return Ok(());
    }
    caller.scopes.lacks(operation.scopes(host)).map_or(Ok(()), |scope| Err(missing(scope)))
}

/// The error for a missing permission: pages and ads have one of their own.
pub(crate) fn missing(scope: Scope) -> GraphError {
    match scope {
        Scope::AdsManagement => GraphError::new(ErrorName::AdAccountNotGranted),
        scope if scope.name().starts_with("pages_") => {
            GraphError::with(ErrorName::PagePermissionMissing, [scope.name()])
        }
        _ => GraphError::new(ErrorName::PermissionMissing),
    }
}
