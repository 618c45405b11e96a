//! `POST`, `GET`, `DELETE /{ig-id | page-id | me}/welcome_message_flows`.

use super::{Flow, Shown, rules, store};
use crate::ads;
use crate::assets::{Owner, Purpose};
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::{FieldValue, NodeType, asked, select};
use crate::graph::operations::{Answer, Operation, TakenTokens, UseCase, Verb};
use crate::graph::paging::{Cursor, Edge, Page};
use crate::schema::next_id;
use crate::send_api::media::{self, Brought};
use crate::send_api::stored::Stored;
use clock::Micros;
use graph_api::fields::Field;
use graph_api::flow::{self, FlowChange, FlowMessage};
use graph_api::ids::{NodeKind, decimal};
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::send::Message;
use graph_api::tasks::TaskSet;
use graph_api::{ErrorName, GraphError, Host, time};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;

const fn row(verb: Verb, handler: for<'a> fn(&'a Call<'a>) -> Answer<'a>) -> Operation {
    Operation {
        verb,
        node: "account",
        edge: Some("welcome_message_flows"),
        // The official SDKs have the edge on both kinds of node of the Facebook host.
        at: &[
            (Host::Instagram, NodeType::Account),
            (Host::Facebook, NodeType::Page),
            (Host::Facebook, NodeType::Account),
        ],
        instagram_scopes: ScopeSet::of(&[
            Scope::InstagramBusinessBasic,
            Scope::InstagramBusinessManageMessages,
        ]),
        facebook_scopes: ScopeSet::of(&[
            Scope::InstagramBasic,
            Scope::InstagramManageMessages,
            Scope::PagesMessaging,
        ]),
        tasks: TaskSet::NONE,
        tokens: TakenTokens::AccountOrPage,
        use_case: UseCase::Messenger,
        takes_file: false,
        section: "Welcome Message Flows",
        handler,
    }
}

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[
    row(Verb::Post, |call| Box::pin(post(call))),
    row(Verb::Get, |call| Box::pin(get(call))),
    row(Verb::Delete, |call| Box::pin(delete(call))),
];

fn account(call: &Call<'_>) -> Result<i64> {
    Ok(call.node.account().ok_or(ErrorName::Unknown)?.account.id)
}

/// `flow_id`, if the request has one. What is no id of a flow names one that does not exist.
fn flow_id(call: &Call<'_>) -> graph_api::Result<Option<String>> {
    Ok(call.params.text("flow_id")?.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()))
}

/// The error for a flow that does not exist, or is another account's or app's (unconfirmed).
fn unknown(verb: Verb, id: &str) -> GraphError {
    GraphError::with(ErrorName::UnknownObject, [verb.lower(), id])
}

/// The flow that the caller's app may change, locked.
fn own(tx: &mut Tx<'_>, owner: Owner, verb: Verb, id: &str) -> Result<Flow> {
    let found = match decimal(id) {
        Some(id) => store::lock(tx, owner.account, id)?,
        None => None,
    };
    let own = found.filter(|flow| flow.app == owner.app);
    Ok(own.ok_or_else(|| unknown(verb, id))?)
}

/// Makes a flow, `{"flow_id"}`; with `flow_id`, changes that one, `{"success":true}`.
async fn post(call: &Call<'_>) -> Result<Value> {
    let owner = Owner { account: account(call)?, app: call.caller.app.id };
    match flow_id(call)? {
        None => create(call, owner).await,
        Some(id) => update(call, owner, id).await,
    }
}

async fn create(call: &Call<'_>, owner: Owner) -> Result<Value> {
    let change = FlowChange::read_new(call.params, call.host)?;
    change.check()?;
    let brought = bring(call, owner, &change).await?;
    let id = call
        .platform
        .db
        .write(move |tx| {
            let id = next_id(tx, NodeKind::Flow)?;
            let mut flow = Flow {
                account: owner.account,
                id,
                app: owner.app,
                name: String::new(),
                platforms: Vec::new(),
                text: String::new(),
                messages: Vec::new(),
                updated_at: Micros(0),
            };
            apply(tx, &mut flow, &change, &brought)?;
            store::save(tx, &flow)?;
            Ok::<_, Failure>(id)
        })
        .await?;
    Ok(json!({ "flow_id": id.to_string() }))
}

async fn update(call: &Call<'_>, owner: Owner, id: String) -> Result<Value> {
    let change = FlowChange::read_update(call.params, call.host)?;
    change.check()?;
    // Nothing is fetched for a flow that cannot be changed; what may have changed by then is asked again.
    let asked = id.clone();
    call.platform
        .db
        .read(move |db| {
            let found = match decimal(&asked) {
                Some(id) => store::find(db, owner.account, id)?,
                None => None,
            };
            let flow = found.filter(|flow| flow.app == owner.app);
            let flow = flow.ok_or_else(|| unknown(Verb::Post, &asked))?;
            Ok::<_, Failure>(rules::may_change(ads::store::uses(db, flow.account, flow.id)?)?)
        })
        .await?;
    let brought = bring(call, owner, &change).await?;
    let platform = Arc::clone(call.platform);
    call.platform
        .db
        .write(move |tx| {
            let mut flow = own(tx, owner, Verb::Post, &id)?;
            rules::may_change(ads::store::uses(tx, flow.account, flow.id)?)?;
            if change.messages.is_some() {
                store::delete_files(tx, &platform, &flow)?;
            }
            apply(tx, &mut flow, &change, &brought)?;
            Ok::<_, Failure>(store::save(tx, &flow)?)
        })
        .await?;
    Ok(json!({ "success": true }))
}

