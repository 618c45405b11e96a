//! What an app of the sandbox's own has of the demo accounts, read without the rest of the world, which may be large.

use super::{CAFE, SHOP, newest};
use crate::tokens::TokenKind;
use crate::{Platform, accounts, apps, tokens};
use graph_api::Host;
use storage::Result;

/// An app with its access.
#[derive(Clone, Debug)]
pub struct AppAccess {
    /// Id and secret of the product of Instagram Login.
    pub instagram: (String, String),
    /// Id and secret of the app, which is the product of Facebook Login.
    pub facebook: (String, String),
    /// The demo accounts, as far as it has a token for them.
    pub accounts: Vec<AccountAccess>,
}

/// An app's access to an account.
#[derive(Clone, Debug)]
pub struct AccountAccess {
    /// The host that takes the token: Instagram's takes the account's, Facebook's that of the account's page.
    pub host: Host,
    /// The token.
    pub token: String,
    /// The account's id.
    pub id: String,
    /// Its username.
    pub username: String,
    /// Its name.
    pub name: String,
    /// The id of its page.
    pub page_id: Option<String>,
}

/// The access of the app of that name; `None` if there is no such app.
pub(crate) async fn of_app(platform: &Platform, name: &str) -> Result<Option<AppAccess>> {
    let (key, name, now) = (platform.key.clone(), name.to_owned(), platform.clock.now());
    platform
        .db
        .read(move |db| {
            let Some(app) = apps::store::all(db, &key)?.into_iter().find(|app| app.name == name) else {
                return Ok(None);
            };
            let mut found = Vec::new();
            for username in [CAFE, SHOP] {
                let Some(account) = accounts::store::by_username(db, username)? else { continue };
                let page = account.page.as_ref().map(|page| page.id);
                let (host, kind, subject) = match page {
                    Some(page) => (Host::Facebook, TokenKind::Page, page),
                    None => (Host::Instagram, TokenKind::Instagram, account.id),
                };
                let given = tokens::store::of_subject(db, app.id, subject)?;
                let Some(token) = newest(&given, app.id, kind, subject, now) else { continue };
                found.push(AccountAccess {
                    host,
                    token: token.text(&key),
                    id: account.id.to_string(),
                    username: account.username,
                    name: account.name,
                    page_id: page.map(|page| page.to_string()),
                });
            }
            Ok(Some(AppAccess {
                instagram: (app.instagram_id.to_string(), app.instagram_secret),
                facebook: (app.id.to_string(), app.secret),
                accounts: found,
            }))
        })
        .await
}
