//! Participants: a personal conversation has one.

use super::ops::in_conversation;
use super::{Conversation, store};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::api::paging::{self, Entries};
use crate::apps::store::Doc;
use crate::users::{self, Client, User};
use serde_json::{Value, json};
use sunco_api::ApiError;
use sunco_api::content::UserName;
use sunco_api::error::Missing;

pub(crate) const OPERATIONS: &[Operation] = &[
    op!(
        "ListParticipants",
        "GET",
        "/v2/apps/{appId}/conversations/{conversationId}/participants",
        EVERY,
        Real,
        list
    ),
    op!(
        "JoinConversation",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/join",
        EVERY,
        Refused,
        join,
        "only groups of the SDKs can be joined"
    ),
    op!(
        "LeaveConversation",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/leave",
        EVERY,
        Refused,
        leave,
        "only groups of the SDKs can be left"
    ),
];

fn participant(conversation: &Conversation, user: &User, clients: &[Client]) -> Doc {
    let associations = clients.iter().map(|client| json!({ "type": "instagram", "clientId": client.id }));
    let mut doc = Doc::default();
    doc.set("id", Some(conversation.participant_id.as_str().into()));
    doc.set("userId", Some(user.id.as_str().into()));
    doc.set("userExternalId", user.external_id.as_deref().map(Value::from));
    doc.set("unreadCount", Some(conversation.unread.into()));
    doc.set("clientAssociations", Some(associations.collect()));
    let has_read = conversation.last_read.0 > 0;
    doc.set("lastRead", has_read.then(|| crate::time(conversation.last_read).into()));
    doc
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    let (app_id, id, asked) = (call.app_id(), call.id("conversationId"), page.clone());
    let entries = call
        .gateway
        .db
        .read(move |db| {
            let found = store::find(db, &app_id, &id)?;
            let conversation = found.ok_or_else(|| ApiError::not_found(Missing::Conversation))?;
            let user = users::store::by_id(db, &app_id, &conversation.user_id)?;
            let clients = users::store::clients(db, &conversation.user_id)?;
            let mut all: Vec<Doc> =
                user.iter().map(|user| participant(&conversation, user, &clients)).collect();
            let read = Entries::read(
                &mut all,
                &asked,
                |all, id, _| Ok(all.iter().filter(|doc| doc.text("id") > id).cloned().collect()),
                |all, id, _| Ok(all.iter().filter(|doc| doc.text("id") < id).cloned().collect()),
            )?;
            Ok::<_, Failure>(read)
        })
        .await?;
    Answer::ok(paging::list(call, "participants", &page, entries, &[]))
}

async fn join(call: &Call) -> Outcome {
    UserName::read(&call.body)?.ok_or_else(|| ApiError::required("", "userId"))?;
    in_conversation(call, |_, _| Ok(())).await?;
    // A personal conversation has all that it may have (spec: the text for groups that are full).
    Err(ApiError::bad("Too many participants").into())
}

async fn leave(call: &Call) -> Outcome {
    let (name, participant) = (UserName::read(&call.body)?, call.body.text("participantId", 64)?);
    if name.is_none() && participant.is_none() {
        return Err(ApiError::required("", "userId").into());
    }
    in_conversation(call, move |_, scene| {
        let is_member = match &name {
            Some(UserName::Id(id)) => *id == scene.user.id,
            Some(UserName::External(id)) => Some(id) == scene.user.external_id.as_ref(),
            None => participant.as_ref() == Some(&scene.conversation.participant_id),
        };
        match is_member {
            true => Err(Failure::Api(ApiError::bad("A personal conversation cannot be left"))),
            false => {
                let title = "User is not a member of the conversation";
                Err::<(), _>(Failure::Api(ApiError::new(404, "not_found", title)))
            }
        }
    })
    .await?;
    Answer::done()
}