/// The files of each message.
async fn bring(call: &Call<'_>, owner: Owner, change: &FlowChange) -> Result<Vec<Brought>> {
    let messages = change.messages.as_deref().unwrap_or_default();
    let mut brought = Vec::with_capacity(messages.len());
    for FlowMessage { message, .. } in messages {
        brought.push(match message {
            Message::Media(attachments) => media::bring(call, owner, attachments).await?,
            _ => Brought::default(),
        });
    }
    Ok(brought)
}

fn apply(tx: &mut Tx<'_>, flow: &mut Flow, change: &FlowChange, brought: &[Brought]) -> Result<()> {
    if let Some(name) = &change.name {
        flow.name.clone_from(name);
    }
    if let Some(platforms) = &change.eligible_platforms {
        flow.platforms.clone_from(platforms);
    }
    if let Some(messages) = &change.messages {
        let owner = Owner { account: flow.account, app: flow.app };
        flow.messages.clear();
        for (FlowMessage { message, .. }, media) in messages.iter().zip(brought) {
            let Stored { text, content, .. } = Stored::store(tx, message, media, owner, Purpose::Flow)?;
            flow.messages.push(Shown { text, content });
        }
        flow.text = flow::write(messages);
    }
    flow.updated_at = tx.now();
    Ok(())
}

/// What a flow shows if nothing is asked, in the order of the capture.
const DEFAULTS: &str = "name,eligible_platforms,welcome_message_flow,last_update_time,is_used_in_ad,id";

/// The flows of the caller's app, or with `app_id` (on the Facebook host) of another; with `flow_id`, that one. Answers a
/// page of them in both cases (cap).
async fn get(call: &Call<'_>) -> Result<Value> {
    let account = account(call)?;
    let app = match call.host {
        Host::Instagram => None,
        Host::Facebook => call.params.text("app_id")?.filter(|id| !id.is_empty()),
    };
    let app = match app {
        None => call.caller.app.id,
        Some(id) => decimal(id.trim()).ok_or_else(|| GraphError::invalid("app_id", "the id of an app"))?,
    };
    let asked = asked(call.params, DEFAULTS)?;
    let page = Page::of_request(call.params)?;
    let (id, of_page) = (flow_id(call)?, page.clone());
    let found = call
        .platform
        .db
        .read(move |db| {
            let flows = match &id {
                None => store::page(db, (account, app), &of_page)?,
                Some(text) => {
                    let found = match decimal(text) {
                        Some(id) => store::find(db, account, id)?,
                        None => None,
                    };
                    vec![found.filter(|flow| flow.app == app).ok_or_else(|| unknown(Verb::Get, text))?]
                }
            };
            let with_use = |flow: Flow| Ok::<_, Failure>((ads::store::uses(db, account, flow.id)?, flow));
            flows.into_iter().map(with_use).collect::<Result<Vec<_>>>()
        })
        .await?;
    let entries = found
        .iter()
        .map(|(is_used, flow)| Ok((Cursor(flow.updated_at.0, flow.id), shown(flow, *is_used, &asked)?)));
    Ok(Edge::of_request(call)
        .with_both_cursors()
        .answer(&page, entries.collect::<graph_api::Result<Vec<_>>>()?))
}

fn shown(flow: &Flow, is_used_in_ad: bool, asked: &[Field]) -> graph_api::Result<Value> {
    select(NodeType::Flow, flow.id.to_string(), asked, |field| {
        Ok(FieldValue::Is(match field.name.as_str() {
            "name" => flow.name.as_str().into(),
            "eligible_platforms" | "compatible_platforms" => json!(flow.platforms),
            "welcome_message_flow" => flow.text.as_str().into(),
            "last_update_time" => time::graph(flow.updated_at).into(),
            "is_used_in_ad" => is_used_in_ad.into(),
            "is_ig_only_flow" => (flow.platforms.len() == 1).into(),
            _ => return Ok(FieldValue::Unknown),
        }))
    })
}

/// `{"success":true}`.
async fn delete(call: &Call<'_>) -> Result<Value> {
    let owner = Owner { account: account(call)?, app: call.caller.app.id };
    let id = flow_id(call)?.ok_or_else(|| GraphError::required("flow_id"))?;
    let platform = Arc::clone(call.platform);
    call.platform
        .db
        .write(move |tx| {
            let flow = own(tx, owner, Verb::Delete, &id)?;
            rules::may_change(ads::store::uses(tx, flow.account, flow.id)?)?;
            Ok::<_, Failure>(store::delete(tx, &platform, &flow)?)
        })
        .await?;
    Ok(json!({ "success": true }))
}
