//! The node that a path names.

use super::node::Node;
use crate::ads::{self, AdAccount};
use crate::conversations::{self, Conversation};
use crate::directory::{AccountView, Caller, Identity};
use crate::failure::Result;
use crate::grants::{self, Giver};
use crate::{Platform, accounts, comments, hashtags, people, publishing};
use graph_api::ids::{ConversationKey, MessageKey, NodeKind, decimal};
use std::sync::Arc;

/// The node that a path names, if the caller can see it. A node of somebody else is as unknown as one that does not
/// exist.
pub(super) async fn resolve(platform: &Platform, caller: &Caller, segment: &str) -> Result<Option<Node>> {
    let me = segment == "me";
    let Some(id) = decimal(segment).or(me.then_some(0)) else {
        return match segment.strip_prefix(ads::PREFIX) {
            Some(id) => Ok(ad_account(caller, id).map(Node::AdAccount)),
            None => in_thread(platform, caller, segment).await,
        };
    };
    if id == caller.app.id || id == caller.app.instagram_id {
        return Ok(Some(Node::App(Arc::clone(&caller.app), id)));
    }
    match NodeKind::of(id) {
        Some(NodeKind::Media) => return media(platform, caller, id).await,
        Some(NodeKind::Container) => return container(platform, caller, id).await,
        Some(NodeKind::Hashtag) if matches!(caller.identity, Identity::App) => return Ok(None),
        Some(NodeKind::Hashtag) => {
            let hashtag = platform.db.read(move |db| hashtags::store::find(db, id)).await?;
            return Ok(hashtag.map(|hashtag| Node::Hashtag(Arc::new(hashtag))));
        }
        Some(NodeKind::Comment) => return comment(platform, caller, id).await,
        Some(NodeKind::Person) => return person(platform, caller, id).await,
        Some(NodeKind::AdCreative | NodeKind::Ad) => return ad(platform, caller, id).await,
        _ => {}
    }
    Ok(match &caller.identity {
        // The app-scoped id addresses the account too (unconfirmed).
        Identity::Account(view) => {
            (me || id == view.account.id || id == view.account.scoped_id(caller.app.id))
                .then(|| Node::Account(Arc::clone(view)))
        }
        Identity::Page(view) if me || view.account.page.as_ref().is_some_and(|page| page.id == id) => {
            Some(Node::Page(Arc::clone(view)))
        }
        Identity::Page(view) => {
            caller.account(id).filter(|_| id == view.account.id).map(|_| Node::Account(Arc::clone(view)))
        }
        Identity::User(user) if me || id == user.id => Some(Node::User(Arc::clone(user))),
        Identity::User(_) => managed(platform, caller, id).await?,
        Identity::App => giver(platform, caller, id).await?,
    })
}

/// A Facebook user who has given the app something: the app may look after that by itself.
async fn giver(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    let app_id = caller.app.id;
    let found = platform.db.read(move |db| {
        let has_given = grants::store::find(db, app_id, Giver::User(id))?.is_some();
        if has_given { accounts::store::user(db, id) } else { Ok(None) }
    });
    Ok(found.await?.map(|user| Node::User(Arc::new(user))))
}

/// The accounts that the token was given for.
async fn granted(platform: &Platform, caller: &Caller) -> Result<Vec<Arc<AccountView>>> {
    Ok(match &caller.identity {
        Identity::Account(view) | Identity::Page(view) => vec![Arc::clone(view)],
        Identity::User(_) => {
            let mut views = Vec::new();
            for access in caller.pages.iter().filter(|access| access.account) {
                views.extend(platform.directory.account(access.account_id).await?);
            }
            views
        }
        Identity::App => Vec::new(),
    })
}

/// A conversation or message of a granted account. Their ids say whose they are.
async fn in_thread(platform: &Platform, caller: &Caller, id: &str) -> Result<Option<Node>> {
    let (conversation, message) = (ConversationKey::parse(id), MessageKey::parse(id));
    let Some(account) = conversation.map(|key| key.account).or(message.map(|key| key.account)) else {
        return Ok(None);
    };
    let Some(view) = granted(platform, caller).await?.into_iter().find(|view| view.account.id == account)
    else {
        return Ok(None);
    };
    let found = platform
        .db
        .read(move |db| {
            Ok::<_, storage::Error>(match (conversation, message) {
                (Some(key), _) => {
                    let now = db.now();
                    let found = conversations::store::read(db, key)?;
                    found
                        .filter(|found| conversations::rules::is_listed(found, now))
                        .map(|found| Found::Conversation(Box::new(found)))
                }
                (None, Some(key)) => conversations::store::find(db, key)?.map(|_| Found::Message(key)),
                (None, None) => None,
            })
        })
        .await?;
    Ok(found.map(|found| match found {
        Found::Conversation(conversation) => Node::Conversation(conversation, view),
        Found::Message(key) => Node::Message(key, view),
    }))
}

