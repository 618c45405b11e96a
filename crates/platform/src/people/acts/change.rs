//! Changing what was written: reactions, edits, unsending.

use super::{Refused, Result, Scene};
use crate::assets;
use crate::conversations::{self, Attachment, Message};
use clock::Micros;
use graph_api::ids::MessageKey;
use graph_api::send::Reaction;
use std::time::Duration;
use storage::Tx;

/// How long after a message its text can be changed, and how often (mem: the Instagram app, since 2024).
const EDIT_TIME: Duration = Duration::from_secs(15 * 60);
const EDITS: u32 = 5;

impl Scene {
    /// The person reacts to a message of either side, or takes that back (`None`). A reaction opens the window, taking
    /// it back does not.
    pub(crate) fn react(&self, tx: &mut Tx<'_>, mid: MessageKey, reaction: Option<&Reaction>) -> Result<()> {
        let mut conversation = self.begin(tx)?;
        let mut message = self.message(tx, mid)?;
        if message.person_reaction.as_ref() == reaction {
            return match reaction {
                None => Err(Refused::conflict("mid", "the person has not reacted to this message")),
                Some(_) => Ok(()),
            };
        }
        let at = conversation.take_at(tx.now());
        if reaction.is_some() {
            let now = tx.now();
            conversations::rules::opened_by_person(&mut conversation, now);
        }
        message.person_reaction = reaction.cloned();
        conversations::store::change(tx, conversation.key, &message)?;
        conversations::store::save(tx, &conversation)?;
        Ok(self.place(&conversation).reaction(tx, at, &message, reaction)?)
    }

    /// The person changes the text of a message of theirs.
    pub(crate) fn edit(&self, tx: &mut Tx<'_>, mid: MessageKey, text: &str) -> Result<()> {
        let mut conversation = self.begin(tx)?;
        let mut message = self.own(tx, mid)?;
        if message.text.is_empty() || message.content.as_ref().is_some_and(|c| c.postback.is_some()) {
            return Err(Refused::conflict("mid", "only a text can be edited"));
        }
        let now = tx.now();
        if now > message.at.plus(EDIT_TIME) {
            return Err(Refused::conflict("mid", "a message can be edited for 15 minutes"));
        }
        if message.edits >= EDITS {
            return Err(Refused::conflict("mid", "a message can be edited five times"));
        }
        text.clone_into(&mut message.text);
        message.edits += 1;
        let at = self.changed(tx, &mut conversation, &message)?;
        Ok(self.place(&conversation).edit(tx, at, &message)?)
    }

    /// The person takes a message of theirs back.
    pub(crate) fn unsend(&self, tx: &mut Tx<'_>, mid: MessageKey) -> Result<()> {
        let mut conversation = self.begin(tx)?;
        let mut message = self.own(tx, mid)?;
        for attachment in message.attachments() {
            if let Attachment::Media { asset, .. } = attachment {
                assets::store::delete(tx, &self.platform, conversation.key.account, *asset)?;
            }
        }
        message.text.clear();
        message.content = None;
        (message.person_reaction, message.account_reaction) = (None, None);
        message.is_deleted = true;
        let at = self.changed(tx, &mut conversation, &message)?;
        Ok(self.place(&conversation).unsend(tx, at, &message)?)
    }

    fn own(&self, tx: &mut Tx<'_>, mid: MessageKey) -> Result<Message> {
        let message = self.message(tx, mid)?;
        if message.from_account {
            return Err(Refused::conflict("mid", "the account wrote this message"));
        }
        Ok(message)
    }

    fn changed(
        &self,
        tx: &mut Tx<'_>,
        conversation: &mut conversations::Conversation,
        message: &Message,
    ) -> Result<Micros> {
        let at = conversation.take_at(tx.now());
        conversations::store::change(tx, conversation.key, message)?;
        conversations::store::save(tx, conversation)?;
        Ok(at)
    }
}
