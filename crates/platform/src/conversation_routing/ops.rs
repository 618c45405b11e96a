//! `/{ig-id | page-id}/pass_thread_control` and its kin, `thread_owner`, `secondary_receivers` (doc: Conversation Control
//! APIs, Facebook host; that the Instagram host has them is unconfirmed).

use super::rules::{self, Target};
use super::{INSTAGRAM_INBOX, connected, control};
use crate::conversations::{self, Conversation};
use crate::directory::AccountView;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::{NodeType, entries};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::send_api;
use graph_api::ids::{ConversationKey, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::send::{Recipient, SendRequest};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host, limits};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use storage::Tx;

const fn row(verb: Verb, edge: &'static str, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "account",
        edge: Some(edge),
        at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageMessages,
        ]),
        facebook_scopes: ScopeSet::of(&[Scope::InstagramManageMessages, Scope::PagesMessaging]),
        tasks: TaskSet::of(&[Task::Messaging]),
        tokens: TakenTokens::AccountOrPage,
        use_case: UseCase::Messenger,
        takes_file: false,
        section: "Conversation Routing",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Post, "pass_thread_control", |call| Box::pin(pass(call))),
    row(Verb::Post, "take_thread_control", |call| Box::pin(take(call))),
    row(Verb::Post, "release_thread_control", |call| Box::pin(release(call))),
    row(Verb::Post, "request_thread_control", |call| Box::pin(request(call))),
    row(Verb::Post, "extend_thread_control", |call| Box::pin(extend(call))),
    row(Verb::Get, "thread_owner", |call| Box::pin(thread_owner(call))),
    row(Verb::Get, "secondary_receivers", |call| Box::pin(secondary_receivers(call))),
];

/// The longest `metadata`, in characters (mem: Handover Protocol, 1000).
const METADATA: usize = 1000;

/// The person whose conversation it is: a comment is no conversation.
fn recipient(call: &Call<'_>) -> Result<i64> {
    match SendRequest::recipient(call.params)? {
        Recipient::Person(id) => Ok(send_api::rules::igsid(&id)?),
        Recipient::Comment(_) => Err(ErrorName::RecipientUnknown.into()),
    }
}

/// A change of a conversation's control, on its locked row.
async fn change(
    call: &Call<'_>,
    act: impl Fn(&mut Tx<'_>, control::Who<'_>, &mut Conversation, Option<&str>) -> Result<()> + Send + 'static,
) -> Result<Value> {
    let account = Arc::clone(call.node.account().ok_or(ErrorName::Unknown)?);
    let igsid = recipient(call)?;
    let key = ConversationKey { account: account.account.id, igsid };
    let metadata = call.params.text("metadata")?.filter(|text| !text.is_empty()).map(String::from);
    if metadata.as_ref().is_some_and(|text| text.chars().count() > METADATA) {
        return Err(GraphError::invalid("metadata", "a text of at most 1000 characters").into());
    }
    let platform = Arc::clone(call.platform);
    call.platform
        .db
        .write(move |tx| {
            let known = conversations::store::lock(tx, key)?.filter(|known| known.wrote_at.0 > 0);
            let mut conversation = known.ok_or(ErrorName::RecipientUnknown)?;
            act(tx, (&platform, &account), &mut conversation, metadata.as_deref())
        })
        .await?;
    Ok(json!({ "success": true }))
}

/// The app that a parameter names at the account.
pub(crate) fn target(view: &AccountView, id: Option<&str>) -> Target {
    match id.map(str::trim).filter(|id| !id.is_empty()) {
        None => Target::Default,
        Some(id) => decimal(id).and_then(|id| connected(view, id)).map_or(Target::Unknown, Target::App),
    }
}

/// `POST pass_thread_control {"recipient","target_app_id"?,"metadata"?}`.
async fn pass(call: &Call<'_>) -> Result<Value> {
    let by = call.caller.app.id;
    let id = call.params.text("target_app_id")?.map(String::from);
    change(call, move |tx, who, conversation, metadata| {
        let target = target(who.1, id.as_deref());
        let to = rules::may_pass(&who.1.routing, conversation.control, by, target, tx.now())?;
        Ok(control::pass(tx, who, conversation, to, metadata)?)
    })
    .await
}

/// `POST take_thread_control {"recipient","metadata"?}`.
async fn take(call: &Call<'_>) -> Result<Value> {
    let by = call.caller.app.id;
    change(call, move |tx, who, conversation, metadata| {
        rules::may_take(&who.1.routing, conversation.control, by, tx.now())?;
        Ok(control::take(tx, who, conversation, by, metadata)?)
    })
    .await
}

