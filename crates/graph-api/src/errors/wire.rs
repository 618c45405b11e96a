//! An error as one host writes it.

use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// An error ready to be sent: status and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    /// HTTP status.
    pub status: u16,
    /// `message`, with the host's prefix.
    pub message: String,
    /// `type`.
    pub kind: Cow<'static, str>,
    /// `code`.
    pub code: i32,
    /// `error_subcode`.
    pub subcode: Option<u32>,
    /// `is_transient`.
    pub transient: Option<bool>,
    /// `error_user_title`.
    pub user_title: Option<String>,
    /// `error_user_msg`.
    pub user_message: Option<String>,
}

impl WireError {
    /// The answer's body: `{"error":{…}}`, with `trace_id` as `fbtrace_id`.
    pub fn body(&self, trace_id: &str) -> Value {
        let mut error = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                error.insert(name.to_owned(), value);
            }
        };
        set("message", Some(self.message.as_str().into()));
        set("type", Some(self.kind.as_ref().into()));
        set("code", Some(self.code.into()));
        set("error_subcode", self.subcode.map(Value::from));
        set("is_transient", self.transient.map(Value::from));
        set("error_user_title", self.user_title.as_deref().map(Value::from));
        set("error_user_msg", self.user_message.as_deref().map(Value::from));
        set("fbtrace_id", Some(trace_id.into()));
        json!({ "error": error })
    }

    /// The answer's body at the token endpoint of `api.instagram.com`, which has an envelope of its own: flat, and its
    /// code is the status (doc: Business Login for Instagram).
    pub fn flat_body(&self) -> Value {
        json!({ "error_type": "OAuthException", "code": self.status, "error_message": self.message })
    }

    /// Whether it says that a limit is reached (doc: Graph API, Rate Limits; Common Error Codes).
    pub const fn is_limit(&self) -> bool {
        matches!(self.code, 4 | 17 | 32 | 613 | 80_000..=80_014)
    }
}
