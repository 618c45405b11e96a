//! Sending a message: `{"recipient_id", "message_id"}` once it is on disk.

use super::stored::Stored;
use super::{media, rules};
use crate::assets::{Owner, Purpose};
use crate::conversations::{self, Conversation, Message, ReplyTo};
use crate::directory::AccountView;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use graph_api::ids::{ConversationKey, MessageKey};
use graph_api::send::{self, Tag};
use graph_api::{ErrorName, GraphError};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{Read, Tx};

/// What a request asks to send.
pub(super) struct Outgoing {
    pub(super) message: send::Message,
    pub(super) reply_to: Option<String>,
    pub(super) tag: Option<Tag>,
}

/// Sends it.
pub(super) async fn send(
    call: &Call<'_>,
    account: &Arc<AccountView>,
    key: ConversationKey,
    outgoing: Outgoing,
) -> Result<Value> {
    let owner = Owner { account: key.account, app: call.caller.app.id };
    let media = match &outgoing.message {
        send::Message::Media(attachments) => {
            // Nothing is fetched for a message that would be refused; what may have changed by then is asked again.
            let (message, tag) = (outgoing.message.clone(), outgoing.tag);
            let (app, account) = (Arc::clone(&call.caller.app), Arc::clone(account));
            call.platform
                .db
                .read(move |db| {
                    let conversation = conversations::store::read(db, key)?;
                    let who = (&*app, &account.account);
                    conversations::rules::may_write(conversation.as_ref(), who, tag, db.now())?;
                    Ok::<_, Failure>(message.check()?)
                })
                .await?;
            media::bring(call, owner, attachments).await?
        }
        _ => media::Brought::default(),
    };
    let (platform, account) = (Arc::clone(call.platform), Arc::clone(account));
    let (app, app_id) = (Arc::clone(&call.caller.app), call.caller.app.id);
    let (mid, reusable) = call
        .platform
        .db
        .write(move |tx| {
            let now = tx.now();
            let conversation = conversations::store::lock(tx, key)?;
            let who = (&*app, &account.account);
            conversations::rules::may_write(conversation.as_ref(), who, outgoing.tag, now)?;
            outgoing.message.check()?;
            let mut conversation = conversation.ok_or(ErrorName::RecipientUnknown)?;
            rules::may_send_to_self(&outgoing.message, &conversation, &account.account)?;
            let Stored { text, mut content, reusable } =
                Stored::store(tx, &outgoing.message, &media, owner, Purpose::Message)?;
            if let Some(mid) = &outgoing.reply_to {
                content.reply_to = Some(parent(tx, &conversation, mid)?);
            }
            conversations::rules::answered_by_app(&mut conversation);
            let mut message = Message::by_account(app_id, text, content);
            let mid = conversations::write(tx, (&platform, &account), &mut conversation, &mut message)?;
            Ok::<_, Failure>((mid, reusable))
        })
        .await?;
    Ok(answered(key.igsid, &mid, reusable))
}

/// What a message that was sent is answered with.
pub(super) fn answered(igsid: i64, mid: &str, reusable: Option<i64>) -> Value {
    let mut answer = json!({ "recipient_id": igsid.to_string(), "message_id": mid });
    if let Some(asset) = reusable {
        answer["attachment_id"] = asset.to_string().into();
    }
    answer
}

/// The message that is answered: any of the thread that is still there.
fn parent(tx: &mut Tx<'_>, conversation: &Conversation, mid: &str) -> Result<ReplyTo> {
    let parent = in_thread(tx, conversation, mid, "reply_to[mid]")?;
    Ok(ReplyTo::Message { at: parent.at.0, is_self_reply: parent.from_account })
}

/// The message of the thread with that id. The errors are our choice (unconfirmed): one of elsewhere is invalid data, one
/// that was taken back is deleted.
pub(super) fn in_thread(
    db: &mut impl Read,
    conversation: &Conversation,
    mid: &str,
    parameter: &str,
) -> Result<Message> {
    let key = MessageKey::parse(mid)
        .filter(|key| key.account == conversation.key.account && key.igsid == conversation.key.igsid);
    let message = match key {
        Some(key) => conversations::store::find(db, key)?,
        None => None,
    };
    match message {
        None => Err(GraphError::new(ErrorName::MessageInvalid)
            .explain(format!("{parameter} names no message of this conversation."))
            .into()),
        Some(message) if message.is_deleted => Err(ErrorName::MessageDeleted.into()),
        Some(message) => Ok(message),
    }
}
