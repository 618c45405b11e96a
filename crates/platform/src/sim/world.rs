//! Everything that exists, with ids and tokens.

use super::{SimResult, published};
use crate::accounts::{self, Account, FacebookUser};
use crate::ads::{self, Ad};
use crate::apps::roles::{Member, RoleName};
use crate::apps::{self, App};
use crate::assets::Links;
use crate::conversations::Product;
use crate::grants::{self, Giver, Grant};
use crate::people::{self, Person};
use crate::publishing::{self, Container, Media};
use crate::subscriptions::store::Callback;
use crate::tokens::{self, Ended, Token, TokenKind};
use crate::{
    Platform, assets, conversation_routing, conversations, demo, messenger_profile, subscriptions,
    welcome_message_flows,
};
use clock::Micros;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::Task;
use graph_api::time;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// What the views are made from, read in one go.
pub(super) struct World {
    pub(super) apps: Vec<App>,
    pub(super) accounts: Vec<Account>,
    people: Vec<Person>,
    users: Vec<FacebookUser>,
    page_roles: Vec<accounts::PageRole>,
    grants: Vec<Grant>,
    /// The pages and accounts of a grant of Facebook Login, by app and user.
    targets: HashMap<(i64, i64), Vec<i64>>,
    tokens: Vec<Token>,
    conversations: Vec<conversations::Conversation>,
    media: Vec<Media>,
    /// The newest containers, by account.
    containers: HashMap<i64, Vec<Container>>,
    profiles: HashMap<i64, messenger_profile::Profile>,
    routing: HashMap<i64, conversation_routing::Routing>,
    flows: Vec<welcome_message_flows::Flow>,
    ads: Vec<Ad>,
    pub(super) callbacks: Vec<Callback>,
    /// The account, the app, the login, and the fields that were asked for.
    pub(super) subscribed: Vec<subscriptions::store::Subscribed>,
    /// Who follows whom, by number.
    follows: Vec<(i64, i64)>,
    now: Micros,
}

impl World {
    pub(super) async fn read(platform: &Platform) -> storage::Result<Self> {
        let key = platform.key.clone();
        let now = platform.clock.now();
        platform
            .db
            .read(move |db| {
                let accounts = accounts::store::all(db)?;
                let (mut profiles, mut routing, mut containers) =
                    (HashMap::new(), HashMap::new(), HashMap::new());
                for account in &accounts {
                    routing.insert(account.id, conversation_routing::store::of_account(db, account.id)?);
                    containers
                        .insert(account.id, publishing::store::containers::newest(db, account.id, 100)?);
                    profiles.insert(account.id, messenger_profile::store::of_account(db, account.id)?);
                }
                let grants = grants::store::all(db)?;
                let mut targets = HashMap::new();
                for grant in &grants {
                    if let Giver::User(user_id) = grant.giver {
                        let of_user = grants::store::targets(db, grant.app_id, user_id)?;
                        targets.insert((grant.app_id, user_id), of_user);
                    }
                }
                Ok(Self {
                    grants,
                    targets,
                    page_roles: accounts::store::all_roles(db)?,
                    apps: apps::store::all(db, &key)?,
                    accounts,
                    profiles,
                    routing,
                    flows: welcome_message_flows::store::all(db)?,
                    ads: ads::store::all(db)?,
                    people: people::store::all(db)?,
                    users: accounts::store::users(db)?,
                    tokens: tokens::store::all(db)?,
                    conversations: conversations::store::all(db)?,
                    media: publishing::store::all(db)?,
                    callbacks: subscriptions::store::callbacks(db)?,
                    subscribed: subscriptions::store::all_subscribed(db)?,
                    containers,
                    follows: people::store::all_follows(db)?,
                    now,
                })
            })
            .await
    }

    /// An app as the sim shows it.
    pub(super) fn app(&self, app: &App) -> Value {
        json!({
            "id": app.id.to_string(),
            "name": app.name,
            "secret": app.secret,
            "instagram_app_id": app.instagram_id.to_string(),
            "instagram_app_secret": app.instagram_secret,
            "app_access_token": format!("{}|{}", app.id, app.secret),
            "mode": if app.settings.live { "live" } else { "development" },
            "access": if app.settings.advanced { "advanced" } else { "standard" },
            "human_agent": app.settings.human_agent,
            "require_appsecret_proof": app.settings.require_proof,
            "deauthorize_callback": app.settings.deauthorize_callback,
            "data_deletion_callback": app.settings.data_deletion_callback,
            "redirect_uris": app.settings.redirect_uris,
            "roles": self.roles(app),
            "verify_token": demo::verify_token(app),
            "callbacks": self.callbacks_of(app),
        })
    }

