//! The Conversations API: `GET /{account}/conversations`, `/{conversation-id}`, `/{conversation-id}/messages`,
//! `/{message-id}` (doc: Conversations API, both variants; Message reference).

use super::node::{self, Loaded, LoadedMessage, Wanted};
use super::{Conversation, rules, store};
use crate::apps::App;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::{Node, NodeType, asked};
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use crate::graph::paging::{Bound, Cursor, Edge, Page};
use graph_api::ids::{ConversationKey, NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, Host};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Read;

const INSTAGRAM: ScopeSet =
    ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageMessages]);
const FACEBOOK: ScopeSet =
    ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageMessages, Scope::PagesManageMetadata]);

const fn row(
    node: &'static str,
    edge: Option<&'static str>,
    at: &'static [(Host, NodeType)],
    handler: for<'a> fn(&'a Call<'a>) -> crate::graph::operations::Answer<'a>,
) -> Operation {
    Operation {
        verb: Verb::Get,
        node,
        edge,
        at,
        instagram_scopes: INSTAGRAM,
        facebook_scopes: FACEBOOK,
        tasks: TaskSet::of(&[Task::Messaging]),
        tokens: TakenTokens::AccountOrPage,
        use_case: UseCase::Conversations,
        takes_file: false,
        section: "Conversations API",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(
        "account",
        Some("conversations"),
        &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
        |call| Box::pin(list(call)),
    ),
    row(
        "conversation",
        None,
        &[(Host::Instagram, NodeType::Conversation), (Host::Facebook, NodeType::Conversation)],
        |call| Box::pin(one(call)),
    ),
    row(
        "conversation",
        Some("messages"),
        &[(Host::Instagram, NodeType::Conversation), (Host::Facebook, NodeType::Conversation)],
        |call| Box::pin(messages(call)),
    ),
    row(
        "message",
        None,
        &[(Host::Instagram, NodeType::Message), (Host::Facebook, NodeType::Message)],
        |call| Box::pin(message(call)),
    ),
];

/// `GET /{account}/conversations?platform&user_id&folder&fields&limit&after`, the newest first. `folder` filters
/// nothing: no value of it is documented for Instagram.
async fn list(call: &Call<'_>) -> Result<Value> {
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    rules::may_read(&account.account)?;
    if !call.is_of_instagram()? {
        return Ok(json!({ "data": [] }));
    }
    let asked = asked(call.params, "id,updated_time")?;
    let wanted = Wanted::of_conversation(&asked)?;
    let key = account.account.id;
    let app = Arc::clone(&call.caller.app);
    let user_id = call.params.text("user_id")?.filter(|id| !id.is_empty());
    if let Some(user_id) = user_id {
        let igsid = decimal(user_id.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Person));
        let key = igsid.map(|igsid| ConversationKey { account: key, igsid });
        let found = call
            .platform
            .db
            .read(move |db| {
                let found = key.map(|key| store::read(db, key)).transpose()?.flatten();
                let now = db.now();
                let seen =
                    |c: &Conversation| rules::is_listed(c, now) && rules::in_reach(&app, c.user_no).is_ok();
                found.filter(seen).map(|conversation| Loaded::load(db, conversation, &wanted)).transpose()
            })
            .await?;
        let data = found.map(|loaded| node::conversation(call, &loaded, &asked)).transpose()?;
        return Ok(json!({ "data": data.into_iter().collect::<Vec<Value>>() }));
    }
    let page = Page::of_request(call.params)?;
    let of_page = page.clone();
    let found = call
        .platform
        .db
        .read(move |db| {
            let found = page_in_reach(db, key, &of_page, &app)?;
            found.into_iter().map(|c| Loaded::load(db, c, &wanted)).collect::<storage::Result<Vec<_>>>()
        })
        .await?;
    let entries = found.iter().map(|loaded| {
        let conversation = &loaded.conversation;
        let cursor = Cursor(conversation.updated_at.0, conversation.key.igsid);
        Ok((cursor, node::conversation(call, loaded, &asked)?))
    });
    Ok(Edge::of_request(call).answer(&page, entries.collect::<graph_api::Result<Vec<_>>>()?))
}

