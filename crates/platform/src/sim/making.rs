//! Making and changing apps, accounts, people, tokens and settings.

use super::input::Input;
use super::world::{self, World};
use super::{SimError, SimResult};
use crate::accounts::{self, Account};
use crate::apps;
use crate::directory::forget_after_commit;
use crate::people;
use crate::tokens::{self, TokenKind};
use crate::{Platform, demo};
use graph_api::ids::decimal;
use graph_api::limits;
use graph_api::scopes::{Scope, ScopeSet};
use http::StatusCode;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;

/// What an owner of something in a transaction can be told: the name is taken, or the database failed.
type Made<T> = Result<Option<T>, storage::Error>;

/// `POST /sim/apps {"name","mode"?,"human_agent"?}`: an app that is granted to every existing account.
pub(super) async fn app(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let name = input.required("name")?;
    let live = live(&mut input)?.unwrap_or(true);
    let human_agent = input.flag("human_agent")?.unwrap_or(false);
    input.done()?;
    let this = Arc::clone(platform);
    let app = platform
        .db
        .write(move |tx| {
            let app = apps::store::create(tx, &this.key, &name, live, human_agent)?;
            for account in accounts::store::all(tx)? {
                demo::grant(tx, &this, &app, &account)?;
            }
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(app)
        })
        .await?;
    let world = World::read(platform).await?;
    let mut shown = world.app(&app);
    let tokens = world
        .accounts
        .iter()
        .map(|account| (account.username.clone(), world.tokens_of(platform, &app, account)));
    shown["tokens"] = Value::Object(tokens.collect::<Map<_, _>>());
    Ok(shown)
}

fn live(input: &mut Input) -> Result<Option<bool>, SimError> {
    match input.text("mode")?.as_deref() {
        None => Ok(None),
        Some("live") => Ok(Some(true)),
        Some("development") => Ok(Some(false)),
        Some(_) => Err(SimError::bad("mode", "must be \"live\" or \"development\"")),
    }
}

/// `PATCH /sim/apps/{id} {"name"?,"mode"?,"human_agent"?}`.
pub(super) async fn change_app(platform: &Arc<Platform>, id: &str, mut input: Input) -> SimResult {
    let id = decimal(id).ok_or_else(|| SimError::not_found(&format!("app {id}")))?;
    let (name, live, human_agent) = (input.text("name")?, live(&mut input)?, input.flag("human_agent")?);
    input.done()?;
    let this = Arc::clone(platform);
    let app = platform
        .db
        .write(move |tx| {
            let Some(mut app) = apps::store::find(tx, &this.key, id)? else { return Ok(None) };
            app.name = name.clone().unwrap_or(app.name);
            app.live = live.unwrap_or(app.live);
            app.human_agent = human_agent.unwrap_or(app.human_agent);
            apps::store::update(tx, &app)?;
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(Some(app))
        })
        .await?
        .ok_or_else(|| SimError::not_found(&format!("app {id}")))?;
    Ok(World::read(platform).await?.app(&app))
}

/// `POST /sim/accounts {"username","name"?,"page"?}`: an account and its tokens for each app.
pub(super) async fn account(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let username = username(&mut input)?;
    let name = input.text("name")?.unwrap_or_else(|| username.clone());
    let with_page = input.flag("page")?.unwrap_or(false);
    input.done()?;
    let this = Arc::clone(platform);
    let account = platform
        .db
        .write(move |tx| -> Made<Account> {
            if people::store::taken(tx, &username)? {
                return Ok(None);
            }
            let owner = accounts::store::users(tx)?.first().map(|user| user.id);
            let account = accounts::store::create(tx, &username, &name, owner.filter(|_| with_page))?;
            for app in apps::store::all(tx, &this.key)? {
                demo::grant(tx, &this, &app, &account)?;
            }
            forget_after_commit(tx, &this);
            Ok(Some(account))
        })
        .await?
        .ok_or_else(taken)?;
    Ok(World::read(platform).await?.account(platform, &account))
}

pub(super) fn taken() -> SimError {
    SimError::bad("username", "this username is taken").with_status(StatusCode::CONFLICT)
}

/// A username as Instagram allows it: letters, digits, full stops and underscores, at most 30.
pub(super) fn username(input: &mut Input) -> Result<String, SimError> {
    let username = input.required("username")?.to_ascii_lowercase();
    let allowed = username.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_');
    if !allowed || username.len() > 30 {
        let rule = "must be letters, digits, full stops and underscores, at most 30";
        return Err(SimError::bad("username", rule));
    }
    if username.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SimError::bad("username", "must not be only digits, which would be an id"));
    }
    Ok(username)
}

/// `POST /sim/tokens {"app","account" or "user","scopes"?,"kind"?,"expires_in"?}`. For an account the kind is
/// `instagram` (the default) or `page`; `expires_in` is in seconds, 0 means never.
pub(super) async fn token(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let app = input.required("app")?;
    let (account, user) = (input.text("account")?, input.text("user")?);
    let kind = input.text("kind")?;
    let scopes = scopes(input.words("scopes")?)?;
    let expires_in = input.number("expires_in")?;
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
    let life = match expires_in {
        None if kind == TokenKind::Page => None,
        None => Some(limits::LONG_LIVED_TOKEN),
        Some(0) => None,
        Some(seconds) => Some(Duration::from_secs(seconds)),
    };
    let key = platform.key.clone();
    let token = platform
        .db
        .write(move |tx| {
            let expires_at = life.map(|life| tx.now().plus(life));
            let scopes = scopes.unwrap_or_else(|| kind.all_scopes());
            tokens::store::issue(tx, &key, app_id, (kind, subject), scopes, expires_at)
        })
        .await?;
    Ok(world::token(platform, &token))
}

fn scopes(names: Option<Vec<String>>) -> Result<Option<ScopeSet>, SimError> {
    let Some(names) = names else { return Ok(None) };
    let known = |name: &String| {
        Scope::parse(name).ok_or_else(|| SimError::bad("scopes", format!("there is no permission {name}")))
    };
    names.iter().map(known).collect::<Result<ScopeSet, _>>().map(Some)
}

/// The account that a username or id names.
pub(super) fn find_account<'a>(
    world: &'a World,
    named: &str,
    parameter: &str,
) -> Result<&'a Account, SimError> {
    let id = decimal(named);
    let mut accounts = world.accounts.iter();
    accounts
        .find(|account| account.username == named || Some(account.id) == id)
        .ok_or_else(|| SimError::bad(parameter, format!("there is no account {named}")))
}