    /// The roles that were given by name.
    fn roles(&self, app: &App) -> Vec<Value> {
        let given = app.roles.iter().filter(|role| role.name != RoleName::Owner);
        given
            .map(|role| {
                let user = match role.member {
                    Member::Facebook(id) => id.to_string(),
                    Member::Instagram(number) => self.username(number),
                };
                json!({ "user": user, "role": role.name.name(), "accepted": role.accepted })
            })
            .collect()
    }

    fn username(&self, user_no: i64) -> String {
        let account = self.accounts.iter().find(|account| account.user_no == user_no);
        let person = self.people.iter().find(|person| person.user_no == user_no);
        let username = account.map(|a| &a.username).or(person.map(|p| &p.username));
        username.cloned().unwrap_or_default()
    }

    /// A Facebook user as the sim shows them.
    pub(super) fn user(&self, platform: &Platform, user: &FacebookUser) -> Value {
        let pages = self.page_roles.iter().filter(|role| role.user_id == user.id).map(|role| {
            let account = self.accounts.iter().find(|account| account.id == role.account_id);
            json!({
                "page_id": role.page_id.to_string(),
                "account": account.map(|account| &account.username),
                "tasks": role.tasks.iter().map(Task::name).collect::<Vec<_>>(),
            })
        });
        let tokens = self.apps.iter().filter_map(|app| {
            let token = demo::newest(&self.tokens, app.id, TokenKind::User, user.id, self.now)?;
            Some((app.id.to_string(), token.text(&platform.key).into()))
        });
        json!({
            "id": user.id.to_string(),
            "name": user.name,
            "system": user.is_system,
            "pages": pages.collect::<Vec<_>>(),
            "tokens": tokens.collect::<Map<_, _>>(),
        })
    }

    fn grant(&self, grant: &Grant) -> Value {
        let names = |scopes: ScopeSet| scopes.iter().map(Scope::name).collect::<Vec<_>>();
        let mut shown = json!({
            "app_id": grant.app_id.to_string(),
            "granted": names(grant.granted),
            "declined": names(grant.declined),
            "granted_at": time::rfc3339(grant.granted_at),
        });
        match grant.giver {
            Giver::Account(id) => {
                let account = self.accounts.iter().find(|account| account.id == id);
                shown["account"] = account.map_or(Value::Null, |a| a.username.as_str().into());
            }
            Giver::User(id) => {
                let targets = self.targets.get(&(grant.app_id, id)).map(Vec::as_slice).unwrap_or_default();
                shown["user"] = id.to_string().into();
                shown["targets"] = targets.iter().map(i64::to_string).collect::<Vec<_>>().into();
            }
        }
        shown
    }

    /// The newest tokens of an app for an account: `{"instagram", "page"?}`.
    pub(super) fn tokens_of(&self, platform: &Platform, app: &App, account: &Account) -> Value {
        let mut of_app = Map::new();
        let mut add = |kind: TokenKind, subject: i64| {
            if let Some(token) = demo::newest(&self.tokens, app.id, kind, subject, self.now) {
                of_app.insert(kind.name().to_owned(), token.text(&platform.key).into());
            }
        };
        add(TokenKind::Instagram, account.id);
        if let Some(page) = &account.page {
            add(TokenKind::Page, page.id);
        }
        Value::Object(of_app)
    }

    /// An account as the sim shows it. Its `tokens` are by app id; those of the oldest app also stand there directly.
    pub(super) fn account(&self, platform: &Platform, account: &Account, links: &Links<'_>) -> Value {
        let first = self.apps.first().map(|app| self.tokens_of(platform, app, account));
        let mut tokens = match first {
            Some(Value::Object(first)) => first,
            _ => Map::new(),
        };
        for app in &self.apps {
            tokens.insert(app.id.to_string(), self.tokens_of(platform, app, account));
        }
        json!({
            "id": account.id.to_string(),
            "username": account.username,
            "name": account.name,
            "kind": if account.kind == "BUSINESS" { "business" } else { "creator" },
            "message_access": account.message_access,
            "eligible": account.eligible,
            "followers_count": account.more_followers + self.follows.iter().filter(|f| f.1 == account.user_no).count() as i64,
            "automated": account.is_automated,
            "page_id": account.page.as_ref().map(|page| page.id.to_string()),
            "tokens": tokens,
            "subscribed_apps": self.subscribed_to(account),
            "biography": account.biography,
            "website": account.website,
            "media": self.media(account, &[Product::Feed, Product::Reels], links),
            "stories": self.media(account, &[Product::Story], links),
            "live": self.media(account, &[Product::Live], links).pop(),
            "containers": published::in_world(
                self.containers.get(&account.id).map(Vec::as_slice).unwrap_or_default(),
                self.now,
            ),
            "routing": self.routing.get(&account.id).map(super::routing::shown),
            "ice_breakers": self.profiles.get(&account.id).map(|profile| &profile.ice_breakers),
            "persistent_menu": self.profiles.get(&account.id).map(|profile| &profile.persistent_menu),
            "welcome_message_flows": self.flows(account.id),
            "ads": self.ads.iter().filter(|ad| ad.account == account.id).map(super::ads::shown).collect::<Vec<_>>(),
        })
    }

