//! The proofs that span slices: every scenario, and the ledger made from them.

mod ledger;
mod scenarios;
