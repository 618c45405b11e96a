//! Messages.

use super::{Message, store};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::api::paging;
use crate::attachments;
use crate::conversations::ops::in_conversation;
use crate::conversations::{self, Scene, removal};
use crate::instagram::sending;
use crate::users::Client;
use clock::Micros;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;
use sunco_api::content::{self, Author, UserName};
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body, limits};

const ALL: &str = "/v2/apps/{appId}/conversations/{conversationId}/messages";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("PostMessage", "POST", ALL, EVERY, Real, post),
    op!("ListMessages", "GET", ALL, EVERY, Real, list),
    op!("DeleteAllMessages", "DELETE", ALL, EVERY, Real, delete_all),
    op!(
        "DeleteMessage",
        "DELETE",
        "/v2/apps/{appId}/conversations/{conversationId}/messages/{messageId}",
        EVERY,
        Real,
        delete,
        "here only: what the person has received stays there"
    ),
];

/// Where a message is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Destination {
    /// To the client that was last active.
    Primary,
    /// To the client on an integration.
    Integration(String),
    /// To a client of that type.
    Type(String),
    /// Nowhere: it is kept and not sent.
    Silent,
}

fn destination(body: &Body) -> Result<Destination, ApiError> {
    let Some(object) = body.object("destination")? else { return Ok(Destination::Primary) };
    match (object.text("integrationId", 24)?, object.text("integrationType", 64)?) {
        (Some(id), None) => Ok(Destination::Integration(id)),
        (None, Some(kind)) if kind == "none" => Ok(Destination::Silent),
        (None, Some(kind)) => Ok(Destination::Type(kind)),
        (Some(_), Some(_)) => {
            Err(ApiError::bad("destination should have either integrationId or integrationType"))
        }
        (None, None) => Err(ApiError::required("destination", "integrationId")),
    }
}

impl Destination {
    /// The client; an error if the user has no such one (spec).
    fn client(&self, scene: &Scene) -> Result<Option<Client>, ApiError> {
        let mut clients = scene.clients.iter();
        let found = match self {
            Self::Silent => return Ok(None),
            Self::Primary => return Ok(clients.next().cloned()),
            Self::Integration(id) => clients.find(|client| client.integration_id == *id),
            Self::Type(kind) => clients.find(|client| client.doc.text("type") == kind),
        };
        found.cloned().map(Some).ok_or_else(|| ApiError::bad("The user has no client of the destination"))
    }
}

async fn post(call: &Call) -> Outcome {
    let author = Author::read(&call.body)?;
    let content = content::read(&call.body)?;
    let destination = destination(&call.body)?;
    if destination != Destination::Primary && !author.is_business {
        return Err(ApiError::bad("destination should NOT be given where a user is the author").into());
    }
    let metadata = call.body.metadata("metadata", "Message")?;
    let gateway = Arc::clone(&call.gateway);
    let posted = in_conversation(call, move |tx, scene| {
        if scene.conversation.messages >= limits::MESSAGES {
            let title = format!("Message limit of {} per conversation reached.", limits::MESSAGES);
            return Err(Failure::Api(ApiError::new(423, "locked", title)));
        }
        let client = destination.client(scene)?;
        let shown = shown_author(&author, scene)?;
        // One microsecond after another: the order of posting is the order of the conversation.
        let at = Micros(tx.now().0.max(scene.conversation.last_at.0 + 1));
        let source = json!({ "type": "api:conversations" });
        let id = &scene.conversation.id;
        let mut message = Message::new(id, gateway.new_id(), (at, tx.now()), &shown, &content, &source);
        message.doc.set("metadata", metadata.clone().map(Value::from));
        let message = scene.add_message(tx, message)?;
        if author.is_business {
            scene.conversation.unread += 1;
            scene.conversation.unanswered_at = Micros(0);
            if let Some(client) = client {
                sending::begin(tx, scene, &client, &message, author.is_ai)?;
            }
        }
        Ok(message.doc.value())
    })
    .await?;
    Answer::created(json!({ "messages": [posted] }))
}

