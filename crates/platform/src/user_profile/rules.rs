//! Whether a profile may be read.

use crate::conversations::Conversation;
use clock::Micros;
use graph_api::{ErrorName, GraphError};

/// Consent begins with the first thing that the person writes or taps, and not with a comment, a reaction or a link (doc:
/// User Profile API). While the person blocks the account, there is nothing to see (doc; that the error is the same is
/// unconfirmed).
pub(super) fn may_see(conversation: Option<&Conversation>) -> Result<(), GraphError> {
    match conversation {
        Some(conversation) if conversation.consented_at > Micros(0) && !conversation.blocked => Ok(()),
        _ => Err(GraphError::new(ErrorName::ConsentRequired)),
    }
}
