//! Giving by hand: what the sandbox gives to an app so that nobody has to log in first.

use super::{Giver, store};
use crate::accounts::{self, Account, FacebookUser};
use crate::apps::roles::Member;
use crate::apps::{self, App};
use crate::tokens::{self, NewToken, Through, Token, TokenKind};
use crate::world_key::WorldKey;
use graph_api::limits;
use graph_api::scopes::ScopeSet;
use storage::{Result, Tx};

/// Has an account belong to the app's business, and gives the app everything that the account can give: a token over
/// Instagram Login, and one of its page through whoever manages it.
pub(crate) fn account(tx: &mut Tx<'_>, key: &WorldKey, app: &App, account: &Account) -> Result<()> {
    apps::store::own(tx, app.id, Member::Instagram(account.user_no))?;
    token(tx, key, app.id, (TokenKind::Instagram, account.id), Making::default())?;
    let Some(page) = &account.page else { return Ok(()) };
    for role in accounts::store::roles_on_page(tx, page.id)? {
        apps::store::own(tx, app.id, Member::Facebook(role.user_id))?;
        everything(tx, app.id, role.user_id)?;
    }
    token(tx, key, app.id, (TokenKind::Page, page.id), Making::default())?;
    Ok(())
}

/// Has a Facebook user belong to the app's business, and gives the app everything that the user can give, with a token.
pub(crate) fn user(tx: &mut Tx<'_>, key: &WorldKey, app: &App, user: &FacebookUser) -> Result<()> {
    apps::store::own(tx, app.id, Member::Facebook(user.id))?;
    everything(tx, app.id, user.id)?;
    token(tx, key, app.id, (TokenKind::User, user.id), Making::default())?;
    Ok(())
}

fn everything(tx: &mut Tx<'_>, app_id: i64, user_id: i64) -> Result<()> {
    store::decide(tx, app_id, Giver::User(user_id), ScopeSet::all(false), ScopeSet::of(&[]))?;
    store::add_all_targets(tx, app_id, user_id)
}

/// How a token is made by hand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Making {
    /// What it may do; `None`: everything.
    pub scopes: Option<ScopeSet>,
    /// How long it lives; `None`: as long as such tokens usually do.
    pub life: Option<Life>,
    /// It is one that a login gives, which must be exchanged to last.
    pub short_lived: bool,
}

/// How long a token lives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Life {
    /// It does not expire.
    Endless,
    /// So long.
    For(std::time::Duration),
}

/// Makes a token for an account, page or Facebook user, and has its giver grant what it may do. Nothing that was granted
/// before is taken away. `None` for a page that nobody manages.
pub(crate) fn token(
    tx: &mut Tx<'_>,
    key: &WorldKey,
    app_id: i64,
    (kind, subject): (TokenKind, i64),
    making: Making,
) -> Result<Option<Token>> {
    let scopes = making.scopes.unwrap_or_else(|| kind.all_scopes());
    let (giver, usual) = match kind {
        TokenKind::Instagram => (Giver::Account(subject), Life::For(limits::LONG_LIVED_TOKEN)),
        TokenKind::User => {
            // A system user's token does not expire (doc: System Users).
            let is_system = accounts::store::user(tx, subject)?.is_some_and(|user| user.is_system);
            let usual = if is_system { Life::Endless } else { Life::For(limits::LONG_LIVED_TOKEN) };
            (Giver::User(subject), usual)
        }
        // A page token that was made from a long-lived user token does not expire (doc: Instagram Messaging).
        TokenKind::Page => {
            let roles = accounts::store::roles_on_page(tx, subject)?;
            let Some(role) = roles.first() else { return Ok(None) };
            (Giver::User(role.user_id), Life::Endless)
        }
    };
    let known = store::find(tx, app_id, giver)?;
    store::decide(tx, app_id, giver, scopes, ScopeSet::of(&[]))?;
    let through = match (kind, giver) {
        (TokenKind::Page, Giver::User(user_id)) => {
            let account = accounts::store::by_page(tx, subject)?.map(|account| account.id);
            let targets: Vec<i64> = [Some(subject), account].into_iter().flatten().collect();
            store::add_targets(tx, app_id, user_id, &targets)?;
            Some(Through { user_id, parent: None })
        }
        // Whoever gives for the first time gives all pages; a later choice of pages stands.
        (TokenKind::User, Giver::User(user_id)) if known.is_none() => {
            store::add_all_targets(tx, app_id, user_id)?;
            None
        }
        _ => None,
    };
    let usual = if making.short_lived { Life::For(limits::SHORT_LIVED_TOKEN) } else { usual };
    let expires_at = match making.life.unwrap_or(usual) {
        Life::Endless => None,
        Life::For(life) => Some(tx.now().plus(life)),
    };
    let long_lived = !making.short_lived;
    let made = NewToken { app_id, kind, subject, scopes, expires_at, long_lived, through };
    tokens::store::issue(tx, key, made).map(Some)
}
