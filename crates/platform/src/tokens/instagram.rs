//! Tokens of Instagram Login: from a code to one of an hour, from that to one of 60 days, and on (doc: Business Login for
//! Instagram).

use super::client::field;
use super::{NewToken, Token, rules, store};
use crate::accounts;
use crate::apps::roles::Member;
use crate::failure::{Failure, Result};
use crate::grants::{self, Giver};
use crate::graph::Call;
use crate::login::codes;
use crate::settings::CodeExchange;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;
use subtle::ConstantTimeEq;

/// `POST https://api.instagram.com/oauth/access_token`, a form of `client_id`, `client_secret`, `grant_type`,
/// `redirect_uri` and `code`: a token that lives an hour.
pub(super) async fn exchange_code(call: &Call<'_>) -> Result<Value> {
    let required = |name: &'static str| {
        let missing = || GraphError::with(ErrorName::ExchangeFieldMissing, [name]);
        field(Host::Instagram, call.params, name)?.ok_or_else(|| Failure::from(missing()))
    };
    is_one_of("grant_type", &required("grant_type")?, "authorization_code")?;
    let redirect_uri = field(Host::Instagram, call.params, "redirect_uri")?
        .ok_or(ErrorName::RedirectUriMissing)?
        .into_owned();
    let code = required("code")?.into_owned();
    let (app, key) = (Arc::clone(&call.caller.app), call.platform.key.clone());
    let (token, account) = call
        .platform
        .db
        .write(move |tx| {
            let hash = key.token_hash(&code);
            let code = codes::lock(tx, &hash)?.filter(|code| code.app_id == app.id);
            let code = rules::fresh_code(code, tx.now()).map_err(|_| ErrorName::CodeNotMatched)?;
            if code.redirect_uri != redirect_uri {
                return Err(ErrorName::RedirectUriMismatch.into());
            }
            let Giver::Account(account_id) = code.giver else { return Err(ErrorName::CodeNotMatched.into()) };
            let account = accounts::store::find(tx, account_id)?.ok_or(ErrorName::CodeNotMatched)?;
            if !app.serves(Member::Instagram(account.user_no)) {
                return Err(GraphError::with(ErrorName::TesterRoleMissing, ["post"]).into());
            }
            let grant = grants::store::find(tx, app.id, code.giver)?.ok_or(ErrorName::CodeNotMatched)?;
            codes::use_up(tx, &hash)?;
            let token = store::issue(tx, &key, NewToken::of_login(&grant, tx.now()))?;
            Ok::<_, Failure>((token, account))
        })
        .await?;
    let user_id = account.scoped_id(call.caller.app.id);
    let how = call.platform.settings.code_exchange();
    Ok(answer(how, &token.text(&call.platform.key), user_id, token.made.scopes))
}

/// The documentation shows a `data` list; clients in the field read it flat, some with a number as the id.
fn answer(how: CodeExchange, token: &str, user_id: i64, scopes: ScopeSet) -> Value {
    let names: Vec<&str> = scopes.iter().map(Scope::name).collect();
    match how {
        CodeExchange::Flat => {
            json!({ "access_token": token, "user_id": user_id.to_string(), "permissions": names })
        }
        CodeExchange::FlatNumber => {
            json!({ "access_token": token, "user_id": user_id, "permissions": names })
        }
        CodeExchange::Documented => json!({
            "data": [
                { "access_token": token, "user_id": user_id.to_string(), "permissions": names.join(",") }
            ]
        }),
    }
}

/// `GET https://graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret=&access_token=`: a token of 60
/// days for one of an hour.
pub(super) async fn make_long_lived(call: &Call<'_>) -> Result<Value> {
    is_one_of("grant_type", &call.params.required_text("grant_type")?, "ig_exchange_token")?;
    let secret = call.params.required_text("client_secret")?;
    if !bool::from(call.caller.app.instagram_secret.as_bytes().ct_eq(secret.as_bytes())) {
        return Err(ErrorName::ExchangeSecretWrong.into());
    }
    anew(call, |token, _| match token.made.long_lived {
        false => Ok(()),
        true => Err(ErrorName::SessionInvalid),
    })
    .await
}

/// `GET https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=`: 60 more days for a
/// long-lived token that is at least a day old.
pub(super) async fn refresh(call: &Call<'_>) -> Result<Value> {
    is_one_of("grant_type", &call.params.required_text("grant_type")?, "ig_refresh_token")?;
    anew(call, |token, now| match () {
        () if !token.made.long_lived => Err(ErrorName::SessionInvalid),
        () if now < token.issued_at.plus(limits::REFRESH_AGE) => Err(ErrorName::TokenTooYoung),
        () => Ok(()),
    })
    .await
}

/// Another token like the caller's, for 60 days. The caller's lives on as long as it would have.
async fn anew(
    call: &Call<'_>,
    may: impl Fn(&Token, clock::Micros) -> Result<(), ErrorName> + Send + 'static,
) -> Result<Value> {
    let key = call.platform.key.clone();
    let hash = key.token_hash(call.token);
    let token = call
        .platform
        .db
        .write(move |tx: &mut Tx<'_>| {
            let token = store::find(tx, &hash)?.ok_or(ErrorName::TokenUnknown)?;
            may(&token, tx.now())?;
            let expires_at = Some(tx.now().plus(limits::LONG_LIVED_TOKEN));
            let made = NewToken { expires_at, long_lived: true, ..token.made };
            Ok::<_, Failure>(store::issue(tx, &key, made)?)
        })
        .await?;
    Ok(rules::bearer(&token, &call.platform.key))
}

fn is_one_of(name: &str, given: &str, known: &str) -> Result<(), GraphError> {
    if given == known {
        return Ok(());
    }
    Err(GraphError::with(ErrorName::ParameterNotOneOf, [name, known, given]))
}
