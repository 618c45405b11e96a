//! Faults that are known by a name.

use super::super::SimError;
use super::super::input::Input;
use serde_json::{Value, json};

/// What a name stands for. What the call says itself comes before it.
fn named(name: &str) -> Option<Value> {
    Some(match name {
        // Every call is refused as one that the app may not make at all (cap: Chatwoot issue 14932 and four others).
        "outage" => json!({ "on": "* /**", "error": "UnsupportedMethod" }),
        "token_death" => json!({ "on": "* /**", "error": "TokenRevoked" }),
        "rate_limit_storm" => json!({ "on": "* /**", "error": "rate_limit" }),
        // The 500 that delivered.
        "lost_answer" => json!({ "on": "POST /*/messages", "error": "TryAgain", "apply": "after" }),
        "receiver_down" => json!({ "on": "webhook", "status": 503 }),
        "blackhole" => json!({ "on": "webhook", "drop": 1 }),
        _ => return None,
    })
}

const NAMES: &str = "outage, token_death, rate_limit_storm, lost_answer, receiver_down or blackhole";

/// Fills in what `name` stands for.
pub(super) fn fill(input: &mut Input) -> Result<(), SimError> {
    let Some(name) = input.text("name")? else { return Ok(()) };
    match named(&name) {
        Some(Value::Object(members)) => {
            input.default_to(members);
            Ok(())
        }
        _ => Err(SimError::bad("name", format!("must be {NAMES}"))),
    }
}
