//! The wire contract of Sunshine Conversations v2 as far as Instagram Direct goes: ids, errors, credentials, what a query
//! and a body may say, the content of messages and what becomes of it as plain text, the names of webhooks' triggers.
//! Pure: no I/O, no clock, no database.
//!
//! Sources are named where a fact stands: *spec* is Zendesk's OpenAPI document 17.12.1, *seed* its guide to Instagram
//! Direct, *run* what its official clients really send, and `unconfirmed` a choice of ours.

pub mod body;
pub mod content;
pub mod credentials;
pub mod error;
pub mod fallback;
pub mod ids;
pub mod limits;
pub mod query;
pub mod split;
pub mod triggers;

pub use body::Body;
pub use error::ApiError;
pub use query::Query;

/// The answer of a decoder or a rule: a value, or the error that the real server would give.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;