    fn flows(&self, account: i64) -> Vec<Value> {
        let of_account = self.flows.iter().filter(|flow| flow.account == account);
        of_account
            .map(|flow| {
                json!({
                    "id": flow.id.to_string(),
                    "name": flow.name,
                    "app_id": flow.app.to_string(),
                    "is_used_in_ad": self.ads.iter().any(|ad| ad.flow == Some(flow.id)),
                })
            })
            .collect()
    }

    /// A person as the sim shows them, with the ids by which the accounts know them.
    pub(super) fn person(&self, platform: &Platform, person: &Person) -> Value {
        let igsids = self.accounts.iter().map(|account| {
            let igsid = people::igsid(account.id, person.user_no);
            (account.username.clone(), igsid.to_string().into())
        });
        let follows = |from: i64, to: i64| self.follows.contains(&(from, to));
        let accounts = |f: &dyn Fn(&Account) -> bool| -> Vec<Value> {
            self.accounts.iter().filter(|account| f(account)).map(|a| a.username.as_str().into()).collect()
        };
        json!({
            "username": person.username,
            "name": person.name,
            "picture": person.picture.map(|picture| {
                assets::url::of_picture(platform, platform.public_url(), person.user_no, picture)
            }),
            "locale": person.locale,
            "private": person.is_private,
            "verified": person.is_verified,
            "follower_count": person.follower_count,
            "follows": accounts(&|account| follows(person.user_no, account.user_no)),
            "followed_by": accounts(&|account| follows(account.user_no, person.user_no)),
            "igsids": igsids.collect::<Map<_, _>>(),
        })
    }

    fn media(&self, account: &Account, products: &[Product], links: &Links<'_>) -> Vec<Value> {
        published::of_account(&self.media, account, products, (links, self.now))
    }

    fn conversation(&self, c: &conversations::Conversation) -> Value {
        let account = self.accounts.iter().find(|account| account.id == c.key.account);
        let person = self.people.iter().find(|person| person.user_no == c.user_no);
        json!({
            "id": c.key.id(),
            "account": account.map(|account| &account.username),
            "person": person.map(|person| &person.username),
            "igsid": c.key.igsid.to_string(),
            "folder": c.folder.name(),
            "updated_time": time::rfc3339(c.updated_at),
            "window_until": (c.window_until > Micros(0)).then(|| time::rfc3339(c.window_until)),
            "blocked": c.blocked,
            "thread_owner": conversation_routing::rules::owner(c.control, self.now).map(|app| {
                json!({ "app_id": app.to_string(), "expiration": time::rfc3339(c.control.until) })
            }),
        })
    }
}

/// A token as the sim shows it.
pub(super) fn token(platform: &Platform, token: &Token) -> Value {
    let made = &token.made;
    json!({
        "access_token": token.text(&platform.key),
        "kind": made.kind.name(),
        "app_id": made.app_id.to_string(),
        "subject_id": made.subject.to_string(),
        "scopes": made.scopes.iter().map(Scope::name).collect::<Vec<_>>(),
        "issued_at": time::rfc3339(token.issued_at),
        "expires_at": made.expires_at.map(time::rfc3339),
        "long_lived": made.long_lived,
        "ended": token.ended.map(|ended| match ended {
            Ended::AppRemoved => "app_removed",
            Ended::LoggedOut => "logged_out",
        }),
    })
}

/// `GET /sim/world`.
pub(super) async fn show(platform: &Arc<Platform>, links: &Links<'_>) -> SimResult {
    let world = World::read(platform).await?;
    Ok(json!({
        "clock": super::clock::show(platform),
        "settings": super::settings::show(platform),
        "apps": world.apps.iter().map(|app| world.app(app)).collect::<Vec<_>>(),
        "accounts": world.accounts.iter().map(|a| world.account(platform, a, links)).collect::<Vec<_>>(),
        "people": world.people.iter().map(|person| world.person(platform, person)).collect::<Vec<_>>(),
        "users": world.users.iter().map(|user| world.user(platform, user)).collect::<Vec<_>>(),
        "grants": world.grants.iter().map(|grant| world.grant(grant)).collect::<Vec<_>>(),
        "tokens": world.tokens.iter().map(|t| token(platform, t)).collect::<Vec<_>>(),
        "conversations": world.conversations.iter().map(|c| world.conversation(c)).collect::<Vec<_>>(),
    }))
}

/// `POST /sim/reset`: the demo world anew, with the same ids and tokens.
pub(super) async fn reset(platform: &Arc<Platform>) -> SimResult {
    platform.reset().await?;
    Ok(json!({}))
}