/// A page of the account's conversations that the app may know of: with Standard Access, those with people who have a
/// role on it. One more than the page has, if there are as many.
fn page_in_reach(
    db: &mut impl Read,
    account: i64,
    page: &Page,
    app: &App,
) -> storage::Result<Vec<Conversation>> {
    let look = usize::try_from(page.look()).unwrap_or(usize::MAX);
    let mut part = page.clone();
    let mut found = Vec::new();
    loop {
        let next = store::page(db, account, &part, db.now())?;
        if app.settings.advanced {
            return Ok(next);
        }
        let is_last = next.len() < look;
        let end = match part.from {
            Bound::Before(_) => next.first(),
            _ => next.last(),
        };
        let end = end.map(|c| Cursor(c.updated_at.0, c.key.igsid));
        let in_reach =
            next.into_iter().filter(|conversation| rules::in_reach(app, conversation.user_no).is_ok());
        match (&part.from, end) {
            (Bound::Before(_), Some(end)) => {
                found.splice(0..0, in_reach);
                part.from = Bound::Before(end);
            }
            (_, Some(end)) => {
                found.extend(in_reach);
                part.from = Bound::After(end);
            }
            (_, None) => {}
        }
        if is_last || found.len() >= look {
            let too_many = found.len().saturating_sub(look);
            match part.from {
                Bound::Before(_) => drop(found.drain(..too_many)),
                _ => found.truncate(look),
            }
            return Ok(found);
        }
    }
}

/// `GET /{conversation-id}?fields=`.
async fn one(call: &Call<'_>) -> Result<Value> {
    let conversation = conversation_of(call)?;
    let asked = asked(call.params, "id,updated_time")?;
    let wanted = Wanted::of_conversation(&asked)?;
    let loaded = call.platform.db.read(move |db| Loaded::load(db, conversation.clone(), &wanted)).await?;
    Ok(node::conversation(call, &loaded, &asked)?)
}

/// `GET /{conversation-id}/messages?fields&limit&after`.
async fn messages(call: &Call<'_>) -> Result<Value> {
    let conversation = conversation_of(call)?;
    let asked = asked(call.params, node::MESSAGE_DEFAULTS)?;
    let page = Page::of_request(call.params)?;
    let wanted = Wanted::of_messages(page.clone(), &asked);
    let loaded = call.platform.db.read(move |db| Loaded::load(db, conversation.clone(), &wanted)).await?;
    Ok(node::messages(call, &loaded, &asked, &page, &Edge::of_request(call))?)
}

fn conversation_of(call: &Call<'_>) -> Result<Conversation> {
    let Node::Conversation(conversation, account) = call.node else { return Err(ErrorName::Unknown.into()) };
    rules::may_read(&account.account)?;
    rules::in_reach(&call.caller.app, conversation.user_no)?;
    Ok((**conversation).clone())
}

/// `GET /{message-id}?fields=`. Only the twenty newest of a conversation can be read (doc: Conversations API).
async fn message(call: &Call<'_>) -> Result<Value> {
    let Node::Message(key, account) = call.node else { return Err(ErrorName::Unknown.into()) };
    rules::may_read(&account.account)?;
    let asked = asked(call.params, "id,created_time")?;
    let (key, app) = (*key, Arc::clone(&call.caller.app));
    let (loaded, message) = call
        .platform
        .db
        .read(move |db| {
            let thread = ConversationKey { account: key.account, igsid: key.igsid };
            let conversation = store::read(db, thread)?.ok_or(ErrorName::MessageDeleted)?;
            rules::in_reach(&app, conversation.user_no)?;
            let loaded = Loaded::load(db, conversation, &Wanted::default())?;
            let message = store::find(db, key)?.filter(|message| !message.is_deleted);
            let message = message.filter(|message| loaded.is_readable(message));
            let message = message.ok_or(ErrorName::MessageDeleted)?;
            let message = LoadedMessage::load(db, key.account, message, true)?;
            Ok::<_, Failure>((loaded, message))
        })
        .await?;
    Ok(node::message(call, &loaded, &message, &asked)?)
}
