//! Making accounts, and finding them.

use super::input::Input;
use super::world::World;
use super::{SimError, SimResult};
use crate::Platform;
use crate::accounts::{self, Account};
use crate::apps;
use crate::assets::Links;
use crate::directory::forget_after_commit;
use crate::grants::giving;
use crate::people;
use graph_api::ids::decimal;
use http::StatusCode;
use std::sync::Arc;

/// What an owner of something in a transaction can be told: the name is taken, or the database failed.
type Made<T> = Result<Option<T>, storage::Error>;

/// `POST /sim/accounts {"username","name"?,"page"?}`: an account and its tokens for each app.
pub(super) async fn account(platform: &Arc<Platform>, mut input: Input, links: &Links<'_>) -> SimResult {
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
            let owner = accounts::store::users(tx)?.iter().find(|user| !user.is_system).map(|user| user.id);
            let account = accounts::store::create(tx, &username, &name, owner.filter(|_| with_page))?;
            for app in apps::store::all(tx, &this.key)? {
                giving::account(tx, &this.key, &app, &account)?;
            }
            forget_after_commit(tx, &this);
            Ok(Some(account))
        })
        .await?
        .ok_or_else(taken)?;
    Ok(World::read(platform).await?.account(platform, &account, links))
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
