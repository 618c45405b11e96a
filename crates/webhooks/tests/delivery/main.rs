//! Delivery from the sender's transaction to a receiver on loopback, on a clock that stands still.

#![expect(clippy::unwrap_used, reason = "in a test an unwrap is an assertion")]

mod batches;
mod breaker;
mod lanes;
mod listing;
mod memory;
mod parallel;
mod races;
mod receiver;
mod replay;
mod restart;
mod schedule;
mod tampered;
mod trouble;
mod unclear;
mod world;
