//! `POST /{ig-id}/mentions` (doc: IG User, mentions): answering a mention with a comment where it stands.

use super::store;
use crate::Failure;
use crate::comments;
use crate::comments::ops::{FACEBOOK, INSTAGRAM, WRITERS, message, off, unknown};
use crate::comments::writing::{Author, Barred, Writing};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{Node, NodeType};
use crate::graph::operations::{Operation, TakenTokens, UseCase, Verb};
use crate::publishing::{self, Media};
use graph_api::ids::decimal;
use graph_api::{ErrorName, GraphError, Host};
use serde_json::{Value, json};
use std::sync::Arc;

/// The rows of this section.
pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    verb: Verb::Post,
    node: "account",
    edge: Some("mentions"),
    // The pages of Instagram Login contradict each other: one lists it, one says that there is no tagging (reference, 3.6).
    at: &[(Host::Instagram, NodeType::Account), (Host::Facebook, NodeType::Account)],
    instagram_scopes: INSTAGRAM,
    facebook_scopes: FACEBOOK,
    tasks: WRITERS,
    tokens: TakenTokens::Any,
    use_case: UseCase::Other,
    takes_file: false,
    section: "Mentions",
    handler: |call| Box::pin(answer(call)),
}];

/// `media_id`, `message` and, where a comment mentions the account, `comment_id`: `{"id"}` of the new comment.
///
/// Errors: 100 for what is missing, 100/33 for what does not mention the account.
async fn answer(call: &Call<'_>) -> Result<Value> {
    let Node::Account(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let media_id = call.params.required_text("media_id")?.trim().to_owned();
    let comment_id =
        call.params.text("comment_id")?.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    let text = message(call)?;
    let gone = |id: &str| Failure::from(GraphError::with(ErrorName::UnknownObject, ["post", id]));
    let media = decimal(&media_id).ok_or_else(|| gone(&media_id))?;
    let comment = match &comment_id {
        Some(id) => Some(decimal(id).ok_or_else(|| gone(id))?),
        None => None,
    };
    let account = view.account.id;
    let place = call.platform.db.read(move |db| mentioned_at(db, account, media, comment)).await?;
    let place: Media = place.ok_or_else(|| gone(comment_id.as_deref().unwrap_or(&media_id)))?;
    let writing = Writing {
        platform: Arc::clone(call.platform),
        owner: call.platform.directory.account(place.account).await?,
        mentioned: super::mentioned(call.platform, &text).await?,
        tells_every_login: false,
        author: Author::account(view),
        ad: None,
        app: call.caller.app.id,
        text,
    };
    let refused = move |barred| match barred {
        Barred::Off => off(),
        Barred::Storage(error) => error.into(),
        _ => unknown("post", comment.unwrap_or(media)),
    };
    let place = (place.account, place.id);
    let written =
        call.platform.db.write(move |tx| writing.write(tx, place, comment).map_err(refused)).await?;
    Ok(json!({ "id": written.id.to_string() }))
}

/// The post where the account is mentioned: in its caption, or in that comment under it.
fn mentioned_at(
    db: &mut storage::ReadTx<'_>,
    account: i64,
    media: i64,
    comment: Option<i64>,
) -> storage::Result<Option<Media>> {
    match comment {
        None => match store::owner_of_caption(db, account, media)? {
            Some(owner) => publishing::store::find(db, owner, media),
            None => Ok(None),
        },
        Some(comment) if store::is_in_comment(db, account, comment)? => {
            let found = comments::store::there(db, comment)?;
            Ok(found.map(|(_, post)| post).filter(|post| post.id == media))
        }
        Some(_) => Ok(None),
    }
}
