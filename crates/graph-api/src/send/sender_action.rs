//! `sender_action` (doc: Sender Actions; React to a Message).

use super::Reaction;
use crate::object::Object;
use crate::{ErrorName, GraphError, Params, Result};

/// What the account shows without writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderAction {
    /// The three dots appear.
    TypingOn,
    /// They go.
    TypingOff,
    /// The person's messages are marked as seen.
    MarkSeen,
    /// `payload: {"message_id", "reaction"}`. Again on the same message: the reaction changes.
    React {
        /// The message, the person's or the account's own.
        mid: String,
        /// The reaction.
        reaction: Reaction,
    },
    /// `payload: {"message_id"}`.
    Unreact {
        /// The message.
        mid: String,
    },
}

impl SenderAction {
    pub(super) fn read(action: &str, params: &Params) -> Result<Self> {
        match action.to_ascii_lowercase().as_str() {
            "typing_on" => Ok(Self::TypingOn),
            "typing_off" => Ok(Self::TypingOff),
            "mark_seen" => Ok(Self::MarkSeen),
            kind @ ("react" | "unreact") => {
                let payload = params.object("payload")?.ok_or_else(|| GraphError::required("payload"))?;
                let payload = Object::new("payload", &payload);
                let mid = payload.required("message_id")?.into_owned();
                if kind == "unreact" {
                    return Ok(Self::Unreact { mid });
                }
                let text = payload.required("reaction")?;
                let reaction = Reaction::read(&text)
                    .ok_or_else(|| GraphError::invalid("payload[reaction]", "an emoji, or love"))?;
                Ok(Self::React { mid, reaction })
            }
            _ => Err(GraphError::with(
                ErrorName::ParameterNotOneOf,
                ["sender_action", "typing_on, typing_off, mark_seen, react, unreact", action],
            )),
        }
    }
}