/// `POST release_thread_control {"recipient"}`.
async fn release(call: &Call<'_>) -> Result<Value> {
    let by = call.caller.app.id;
    change(call, move |tx, who, conversation, _| {
        rules::is_owner(conversation.control, by, tx.now())?;
        Ok(control::release(tx, who, conversation)?)
    })
    .await
}

/// `POST request_thread_control {"recipient","metadata"?}`. If nobody has the conversation, control is passed at once.
async fn request(call: &Call<'_>) -> Result<Value> {
    let by = call.caller.app.id;
    change(call, move |tx, who, conversation, metadata| {
        match rules::may_request(&who.1.routing, conversation.control, by, tx.now())? {
            Some(owner) => control::request(tx, who, conversation, (owner, by), metadata)?,
            None => control::pass(tx, who, conversation, by, metadata)?,
        }
        Ok(())
    })
    .await
}

/// `POST extend_thread_control {"recipient","duration"}`: so many seconds from now, at most seven days.
async fn extend(call: &Call<'_>) -> Result<Value> {
    let by = call.caller.app.id;
    let duration = call.params.required_text("duration")?;
    let most = limits::CONTROL_EXTENDED.as_secs();
    let seconds = duration.trim().parse::<u64>().ok().filter(|seconds| (1..=most).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| GraphError::invalid("duration", &format!("an integer from 1 to {most}")))?;
    change(call, move |tx, who, conversation, _| {
        let now = tx.now();
        rules::is_owner(conversation.control, by, now)?;
        let until = now.plus(Duration::from_secs(seconds));
        control::extend(tx, who, conversation, until)?;
        Ok(())
    })
    .await
}

/// `GET thread_owner?recipient=IGSID`: who has the conversation, and until when, in seconds. The owner and the default app
/// are told both, other apps the time only; if nobody has it, the list is empty (doc: find the app in control).
async fn thread_owner(call: &Call<'_>) -> Result<Value> {
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    // The documented request names the id alone.
    let igsid = match call.params.text("recipient")?.as_deref().map(str::trim).and_then(decimal) {
        Some(id) => send_api::rules::igsid(&id.to_string())?,
        None => recipient(call)?,
    };
    let key = ConversationKey { account: account.account.id, igsid };
    let (conversation, now) = call
        .platform
        .db
        .read(move |db| Ok::<_, Failure>((conversations::store::read(db, key)?, db.now())))
        .await?;
    let known = conversation.filter(|known| known.wrote_at.0 > 0).ok_or(ErrorName::RecipientUnknown)?;
    let shape = ("ThreadOwner", ["thread_owner"].as_slice());
    let Some(owner) = rules::owner(known.control, now) else {
        return Ok(entries(call.params, shape, &[])?);
    };
    let app = call.caller.app.id;
    let mut shown = json!({ "expiration": known.control.until.secs() });
    if owner == app || account.routing.default_app == Some(app) {
        shown = json!({ "app_id": owner.to_string(), "expiration": known.control.until.secs() });
    }
    Ok(entries(call.params, shape, &[json!({ "thread_owner": shown })])?)
}

/// `GET secondary_receivers?fields=id,name`: the apps that the default app can pass control to; another app sees itself only
/// (doc: Handover Protocol; Common Error Codes). An inbox is always among them.
async fn secondary_receivers(call: &Call<'_>) -> Result<Value> {
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    let app = call.caller.app.id;
    let default = account.routing.default_app.ok_or(ErrorName::ReceiversOnly)?;
    let mut receivers: Vec<(i64, &str)> = account
        .routes
        .iter()
        .filter(|route| route.subscribed)
        .map(|route| (route.app_id, route.app_name.as_str()))
        .chain([(INSTAGRAM_INBOX, "Instagram Inbox")])
        .filter(|(id, _)| *id != default)
        .collect();
    receivers.dedup();
    if app != default {
        receivers.retain(|(id, _)| *id == app);
        if receivers.is_empty() {
            return Err(ErrorName::ReceiversOnly.into());
        }
    }
    let shown: Vec<Value> =
        receivers.iter().map(|(id, name)| json!({ "name": name, "id": id.to_string() })).collect();
    Ok(entries(call.params, (NodeType::App.name(), &["id", "name"]), &shown)?)
}
