//! What can go wrong inside: an error for the caller, or trouble of our own.

use graph_api::{ErrorName, GraphError};

/// The failure of an operation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The caller did something that the real server refuses.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Failure {
    /// What the caller is told. Trouble of our own is logged with the trace id and told as code 1 or 2.
    pub(crate) fn into_graph(self, trace_id: &str) -> GraphError {
        match self {
            Self::Graph(error) => error,
            Self::Storage(storage::Error::Busy | storage::Error::Closed) => {
                GraphError::new(ErrorName::TryAgain)
            }
            // Nothing of it is kept, and there may be room again.
            Self::Storage(error @ storage::Error::Full) => {
                tracing::error!(trace_id, %error, "a request was refused");
                GraphError::new(ErrorName::TryAgain).explain("The disk under Posthaste's data is full.")
            }
            Self::Storage(error) => {
                tracing::error!(trace_id, %error, "a request failed inside");
                GraphError::new(ErrorName::Unknown)
            }
        }
    }
}

/// The answer of an operation.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl From<ErrorName> for Failure {
    fn from(name: ErrorName) -> Self {
        Self::Graph(GraphError::new(name))
    }
}
