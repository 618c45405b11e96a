//! `POST /{ig-id | page-id | me}/messages` (doc: Send API, both variants).

use super::rules;
use crate::conversations::{self, Message};
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, Verb};
use graph_api::ids::ConversationKey;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::send::{self, SendRequest};
use graph_api::{ErrorName, Host};
use serde_json::{Value, json};
use std::sync::Arc;

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Post,
    node: "account",
    edge: Some("messages"),
    at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
    instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageMessages]),
    facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageMessages]),
    tokens: TakenTokens::AccountOrPage,
    takes_file: true,
    section: "Send API",
    handler: |call| Box::pin(send(call)),
}];

/// Sends a message. The order of the checks is the reference's (section 4.6): shape, tag, recipient, block, window,
/// content. Answers `{"recipient_id", "message_id"}` once it is on disk.
async fn send(call: &Call<'_>) -> Result<Value> {
    let request = SendRequest::read(call.params)?;
    rules::may_tag(&call.caller.app, request.tag)?;
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    let key = ConversationKey { account: account.account.id, igsid: rules::igsid(&request.recipient)? };
    let (platform, account, app_id) = (Arc::clone(call.platform), Arc::clone(account), call.caller.app.id);
    let mid = call
        .platform
        .db
        .write(move |tx| {
            let now = tx.now();
            let conversation = conversations::store::lock(tx, key)?;
            conversations::rules::may_write(conversation.as_ref(), request.tag, now)?;
            request.message.check()?;
            let mut conversation = conversation.ok_or(ErrorName::RecipientUnknown)?;
            let send::Message::Text(text) = &request.message;
            let at = conversation.next_at(now);
            let message = Message { at, from_account: true, app_id, text: text.clone() };
            conversation.last_at = at;
            conversation.updated_at = at;
            conversations::rules::answered_by_app(&mut conversation);
            conversations::store::add(tx, key, &message)?;
            conversations::store::save(tx, &conversation)?;
            Ok::<_, Failure>(conversations::events::message(
                tx,
                &platform,
                &account,
                &conversation,
                &message,
            )?)
        })
        .await?;
    Ok(json!({ "recipient_id": key.igsid.to_string(), "message_id": mid }))
}
