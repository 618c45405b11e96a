//! For tests: a sandbox in this process on a clock that stands still, callers with a token in hand, a receiver of
//! webhooks, files with a server that has them, and the runner of scenarios.
//!
//! Everything here goes through the public interface, so the same test body holds for a running binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a panic is the verdict"
)]

pub mod browser;
mod call;
pub mod coverage;
mod dice;
mod engine;
pub mod ledger;
pub mod media;
mod receiver;
mod rules;
mod sandbox;
pub mod scenario;

pub use call::{Answer, Call};
pub use dice::Dice;
pub use engine::{Place, database};
pub use receiver::{Received, Receiver};
pub use sandbox::{START, Sandbox};
