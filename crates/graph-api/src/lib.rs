//! The wire contract of Meta's Graph API as far as Instagram goes, both variants: what a request may say ([`params`],
//! [`fields`], [`send`], [`publish`], [`profile`], [`flow`], [`ads`], [`insights`]), what nodes and ids look like ([`ids`], [`time`]), what a webhook carries ([`webhook`],
//! [`php_json`]), and every error ([`errors`]). Pure: no I/O, no clock, no database; the server and any client can
//! share it.
//!
//! Sources are named where a fact stands: *doc* is Meta's documentation, *cap* a captured real answer, *rep* a report
//! by an integrator, *mem* long-standing Graph behaviour, and `unconfirmed` a choice of ours.

pub mod ads;
pub mod batch;
pub mod errors;
pub mod fields;
pub mod flow;
pub mod host;
pub mod ids;
pub mod insights;
pub mod limits;
pub mod locale;
pub mod media;
mod name_set;
mod object;
pub mod params;
pub mod php_json;
pub mod profile;
pub mod publish;
mod relaxed_json;
pub mod scopes;
pub mod send;
pub mod signature;
pub mod spaced_json;
pub mod tasks;
pub mod time;
pub mod version;
pub mod webhook;

pub use errors::{ErrorName, GraphError};
pub use host::Host;
pub use params::{FilePart, Params};
pub use version::Version;

/// The answer of a decoder or a rule: a value, or the error that the real server would give.
pub type Result<T, E = GraphError> = std::result::Result<T, E>;
