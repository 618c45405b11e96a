//! Writing into a conversation, whoever does it.

use super::events::Place;
use super::{Conversation, Message, store};
use storage::{Result, Tx};

/// Stores a message as the newest of the locked conversation, saves the conversation, and announces it. Takes the
/// message's microsecond. Returns the `mid`.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    (platform, account): (&std::sync::Arc<crate::Platform>, &std::sync::Arc<crate::directory::AccountView>),
    conversation: &mut Conversation,
    message: &mut Message,
) -> Result<String> {
    message.at = conversation.take_at(tx.now());
    conversation.updated_at = message.at;
    if message.from_account {
        // Who has written has stopped typing.
        conversation.typing_until = clock::Micros(0);
    }
    store::add(tx, conversation.key, message)?;
    store::save(tx, conversation)?;
    Place { platform, account, conversation }.message(tx, message)
}