fn shown_author(author: &Author, scene: &Scene) -> Result<Value, ApiError> {
    let mut shown = json!({ "type": if author.is_business { "business" } else { "user" } });
    let (mut name, mut picture) = (author.display_name.clone(), author.avatar_url.clone());
    if let Some(user) = &author.user {
        let is_member = match user {
            UserName::Id(id) => *id == scene.user.id,
            UserName::External(id) => Some(id) == scene.user.external_id.as_ref(),
        };
        if !is_member {
            return Err(ApiError::bad("author.userId should be a participant of the conversation"));
        }
        shown["userId"] = scene.user.id.as_str().into();
        name = name.or_else(|| scene.user.display_name());
        picture = picture.or_else(|| scene.user.avatar());
    }
    if let Some(name) = name {
        shown["displayName"] = name.into();
    }
    if let Some(picture) = picture {
        shown["avatarUrl"] = picture.into();
    }
    if author.is_ai {
        shown["subtypes"] = json!(["AI"]);
    }
    Ok(shown)
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    let (app_id, id, asked) = (call.app_id(), call.id("conversationId"), page.clone());
    let most = i64::try_from(limits::MESSAGE_PAGE).unwrap_or(i64::MAX) + 1;
    let mut messages = call
        .gateway
        .db
        .read(move |db| {
            let found = conversations::store::find(db, &app_id, &id)?;
            found.ok_or_else(|| ApiError::not_found(Missing::Conversation))?;
            let cursor = asked.before.as_ref().or(asked.after.as_ref());
            let place = cursor.map(|cursor| store::find(db, &id, cursor)).transpose()?.flatten();
            if cursor.is_some() && place.is_none() {
                return Err(Failure::Api(ApiError::bad("Invalid page query parameters")));
            }
            Ok(match (place, asked.after.is_some()) {
                (Some(place), true) => store::after(db, &id, place.at, most)?,
                (Some(place), false) => store::before(db, &id, place.at, most)?,
                // The newest first: pages lead backwards (spec).
                (None, _) => store::before(db, &id, Micros(i64::MAX), most)?,
            })
        })
        .await?;
    let has_more = messages.len() > limits::MESSAGE_PAGE;
    messages.truncate(limits::MESSAGE_PAGE);
    if page.after.is_none() {
        messages.reverse();
    }
    let keys = messages.first().zip(messages.last()).map(|(a, b)| (a.id.clone(), b.id.clone()));
    // Links and `hasMore` of the first page speak of what is older.
    let mut framed = page.clone();
    framed.size = limits::PAGE.0;
    if page.after.is_none() && page.before.is_none() {
        framed.before = Some(String::new());
    }
    let mut answer = json!({ "messages": messages.iter().map(|m| m.doc.value()).collect::<Vec<_>>() });
    let mut frame = paging::frame(call, &framed, has_more, keys, &[]);
    if page.after.is_none() && page.before.is_none() {
        let links = frame.get_mut("links").and_then(Value::as_object_mut);
        let is_empty = links.is_some_and(|links| {
            links.shift_remove("next");
            links.is_empty()
        });
        if is_empty {
            frame.shift_remove("links");
        }
    }
    if let Some(answer) = answer.as_object_mut() {
        answer.extend(frame);
    }
    Answer::ok(answer)
}

async fn delete(call: &Call) -> Outcome {
    let id = call.id("messageId");
    let blobs = in_conversation(call, move |tx, scene| {
        let found = store::find(tx, &scene.conversation.id, &id)?;
        let message = found.ok_or_else(|| ApiError::not_found(Missing::Resource))?;
        store::remove(tx, &message)?;
        scene.conversation.messages -= 1;
        of_message(tx, scene, &message)
    })
    .await?;
    removal::drop_blobs(&call.gateway, blobs).await;
    Answer::done()
}

/// The files that were uploaded for a message.
fn of_message(tx: &mut Tx<'_>, scene: &Scene, message: &Message) -> Outcome<Vec<String>> {
    let url =
        message.doc.0.get("content").and_then(|content| content["mediaUrl"].as_str()).unwrap_or_default();
    Ok(attachments::store::remove_for_message(tx, &scene.conversation.id, url)?)
}

async fn delete_all(call: &Call) -> Outcome {
    let blobs = in_conversation(call, |tx, scene| {
        scene.conversation.messages = 0;
        scene.conversation.unread = 0;
        Ok(removal::empty(tx, &scene.conversation.id)?)
    })
    .await?;
    removal::drop_blobs(&call.gateway, blobs).await;
    Answer::done()
}
