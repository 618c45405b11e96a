//! `{"$error": {…}}`: the whole body of an error, as the host that the step speaks to writes it.
//!
//! It says in data what must come, without a look at the error table: `code` and `message` as published, and of what the
//! two hosts write differently (reference, section 2.8) only where an error departs from the usual:
//!
//! | member | without it |
//! |---|---|
//! | `code` | must be there |
//! | `message` | must be there: a text without prefix, or a pattern for all of it |
//! | `error_subcode` | there is none |
//! | `type` | `IGApiException` on the Instagram host, `OAuthException` on the Facebook host |
//! | `prefix` | whether the text begins with `(#code) `: on the Facebook host only |
//! | `is_transient`, `error_user_title`, `error_user_msg` | there is none |
//!
//! What differs between the hosts is written `{"instagram": …, "facebook": …}`, here as everywhere in a pattern.

use graph_api::Host;
use serde_json::{Map, Value, json};

const MEMBERS: &[&str] = &[
    "code",
    "message",
    "error_subcode",
    "type",
    "prefix",
    "is_transient",
    "error_user_title",
    "error_user_msg",
];

/// The exact pattern of the body that a pattern with `$error` stands for; any other pattern stays as it is.
pub(super) fn expand(pattern: &Value, host: Option<Host>) -> Result<Value, String> {
    let Some(error) = pattern.get("$error").and_then(Value::as_object) else { return Ok(pattern.clone()) };
    let host = host.ok_or("$error needs a step that names its host")?;
    if let Some(unknown) = error.keys().find(|key| !MEMBERS.contains(&key.as_str())) {
        return Err(format!("$error has no member {unknown}"));
    }
    let member = |name: &str| error.get(name);
    let code = member("code").ok_or("$error needs a code")?;
    let message = member("message").ok_or("$error needs a message")?;
    let is_prefixed = member("prefix").map_or(host == Host::Facebook, |prefix| prefix == &json!(true));
    let message = match message {
        Value::String(text) if is_prefixed => Value::String(format!("(#{code}) {text}")),
        whole => whole.clone(),
    };
    let usual = match host {
        Host::Instagram => json!("IGApiException"),
        Host::Facebook => json!("OAuthException"),
    };
    let mut body = Map::new();
    body.insert("message".to_owned(), message);
    body.insert("type".to_owned(), member("type").unwrap_or(&usual).clone());
    body.insert("code".to_owned(), code.clone());
    for name in ["error_subcode", "is_transient", "error_user_title", "error_user_msg"] {
        if let Some(value) = member(name) {
            body.insert(name.to_owned(), value.clone());
        }
    }
    body.insert("fbtrace_id".to_owned(), json!({"$regex": "^A[A-Za-z0-9]{22}$"}));
    Ok(json!({ "error": body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(error: &Value, host: Host) -> Value {
        let mut body = expand(&json!({ "$error": error }), Some(host)).unwrap()["error"].take();
        body.as_object_mut().unwrap().remove("fbtrace_id").unwrap();
        body
    }

    #[test]
    fn the_usual_dialect_of_each_host() {
        let error = json!({"code": 100, "error_subcode": 2_534_015, "message": "Invalid message data"});
        assert_eq!(
            expanded(&error, Host::Instagram),
            json!({"message": "Invalid message data", "type": "IGApiException", "code": 100, "error_subcode": 2_534_015})
        );
        assert_eq!(
            expanded(&error, Host::Facebook),
            json!({"message": "(#100) Invalid message data", "type": "OAuthException", "code": 100,
                "error_subcode": 2_534_015})
        );
    }

    #[test]
    fn what_departs_from_it_is_said() {
        let error = json!({"code": 190, "prefix": false, "type": "T", "message": "a", "is_transient": true});
        assert_eq!(
            expanded(&error, Host::Facebook),
            json!({"message": "a", "type": "T", "code": 190, "is_transient": true})
        );
        let pattern = json!({"code": 190, "message": {"$contains": "b"}});
        assert_eq!(expanded(&pattern, Host::Facebook)["message"], json!({"$contains": "b"}));
        let shared = json!({"code": 1, "prefix": true, "message": "m"});
        assert_eq!(expanded(&shared, Host::Instagram)["message"], "(#1) m");
    }

    #[test]
    fn a_wrong_pattern_is_refused() {
        let host = Some(Host::Facebook);
        for wrong in
            [json!({"code": 1}), json!({"message": "m"}), json!({"code": 1, "message": "m", "text": "x"})]
        {
            assert!(expand(&json!({ "$error": wrong }), host).is_err(), "{wrong}");
        }
        assert!(expand(&json!({"$error": {"code": 1, "message": "m"}}), None).is_err());
        assert_eq!(expand(&json!({"id": 1}), None), Ok(json!({"id": 1})));
    }
}
