//! Errors in Sunshine's dialect: `{"errors":[{"code","title"}]}`.

use serde_json::{Value, json};

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// `code`.
    pub code: &'static str,
    /// `title`.
    pub title: String,
}

impl ApiError {
    /// An error with these words.
    pub fn new(status: u16, code: &'static str, title: impl Into<String>) -> Self {
        Self { status, code, title: title.into() }
    }
    /// 400: what was sent is not as it must be (spec).
    pub fn bad(title: impl Into<String>) -> Self {
        Self::new(400, "bad_request", title)
    }
    /// 400: a property is missing, in the words of the real validator (spec: the example of creating an app).
    pub fn required(path: &str, name: &str) -> Self {
        Self::bad(match path {
            "" => format!("should have required property '{name}'"),
            _ => format!("{path} should have required property '{name}'"),
        })
    }
    /// 401 (spec).
    pub fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "Authorization is required")
    }
    /// 403 (spec). Also for credentials of another app (unconfirmed).
    pub fn forbidden() -> Self {
        Self::new(403, "forbidden", "Forbidden")
    }
    /// 404 of a resource that has a code of its own (spec).
    pub fn not_found(what: Missing) -> Self {
        let (code, title) = what.words();
        Self::new(404, code, title)
    }
    /// 413: a body over its limit (the code is unconfirmed).
    pub fn too_large() -> Self {
        Self::new(413, "payload_too_large", "Payload too large")
    }
    /// 429 (the code is unconfirmed).
    pub fn too_many_requests() -> Self {
        Self::new(429, "too_many_requests", "Too many requests")
    }
    /// 500: trouble of our own.
    pub fn internal() -> Self {
        Self::new(500, "internal_error", "Internal server error")
    }
    /// The answer's body.
    pub fn body(&self) -> Value {
        json!({ "errors": [{ "code": self.code, "title": self.title }] })
    }
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An app.
    App,
    /// An integration.
    Integration,
    /// A user.
    User,
    /// A client.
    Client,
    /// A device.
    Device,
    /// A conversation.
    Conversation,
    /// A switchboard.
    Switchboard,
    /// A switchboard integration.
    SwitchboardIntegration,
    /// Anything else.
    Resource,
}

impl Missing {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::App => ("app_not_found", "App not found"),
            Self::Integration => ("integration_not_found", "Integration not found"),
            Self::User => ("user_not_found", "User not found"),
            Self::Client => ("client_not_found", "Client not found"),
            Self::Device => ("device_not_found", "Device not found"),
            Self::Conversation => ("conversation_not_found", "Conversation not found"),
            Self::Switchboard => ("switchboard_not_found", "Switchboard not found"),
            Self::SwitchboardIntegration => {
                ("switchboard_integration_not_found", "Switchboard integration not found")
            }
            Self::Resource => ("not_found", "Resource not found"),
        }
    }
}
