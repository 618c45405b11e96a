//! What an account's owner does inside the Instagram app.

use crate::Platform;
use crate::conversations::{self, Content, Conversation, Folder, Message};
use crate::directory::AccountView;
use crate::people::acts::{Refused, Result};
use graph_api::ids::{ConversationKey, MessageKey};
use std::sync::Arc;
use storage::Tx;

/// The owner before a conversation.
#[derive(Clone)]
pub(crate) struct Desk {
    /// The platform.
    pub platform: Arc<Platform>,
    /// The account.
    pub account: Arc<AccountView>,
    /// The conversation.
    pub key: ConversationKey,
}

impl Desk {
    fn open(&self, tx: &mut Tx<'_>) -> Result<Conversation> {
        conversations::store::lock(tx, self.key)?
            .filter(|conversation| !conversation.is_declined)
            .ok_or_else(|| Refused::missing("conversation", "the account has no such conversation"))
    }

    /// Accepts a request, into Primary or General. Only now the person learns that it was seen (doc: Instagram inbox).
    pub(crate) fn accept(&self, tx: &mut Tx<'_>, into: Folder) -> Result<()> {
        let mut conversation = self.request(tx)?;
        conversation.folder = into;
        conversation.account_seen_at = conversation.last_at;
        Ok(conversations::store::save(tx, &conversation)?)
    }

    /// Declines a request: it is gone, and nobody can answer it.
    pub(crate) fn decline(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = self.request(tx)?;
        conversation.is_declined = true;
        Ok(conversations::store::save(tx, &conversation)?)
    }

    fn request(&self, tx: &mut Tx<'_>) -> Result<Conversation> {
        let conversation = self.open(tx)?;
        match conversation.folder {
            Folder::Requests => Ok(conversation),
            _ => Err(Refused::conflict("conversation", "the conversation is no request")),
        }
    }

    /// Moves a conversation to Primary or General. A request must be accepted first.
    pub(crate) fn move_to(&self, tx: &mut Tx<'_>, folder: Folder) -> Result<()> {
        let mut conversation = self.open(tx)?;
        if conversation.folder == Folder::Requests {
            return Err(Refused::conflict("conversation", "a request must be accepted first"));
        }
        conversation.folder = folder;
        Ok(conversations::store::save(tx, &conversation)?)
    }

    /// Writes to the person. In the app there is no window; to answer a request accepts it.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, text: &str) -> Result<MessageKey> {
        let mut conversation = self.open(tx)?;
        if conversation.blocked {
            return Err(Refused::conflict("conversation", "the person has blocked this account"));
        }
        if conversation.folder == Folder::Requests {
            conversation.folder = Folder::Primary;
        }
        conversation.account_seen_at = conversation.last_at;
        let mut message = Message::by_account(0, text, Content::default());
        let who = (&self.platform, &self.account);
        conversations::write(tx, who, &mut conversation, &mut message)?;
        Ok(conversation.message(message.at))
    }
}
