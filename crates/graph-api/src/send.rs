//! The request of `POST /{account}/messages` (doc: Send API; the parameters of both hosts are the same).

use crate::params::scalar;
use crate::{ErrorName, GraphError, Params, Result, limits};

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// `{"id": IGSID}`, as a string or as a number. Kept as text: what is no number is an unknown person.
    Person(String),
    /// `{"comment_id": ID}`: a private reply.
    Comment(String),
}

/// The tag of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A human answers, up to seven days after the person's last action.
    HumanAgent,
}

/// A send whose shape is right. Whether its content keeps the limits is asked later, by [`Message::check`]: the real
/// server looks at the recipient and the window first (reference, order of checks; unconfirmed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
    /// To whom.
    pub recipient: Recipient,
    /// What.
    pub message: Message,
    /// The tag, if the message is sent outside the standard window.
    pub tag: Option<Tag>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text or link.
    Text(String),
}

impl SendRequest {
    /// Reads a send.
    ///
    /// Errors in this order: presence and shape (100), message with sender action (2018014), tag (100).
    pub fn read(params: &Params) -> Result<Self> {
        let recipient = Self::recipient(params)?;
        let message = params.object("message")?;
        if let Some(name) = ["reply_to", "thread_control"].into_iter().find(|name| params.has(name)) {
            return Err(not_served(name));
        }
        if params.has("sender_action") {
            return Err(match message {
                Some(_) => GraphError::new(ErrorName::MessageAndSenderAction),
                None => not_served("sender_action"),
            });
        }
        let message = message.ok_or_else(|| GraphError::required("message"))?;
        let tag = Self::tag(params)?;
        let message = Message::read(&message)?;
        Ok(Self { recipient, message, tag })
    }

    fn recipient(params: &Params) -> Result<Recipient> {
        let object = params.object("recipient")?.ok_or_else(|| GraphError::required("recipient"))?;
        let member = |name: &str| match object.get(name) {
            Some(value) => scalar(value, &format!("recipient[{name}]")).map(|id| id.map(String::from)),
            None => Ok(None),
        };
        match (member("id")?, member("comment_id")?) {
            (Some(id), None) => Ok(Recipient::Person(id)),
            (None, Some(id)) => Ok(Recipient::Comment(id)),
            (Some(_), Some(_)) => Err(GraphError::invalid("recipient", "exactly one of id and comment_id")),
            (None, None) => Err(GraphError::required("recipient[id]")),
        }
    }

    fn tag(params: &Params) -> Result<Option<Tag>> {
        let kind = params.text("messaging_type")?;
        if let Some(kind) = kind.as_deref()
            && !matches!(kind, "" | "RESPONSE" | "UPDATE" | "MESSAGE_TAG")
        {
            let known = "RESPONSE, UPDATE, MESSAGE_TAG";
            return Err(GraphError::with(ErrorName::ParameterNotOneOf, ["messaging_type", known, kind]));
        }
        match params.text("tag")?.as_deref() {
            None | Some("") if kind.as_deref() == Some("MESSAGE_TAG") => {
                Err(GraphError::new(ErrorName::TagNotSupported))
            }
            None | Some("") => Ok(None),
            // The tag alone is accepted, as the documented sample sends it.
            Some("HUMAN_AGENT") => Ok(Some(Tag::HumanAgent)),
            Some("CONFIRMED_EVENT_UPDATE" | "ACCOUNT_UPDATE" | "POST_PURCHASE_UPDATE") => {
                Err(GraphError::new(ErrorName::TagNotSupported))
            }
            Some(other) => Err(GraphError::with(ErrorName::ParameterNotOneOf, ["tag", "HUMAN_AGENT", other])),
        }
    }
}

/// What the real server takes and this version does not: refused, so that nobody's content is dropped in silence.
fn not_served(parameter: &str) -> GraphError {
    GraphError::new(ErrorName::MessageInvalid)
        .explain(format!("Posthaste sends text only so far: {parameter} is not served yet."))
}

impl Message {
    fn read(object: &serde_json::Map<String, serde_json::Value>) -> Result<Self> {
        let richer = ["attachment", "attachments", "quick_replies"];
        if let Some(name) = richer.into_iter().find(|name| object.contains_key(*name)) {
            return Err(not_served(&format!("message[{name}]")));
        }
        match object.get("text").map(|text| scalar(text, "message[text]")).transpose()?.flatten() {
            Some(text) => Ok(Self::Text(text.into_owned())),
            None => Err(GraphError::required("message[text]")),
        }
    }

