//! `POST /{ig-id | page-id | me}/messages` (doc: Send API, both variants).

use super::{message, private_reply, rules, sender_action};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use graph_api::ids::ConversationKey;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::send::{Action, Recipient, SendRequest};
use graph_api::tasks::{Task, TaskSet};
use graph_api::{ErrorName, GraphError, Host};
use serde_json::Value;

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Post,
    node: "account",
    edge: Some("messages"),
    at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Page)],
    instagram_scopes: ScopeSet::of(&[Scope::InstagramBusinessBasic, Scope::InstagramBusinessManageMessages]),
    facebook_scopes: ScopeSet::of(&[Scope::InstagramBasic, Scope::InstagramManageMessages]),
    tasks: TaskSet::of(&[Task::Messaging]),
    tokens: TakenTokens::AccountOrPage,
    use_case: UseCase::Send,
    takes_file: true,
    section: "Send API",
    handler: |call| Box::pin(send(call)),
}];

/// Sends a message or a sender action. The order of the checks is the reference's (section 4.6): shape, tag, recipient,
/// block, window, content, attachments.
async fn send(call: &Call<'_>) -> Result<Value> {
    let request = SendRequest::read(call.params)?;
    rules::may_tag(&call.caller.app, request.tag)?;
    let account = call.node.account().ok_or(ErrorName::Unknown)?;
    let person = match (&request.recipient, &request.action) {
        (Recipient::Person(person), _) => person,
        (Recipient::Comment(id), Action::Message { message, reply_to: None }) => {
            return private_reply::send(call, account, id, message.clone()).await;
        }
        // It answers the comment, and nothing else can be done to one (unconfirmed).
        (Recipient::Comment(_), Action::Message { .. }) => {
            return Err(GraphError::new(ErrorName::MessageInvalid)
                .explain("A private reply cannot reply to a message as well.")
                .into());
        }
        (Recipient::Comment(_), Action::Sender(_)) => return Err(GraphError::required("message").into()),
    };
    let key = ConversationKey { account: account.account.id, igsid: rules::igsid(person)? };
    match request.action {
        Action::Message { message, reply_to } => {
            message::send(call, account, key, message::Outgoing { message, reply_to, tag: request.tag }).await
        }
        Action::Sender(action) => sender_action::act(call, account, key, action, request.tag).await,
    }
}
