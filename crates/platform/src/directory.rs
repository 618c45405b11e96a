//! What every request needs and hardly any request changes: who a token speaks for, and which apps hear an account.
//!
//! Kept in memory and let go as a whole whenever an app, account, token or subscription changes, so that a send looks
//! nothing of this up in the database. Who changes something calls [`forget_after_commit`] in the same transaction, so
//! that a caller who has the answer sees the change.

use crate::Platform;
use crate::accounts::{self, Account, FacebookUser};
use crate::apps::roles::Member;
use crate::apps::{self, App};
use crate::conversation_routing::{self, Routing};
use crate::grants::{self, Giver};
use crate::graph::answer;
use crate::subscriptions::{self, Route};
use crate::tokens::{self, Ended, NewToken, Through, TokenKind};
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::TaskSet;
use http::HeaderValue;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, RwLock};
use storage::{Database, End, Read, Result, Tx};
use subtle::ConstantTimeEq;

/// An account with the apps that hear of it.
#[derive(Clone, Debug)]
pub(crate) struct AccountView {
    /// The account.
    pub account: Account,
    /// Every app that is, or could be expected to be, told of the account's events.
    pub routes: Vec<Route>,
    /// Which of them gets a conversation that nobody has.
    pub routing: Routing,
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
    /// Whether it is let in at all.
    pub standing: Standing,
    /// What it may do: what the token was made for, as far as its giver still grants it.
    pub scopes: ScopeSet,
    /// The pages that a Facebook user's token reaches; the page of a page's token.
    pub pages: Vec<PageAccess>,
    /// The Facebook user behind it: whose token it is, or through whom the app got a page's.
    pub user_id: Option<i64>,
    /// When the token dies.
    pub expires_at: Option<Micros>,
    /// What answers say in the header about the business use case.
    pub usage: Option<HeaderValue>,
}

/// Whether a caller is let in at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is.
    Good,
    /// Its giver removed the app.
    AppRemoved,
    /// The user logged out.
    LoggedOut,
    /// The user through whom the app got a page's token has no role on the page any more.
    RoleLost,
    /// The app is not open to everybody, and the account has no accepted role on it.
    NoRole,
}

/// A page as a caller reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageAccess {
    /// The page.
    pub page_id: i64,
    /// Its account.
    pub account_id: i64,
    /// What the user may do there.
    pub tasks: TaskSet,
    /// The app was given the page.
    pub page: bool,
    /// The app was given the account.
    pub account: bool,
}

impl Caller {
    /// The page's part of what it reaches.
    pub(crate) fn page(&self, page_id: i64) -> Option<&PageAccess> {
        self.pages.iter().find(|access| access.page_id == page_id && access.page)
    }

    /// The account's part of what it reaches over Facebook Login.
    pub(crate) fn account(&self, account_id: i64) -> Option<&PageAccess> {
        self.pages.iter().find(|access| access.account_id == account_id && access.account)
    }

    /// The accounts whose pages it was given for.
    pub(crate) fn accounts_of_pages(&self) -> Vec<i64> {
        self.pages.iter().filter(|access| access.page).map(|access| access.account_id).collect()
    }

    /// The account that the token is of, itself or by its page.
    pub(crate) fn account_view(&self) -> Option<&Arc<AccountView>> {
        match &self.identity {
            Identity::Account(view) | Identity::Page(view) => Some(view),
            Identity::User(_) | Identity::App => None,
        }
    }

