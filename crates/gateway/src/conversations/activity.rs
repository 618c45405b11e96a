//! Activities: the business types, or has read.

use super::ops::in_conversation;
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::hooks::events;
use serde_json::json;
use std::sync::Arc;
use sunco_api::ApiError;
use sunco_api::content::{Author, UserName};
use sunco_api::credentials::Scope;

pub(crate) const OPERATIONS: &[Operation] = &[op!(
    "PostActivity",
    "POST",
    "/v2/apps/{appId}/conversations/{conversationId}/activity",
    EVERY,
    Real,
    post,
    "typing and reading of the business become Instagram's sender actions"
)];

async fn post(call: &Call) -> Outcome {
    let author = Author::read(&call.body)?;
    let kinds = ["typing:start", "typing:stop", "conversation:read"];
    let kind = call.body.one_of("type", &kinds)?.ok_or_else(|| ApiError::required("", "type"))?;
    if !author.is_business && kind != "conversation:read" {
        return Err(ApiError::bad("type should be conversation:read where a user is the author").into());
    }
    let action = match kind.as_str() {
        "typing:start" => "typing_on",
        "typing:stop" => "typing_off",
        _ => "mark_seen",
    };
    let is_business = author.is_business;
    // Whoever posts it does not hear of it (unconfirmed that the others do).
    let except = call.caller.integration.clone().filter(|_| call.caller.scope == Scope::Integration);
    let reached = in_conversation(call, move |tx, scene| {
        let is_member = match &author.user {
            Some(UserName::Id(id)) => *id == scene.user.id,
            Some(UserName::External(id)) => Some(id) == scene.user.external_id.as_ref(),
            None => true,
        };
        if !is_member {
            return Err(Failure::Api(ApiError::bad(
                "author.userId should be a participant of the conversation",
            )));
        }
        let now = tx.now();
        let is_read = kind == "conversation:read";
        if is_read && author.is_business {
            scene.conversation.doc.set("businessLastRead", Some(crate::time(now).into()));
        } else if is_read {
            scene.conversation.unread = 0;
            scene.conversation.last_read = now;
        }
        let event = if is_read { "conversation:read" } else { "conversation:typing" };
        events::of_conversation(tx, scene, event, except.as_deref(), |scene, detail| {
            let author = match is_business {
                true => json!({ "type": "business" }),
                false => json!({
                    "type": "user", "userId": scene.user.id, "user": scene.user_in_event(detail),
                }),
            };
            json!({
                "conversation": scene.in_event(),
                "activity": { "type": kind, "author": author, "source": { "type": "api:conversations" } },
            })
        })?;
        let client = scene.clients.first().cloned();
        let integration = client.as_ref().map(|client| scene.integration(tx, client)).transpose()?.flatten();
        Ok(client.zip(integration))
    })
    .await?;
    if let (true, Some((client, integration))) = (is_business, reached) {
        // Nobody waits for it, and it is worth nothing later.
        let gateway = Arc::clone(&call.gateway);
        tokio::spawn(async move {
            let Ok(access) = integration.access(&gateway) else { return };
            let body = json!({ "recipient": { "id": client.external_id }, "sender_action": action });
            if let Err(failure) = gateway.graph.send(&access, &body).await {
                tracing::debug!(%failure, action, "a sender action was not taken");
            }
        });
    }
    Answer::done()
}
