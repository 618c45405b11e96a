//! What a send must keep besides the window.

use crate::accounts::Account;
use crate::apps::App;
use crate::conversations::Conversation;
use crate::rates::rules::Sent;
use graph_api::ids::{NodeKind, decimal};
use graph_api::send::{Message, Tag};
use graph_api::{ErrorName, GraphError, Params};

/// Whether the app may use the tag. Refused also inside the standard window (rep: six first-hand reports).
pub(super) fn may_tag(app: &App, tag: Option<Tag>) -> Result<(), GraphError> {
    match tag {
        Some(Tag::HumanAgent) if !app.settings.human_agent => {
            Err(GraphError::new(ErrorName::HumanAgentNotApproved))
        }
        _ => Ok(()),
    }
}

/// What a request would send, as far as limits of rates go: they are looked at before the request is read.
pub(crate) fn sent(params: &Params) -> Sent {
    let object = |name: &str| params.object(name).ok().flatten();
    if object("recipient").is_some_and(|recipient| recipient.contains_key("comment_id")) {
        return Sent::PrivateReply;
    }
    let message = object("message");
    let kind = message.as_ref().and_then(|message| message.get("attachment")?.get("type")?.as_str());
    match kind {
        Some(kind) if kind.eq_ignore_ascii_case("audio") || kind.eq_ignore_ascii_case("video") => Sent::Media,
        _ => Sent::Text,
    }
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
/// account's own, a name.
pub(super) fn igsid(person: &str) -> Result<i64, GraphError> {
    let igsid = decimal(person.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Person));
    igsid.ok_or_else(|| GraphError::new(ErrorName::RecipientUnknown))
}
