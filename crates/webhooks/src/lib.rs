//! Durable delivery of webhooks: outbox, lanes, retries, breaker, dead letters, replay. Knows no contract: each half of
//! Posthaste gives it a [`Dialect`].
//!
//! The way of an event:
//!
//! 1. The sender's transaction calls [`Handle::append`]: one row in `outbox`, and after COMMIT the event is handed to its
//!    endpoint's task in memory, after those of its lane that were committed before it (module `turns`). No table is
//!    read on this way.
//! 2. The endpoint's task (module `endpoint`) keeps one lane per conversation with one POST in flight each, so that order
//!    holds within a conversation and different conversations do not wait for each other.
//! 3. Delivered: the row is deleted, together with others. Failed: the row moves to `webhook_retry` and its lane goes
//!    on. Out of attempts: it moves to `dead_letter`, from where it can be replayed.
//!
//! So that receivers can be tested, an [`Endpoint`] may tamper with its deliveries (module `tamper`); while it does not,
//! nothing of that is looked at.
//!
//! Delivery is at least once: a crash between an answer and the deletion delivers again. Memory is bounded: an endpoint
//! with too many waiting events lets them go and reads them again later, oldest first.

mod attempt;
mod breaker;
mod dialect;
mod dispatcher;
mod endpoint;
mod event;
mod lanes;
mod ledger;
mod mailbox;
mod outbox;
mod replay;
mod retries;
mod schedule;
mod slot;
mod tamper;
mod turns;
mod waiting;

pub use attempt::{Attempt, Outcome};
pub use dialect::{BoxFuture, Dialect, Endpoint, Envelope, Observer};
pub use dispatcher::{Handle, Options, start};
pub use event::{BadEventKey, EndpointId, Event, EventKey};
pub use replay::ReplayError;
pub use schedule::{Schedule, Verdict};
pub use tamper::{Fate, Tampering};
pub use waiting::{Filter, State, Waiting};

/// The tables of this crate, to be applied before [`start`].
pub const MIGRATIONS: &[storage::Migration] =
    &[storage::Migration { name: "webhooks 1", sql: include_str!("schema.sql") }];
