//! From a decoded request to its answer.

use super::answer::Reply;
use super::node::Node;
use super::operations::{self, NotFound, Verb};
use super::{Call, GraphRequest, caller, faults, not_served};
use crate::Platform;
use crate::ads::{self, AdAccount};
use crate::conversations::{self, Conversation};
use crate::directory::{AccountView, Caller, Identity};
use crate::failure::{Failure, Result};
use crate::{people, publishing};
use graph_api::ids::{ConversationKey, MessageKey, NodeKind, decimal};
use graph_api::{ErrorName, GraphError, Host, Version};
use serde_json::Value;
use std::sync::Arc;

/// Answers a request. Whatever goes wrong becomes an error of the variant that the request speaks.
pub(crate) async fn dispatch(platform: &Arc<Platform>, request: &GraphRequest) -> Reply {
    match platform.faults.on_requests() {
        false => serve(platform, request).await,
        true => Box::pin(faults::dispatch(platform, request)).await,
    }
}

/// The same, whatever faults there are.
pub(super) async fn serve(platform: &Arc<Platform>, request: &GraphRequest) -> Reply {
    let token = caller::token(request);
    let host = caller::host(request, token.as_deref());
    let version = request.version.ok().flatten().unwrap_or(Version::LATEST).served();
    let mut reply = Reply::new(host, version);
    let caller = match caller::resolve(platform, request, host, token.as_deref()).await {
        Ok(caller) => caller,
        Err(failure) => return reply.failed(failure, request.trace_id.as_str()),
    };
    reply.usage_of(&caller);
    match run(platform, request, host, version, (&caller, token.as_deref()), &mut reply).await {
        Ok(value) => reply.answered(&value),
        Err(Failure::Graph(error)) if reply.operation.is_none() => {
            let error = match not_served::hint(&request.segments) {
                Some(hint) => error.explain(hint),
                None => error,
            };
            reply.failed(error.into(), request.trace_id.as_str())
        }
        Err(failure) => reply.failed(failure, request.trace_id.as_str()),
    }
}

async fn run(
    platform: &Arc<Platform>,
    request: &GraphRequest,
    host: Host,
    version: Version,
    (caller, token): (&Caller, Option<&str>),
    reply: &mut Reply,
) -> Result<Value> {
    let (params, readable) = &request.params;
    if let Err(error) = readable {
        return Err(error.clone().into());
    }
    if request.version.is_err() {
        // A version that does not exist is no version, and so no path.
        let rest = request.segments.join("/");
        return Err(GraphError::with(ErrorName::UnknownPath, [&format!("/{rest}")]).into());
    }
    let verb = verb(request)?;
    let (segment, edge) = match &*request.segments {
        [] => return Err(unknown_object(verb, "").into()),
        [node] => (node, None),
        [node, edge] => (node, Some(edge.as_str())),
        [_, _, rest @ ..] => {
            return Err(GraphError::with(ErrorName::UnknownPath, [&format!("/{}", rest.join("/"))]).into());
        }
    };
    let node = resolve(platform, caller, segment).await?.ok_or_else(|| match decimal(segment) {
        _ if segment.starts_with(ads::PREFIX) => GraphError::new(ErrorName::AdAccountNotGranted),
        None if segment != "me" && !segment.starts_with("aWd") => {
            GraphError::with(ErrorName::UnknownAlias, [verb.lower(), segment])
        }
        _ => unknown_object(verb, segment),
    })?;
    let operation =
        operations::find(host, verb, node.kind(), edge).map_err(|reason| match (reason, edge) {
            (NotFound::Edge, Some(edge)) => {
                GraphError::with(ErrorName::UnknownField, [edge, node.kind().name()])
            }
            _ => unknown_object(verb, segment),
        })?;
    reply.operation = Some(operation);
    caller::allow(caller, operation, host, node.kind())?;
    let (upload, address) = (request.upload.as_ref(), &request.address);
    let token = token.unwrap_or_default();
    let call =
        Call { platform, caller, node: &node, operation, token, params, upload, address, host, version };
    (operation.handler)(&call).await
}

fn unknown_object(verb: Verb, id: &str) -> GraphError {
    GraphError::with(ErrorName::UnknownObject, [verb.lower(), id])
}

/// The method, or the one that a POST names in the parameter `method` (mem: `POST …?method=delete`).
pub(super) fn verb(request: &GraphRequest) -> Result<Verb, GraphError> {
    let named = request.params.0.text("method").ok().flatten().filter(|named| !named.is_empty());
    let method = match (&request.method, named.as_deref()) {
        (&http::Method::POST, Some(named)) => named.to_ascii_uppercase(),
        (method, _) => method.as_str().to_owned(),
    };
    match method.as_str() {
        // HEAD is a GET whose body the server leaves out.
        "GET" | "HEAD" => Ok(Verb::Get),
        "POST" => Ok(Verb::Post),
        "DELETE" => Ok(Verb::Delete),
        other => Err(GraphError::with(ErrorName::UnsupportedMethod, [&other.to_ascii_lowercase()])),
    }
}

/// The node that a path names, if the caller can see it. A node of somebody else is as unknown as one that does not
/// exist.
async fn resolve(platform: &Platform, caller: &Caller, segment: &str) -> Result<Option<Node>> {
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
        Identity::Page(view) => (id == view.account.id).then(|| Node::Account(Arc::clone(view))),
        Identity::User(user) if me || id == user.id => Some(Node::User(Arc::clone(user))),
        Identity::User(user) => managed(platform, user.id, id).await?,
        Identity::App => None,
    })
}

/// The accounts that the token was given for.
async fn granted(platform: &Platform, caller: &Caller) -> Result<Vec<Arc<AccountView>>> {
    Ok(match &caller.identity {
        Identity::Account(view) | Identity::Page(view) => vec![Arc::clone(view)],
        Identity::User(user) => platform.directory.accounts_of(user.id).await?,
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
        if let Some(media) = platform.db.read(move |db| publishing::store::find(db, account, id)).await? {
            return Ok(Some(Node::Media(Arc::new(media), view)));
        }
    }
    Ok(None)
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
    let user = match &caller.identity {
        Identity::User(user) => user.id,
        Identity::Page(view) => view.account.page.as_ref()?.user_id,
        Identity::Account(_) | Identity::App => return None,
    };
    Some(AdAccount::of_user(user))
}

/// An ad of the caller's, or what one shows.
async fn ad(platform: &Platform, caller: &Caller, id: i64) -> Result<Option<Node>> {
    let Some(account) = advertiser(caller) else { return Ok(None) };
    let views = platform.directory.accounts_of(account.user_id).await?;
    let accounts: Vec<i64> = views.iter().map(|view| view.account.id).collect();
    let found = platform
        .db
        .read(move |db| {
            for advertised in &accounts {
                let node = match NodeKind::of(id) {
                    Some(NodeKind::Ad) => {
                        ads::store::ad(db, *advertised, id)?.map(|ad| Node::Ad(account, Arc::new(ad)))
                    }
                    _ => ads::store::creative(db, *advertised, id)?
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

/// A page that the user manages, or its account.
async fn managed(platform: &Platform, user_id: i64, id: i64) -> Result<Option<Node>> {
    let view = match NodeKind::of(id) {
        Some(NodeKind::Page) => platform.directory.account_of_page(id).await?,
        Some(NodeKind::Account) => platform.directory.account(id).await?,
        _ => None,
    };
    Ok(view.and_then(|view| {
        let page = view.account.page.as_ref().filter(|page| page.user_id == user_id)?;
        Some(if page.id == id { Node::Page(view) } else { Node::Account(view) })
    }))
}
