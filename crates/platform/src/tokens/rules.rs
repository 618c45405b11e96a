//! What a code is good for, and how a token is answered.

use super::Token;
use crate::login::codes::Code;
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::limits;
use serde_json::{Value, json};

/// Why a code is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadCode {
    /// Nobody was given it.
    Unknown,
    /// It was exchanged before.
    Used,
    /// It is older than an hour.
    Expired,
}

/// The code, if it can still be exchanged.
pub(super) fn fresh_code(code: Option<Code>, now: Micros) -> Result<Code, BadCode> {
    match code {
        None => Err(BadCode::Unknown),
        Some(code) if code.used => Err(BadCode::Used),
        Some(code) if code.issued_at.plus(limits::CODE) <= now => Err(BadCode::Expired),
        Some(code) => Ok(code),
    }
}

/// `{"access_token", "token_type", "expires_in"?}`, as all exchanges but that of a code of Instagram Login answer.
pub(super) fn bearer(token: &Token, key: &WorldKey) -> Value {
    let mut answer = json!({ "access_token": token.text(key), "token_type": "bearer" });
    if let Some(expiry) = token.made.expires_at {
        answer["expires_in"] = expiry.since(token.issued_at).as_secs().into();
    }
    answer
}
