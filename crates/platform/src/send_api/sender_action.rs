//! Sender actions: `{"recipient_id"}` once they are on disk. None of them is echoed (doc: no webhook for what the
//! business does but messages).

use super::message::in_thread;
use crate::conversation_routing::control;
use crate::conversation_routing::rules::Leave;
use crate::conversations::events::Place;
use crate::conversations::{self, Folder};
use crate::directory::AccountView;
use crate::failure::{Failure, Result};
use crate::graph::Call;
use crate::log::feed::Happening;
use crate::subscriptions::OfFault;
use clock::Micros;
use graph_api::ids::ConversationKey;
use graph_api::send::{SenderAction, Tag};
use graph_api::{ErrorName, limits};
use serde_json::{Value, json};
use std::sync::Arc;

/// Does it. The person must be known and the window open, as for a message.
pub(super) async fn act(
    call: &Call<'_>,
    account: &Arc<AccountView>,
    key: ConversationKey,
    action: SenderAction,
    tag: Option<Tag>,
) -> Result<Value> {
    let (platform, account) = (Arc::clone(call.platform), Arc::clone(account));
    let app = Arc::clone(&call.caller.app);
    call.platform
        .db
        .write(move |tx| {
            let now = tx.now();
            let conversation = conversations::store::lock(tx, key)?;
            let caller = (&*app, &*account);
            let leave = conversations::rules::may_write(conversation.as_ref(), caller, tag, now)?;
            let mut conversation = conversation.ok_or(ErrorName::RecipientUnknown)?;
            if leave == Leave::Taken {
                control::take(tx, (&platform, &account), &mut conversation, app.id, None)?;
            }
            let happening = match &action {
                SenderAction::TypingOn | SenderAction::TypingOff => {
                    let is_on = action == SenderAction::TypingOn;
                    conversation.typing_until = if is_on { now.plus(limits::TYPING) } else { Micros(0) };
                    Some(Happening::typing(key, true, is_on))
                }
                // The person does not learn that a request was seen before it is accepted (doc: Instagram inbox).
                SenderAction::MarkSeen if conversation.folder == Folder::Requests => None,
                SenderAction::MarkSeen => {
                    conversation.account_seen_at = conversation.last_at;
                    Some(Happening::seen(key, conversation.last_at, true))
                }
                SenderAction::React { mid, .. } | SenderAction::Unreact { mid } => {
                    let mut message = in_thread(tx, &conversation, mid, "payload[message_id]")?;
                    message.account_reaction = match &action {
                        SenderAction::React { reaction, .. } => Some(reaction.clone()),
                        _ => None,
                    };
                    conversations::store::change(tx, key, &message)?;
                    Some(Happening::reaction(key, message.at, true, message.account_reaction.as_ref()))
                }
            };
            conversations::store::save(tx, &conversation)?;
            if let Some(happening) = happening {
                let (platform, account, conversation) = (&platform, &account, &conversation);
                let place = Place { platform, account, conversation, fault: OfFault::None };
                place.tell(tx, happening);
            }
            Ok::<_, Failure>(())
        })
        .await?;
    Ok(json!({ "recipient_id": key.igsid.to_string() }))
}
