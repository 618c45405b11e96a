//! What is tried at random: every decoder takes bytes that nobody meant for it, and must neither panic nor contradict
//! itself.
//!
//! `fuzz/` holds the programs that `cargo fuzz` runs, one for each target, and the corpus of each: inputs that once reached
//! something new. The tests of this crate replay the corpus with any compiler.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "under a fuzzer, a panic is the verdict")]

mod contract;
mod served;

pub use contract::{
    ads, batch, fields, flow, ids, media, params_form, params_json, profile, relaxed_json, send, words,
};
pub use served::{graph_request, login_page, multipart, sim_call};

/// A target: its name, and what it does with some bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("ads", ads),
    ("batch", batch),
    ("fields", fields),
    ("flow", flow),
    ("graph_request", graph_request),
    ("ids", ids),
    ("login_page", login_page),
    ("media", media),
    ("multipart", multipart),
    ("params_form", params_form),
    ("params_json", params_json),
    ("profile", profile),
    ("relaxed_json", relaxed_json),
    ("send", send),
    ("sim_call", sim_call),
    ("words", words),
];
