//! What a send must keep besides the window.

use crate::accounts::Account;
use crate::apps::App;
use crate::conversations::Conversation;
use graph_api::ids::{NodeKind, decimal};
use graph_api::send::{Message, Recipient, Tag};
use graph_api::{ErrorName, GraphError};

/// Whether the app may use the tag. Refused also inside the standard window (rep: six first-hand reports).
pub(super) fn may_tag(app: &App, tag: Option<Tag>) -> Result<(), GraphError> {
    match tag {
        Some(Tag::HumanAgent) if !app.human_agent => Err(GraphError::new(ErrorName::HumanAgentNotApproved)),
        _ => Ok(()),
    }
}

/// Whether the account's owner lets connected tools handle messages.
pub(super) fn may_message(account: &Account) -> Result<(), GraphError> {
    if account.message_access { Ok(()) } else { Err(GraphError::new(ErrorName::MessageAccessOff)) }
}

/// Quick replies do not exist for an account that writes to itself (doc: Self Messaging; the error is unconfirmed).
pub(super) fn may_send_to_self(
    message: &Message,
    conversation: &Conversation,
    account: &Account,
) -> Result<(), GraphError> {
    let has_replies = matches!(message, Message::Text { quick_replies, .. } if !quick_replies.is_empty());
    if has_replies && conversation.user_no == account.user_no {
        return Err(GraphError::new(ErrorName::MessageInvalid)
            .explain("Quick replies are not supported when an account writes to itself."));
    }
    Ok(())
}

/// The IGSID that the recipient names. What is no IGSID is nobody the account knows: another account's id, the
/// account's own, a name; and a comment, as long as there are none.
pub(super) fn igsid(recipient: &Recipient) -> Result<i64, GraphError> {
    match recipient {
        Recipient::Person(id) => decimal(id.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Person)),
        Recipient::Comment(_) => None,
    }
    .ok_or_else(|| GraphError::new(ErrorName::RecipientUnknown))
}
