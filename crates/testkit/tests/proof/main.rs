//! The proofs that span slices: every scenario, the error table against what they raised, and the ledger made from them.

mod coverage;
mod ledger;
mod scenarios;
