//! Tokens of Facebook Login: `/oauth/access_token` with a code, a token to make long-lived, or the app's id and secret
//! (doc: Facebook Login, manual flow; Access Tokens).

use super::client::field;
use super::rules::{self, BadCode};
use super::{NewToken, TokenKind, store};
use crate::failure::{Failure, Result};
use crate::grants::{self, Giver};
use crate::graph::Call;
use crate::graph::caller::expired;
use crate::login::codes;
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET|POST /oauth/access_token`.
pub(super) async fn token(call: &Call<'_>) -> Result<Value> {
    let app = &call.caller.app;
    match call.params.text("grant_type")?.as_deref().unwrap_or_default() {
        "" | "authorization_code" => exchange_code(call).await,
        "client_credentials" => {
            Ok(json!({ "access_token": format!("{}|{}", app.id, app.secret), "token_type": "bearer" }))
        }
        "fb_exchange_token" => make_long_lived(call).await,
        other => {
            let known = "authorization_code, client_credentials, fb_exchange_token";
            Err(GraphError::with(ErrorName::ParameterNotOneOf, ["grant_type", known, other]).into())
        }
    }
}

/// A user's token for a code. It lives about an hour: the codes of logins in a browser are for servers, which make it
/// long-lived themselves (doc: Access Tokens, "about an hour or two").
async fn exchange_code(call: &Call<'_>) -> Result<Value> {
    let Some(code) = field(Host::Facebook, call.params, "code")?.map(std::borrow::Cow::into_owned) else {
        return Err(ErrorName::CodeMalformed.into());
    };
    let redirect_uri = call.params.text("redirect_uri")?.unwrap_or_default().into_owned();
    let (app, key) = (Arc::clone(&call.caller.app), call.platform.key.clone());
    let token = call
        .platform
        .db
        .write(move |tx| {
            let hash = key.token_hash(&code);
            let code = codes::lock(tx, &hash)?.filter(|code| code.app_id == app.id);
            let code = rules::fresh_code(code, tx.now()).map_err(|bad| match bad {
                BadCode::Unknown => ErrorName::CodeMalformed,
                BadCode::Used => ErrorName::CodeUsed,
                BadCode::Expired => ErrorName::CodeExpired,
            })?;
            // The JavaScript SDK's codes have none: there the app never sees a redirect.
            if code.redirect_uri != redirect_uri {
                let missing = redirect_uri.is_empty();
                let name =
                    if missing { ErrorName::RedirectUriMissing } else { ErrorName::RedirectUriMismatch };
                return Err(name.into());
            }
            if !matches!(code.giver, Giver::User(_)) {
                return Err(ErrorName::CodeMalformed.into());
            }
            let grant = grants::store::find(tx, app.id, code.giver)?.ok_or(ErrorName::CodeExpired)?;
            codes::use_up(tx, &hash)?;
            Ok::<_, Failure>(store::issue(tx, &key, NewToken::of_login(&grant, tx.now()))?)
        })
        .await?;
    Ok(rules::bearer(&token, &call.platform.key))
}

/// A token of 60 days for a user's token. One that lives long already gains nothing: the new one ends with it
/// (unconfirmed; a longer life needs another login).
async fn make_long_lived(call: &Call<'_>) -> Result<Value> {
    let short = call.params.required_text("fb_exchange_token")?.into_owned();
    let known = call.platform.directory.caller(&short).await?;
    let known = known.filter(|known| known.app.id == call.caller.app.id).ok_or(ErrorName::TokenUnknown)?;
    let now = call.platform.clock.now();
    if let Some(expiry) = known.expires_at.filter(|expiry| *expiry <= now) {
        return Err(expired(expiry, now).into());
    }
    crate::graph::caller::let_in(&known, Host::Facebook, "get")?;
    let key = call.platform.key.clone();
    let token = call
        .platform
        .db
        .write(move |tx| {
            let token = store::find(tx, &key.token_hash(&short))?;
            let token = token.filter(|token| token.made.kind == TokenKind::User);
            let token = token.ok_or(ErrorName::TokenUnknown)?;
            let expires_at = match token.made.long_lived {
                true => token.made.expires_at,
                false => Some(tx.now().plus(limits::LONG_LIVED_TOKEN)),
            };
            let made = NewToken { expires_at, long_lived: true, ..token.made };
            Ok::<_, Failure>(store::issue(tx, &key, made)?)
        })
        .await?;
    Ok(rules::bearer(&token, &call.platform.key))
}
