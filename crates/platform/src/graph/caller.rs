//! Who calls: the token, the variant of the API, and what the token may do. Resolved once, here.

use super::GraphRequest;
use super::node::{Node, NodeType};
use super::operations::{Operation, TakenTokens};
use crate::Platform;
use crate::ads;
use crate::directory::{AccountView, Caller, Identity, Standing};
use crate::failure::Result;
use crate::tokens::{self, proof};
use clock::Micros;
use graph_api::ids::{NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
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
/// one its path belongs to. `root`: the path, if it stands on no node.
pub(super) fn host(request: &GraphRequest, token: Option<&str>, root: Option<&str>) -> Host {
    let first = || request.segments.first().and_then(|id| decimal(id)).and_then(NodeKind::of);
    let of_path = || match (root, first()) {
        (Some("oauth/access_token"), _) => of_client(request),
        (Some("debug_token"), _) => Host::Facebook,
        // Subscriptions of either product are made on the Facebook host.
        (None, Some(NodeKind::Page | NodeKind::User | NodeKind::App | NodeKind::InstagramApp)) => {
            Host::Facebook
        }
        (None, Some(NodeKind::AdCreative | NodeKind::Ad | NodeKind::Hashtag)) => Host::Facebook,
        (Some("ig_hashtag_search"), _) => Host::Facebook,
        _ if request.segments.first().is_some_and(|node| node.starts_with(ads::PREFIX)) => Host::Facebook,
        _ => Host::Instagram,
    };
    request.named_host.or_else(|| token.and_then(tokens::host_of)).unwrap_or_else(of_path)
}

/// The variant of a request for a token: the one whose product the client is. Who does not tell speaks as the documented
/// requests do: those of Instagram Login are POSTs without a version.
fn of_client(request: &GraphRequest) -> Host {
    let client = request.params.0.text("client_id").ok().flatten();
    match client.and_then(|id| decimal(id.trim())).and_then(NodeKind::of) {
        Some(NodeKind::InstagramApp) => Host::Instagram,
        Some(NodeKind::App) => Host::Facebook,
        _ if request.method == http::Method::POST && request.version == Ok(None) => Host::Instagram,
        _ => Host::Facebook,
    }
}

/// The caller, if the token is one of this host and alive, and the app is let in.
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
    let now = platform.clock.now();
    if let Some(expiry) = caller.expires_at.filter(|expiry| *expiry <= now) {
        return Err(expired(expiry, now).into());
    }
    let_in(&caller, host, request.method.as_str())?;
    proof::check(&caller, host, token, &request.params.0, now)?;
    Ok(caller)
}

/// Whether the caller is let in at all; `method` is that of its request.
pub(crate) fn let_in(caller: &Caller, host: Host, method: &str) -> Result<(), GraphError> {
    Err(match caller.standing {
        Standing::Good => return Ok(()),
        Standing::AppRemoved => {
            GraphError::with(ErrorName::AppRemoved, [&caller.app.id_of(host).to_string()])
        }
        Standing::LoggedOut => GraphError::new(ErrorName::TokenRevoked),
        Standing::RoleLost => GraphError::new(ErrorName::PageRoleLost),
        Standing::NoRole => GraphError::with(ErrorName::TesterRoleMissing, [&method.to_ascii_lowercase()]),
    })
}

pub(crate) fn expired(at: Micros, now: Micros) -> GraphError {
    GraphError::with(ErrorName::TokenExpired, [&time::token_error(at), &time::token_error(now)])
}

/// Whether the caller may do the operation at all: the kind of token, then the permissions, then the tasks on the page,
/// then the account owner's switch (the order of the reference's section 4.6).
pub(crate) fn allow(
    caller: &Caller,
    operation: &Operation,
    host: Host,
    node: &Node,
) -> Result<(), GraphError> {
    match (operation.tokens, &caller.identity) {
        (TakenTokens::Any | TakenTokens::ClientSecret, _)
        | (TakenTokens::App, Identity::App)
        | (TakenTokens::AccountOrPage, Identity::Account(_) | Identity::Page(_)) => {}
        // A page's edges want the page's own token; its account's take the user's too (rep: integrators, 2026).
        (TakenTokens::AccountOrPage, Identity::User(_)) if node.kind() == NodeType::Account => {}
        (TakenTokens::App, _) => return Err(GraphError::new(ErrorName::AppTokenNeeded)),
        (TakenTokens::AccountOrPage, Identity::App) => return Err(GraphError::new(ErrorName::TokenUnknown)),
        (TakenTokens::AccountOrPage, _) => return Err(GraphError::new(ErrorName::PageTokenNeeded)),
    }
    if matches!(caller.identity, Identity::App) {
        // Of a user, the app by itself sees who it is and what was given, and no more.
        let is_of_grant = operation.edge.is_none_or(|edge| edge.starts_with("permissions"));
        return match node {
            Node::User(user) if !is_of_grant => Err(GraphError::with(
                ErrorName::UnknownObject,
                [operation.verb.lower(), &user.id.to_string()],
            )),
            _ => Ok(()),
        };
    }
    lacks_nothing(caller, operation.scopes(host))?;
    if host == Host::Facebook && !operation.tasks.is_empty() && !tasks(caller, node).meets(operation.tasks) {
        return Err(GraphError::new(ErrorName::TaskMissing));
    }
    let is_shut = |view: &Arc<AccountView>| !view.account.message_access;
    if operation.use_case.needs_message_access() && node.account().is_some_and(is_shut) {
        return Err(GraphError::new(ErrorName::MessageAccessOff));
    }
    Ok(())
}

/// Whether the caller has the permissions.
pub(crate) fn lacks_nothing(caller: &Caller, needed: ScopeSet) -> Result<(), GraphError> {
    caller.scopes.lacks(needed).map_or(Ok(()), |scope| Err(missing(scope)))
}

/// What the token's owner may do on the page that the node belongs to.
fn tasks(caller: &Caller, node: &Node) -> TaskSet {
    let account = node.account().map(|view| view.account.id);
    let access = caller.pages.iter().find(|access| Some(access.account_id) == account);
    access.map(|access| access.tasks).unwrap_or_default()
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
