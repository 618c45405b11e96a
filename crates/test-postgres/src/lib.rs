//! For tests on PostgreSQL: a schema for each test on the server of the tests, and a way to that server that can be
//! watched and cut.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a panic is the verdict"
)]

mod proxy;
mod schema;

pub use proxy::{Cut, Proxy, blocking};
pub use schema::Schema;
