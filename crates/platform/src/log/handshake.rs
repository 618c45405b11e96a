//! The verification of a callback, as the feed shows it.

use super::{mask, requests};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// One question to a callback, and what came of it.
pub(crate) struct Handshake {
    /// What was asked for; the verify token in it is masked when it is shown.
    pub(crate) url: String,
    /// What had to come back.
    pub(crate) challenge: String,
    /// The answer; none: nobody answered.
    pub(crate) answer: Option<(StatusCode, Bytes)>,
    /// Why it failed; none: it did not.
    pub(crate) error: Option<String>,
}

impl Handshake {
    pub(super) fn details(&self) -> Value {
        json!({
            "url": mask::mask(&self.url),
            "challenge": self.challenge,
            "status": self.answer.as_ref().map(|(status, _)| status.as_u16()),
            "body": self.answer.as_ref().map(|(_, body)| requests::text(&body[..body.len().min(1024)])),
            "ok": self.error.is_none(),
            "error": self.error,
        })
    }
}
