//! What people do inside the Instagram app.

mod change;
mod engage;
mod offers;
mod open;
mod refused;
mod tap;
mod write;

use super::Person;
use crate::Platform;
use crate::conversations::events::Place;
use crate::conversations::{self, Conversation, Message};
use crate::directory::AccountView;
use crate::insights;
use crate::subscriptions::OfFault;
use clock::Micros;
use graph_api::ids::{ConversationKey, MessageKey};
pub(crate) use open::Greeting;
pub(crate) use refused::{Refused, Result};
use std::sync::Arc;
use storage::Tx;
pub(crate) use tap::Tapped;
pub(crate) use write::Writing;

/// A person before an account: who does something, and to whom.
#[derive(Clone)]
pub(crate) struct Scene {
    /// The platform.
    pub platform: Arc<Platform>,
    /// The account.
    pub account: Arc<AccountView>,
    /// The person.
    pub person: Person,
}

impl Scene {
    /// The thread between the two.
    pub(crate) fn key(&self) -> ConversationKey {
        let account = self.account.account.id;
        ConversationKey { account, igsid: super::igsid(account, self.person.user_no) }
    }

    fn place<'a>(&'a self, conversation: &'a Conversation) -> Place<'a> {
        Place { platform: &self.platform, account: &self.account, conversation, fault: OfFault::None }
    }

    /// Locks the conversation, which begins to exist here if it did not. Refused if the person has blocked the account:
    /// the app offers no way to write to somebody whom one has blocked.
    fn begin(&self, tx: &mut Tx<'_>) -> Result<Conversation> {
        let conversation = conversations::store::lock_or_begin(tx, self.key(), self.person.user_no)?;
        if conversation.blocked {
            return Err(Refused::conflict("to", "the person has blocked this account"));
        }
        Ok(conversation)
    }

    /// A message of the thread that is still there.
    fn message(&self, tx: &mut Tx<'_>, key: MessageKey) -> Result<Message> {
        match conversations::store::find(tx, key)? {
            None => Err(Refused::missing("mid", "there is no such message")),
            Some(message) if message.is_deleted => {
                Err(Refused::conflict("mid", "the message was taken back"))
            }
            Some(message) => Ok(message),
        }
    }

    /// The person blocks the account, or takes that back.
    pub(crate) fn block(&self, tx: &mut Tx<'_>, blocked: bool) -> Result<()> {
        let mut conversation = conversations::store::lock_or_begin(tx, self.key(), self.person.user_no)?;
        conversation.blocked = blocked;
        Ok(conversations::store::save(tx, &conversation)?)
    }

    /// The person follows the account, or stops; `from` is the medium that led them to it.
    pub(crate) fn follow(&self, tx: &mut Tx<'_>, follows: bool, from: Option<i64>) -> Result<()> {
        let followed = self.account.account.user_no;
        if self.person.user_no == followed {
            return Err(Refused::conflict("to", "nobody follows themselves"));
        }
        let from = from.map(|id| self.live_media(tx, id)).transpose()?;
        if super::store::set_follows(tx, self.person.user_no, followed, follows)? {
            insights::follow(tx, (self.person.user_no, followed), follows, from.as_ref())?;
        }
        Ok(())
    }

    /// The person types, or stops. No webhook tells of it (doc: webhooks of Instagram messaging list none).
    pub(crate) fn typing(&self, tx: &mut Tx<'_>, is_on: bool) -> Result<()> {
        let conversation = self.begin(tx)?;
        self.place(&conversation)
            .tell(tx, crate::log::feed::Happening::typing(conversation.key, false, is_on));
        Ok(())
    }

    /// The person sees what the account wrote, up to the message of that microsecond. Nothing happens if that was seen
    /// before.
    pub(crate) fn see(&self, tx: &mut Tx<'_>, until: Micros) -> Result<()> {
        let mut conversation = self.begin(tx)?;
        let Some(seen) = conversations::store::newest_by_account(tx, conversation.key, until)? else {
            return Err(Refused::conflict("to", "the account has written nothing"));
        };
        if seen <= conversation.person_seen_at {
            return Ok(());
        }
        conversation.person_seen_at = seen;
        let at = conversation.take_at(tx.now());
        conversations::store::save(tx, &conversation)?;
        Ok(self.place(&conversation).read(tx, at, seen)?)
    }
}
