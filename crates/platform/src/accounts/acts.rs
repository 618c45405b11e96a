//! What an account's owner does inside the Instagram app.

use crate::Platform;
use crate::conversation_routing::{INSTAGRAM_INBOX, control, rules};
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

    /// Takes control of the conversation for the inbox.
    pub(crate) fn take_control(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = self.routed(tx)?;
        if rules::owner(conversation.control, tx.now()).is_some_and(rules::is_inbox) {
            return Err(Refused::conflict("conversation", "the inbox has the conversation already"));
        }
        let who = (&self.platform, &self.account);
        Ok(control::take(tx, who, &mut conversation, INSTAGRAM_INBOX, None)?)
    }

    /// Passes control from the inbox to an app; `None`: to the default app.
    pub(crate) fn pass_control(&self, tx: &mut Tx<'_>, to: Option<i64>) -> Result<()> {
        let mut conversation = self.in_inbox(tx)?;
        let Some(to) = to.or(self.account.routing.default_app) else {
            return Err(Refused::missing("app", "the account has no default app: app is required"));
        };
        if rules::is_inbox(to) {
            return Err(Refused::conflict("app", "the inbox has the conversation already"));
        }
        Ok(control::pass(tx, (&self.platform, &self.account), &mut conversation, to, None)?)
    }

    /// Marks the conversation as done: nobody has it.
    pub(crate) fn release_control(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut conversation = self.in_inbox(tx)?;
        Ok(control::release(tx, (&self.platform, &self.account), &mut conversation)?)
    }

    /// A conversation of an account with a default app.
    fn routed(&self, tx: &mut Tx<'_>) -> Result<Conversation> {
        match self.account.routing.default_app {
            Some(_) => self.open(tx),
            None => {
                Err(Refused::conflict("conversation", "the account has no default app: nothing is routed"))
            }
        }
    }

    /// One that the inbox has. Without a default app an app can have given it one.
    fn in_inbox(&self, tx: &mut Tx<'_>) -> Result<Conversation> {
        let conversation = self.open(tx)?;
        match rules::owner(conversation.control, tx.now()).is_some_and(rules::is_inbox) {
            true => Ok(conversation),
            false => Err(Refused::conflict("conversation", "the inbox does not have the conversation")),
        }
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
        // Who answers in the inbox has the conversation from then on, where control matters (unconfirmed).
        let control = conversation.control;
        let is_inboxs = rules::owner(control, tx.now()).is_some_and(rules::is_inbox);
        if self.account.routing.default_app.is_some() && !is_inboxs {
            control::take(tx, (&self.platform, &self.account), &mut conversation, INSTAGRAM_INBOX, None)?;
        }
        let mut message = Message::by_account(0, text, Content::default());
        let who = (&self.platform, &self.account);
        conversations::write(tx, who, &mut conversation, &mut message)?;
        Ok(conversation.message(message.at))
    }
}