    /// The limits of the content: blank text (2534052), 2000 characters (100), 1000 bytes (2534015).
    pub fn check(&self) -> Result<()> {
        let Self::Text(text) = self;
        if text.trim().is_empty() {
            return Err(GraphError::new(ErrorName::TextEmpty));
        }
        // No text of 2000 bytes has more characters, so most texts need no counting.
        if text.len() > limits::TEXT_PARAM_CHARS && text.chars().count() > limits::TEXT_PARAM_CHARS {
            return Err(GraphError::new(ErrorName::TextOverParamLength));
        }
        if text.len() > limits::TEXT_BYTES {
            return Err(GraphError::new(ErrorName::MessageInvalid));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(body: &Value) -> Result<SendRequest> {
        let mut params = Params::default();
        params.add_json(body.to_string().as_bytes())?;
        SendRequest::read(&params)
    }

    #[test]
    fn ids_come_as_strings_and_as_numbers() {
        for id in [json!("1012345678901234"), json!(1_012_345_678_901_234_i64)] {
            let send = read(
                &json!({"recipient": {"id": id}, "message": {"text": "hi"}, "notification_type": "REGULAR"}),
            );
            assert_eq!(send.unwrap().recipient, Recipient::Person("1012345678901234".into()));
        }
    }

    #[test]
    fn the_first_fault_in_the_documented_order_is_told() {
        let person = json!({"id": "1"});
        let text = json!({"text": "hi"});
        for (body, name) in [
            (json!({}), ErrorName::ParameterRequired),
            (json!({"recipient": person}), ErrorName::ParameterRequired),
            (json!({"recipient": {"name": "x"}, "message": text}), ErrorName::ParameterRequired),
            (json!({"recipient": {}, "message": text}), ErrorName::ParameterEmpty),
            (json!({"recipient": person, "message": {}}), ErrorName::ParameterEmpty),
            (json!({"recipient": "x", "message": text}), ErrorName::ParameterInvalid),
            (json!({"recipient": {"id": {}}, "message": text}), ErrorName::ParameterInvalid),
            (
                json!({"recipient": {"id": "1", "comment_id": "2"}, "message": text}),
                ErrorName::ParameterInvalid,
            ),
            (
                json!({"recipient": person, "message": text, "sender_action": "typing_on"}),
                ErrorName::MessageAndSenderAction,
            ),
            (
                json!({"recipient": person, "message": text, "messaging_type": "NEWS"}),
                ErrorName::ParameterNotOneOf,
            ),
            (
                json!({"recipient": person, "message": text, "messaging_type": "MESSAGE_TAG"}),
                ErrorName::TagNotSupported,
            ),
            (
                json!({"recipient": person, "message": text, "tag": "ACCOUNT_UPDATE"}),
                ErrorName::TagNotSupported,
            ),
            (json!({"recipient": person, "message": text, "tag": "SOMETHING"}), ErrorName::ParameterNotOneOf),
            (json!({"recipient": person, "message": {"text": ["hi"]}}), ErrorName::ParameterInvalid),
            (json!({"recipient": person, "message": {"text": null}}), ErrorName::ParameterRequired),
        ] {
            assert_eq!(read(&body).unwrap_err().name, name, "{body}");
        }
        assert_eq!(
            read(&json!({"recipient": person, "message": text, "tag": "HUMAN_AGENT"})).unwrap().tag,
            Some(Tag::HumanAgent)
        );
    }

    #[test]
    fn the_limits_of_a_text() {
        let check = |text: &str| Message::Text(text.to_owned()).check().map_err(|e| e.name);
        assert_eq!(check(&"a".repeat(1000)), Ok(()));
        assert_eq!(check(&"é".repeat(500)), Ok(()));
        assert_eq!(check(&"a".repeat(1001)), Err(ErrorName::MessageInvalid));
        assert_eq!(check(&"é".repeat(501)), Err(ErrorName::MessageInvalid));
        assert_eq!(check(&"👑".repeat(2000)), Err(ErrorName::MessageInvalid));
        assert_eq!(check(&"a".repeat(2001)), Err(ErrorName::TextOverParamLength));
        for blank in ["", " ", "\n\t \u{a0}"] {
            assert_eq!(check(blank), Err(ErrorName::TextEmpty));
        }
    }
}
