//! Whether a flow may be changed.

use graph_api::{ErrorName, GraphError};

/// A flow that an ad uses can be neither changed nor deleted (doc; the error is unconfirmed). An ad uses it until it is
/// deleted or archived, also while it is paused.
pub(super) fn may_change(is_used_in_ad: bool) -> Result<(), GraphError> {
    if is_used_in_ad { Err(GraphError::new(ErrorName::FlowInUse)) } else { Ok(()) }
}
