//! The engine for more than one machine.
//!
//! Units are synchronous closures, and the driver is asynchronous: so each unit runs on one of a fixed number of
//! threads, and each of these owns a runtime for itself and one connection. What is sent while nothing is awaited goes
//! out together, so that BEGIN rides with the first statement, and the writes that nobody waits for with COMMIT.

mod connect;
mod ddl;
mod engine;
mod failure;
mod link;
mod options;
mod pipeline;
mod pool;
mod queue;
mod schema;
mod session;
mod sole;
mod tls;
mod values;
mod worker;

pub(crate) use engine::Postgres;
pub use options::{PostgresOptions, Tls};
pub(crate) use session::Session;
pub(crate) use values::cell;
