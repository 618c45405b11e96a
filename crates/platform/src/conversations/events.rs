//! What a new message tells the world: webhooks to the subscribed apps, and the feed that tests wait on.

use super::{Conversation, Message};
use crate::Platform;
use crate::directory::AccountView;
use crate::log::feed::Happening;
use crate::subscriptions;
use graph_api::webhook::{MessagePart, MessagingEvent, Party};
use std::sync::Arc;
use storage::{Result, Tx};

/// Announces a message in the transaction that stores it: the person's as a message, the account's as its echo, both
/// under the field `messages`. Returns the `mid`.
pub(crate) fn message(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    to: &Arc<AccountView>,
    conversation: &Conversation,
    message: &Message,
) -> Result<String> {
    let mid = conversation.message(message.at).mid();
    let person = Party::new(conversation.key.igsid);
    let account = Party::new(conversation.key.account);
    let (sender, recipient) = if message.from_account { (account, person) } else { (person, account) };
    let event = MessagingEvent {
        sender,
        recipient,
        timestamp: message.at.millis(),
        message: MessagePart { mid: &mid, text: Some(&message.text), is_echo: message.from_account },
    };
    subscriptions::publish(
        tx,
        platform,
        to,
        conversation.key.igsid,
        message.at,
        "messages",
        event.to_bytes(),
    )?;
    let happening = Happening::Message {
        account: conversation.key.account,
        igsid: conversation.key.igsid,
        at: message.at,
        from_account: message.from_account,
        text: message.text.clone(),
    };
    let feed = Arc::clone(&platform.log.feed);
    let now = tx.now();
    tx.after_commit(move || feed.push(now, happening));
    Ok(mid)
}
