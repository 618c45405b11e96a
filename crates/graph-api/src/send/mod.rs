//! The request of `POST /{account}/messages` (doc: Send API; the parameters of both hosts are the same).
//!
//! Reading tells wrong shapes; [`Message::check`] tells broken limits. They are two steps because the real server looks
//! at the recipient and the window in between (reference, order of checks; unconfirmed).

mod attachment;
mod message;
mod reaction;
mod sender_action;
mod template;
mod thread_control;
mod upload;

#[cfg(test)]
mod tests;

use crate::object::Object;
use crate::{ErrorName, GraphError, Params, Result};
pub use attachment::{MediaAttachment, Source};
pub use message::{Message, QuickReply, QuickReplyKind};
pub use reaction::Reaction;
pub use sender_action::SenderAction;
pub use template::{Button, DefaultAction, Element, Template};
pub use thread_control::ThreadControl;
pub use upload::read_upload;

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// `{"id": IGSID}`, as a string or as a number. Kept as text: what is no number is an unknown person.
    Person(String),
    /// `{"comment_id": ID}`: a private reply.
    Comment(String),
}

/// The tag of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A human answers, up to seven days after the person's last action.
    HumanAgent,
}

/// A send whose shape is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
    /// To whom.
    pub recipient: Recipient,
    /// What.
    pub action: Action,
    /// The tag, if the message is sent outside the standard window.
    pub tag: Option<Tag>,
    /// What becomes of the control of the conversation once the message is sent.
    pub thread_control: Option<ThreadControl>,
}

/// What a send does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends a message.
    Message {
        /// The message.
        message: Message,
        /// `reply_to.mid`: the message that it answers.
        reply_to: Option<String>,
    },
    /// `sender_action`: shows that the account types or has seen, or reacts.
    Sender(SenderAction),
}

impl SendRequest {
    /// Reads a send.
    ///
    /// Errors in this order: presence and shape (100), message with sender action (2018014), tag (100).
    pub fn read(params: &Params) -> Result<Self> {
        let recipient = Self::recipient(params)?;
        let message = params.object("message")?;
        // The documented sample goes on in a new line after it.
        let sender_action = params.text("sender_action")?;
        let sender_action = sender_action.as_deref().map(str::trim).filter(|action| !action.is_empty());
        let action = match (message, sender_action) {
            (Some(_), Some(_)) => return Err(GraphError::new(ErrorName::MessageAndSenderAction)),
            (None, Some(action)) => Action::Sender(SenderAction::read(action, params)?),
            (Some(message), None) => Action::Message {
                message: Message::read(&Object::new("message", &message))?,
                reply_to: Self::reply_to(params)?,
            },
            (None, None) => return Err(GraphError::required("message")),
        };
        let tag = Self::tag(params)?;
        let thread_control = ThreadControl::read(params)?;
        if thread_control.is_some() && matches!(action, Action::Sender(_)) {
            return Err(GraphError::new(ErrorName::MessageInvalid)
                .explain("thread_control goes with a message, not with a sender action."));
        }
        Ok(Self { recipient, action, tag, thread_control })
    }

    /// Reads `recipient`.
    pub fn recipient(params: &Params) -> Result<Recipient> {
        let object = params.object("recipient")?.ok_or_else(|| GraphError::required("recipient"))?;
        let object = Object::new("recipient", &object);
        match (object.text("id")?, object.text("comment_id")?) {
            (Some(id), None) => Ok(Recipient::Person(id.into_owned())),
            (None, Some(id)) => Ok(Recipient::Comment(id.into_owned())),
            (Some(_), Some(_)) => Err(GraphError::invalid("recipient", "exactly one of id and comment_id")),
            (None, None) => Err(GraphError::required("recipient[id]")),
        }
    }

    fn reply_to(params: &Params) -> Result<Option<String>> {
        let Some(object) = params.object("reply_to")? else { return Ok(None) };
        Ok(Some(Object::new("reply_to", &object).required("mid")?.into_owned()))
    }

    fn tag(params: &Params) -> Result<Option<Tag>> {
        let kind = params.text("messaging_type")?;
        if let Some(kind) = kind.as_deref()
            && !matches!(kind, "" | "RESPONSE" | "UPDATE" | "MESSAGE_TAG")
        {
            let known = "RESPONSE, UPDATE, MESSAGE_TAG";
            return Err(GraphError::with(ErrorName::ParameterNotOneOf, ["messaging_type", known, kind]));
        }
        match params.text("tag")?.as_deref() {
            None | Some("") if kind.as_deref() == Some("MESSAGE_TAG") => {
                Err(GraphError::new(ErrorName::TagNotSupported))
            }
            None | Some("") => Ok(None),
            // The tag alone is accepted, as the documented sample sends it.
            Some("HUMAN_AGENT") => Ok(Some(Tag::HumanAgent)),
            Some("CONFIRMED_EVENT_UPDATE" | "ACCOUNT_UPDATE" | "POST_PURCHASE_UPDATE") => {
                Err(GraphError::new(ErrorName::TagNotSupported))
            }
            Some(other) => Err(GraphError::with(ErrorName::ParameterNotOneOf, ["tag", "HUMAN_AGENT", other])),
        }
    }
}
