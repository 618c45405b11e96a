//! Why a call failed, as a sender needs to know it.

use graph_api::errors::WireError;
use http::StatusCode;
use net::ClientError;
use serde_json::{Map, Value, json};
use std::fmt;

/// What a failure means for whoever made the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing was sent: nobody was reached. Worth another try.
    Unsent,
    /// It may have been carried out all the same: no answer, or an answer that says nothing of it (5xx, codes 1 and 2).
    /// Look before trying again.
    Unclear,
    /// A limit of rates or calls is reached, and nothing was done. Worth another try, later.
    Limit,
    /// Nothing was done, and the answer says that the trouble passes (`is_transient`).
    Transient,
    /// The window is closed, or the tag does not open it.
    Window,
    /// The token is not good, or lacks a right.
    Token,
    /// The person cannot be written to: not found, gone, or they do not want it.
    Person,
    /// Refused, and it will be refused again.
    Permanent,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What it means.
    pub kind: Kind,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Graph's error code; 0 if there is none.
    pub code: i64,
    /// Graph's subcode; 0 if there is none.
    pub subcode: i64,
    /// In words: Graph's `message`, or what went wrong on the way.
    pub message: String,
    /// Graph's `error` object as it came.
    pub error: Option<Map<String, Value>>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    pub(crate) fn unsent(message: &str) -> Self {
        Self::new(Kind::Unsent, message.to_owned())
    }

    fn new(kind: Kind, message: String) -> Self {
        Self { kind, status: None, code: 0, subcode: 0, message, error: None }
    }

    pub(crate) fn of_client(error: &ClientError) -> Self {
        let kind = match error {
            // No connection was made, so nobody has read the request.
            ClientError::Refused { .. }
            | ClientError::Connect(_)
            | ClientError::Tls(_)
            | ClientError::BadUrl(_) => Kind::Unsent,
            ClientError::TimedOut | ClientError::Protocol(_) => Kind::Unclear,
        };
        Self::new(kind, error.to_string())
    }

    pub(crate) fn of_answer(status: StatusCode, body: &[u8]) -> Self {
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
        let error = parsed.and_then(|mut answer| match answer.remove("error") {
            Some(Value::Object(error)) => Some(error),
            _ => None,
        });
        let Some(error) = error else {
            // Not of Graph: something between, such as a gateway that gave up.
            let kind = if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT {
                if status == StatusCode::TOO_MANY_REQUESTS { Kind::Limit } else { Kind::Permanent }
            } else {
                Kind::Unclear
            };
            return Self {
                status: Some(status.as_u16()),
                ..Self::new(kind, format!("HTTP status {status}"))
            };
        };
        let number = |name: &str| error.get(name).and_then(Value::as_i64).unwrap_or_default();
        let (code, subcode) = (number("code"), number("error_subcode"));
        let message = error.get("message").and_then(Value::as_str).unwrap_or("no message").to_owned();
        let is_transient = error.get("is_transient").and_then(Value::as_bool).unwrap_or_default();
        let kind = kind(status, code, subcode, is_transient, &message);
        Self { kind, status: Some(status.as_u16()), code, subcode, message, error: Some(error) }
    }

    /// Graph's error, or, where nothing of Graph came back, what went wrong in the same shape.
    pub fn underlying(&self) -> Value {
        match &self.error {
            Some(error) => Value::Object(error.clone()),
            None => json!({ "message": self.message, "type": "Connection" }),
        }
    }

    /// Whether another try may succeed. An unclear one must be looked into before.
    pub const fn is_worth_another_try(&self) -> bool {
        matches!(self.kind, Kind::Unsent | Kind::Unclear | Kind::Limit | Kind::Transient)
    }
}

fn kind(status: StatusCode, code: i64, subcode: i64, is_transient: bool, message: &str) -> Kind {
    match (code, subcode) {
        // doc: Send a Message; the second one is Messenger's (rep).
        (_, 2_534_022 | 2_018_278) => Kind::Window,
        // rep: a message to nobody; the person has blocked the account, or is gone.
        (100, 2_534_014 | 2_018_001) | (551, _) => Kind::Person,
        (100, _) if message.contains("user cannot be found") || message.contains("No matching user") => {
            Kind::Person
        }
        (190 | 102 | 3 | 10 | 200..=299, _) => Kind::Token,
        _ if is_limit(code) => Kind::Limit,
        // An internal error says nothing of what was done: a message may have gone out (rep: the 500 that delivered).
        (1 | 2, _) => Kind::Unclear,
        _ if status.is_server_error() => Kind::Unclear,
        _ if is_transient => Kind::Transient,
        _ => Kind::Permanent,
    }
}

/// As [`WireError::is_limit`] has it.
fn is_limit(code: i64) -> bool {
    i32::try_from(code).is_ok_and(|code| {
        WireError {
            status: 400,
            message: String::new(),
            kind: "OAuthException".into(),
            code,
            subcode: None,
            transient: None,
            user_title: None,
            user_message: None,
        }
        .is_limit()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "the calls read better")]
    fn kind_of(status: u16, error: Value) -> Kind {
        let body = json!({ "error": error }).to_string();
        Failure::of_answer(StatusCode::from_u16(status).unwrap(), body.as_bytes()).kind
    }

    #[test]
    fn errors_are_told_apart() {
        let of = |code: i64, subcode: i64| json!({"message": "m", "code": code, "error_subcode": subcode});
        assert_eq!(kind_of(403, of(10, 2_534_022)), Kind::Window);
        assert_eq!(kind_of(400, of(10, 0)), Kind::Token);
        assert_eq!(kind_of(400, of(190, 463)), Kind::Token);
        assert_eq!(kind_of(400, of(613, 0)), Kind::Limit);
        assert_eq!(kind_of(400, of(80_006, 0)), Kind::Limit);
        assert_eq!(kind_of(500, of(2, 0)), Kind::Unclear);
        assert_eq!(kind_of(400, of(551, 0)), Kind::Person);
        assert_eq!(kind_of(400, of(100, 2_534_015)), Kind::Permanent);
        assert_eq!(kind_of(500, of(100, 2_534_015)), Kind::Unclear);
        let passing = json!({"message": "m", "code": 368, "is_transient": true});
        assert_eq!(kind_of(400, passing), Kind::Transient);
    }

    #[test]
    fn what_is_not_of_graph_is_judged_by_its_status() {
        let of = |status: u16| Failure::of_answer(StatusCode::from_u16(status).unwrap(), b"<html>").kind;
        assert_eq!(of(502), Kind::Unclear);
        assert_eq!(of(429), Kind::Limit);
        assert_eq!(of(404), Kind::Permanent);
        assert_eq!(of(200), Kind::Unclear, "an answer that cannot be read says nothing");
        assert_eq!(Failure::of_client(&ClientError::TimedOut).kind, Kind::Unclear);
        assert_eq!(Failure::of_client(&ClientError::Connect("refused".to_owned())).kind, Kind::Unsent);
    }
}
