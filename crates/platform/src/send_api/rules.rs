//! What a send must keep besides the window.

use crate::accounts::Account;
use crate::apps::App;
use graph_api::ids::{NodeKind, decimal};
use graph_api::send::{Recipient, Tag};
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

/// The IGSID that the recipient names. What is no IGSID is nobody the account knows: another account's id, the
/// account's own, a name; and a comment, as long as there are none.
pub(super) fn igsid(recipient: &Recipient) -> Result<i64, GraphError> {
    match recipient {
        Recipient::Person(id) => decimal(id.trim()).filter(|id| NodeKind::of(*id) == Some(NodeKind::Person)),
        Recipient::Comment(_) => None,
    }
    .ok_or_else(|| GraphError::new(ErrorName::RecipientUnknown))
}
