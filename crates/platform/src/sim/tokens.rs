//! Making tokens by hand.

use super::input::Input;
use super::making::find_account;
use super::world::{self, World};
use super::{SimError, SimResult};
use crate::directory::forget_after_commit;
use crate::grants::giving::{self, Life, Making};
use crate::tokens::TokenKind;
use crate::{Platform, accounts, grants};
use graph_api::ids::decimal;
use graph_api::scopes::{Scope, ScopeSet};
use std::sync::Arc;
use std::time::Duration;

/// Seconds of a hundred years: a longer life than that has no end that a date can tell.
const LONGEST_LIFE: u64 = 100 * 365 * 24 * 3600;

/// `POST /sim/tokens {"app","account" or "user","scopes"?,"kind"?,"expires_in"?,"long_lived"?,"accounts"?}`. For an
/// account the kind is `instagram` (the default) or `page`; `expires_in` is in seconds, 0 means never; `"long_lived":false`
/// makes one as a login gives it. `accounts` are those that the user gives the app, with their pages, and no others.
pub(super) async fn create(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let app = input.required("app")?;
    let (account, user) = (input.text("account")?, input.text("user")?);
    let kind = input.text("kind")?;
    let scopes = scopes(input.words("scopes")?)?;
    let life = input.number("expires_in")?.map(|seconds| match seconds {
        0 => Life::Endless,
        seconds => Life::For(Duration::from_secs(seconds.min(LONGEST_LIFE))),
    });
    let short_lived = input.flag("long_lived")? == Some(false);
    let given = input.words("accounts")?;
    input.done()?;
    let world = World::read(platform).await?;
    let app_id = decimal(&app);
    let app =
        world.apps.iter().find(|a| Some(a.id) == app_id || Some(a.instagram_id) == app_id || a.name == app);
    let app_id = app.ok_or_else(|| SimError::bad("app", "there is no such app"))?.id;
    let (kind, subject) = match (&account, &user) {
        (Some(account), None) => {
            let account = find_account(&world, account, "account")?;
            match (kind.as_deref(), &account.page) {
                (None | Some("instagram"), _) => (TokenKind::Instagram, account.id),
                (Some("page"), Some(page)) => (TokenKind::Page, page.id),
                (Some("page"), None) => return Err(SimError::bad("account", "this account has no page")),
                _ => return Err(SimError::bad("kind", "must be \"instagram\" or \"page\"")),
            }
        }
        (None, Some(user)) => {
            let id = decimal(user).ok_or_else(|| SimError::bad("user", "must be an id"))?;
            let known = platform.db.read(move |db| accounts::store::user(db, id)).await?;
            match kind.as_deref() {
                None | Some("user") if known.is_some() => (TokenKind::User, id),
                None | Some("user") => return Err(SimError::bad("user", "there is no such user")),
                _ => return Err(SimError::bad("kind", "must be \"user\"")),
            }
        }
        _ => return Err(SimError::bad("account", "exactly one of account and user is needed")),
    };
    let known = ScopeSet::all(kind == TokenKind::Instagram);
    if let Some(scope) = scopes.and_then(|scopes| scopes.without(known).iter().next()) {
        let why = format!("{} belongs to the other login", scope.name());
        return Err(SimError::bad("scopes", why));
    }
    let given = match (given, kind) {
        (None, _) => None,
        (Some(names), TokenKind::User) => {
            let of_name = |name: &String| {
                let account = find_account(&world, name, "accounts")?;
                let page = account.page.as_ref();
                let page = page.ok_or_else(|| SimError::bad("accounts", format!("{name} has no page")))?;
                Ok([account.id, page.id])
            };
            let ids: Vec<[i64; 2]> = names.iter().map(of_name).collect::<Result<_, SimError>>()?;
            Some(ids.concat())
        }
        (Some(_), _) => return Err(SimError::bad("accounts", "belongs to a user's token")),
    };
    let this = Arc::clone(platform);
    let token = platform
        .db
        .write(move |tx| {
            let making = Making { scopes, life, short_lived };
            let token = giving::token(tx, &this.key, app_id, (kind, subject), making)?;
            if let Some(given) = &given {
                let before = grants::store::targets(tx, app_id, subject)?;
                grants::store::remove_targets(tx, app_id, subject, &before)?;
                grants::store::add_targets(tx, app_id, subject, given)?;
            }
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(token)
        })
        .await?
        .ok_or_else(|| SimError::bad("account", "nobody has a role on this account's page"))?;
    Ok(world::token(platform, &token))
}

fn scopes(names: Option<Vec<String>>) -> Result<Option<ScopeSet>, SimError> {
    let Some(names) = names else { return Ok(None) };
    let known = |name: &String| {
        Scope::parse(name).ok_or_else(|| SimError::bad("scopes", format!("there is no permission {name}")))
    };
    names.iter().map(known).collect::<Result<ScopeSet, _>>().map(Some)
}
