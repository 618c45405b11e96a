//! What every request needs and hardly any request changes: who a token speaks for, and which apps hear an account.
//!
//! Kept in memory and let go as a whole whenever an app, account, token or subscription changes, so that a send looks
//! nothing of this up in the database. Who changes something calls [`forget_after_commit`] in the same transaction, so
//! that a caller who has the answer sees the change.

use crate::Platform;
use crate::accounts::{self, Account, FacebookUser};
use crate::apps::{self, App};
use crate::graph::answer;
use crate::subscriptions::{self, Route};
use crate::tokens::{self, Token, TokenKind};
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::scopes::ScopeSet;
use http::HeaderValue;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, RwLock};
use storage::{Database, Read, Result, Tx};
use subtle::ConstantTimeEq;

/// An account with the apps that hear of it.
#[derive(Clone, Debug)]
pub(crate) struct AccountView {
    /// The account.
    pub account: Account,
    /// Every app that is, or could be expected to be, told of the account's events.
    pub routes: Vec<Route>,
}

/// Whom a token speaks for.
#[derive(Clone, Debug)]
pub(crate) enum Identity {
    /// An account, over Instagram Login.
    Account(Arc<AccountView>),
    /// A page with its account, over Facebook Login.
    Page(Arc<AccountView>),
    /// A Facebook user.
    User(Arc<FacebookUser>),
    /// The app itself.
    App,
}

/// A caller as its token tells.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The app that the token was given to.
    pub app: Arc<App>,
    /// Whom it speaks for.
    pub identity: Identity,
    /// What it may do.
    pub scopes: ScopeSet,
    /// When the token dies.
    pub expires_at: Option<Micros>,
    /// What answers say in the header about the business use case.
    pub usage: Option<HeaderValue>,
}

/// More callers than this are not kept.
const CALLERS: usize = 50_000;

#[derive(Default)]
struct Kept {
    /// Grows with each change: what was read before a change is not kept after it.
    generation: u64,
    /// By a number that follows from the token's text and a key of this process: the HMAC by which the database knows
    /// tokens costs as much as the rest of the way to the caller.
    callers: HashMap<u64, Shown>,
    accounts: HashMap<i64, Arc<AccountView>>,
}

/// A token that was shown before, and whom it speaks for.
struct Shown {
    token: Box<str>,
    caller: Arc<Caller>,
}

impl Shown {
    /// The caller, if this is the token: two tokens can have one number. Compared in constant time.
    fn caller_of(&self, token: &str) -> Option<Arc<Caller>> {
        bool::from(self.token.as_bytes().ct_eq(token.as_bytes())).then(|| Arc::clone(&self.caller))
    }
}

/// The directory.
pub(crate) struct Directory {
    db: Database,
    key: WorldKey,
    kept: RwLock<Kept>,
    numbers: RandomState,
}

impl Directory {
    pub(crate) fn new(db: Database, key: WorldKey) -> Self {
        Self { db, key, kept: RwLock::default(), numbers: RandomState::new() }
    }

    /// Lets go of everything, after a change.
    pub(crate) fn forget(&self) {
        let mut kept = self.kept.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.generation += 1;
        kept.callers.clear();
        kept.accounts.clear();
    }

    fn look<T>(&self, f: impl FnOnce(&Kept) -> Option<T>) -> (u64, Option<T>) {
        let kept = self.kept.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        (kept.generation, f(&kept))
    }

    fn keep(&self, generation: u64, f: impl FnOnce(&mut Kept)) {
        let mut kept = self.kept.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.generation == generation {
            f(&mut kept);
        }
    }

    /// The caller with that token; `None` if nobody was given it. Whether it has expired is the caller's to ask.
    pub(crate) async fn caller(&self, token: &str) -> Result<Option<Arc<Caller>>> {
        let number = self.numbers.hash_one(token);
        let (generation, kept) = self.look(|kept| kept.callers.get(&number)?.caller_of(token));
        if kept.is_some() {
            return Ok(kept);
        }
        let caller = match tokens::app_token(token) {
            Some((id, secret)) => self.app_caller(id, secret).await?,
            None => self.token_caller(self.key.token_hash(token)).await?,
        };
        let caller = caller.map(Arc::new);
        if let Some(caller) = &caller {
            self.keep(generation, |kept| {
                if kept.callers.len() >= CALLERS {
                    kept.callers.clear();
                }
                kept.callers.insert(number, Shown { token: token.into(), caller: Arc::clone(caller) });
            });
        }
        Ok(caller)
    }

