//! Writing into a conversation, whoever does it.

use super::events::Place;
use super::{Conversation, Message, store};
use crate::Platform;
use crate::directory::AccountView;
use crate::faults::content::Beside;
use crate::subscriptions::OfFault;
use std::sync::Arc;
use storage::{Result, Tx};

/// Stores a message as the newest of the locked conversation, saves the conversation, and announces it. Takes the
/// message's microsecond. Returns the `mid`.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    (platform, account): (&Arc<Platform>, &Arc<AccountView>),
    conversation: &mut Conversation,
    message: &mut Message,
) -> Result<String> {
    let is_persons = !message.from_account && message.content.as_ref().is_none_or(|c| c.postback.is_none());
    let phantom = match is_persons && platform.faults.on_content() {
        true => platform.faults.phantom(tx, account.account.id, conversation.user_no),
        false => None,
    };
    let stands = |place: Beside| phantom.as_ref().filter(|(_, phantom)| phantom.place == place);
    let before = stands(Beside::Before).map(|_| conversation.take_at(tx.now()));
    message.at = conversation.take_at(tx.now());
    let after = stands(Beside::After).map(|_| conversation.take_at(tx.now()));
    conversation.updated_at = message.at;
    if message.from_account {
        // Who has written has stopped typing.
        conversation.typing_until = clock::Micros(0);
    }
    store::add(tx, conversation.key, message)?;
    store::save(tx, conversation)?;
    let place = |fault| Place { platform, account, conversation, fault };
    let Some((fault, phantom)) = phantom else { return place(OfFault::None).message(tx, message) };
    let made = place(OfFault::Made(fault.id));
    if let Some(at) = before {
        made.phantom(tx, at, message.at, &phantom.missing)?;
    }
    let own = match phantom.place {
        Beside::Instead => OfFault::Replaced(fault.id),
        Beside::Before | Beside::After => OfFault::None,
    };
    let mid = place(own).message(tx, message)?;
    if let Some(at) = after.or_else(|| (phantom.place == Beside::Instead).then_some(message.at)) {
        made.phantom(tx, at, message.at, &phantom.missing)?;
    }
    Ok(mid)
}
