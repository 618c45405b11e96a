//! `GET /debug_token?input_token=&access_token=`: what a token is (doc: Facebook Login, debugging and error handling).

use super::{Token, TokenKind, app_token, host_of, store};
use crate::apps::roles::{Member, RoleName};
use crate::directory::{Caller, Identity, Standing};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::caller::{expired, let_in};
use clock::Micros;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Map, Value, json};

/// Tells of the token, also of one that is no good: then with the error that using it gives.
pub(super) async fn inspect(call: &Call<'_>) -> Result<Value> {
    may_inspect(call.caller)?;
    let input = call.params.required_text("input_token")?;
    let found = call.platform.directory.caller(&input).await?;
    let Some(input_caller) = found.filter(|_| host_of(&input) == Some(Host::Facebook)) else {
        return Ok(invalid(&input));
    };
    let app = &input_caller.app;
    if app.id != call.caller.app.id {
        return Err(ErrorName::InputTokenForeign.into());
    }
    if app_token(&input).is_some() {
        let data = json!({
            "app_id": app.id.to_string(), "type": "APP", "application": app.name, "is_valid": true, "scopes": [],
        });
        return Ok(json!({ "data": data }));
    }
    let hash = call.platform.key.token_hash(&input);
    let token = call.platform.db.read(move |db| store::find(db, &hash)).await?;
    let token = token.ok_or(ErrorName::Unknown)?;
    Ok(json!({ "data": told(&input_caller, &token, call.platform.clock.now()) }))
}

/// The app itself may, and who builds it.
fn may_inspect(caller: &Caller) -> Result<(), GraphError> {
    let builds = |user_id: i64| {
        let mut roles = caller.app.roles.iter().filter(|role| role.member == Member::Facebook(user_id));
        roles.any(|role| {
            let builder =
                matches!(role.name, RoleName::Administrator | RoleName::Developer | RoleName::Owner);
            builder && role.accepted
        })
    };
    match &caller.identity {
        Identity::App => Ok(()),
        Identity::User(user) if builds(user.id) => Ok(()),
        _ => Err(GraphError::new(ErrorName::DebugRefused)),
    }
}

fn told(caller: &Caller, token: &Token, now: Micros) -> Value {
    let made = &token.made;
    let user = made.through.map_or(made.subject, |through| through.user_id);
    let is_system = matches!(&caller.identity, Identity::User(user) if user.is_system);
    let kind = match made.kind {
        TokenKind::Page => "PAGE",
        _ if is_system => "SYSTEM_USER",
        _ => "USER",
    };
    let mut data = json!({
        "app_id": caller.app.id.to_string(),
        "type": kind,
        "application": caller.app.name,
        "data_access_expires_at": if is_system { 0 } else { token.issued_at.plus(limits::DATA_ACCESS).secs() },
        "expires_at": made.expires_at.map_or(0, Micros::secs),
        "is_valid": caller.is_good(now),
        "issued_at": token.issued_at.secs(),
    });
    if made.kind == TokenKind::Page {
        data["profile_id"] = made.subject.to_string().into();
    }
    data["scopes"] = caller.scopes.iter().map(Scope::name).collect::<Vec<_>>().into();
    data["granular_scopes"] = granular(caller).into();
    data["user_id"] = user.to_string().into();
    if let Some(error) = why(caller, now) {
        data["error"] = shown(&error);
    }
    data
}

/// Why the token is no good.
fn why(caller: &Caller, now: Micros) -> Option<GraphError> {
    match caller.expires_at.filter(|expiry| *expiry <= now) {
        Some(expiry) if caller.standing == Standing::Good => Some(expired(expiry, now)),
        _ => let_in(caller, Host::Facebook, "get").err(),
    }
}

fn shown(error: &GraphError) -> Value {
    let spec = error.name.spec();
    let mut shown = Map::new();
    shown.insert("code".to_owned(), spec.code(Host::Facebook).into());
    shown.insert("message".to_owned(), error.message(Host::Facebook).into());
    if let Some(subcode) = spec.subcode(Host::Facebook) {
        shown.insert("subcode".to_owned(), subcode.into());
    }
    Value::Object(shown)
}

/// The permissions, each with what it was given for: pages or accounts. What is given as a whole has no list (rep: a
/// client library).
fn granular(caller: &Caller) -> Vec<Value> {
    let list = |scope: Scope| {
        let is_of_pages = scope.name().starts_with("pages_");
        let is_of_accounts = scope.name().starts_with("instagram_");
        let ids = caller.pages.iter().filter_map(|access| match () {
            () if is_of_pages && access.page => Some(access.page_id.to_string()),
            () if is_of_accounts && access.account => Some(access.account_id.to_string()),
            () => None,
        });
        match is_of_pages || is_of_accounts {
            true => json!({ "scope": scope.name(), "target_ids": ids.collect::<Vec<_>>() }),
            false => json!({ "scope": scope.name() }),
        }
    };
    let about_somebody = caller.scopes.without(ScopeSet::of(&[Scope::PublicProfile]));
    about_somebody.iter().map(list).collect()
}

/// A text that is no token of Facebook Login.
fn invalid(input: &str) -> Value {
    let name = match host_of(input) {
        Some(Host::Facebook) => ErrorName::TokenUnknown,
        _ => ErrorName::TokenUnparseable,
    };
    json!({ "data": { "error": shown(&GraphError::new(name)), "is_valid": false, "scopes": [] } })
}
