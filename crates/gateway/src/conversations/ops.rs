//! Conversations.

use super::{Conversation, Scene, scene, store};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::api::paging::{self, Entries};
use crate::switchboards::Board;
use crate::users;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::Tx;
use sunco_api::content::UserName;
use sunco_api::error::Missing;
use sunco_api::{ApiError, Body};

const ALL: &str = "/v2/apps/{appId}/conversations";
const ONE: &str = "/v2/apps/{appId}/conversations/{conversationId}";

pub(crate) const OPERATIONS: &[Operation] = &[
    op!(
        "CreateConversation",
        "POST",
        ALL,
        EVERY,
        Real,
        create,
        "of the type `personal`, the only one that Instagram has; a user has one conversation, which is answered if it \
         is there already"
    ),
    op!("ListConversations", "GET", ALL, EVERY, Real, list),
    op!("GetConversation", "GET", ONE, EVERY, Real, show),
    op!("UpdateConversation", "PATCH", ONE, EVERY, Real, update),
    op!(
        "DeleteConversation",
        "DELETE",
        ONE,
        EVERY,
        Refused,
        delete,
        "a user's only conversation is the default one, which cannot be deleted: 400 as in Sunshine"
    ),
    op!(
        "DownloadMessageRef",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/download",
        EVERY,
        Refused,
        download,
        "Apple Messages for Business only"
    ),
    op!(
        "PostConversionEvents",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/conversionEvents",
        EVERY,
        Refused,
        conversion_events,
        "Meta's Conversions API is not spoken"
    ),
];

/// What a body changes of a conversation.
fn changes(body: &Body) -> Result<Map<String, Value>, ApiError> {
    let mut changed = Map::new();
    changed.extend(body.text("displayName", 100)?.map(|text| ("displayName".to_owned(), text.into())));
    changed.extend(body.text("description", 100)?.map(|text| ("description".to_owned(), text.into())));
    changed.extend(body.url("iconUrl")?.map(|url| ("iconUrl".to_owned(), url.into())));
    changed.extend(body.metadata("metadata", "Conversation")?.map(|all| ("metadata".to_owned(), all.into())));
    Ok(changed)
}

async fn create(call: &Call) -> Outcome {
    let body = &call.body;
    let kind =
        body.one_of("type", &["personal", "sdkGroup"])?.ok_or_else(|| ApiError::required("", "type"))?;
    if kind == "sdkGroup" {
        return Err(
            ApiError::bad("type sdkGroup is not served: conversations on Instagram are personal").into()
        );
    }
    let named = body.objects("participants", 1, 1, |one| {
        UserName::read(&one)?.ok_or_else(|| ApiError::required("participants[0]", "userId"))
    })?;
    let mut named = named.ok_or_else(|| ApiError::required("", "participants"))?;
    let Some(name) = named.pop() else { return Err(ApiError::required("", "participants").into()) };
    let (changed, app_id, gateway) = (changes(body)?, call.app_id(), Arc::clone(&call.gateway));
    let made = call
        .gateway
        .db
        .write(move |tx| {
            let user = users::store::named(tx, &app_id, &name)?;
            let user = user.map(|user| users::store::lock(tx, &user.id)).transpose()?.flatten();
            let user = user.ok_or_else(|| ApiError::not_found(Missing::User))?;
            if let Some(known) = store::of_user_after(tx, &user.id, "", 1)?.into_iter().next() {
                return Ok::<_, Failure>(scene::shown(
                    &gateway,
                    &known,
                    Board::enabled(tx, &app_id)?.as_ref(),
                ));
            }
            let mut conversation =
                Conversation::new(&app_id, &user.id, gateway.new_id(), gateway.new_id(), tx.now());
            conversation.doc.0.extend(changed.clone());
            let mut scene = Scene::of(tx, &gateway, conversation, user)?;
            scene.conversation.active = scene.board.as_ref().and_then(|board| board.default.clone());
            store::add(tx, &scene.conversation)?;
            for mut client in scene.clients.clone() {
                client.conversation_id.clone_from(&scene.conversation.id);
                users::store::update_client(tx, &client)?;
            }
            scene.emit(tx, "conversation:create", |scene, detail| {
                json!({
                    "conversation": scene.in_event(),
                    "creationReason": "none",
                    "source": { "type": "api:conversations" },
                    "user": scene.user_in_event(detail),
                })
            })?;
            scene.save(tx)?;
            Ok(scene.shown())
        })
        .await?;
    Answer::created(json!({ "conversation": made }))
}

