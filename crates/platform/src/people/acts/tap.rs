//! Taps on what an account's messages offer.

use super::write::Writing;
use super::{Refused, Result, Scene};
use crate::conversations::{self, Attachment, Content, Message, ShownFlow};
use graph_api::ids::MessageKey;
use graph_api::send::{Button, QuickReplyKind, Template};
use storage::Tx;

/// The phone number and e-mail address that a person's app fills in if the tap names none.
const PHONE: &str = "+15550100123";

/// What a tap leads to.
pub(crate) enum Tapped {
    /// It wrote a message or postback.
    Wrote(MessageKey),
    /// It opened a page: nobody is told.
    Opened(String),
}

impl Scene {
    /// The person taps the quick reply at that position: its title is written, with its payload. `text` stands for the
    /// phone number or e-mail address of a reply that asks for it.
    pub(crate) fn tap_quick_reply(
        &self,
        tx: &mut Tx<'_>,
        mid: MessageKey,
        at: usize,
        text: Option<&str>,
    ) -> Result<Tapped> {
        let message = self.tappable(tx, mid)?;
        let Some(reply) = message.quick_replies().get(at) else {
            return Err(Refused::missing("quick_reply", "the message has no quick reply there"));
        };
        let own = || match reply.content_type {
            QuickReplyKind::UserEmail => format!("{}@example.com", self.person.username),
            _ => PHONE.to_owned(),
        };
        // What the person gives is text and payload at once (mem: Messenger).
        let title = reply.title.clone().unwrap_or_else(|| text.map_or_else(own, str::to_owned));
        let payload = reply.payload.clone().unwrap_or_else(|| title.clone());
        let content = Content { quick_reply: Some(payload), ..Content::default() };
        let writing = Writing { text: title, content, ..Writing::default() };
        Ok(Tapped::Wrote(self.write(tx, &writing)?))
    }

    /// The person taps a button of a template; `element` is the card of a generic one.
    pub(crate) fn tap_button(
        &self,
        tx: &mut Tx<'_>,
        mid: MessageKey,
        element: usize,
        at: usize,
    ) -> Result<Tapped> {
        let message = self.tappable(tx, mid)?;
        let template = message.attachments().iter().find_map(|attachment| match attachment {
            Attachment::Template(template) => Some(template),
            _ => None,
        });
        let buttons: &[Button] = match template {
            Some(Template::Generic { elements }) => match elements.get(element) {
                Some(element) => &element.buttons,
                None => return Err(Refused::missing("element", "the template has no card there")),
            },
            Some(Template::Button { buttons, .. }) => buttons,
            Some(Template::Product { .. }) | None => &[],
        };
        match buttons.get(at) {
            None => Err(Refused::missing("button", "the message has no button there")),
            Some(Button::WebUrl { url, .. }) => Ok(Tapped::Opened(url.clone())),
            Some(Button::Postback { title, payload }) => {
                self.tap_postback_of(tx, message.app_id, title, payload)
            }
        }
    }

    /// A message that the person sees: one of the thread, or one of a flow that is shown there.
    fn tappable(&self, tx: &mut Tx<'_>, key: MessageKey) -> Result<Message> {
        let conversation = conversations::store::read(tx, self.key())?;
        let shown = conversation.iter().filter_map(|conversation| conversation.pending_flow.as_ref());
        match shown.flat_map(ShownFlow::to_messages).find(|message| message.at == key.at) {
            Some(message) => Ok(message),
            None => self.message(tx, key),
        }
    }

    /// The person taps something of the account's that sends a postback.
    pub(crate) fn tap_postback(&self, tx: &mut Tx<'_>, title: &str, payload: &str) -> Result<Tapped> {
        self.tap_postback_of(tx, 0, title, payload)
    }

    /// The person taps a button of the app of that number.
    fn tap_postback_of(&self, tx: &mut Tx<'_>, app_id: i64, title: &str, payload: &str) -> Result<Tapped> {
        let content = Content { postback: Some(payload.to_owned()), ..Content::default() };
        let writing = Writing { text: title.to_owned(), content, reply_to: None, app_id };
        Ok(Tapped::Wrote(self.write(tx, &writing)?))
    }
}