enum Found {
    Conversation(Box<Conversation>),
    Message(MessageKey),
}

/// Media of an account that the token was given for.
async fn media(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    for view in granted(platform, caller).await? {
        let account = view.account.id;
        let found = platform
            .db
            .read(move |db| {
                let media = publishing::store::find(db, account, id)?;
                // A story that has ended is not there (rep: analytics connectors).
                Ok::<_, storage::Error>(media.filter(|media| media.is_live(db.now())))
            })
            .await?;
        if let Some(media) = found {
            return Ok(Some(Node::Media(Arc::new(media), view)));
        }
    }
    Ok(None)
}

/// A container of an account that the token was given for. Only the app that made it sees it.
pub(crate) async fn container(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    for view in granted(platform, caller).await? {
        let account = view.account.id;
        let found = platform.db.read(move |db| publishing::store::containers::find(db, account, id)).await?;
        if let Some(container) = found.filter(|container| container.app == caller.app.id) {
            return Ok(Some(Node::Container(Box::new(container), view)));
        }
    }
    Ok(None)
}

/// A comment under a post of an account that the token was given for, or one that such an account wrote elsewhere.
async fn comment(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    let granted = granted(platform, caller).await?;
    let Some((comment, media)) = platform.db.read(move |db| comments::store::there(db, id)).await? else {
        return Ok(None);
    };
    let owner = granted.iter().find(|view| view.account.id == comment.owner);
    let author = || granted.iter().find(|view| view.account.user_no == comment.author);
    let view = owner.or_else(author).map(Arc::clone);
    Ok(view.map(|view| Node::Comment(Arc::new(comment), Arc::new(media), view)))
}

/// A person, as a granted account knows them. An id that nobody has is one of the first account's: its operation says so.
async fn person(platform: &Platform, caller: &Caller, igsid: i64) -> Result<Option<Node>> {
    let granted = granted(platform, caller).await?;
    let keys: Vec<_> =
        granted.iter().map(|view| ConversationKey { account: view.account.id, igsid }).collect();
    let known = platform
        .db
        .read(move |db| {
            for (at, key) in keys.iter().enumerate() {
                if people::with_igsid(db, *key)?.is_some() {
                    return Ok(at);
                }
            }
            Ok::<_, storage::Error>(0)
        })
        .await?;
    let view = granted.into_iter().nth(known);
    Ok(view.map(|view| Node::Person(ConversationKey { account: view.account.id, igsid }, view)))
}

/// The advertiser's account with that id, if it is the caller's. A page's token is that of who manages the page (doc: Ads
/// that Click to Instagram).
fn ad_account(caller: &Caller, id: &str) -> Option<AdAccount> {
    let account = advertiser(caller)?;
    (decimal(id) == Some(account.id)).then_some(account)
}

fn advertiser(caller: &Caller) -> Option<AdAccount> {
    caller.user_id.map(AdAccount::of_user)
}

/// An ad of the caller's, or what one shows, for one of the pages that the token was given for.
async fn ad(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    let Some(account) = advertiser(caller) else { return Ok(None) };
    let accounts = caller.accounts_of_pages();
    let found = platform
        .db
        .read(move |db| {
            for &advertised in &accounts {
                let node = match NodeKind::of(id) {
                    Some(NodeKind::Ad) => {
                        ads::store::ad(db, advertised, id)?.map(|ad| Node::Ad(account, Arc::new(ad)))
                    }
                    _ => ads::store::creative(db, advertised, id)?
                        .map(|creative| Node::AdCreative(Arc::new(creative))),
                };
                if node.is_some() {
                    return Ok(node);
                }
            }
            Ok::<_, storage::Error>(None)
        })
        .await?;
    Ok(found)
}

/// A page that the user manages, or its account, if the app was given it.
async fn managed(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    let (access, is_page) = match NodeKind::of(id) {
        Some(NodeKind::Page) => (caller.page(id), true),
        Some(NodeKind::Account) => (caller.account(id), false),
        _ => (None, false),
    };
    let Some(access) = access else { return Ok(None) };
    let view = platform.directory.account(access.account_id).await?;
    Ok(view.map(|view| if is_page { Node::Page(view) } else { Node::Account(view) }))
}