async fn list(call: &Call) -> Outcome {
    let page = call.query.page()?;
    let (by_id, by_external) = (call.query.filter("userId")?, call.query.filter("userExternalId")?);
    let (name, kept) = match (by_id, by_external) {
        (Some(id), None) => (UserName::Id(id.clone()), ("filter[userId]", id)),
        (None, Some(id)) => (UserName::External(id.clone()), ("filter[userExternalId]", id)),
        _ => return Err(ApiError::bad("Invalid query parameters").into()),
    };
    let (app_id, asked, gateway) = (call.app_id(), page.clone(), Arc::clone(&call.gateway));
    let entries = call
        .gateway
        .db
        .read(move |db| {
            let user = users::store::named(db, &app_id, &name)?;
            let user = user.ok_or_else(|| ApiError::not_found(Missing::User))?;
            let board = Board::enabled(db, &app_id)?;
            let shown = |all: Vec<Conversation>| {
                let docs = all.iter().map(|one| scene::shown(&gateway, one, board.as_ref()));
                docs.filter_map(|doc| doc.as_object().cloned().map(Into::into)).collect::<Vec<_>>()
            };
            let read = Entries::read(
                db,
                &asked,
                |db, id, n| store::of_user_after(db, &user.id, id, n).map(shown),
                |db, id, n| store::of_user_before(db, &user.id, id, n).map(shown),
            )?;
            Ok::<_, Failure>(read)
        })
        .await?;
    Answer::ok(paging::list(call, "conversations", &page, entries, &[(kept.0, kept.1.as_str())]))
}

async fn show(call: &Call) -> Outcome {
    let (app_id, id, gateway) = (call.app_id(), call.id("conversationId"), Arc::clone(&call.gateway));
    let shown = call
        .gateway
        .db
        .read(move |db| {
            let found = store::find(db, &app_id, &id)?;
            let board = Board::enabled(db, &app_id)?;
            Ok::<_, storage::Error>(found.map(|found| scene::shown(&gateway, &found, board.as_ref())))
        })
        .await?;
    let shown = shown.ok_or_else(|| ApiError::not_found(Missing::Conversation))?;
    Answer::ok(json!({ "conversation": shown }))
}

/// Does something to the conversation of the path, under its lock.
pub(crate) async fn in_conversation<T: Send + 'static>(
    call: &Call,
    act: impl Fn(&mut Tx<'_>, &mut Scene) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let (app_id, id, gateway) = (call.app_id(), call.id("conversationId"), Arc::clone(&call.gateway));
    call.gateway
        .db
        .write(move |tx| {
            let scene = Scene::lock(tx, &gateway, &app_id, &id)?;
            let mut scene = scene.ok_or_else(|| ApiError::not_found(Missing::Conversation))?;
            let done = act(tx, &mut scene)?;
            scene.save(tx)?;
            Ok(done)
        })
        .await
}

async fn update(call: &Call) -> Outcome {
    let changed = changes(&call.body)?;
    let shown = in_conversation(call, move |_, scene| {
        scene.conversation.doc.0.extend(changed.clone());
        Ok(scene.shown())
    })
    .await?;
    Answer::ok(json!({ "conversation": shown }))
}

async fn delete(call: &Call) -> Outcome {
    in_conversation(call, |_, _| Ok(())).await?;
    let id = call.id("conversationId");
    Err(ApiError::bad(format!("Conversation {id} cannot be deleted because it is the default.")).into())
}

async fn download(call: &Call) -> Outcome {
    in_conversation(call, |_, _| Ok(())).await?;
    Err(ApiError::bad("Downloads are available for Apple Messages for Business only").into())
}

async fn conversion_events(call: &Call) -> Outcome {
    in_conversation(call, |_, _| Ok(())).await?;
    Err(ApiError::bad("Conversion events are not implemented").into())
}