    /// Whether the token is good at that instant.
    pub(crate) fn is_good(&self, now: Micros) -> bool {
        self.standing == Standing::Good && self.expires_at.is_none_or(|expiry| expiry > now)
    }
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
                standing: Standing::Good,
                scopes: ScopeSet::default(),
                pages: Vec::new(),
                user_id: None,
                expires_at: None,
                usage: None,
            }))
    }

    async fn token_caller(&self, hash: [u8; 32]) -> Result<Option<Caller>> {
        let key = self.key.clone();
        self.db
            .read(move |db| {
                let Some(token) = tokens::store::find(db, &hash)? else { return Ok(None) };
                let Some(app) = apps::store::find(db, &key, token.made.app_id)? else { return Ok(None) };
                let Some(identity) = identity(db, &token.made)? else { return Ok(None) };
                let reach = Reach::find(db, &app, &identity, &token.made)?;
                Ok::<_, storage::Error>(Some(Caller {
                    app: Arc::new(app),
                    usage: answer::usage(&identity),
                    identity,
                    standing: match token.ended {
                        Some(Ended::AppRemoved) => Standing::AppRemoved,
                        Some(Ended::LoggedOut) => Standing::LoggedOut,
                        None => reach.standing,
                    },
                    scopes: token.made.scopes.and(reach.scopes),
                    pages: reach.pages,
                    user_id: match token.made.kind {
                        TokenKind::User => Some(token.made.subject),
                        _ => token.made.through.map(|through| through.user_id),
                    },
                    expires_at: token.made.expires_at,
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
}

/// Lets the directory forget once the change is committed, whether or not the caller still waits for the answer; also if
/// nobody can tell whether it is.
pub(crate) fn forget_after_commit(tx: &mut Tx<'_>, platform: &Arc<Platform>) {
    let platform = Arc::clone(platform);
    tx.at_end(move |end| {
        if end != End::Undone {
            platform.directory.forget();
        }
    });
}

fn identity(db: &mut impl Read, token: &NewToken) -> Result<Option<Identity>> {
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

/// What is left of a token's power: what its giver grants, and what the giver has a right to.
struct Reach {
    standing: Standing,
    scopes: ScopeSet,
    pages: Vec<PageAccess>,
}

impl Reach {
    const fn nothing(standing: Standing) -> Self {
        Self { standing, scopes: ScopeSet::of(&[]), pages: Vec::new() }
    }

    fn find(db: &mut impl Read, app: &App, identity: &Identity, token: &NewToken) -> Result<Self> {
        match (identity, token.through) {
            (Identity::Account(view), _) => {
                let Some(grant) = grants::store::find(db, app.id, Giver::Account(view.account.id))? else {
                    return Ok(Self::nothing(Standing::AppRemoved));
                };
                let is_served = app.serves(Member::Instagram(view.account.user_no));
                let standing = if is_served { Standing::Good } else { Standing::NoRole };
                Ok(Self { standing, scopes: grant.granted, pages: Vec::new() })
            }
            (Identity::User(user), _) => Self::of_user(db, app, user.id),
            (Identity::Page(_), Some(Through { user_id, .. })) => {
                let mut reach = Self::of_user(db, app, user_id)?;
                if reach.standing != Standing::Good {
                    return Ok(reach);
                }
                reach.pages.retain(|access| access.page_id == token.subject);
                match reach.pages.first() {
                    None => Ok(Self::nothing(Standing::RoleLost)),
                    Some(PageAccess { page: false, .. }) => Ok(Self::nothing(Standing::AppRemoved)),
                    Some(PageAccess { account: false, .. }) => {
                        reach.scopes = reach.scopes.without(OF_ACCOUNTS);
                        Ok(reach)
                    }
                    Some(_) => Ok(reach),
                }
            }
            // A page's token without a user, and an app's, which has no row: neither is ever stored.
            (Identity::Page(_), None) | (Identity::App, _) => Ok(Self::nothing(Standing::AppRemoved)),
        }
    }

    fn of_user(db: &mut impl Read, app: &App, user_id: i64) -> Result<Self> {
        let Some(grant) = grants::store::find(db, app.id, Giver::User(user_id))? else {
            return Ok(Self::nothing(Standing::AppRemoved));
        };
        // An app that is not open to everybody has of everybody else what needs no review.
        let scopes = match app.serves(Member::Facebook(user_id)) {
            true => grant.granted,
            false => grant.granted.and(ScopeSet::of(&[Scope::PublicProfile])),
        };
        let targets = grants::store::targets(db, app.id, user_id)?;
        let roles = accounts::store::roles_of_user(db, user_id)?;
        let pages = roles.into_iter().map(|role| PageAccess {
            page_id: role.page_id,
            account_id: role.account_id,
            tasks: role.tasks,
            page: targets.contains(&role.page_id),
            account: targets.contains(&role.account_id),
        });
        Ok(Self { standing: Standing::Good, scopes, pages: pages.collect() })
    }
}

/// The permissions of Facebook Login that are about accounts, not pages.
const OF_ACCOUNTS: ScopeSet = ScopeSet::of(&[
    Scope::InstagramBasic,
    Scope::InstagramManageMessages,
    Scope::InstagramManageComments,
    Scope::InstagramContentPublish,
    Scope::InstagramManageInsights,
    Scope::InstagramManageContents,
]);

fn view(db: &mut impl Read, account: Account) -> Result<Arc<AccountView>> {
    let routes = subscriptions::store::routes(db, account.id)?;
    let routing = conversation_routing::store::of_account(db, account.id)?;
    Ok(Arc::new(AccountView { account, routes, routing }))
}
