//! The proofs that span slices: every scenario, the error table against what they raised, the ledger made from them,
//! and what the engines do for a request.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the verdict")]

mod coverage;
mod ledger;
mod round_trips;
mod scenarios;
mod statements;