    async fn app_caller(&self, id: i64, secret: &str) -> Result<Option<Caller>> {
        let key = self.key.clone();
        let app = self.db.read(move |db| apps::store::find(db, &key, id)).await?;
        Ok(app
            .filter(|app| {
                let known = if id == app.instagram_id { &app.instagram_secret } else { &app.secret };
                known.as_bytes().ct_eq(secret.as_bytes()).into()
            })
            .map(|app| Caller {
                app: Arc::new(app),
                identity: Identity::App,
                scopes: ScopeSet::default(),
                expires_at: None,
                usage: None,
            }))
    }

    async fn token_caller(&self, hash: [u8; 32]) -> Result<Option<Caller>> {
        let key = self.key.clone();
        self.db
            .read(move |db| {
                let Some(token) = tokens::store::find(db, &hash)? else { return Ok(None) };
                let Some(app) = apps::store::find(db, &key, token.app_id)? else { return Ok(None) };
                let identity = identity(db, &token)?;
                Ok::<_, storage::Error>(identity.map(|identity| Caller {
                    app: Arc::new(app),
                    usage: answer::usage(&identity),
                    identity,
                    scopes: token.scopes,
                    expires_at: token.expires_at,
                }))
            })
            .await
    }

    /// The account with that id.
    pub(crate) async fn account(&self, id: i64) -> Result<Option<Arc<AccountView>>> {
        let (generation, kept) = self.look(|kept| kept.accounts.get(&id).cloned());
        if kept.is_some() {
            return Ok(kept);
        }
        let view = self
            .db
            .read(move |db| match accounts::store::find(db, id)? {
                Some(account) => Ok::<_, storage::Error>(Some(view(db, account)?)),
                None => Ok(None),
            })
            .await?;
        if let Some(view) = &view {
            self.keep(generation, |kept| {
                kept.accounts.insert(id, Arc::clone(view));
            });
        }
        Ok(view)
    }

    /// The accounts behind the pages that a Facebook user manages.
    pub(crate) async fn accounts_of(&self, user_id: i64) -> Result<Vec<Arc<AccountView>>> {
        let ids = self.db.read(move |db| accounts::store::of_user(db, user_id)).await?;
        let mut views = Vec::with_capacity(ids.len());
        for id in ids {
            views.extend(self.account(id).await?);
        }
        Ok(views)
    }

    /// The account that the page with that id is linked to.
    pub(crate) async fn account_of_page(&self, page_id: i64) -> Result<Option<Arc<AccountView>>> {
        let account = self.db.read(move |db| accounts::store::by_page(db, page_id)).await?;
        match account {
            Some(account) => self.account(account.id).await,
            None => Ok(None),
        }
    }
}

/// Lets the directory forget once the change is committed, whether or not the caller still waits for the answer.
pub(crate) fn forget_after_commit(tx: &mut Tx<'_>, platform: &Arc<Platform>) {
    let platform = Arc::clone(platform);
    tx.after_commit(move || platform.directory.forget());
}

fn identity(db: &mut impl Read, token: &Token) -> Result<Option<Identity>> {
    Ok(match token.kind {
        TokenKind::Instagram => match accounts::store::find(db, token.subject)? {
            Some(account) => Some(Identity::Account(view(db, account)?)),
            None => None,
        },
        TokenKind::Page => match accounts::store::by_page(db, token.subject)? {
            Some(account) => Some(Identity::Page(view(db, account)?)),
            None => None,
        },
        TokenKind::User => {
            accounts::store::user(db, token.subject)?.map(|user| Identity::User(Arc::new(user)))
        }
    })
}

fn view(db: &mut impl Read, account: Account) -> Result<Arc<AccountView>> {
    let routes = subscriptions::store::routes(db, account.id)?;
    Ok(Arc::new(AccountView { account, routes }))
}
