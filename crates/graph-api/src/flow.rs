//! Welcome message flows: what a person who taps a click-to-Direct ad is shown (doc: Welcome Message Flows, both
//! variants).

use crate::object::{self, Object};
use crate::send::{Message, QuickReply, Source};
use crate::{ErrorName, GraphError, Host, Params, Result, limits};
use serde_json::{Map, Value, json};

/// What a request says of a flow; `None`: nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowChange {
    /// The name.
    pub name: Option<String>,
    /// The platforms, as answers list them: in capitals.
    pub eligible_platforms: Option<Vec<String>>,
    /// The messages.
    pub messages: Option<Vec<FlowMessage>>,
}

/// A message of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowMessage {
    /// The message.
    pub message: Message,
    /// What says to which app the conversation goes, and for how long, as it was written: [`receiving`].
    routing: Map<String, Value>,
}

/// To which app a conversation goes that an ad with the flow began (doc: Conversation Routing for Instagram ads).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receiving {
    /// The app.
    pub app_id: i64,
    /// For how many days after the person's last message it keeps the conversation.
    pub days: u32,
}

/// To which app the conversation goes, if a message of the flow's text, as [`write()`] gives it, says so. An invalid number of
/// days counts as one (doc).
pub fn receiving(text: &str) -> Option<Receiving> {
    let messages: Vec<Map<String, Value>> = serde_json::from_str(text).ok()?;
    messages.iter().find_map(|message| {
        let number = |key| match message.get(key)? {
            Value::String(text) => crate::ids::decimal(text.trim()),
            other => other.as_i64(),
        };
        let app_id = number(ROUTING[0])?;
        let days = number(ROUTING[1]).and_then(|days| u32::try_from(days).ok());
        let days = days.filter(|days| (1..=limits::RECEIVING_DAYS).contains(days)).unwrap_or(1);
        Some(Receiving { app_id, days })
    })
}

/// The members that say so (doc: Conversation Routing). They stand beside the message or in it.
const ROUTING: &[&str] = &["receiving_app_id", "receiving_app_control_expiration"];

impl FlowChange {
    /// Reads a new flow: everything is required (doc).
    pub fn read_new(params: &Params, host: Host) -> Result<Self> {
        let change = Self::read(params, host)?;
        let required = |is_there: bool, name: &str| match is_there {
            true => Ok(()),
            false => Err(GraphError::required(name)),
        };
        required(change.name.is_some(), "name")?;
        required(change.messages.is_some(), "welcome_message_flow")?;
        required(change.eligible_platforms.is_some(), "eligible_platforms")?;
        Ok(change)
    }

    /// Reads a change of a flow: something is required.
    pub fn read_update(params: &Params, host: Host) -> Result<Self> {
        let change = Self::read(params, host)?;
        match change {
            Self { name: None, eligible_platforms: None, messages: None } => {
                Err(GraphError::required("name").explain("Or welcome_message_flow, or eligible_platforms."))
            }
            change => Ok(change),
        }
    }

    /// The document's prose calls two of the parameters otherwise; both names are taken.
    fn read(params: &Params, host: Host) -> Result<Self> {
        let either = |name: &'static str, other: &'static str| if params.has(name) { name } else { other };
        let name = params.text("name")?.map(String::from);
        if let Some(name) = &name {
            if name.trim().is_empty() {
                return Err(GraphError::with(ErrorName::ParameterEmpty, ["name"]));
            }
            object::length(name, limits::NAME, "name")?;
        }
        Ok(Self {
            name,
            eligible_platforms: platforms(params, either("eligible_platforms", "platforms"), host)?,
            messages: messages(params, either("welcome_message_flow", "welcome_message"))?,
        })
    }

    /// The limits of the messages' content.
    pub fn check(&self) -> Result<()> {
        let messages = self.messages.as_deref().unwrap_or_default();
        messages.iter().try_for_each(|message| message.message.check())
    }
}

/// Doc: only Instagram is supported on the Instagram host; on the other, Messenger may stand beside it.
fn platforms(params: &Params, name: &str, host: Host) -> Result<Option<Vec<String>>> {
    let Some(words) = params.words(name)? else { return Ok(None) };
    let known: &[&str] = if host == Host::Instagram { &["INSTAGRAM"] } else { &["INSTAGRAM", "MESSENGER"] };
    let mut platforms: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let platform = word.to_ascii_uppercase();
        if !known.contains(&platform.as_str()) {
            let known = known.join(", ").to_ascii_lowercase();
            return Err(GraphError::with(
                ErrorName::ParameterNotOneOf,
                [&format!("{name}[{at}]"), &known, word],
            ));
        }
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    match platforms.iter().any(|platform| platform == "INSTAGRAM") {
        true => Ok(Some(platforms)),
        false if platforms.is_empty() => Err(GraphError::with(ErrorName::ParameterEmpty, [name])),
        false => Err(GraphError::invalid(name, "a list with instagram in it")),
    }
}

fn messages(params: &Params, name: &str) -> Result<Option<Vec<FlowMessage>>> {
    let messages = object::parameter(params, name, |entry| {
        entry.only(&["message", ROUTING[0], ROUTING[1]])?;
        let mut routing = Map::new();
        let required = || GraphError::required(&entry.path("message"));
        let (path, members) = entry.object("message")?.ok_or_else(required)?;
        let mut members = members.into_owned();
        for key in ROUTING {
            let inside = members.remove(*key);
            if let Some(value) = entry.raw(key).cloned().or(inside) {
                routing.insert((*key).to_owned(), value);
            }
        }
        let message = Message::read_with(&Object::new(path, &members), cut)?;
        if matches!(&message, Message::Media(media) if media.iter().any(|one| one.source == Source::Upload)) {
            // No file comes with a flow.
            return Err(GraphError::required(&format!(
                "{}[attachment][payload][url]",
                entry.path("message")
            )));
        }
        Ok(FlowMessage { message, routing })
    })?;
    match messages {
        Some(messages) if messages.len() > limits::FLOW_MESSAGES => {
            Err(GraphError::with(ErrorName::TooManyElements, [name]))
        }
        messages => Ok(messages),
    }
}

/// Cap: a title of 24 characters comes back as its first 20 and three full stops.
fn cut(title: &str) -> String {
    let mut short: String = title.chars().take(limits::QUICK_REPLY_TITLE).collect();
    if short.len() < title.len() {
        short.push_str("...");
    }
    short
}

/// The messages as the flow's text has them: JSON, compact, members in the order of the capture.
pub fn write(messages: &[FlowMessage]) -> String {
    let shown = messages.iter().map(|FlowMessage { message, routing }| {
        let mut entry = Map::new();
        entry.insert("message".to_owned(), write_message(message));
        entry.extend(routing.iter().map(|(key, value)| (key.clone(), value.clone())));
        Value::Object(entry)
    });
    Value::Array(shown.collect()).to_string()
}

fn write_message(message: &Message) -> Value {
    let attachment = |kind: &str, payload: Value| json!({ "type": kind, "payload": payload });
    match message {
        Message::Text { text, quick_replies } if quick_replies.is_empty() => json!({ "text": text }),
        Message::Text { text, quick_replies } => {
            json!({ "text": text, "quick_replies": quick_replies.iter().map(write_reply).collect::<Vec<_>>() })
        }
        Message::LikeHeart => json!({ "attachment": { "type": "like_heart" } }),
        Message::Post(id) => json!({ "attachment": attachment("MEDIA_SHARE", json!({ "id": id })) }),
        Message::Template(template) => json!({ "attachment": attachment("template", json!(template)) }),
        Message::Media(media) => {
            let shown = media.iter().map(|one| {
                let payload = match &one.source {
                    Source::Url(url) => json!({ "url": url }),
                    Source::Stored(id) => json!({ "attachment_id": id }),
                    Source::Upload => json!({}),
                };
                attachment(one.kind.map_or("MEDIA_SHARE", |kind| kind.name()), payload)
            });
            match shown.collect::<Vec<Value>>() {
                mut one if one.len() == 1 => json!({ "attachment": one.remove(0) }),
                several => json!({ "attachments": several }),
            }
        }
    }
}

fn write_reply(reply: &QuickReply) -> Value {
    let mut shown = Map::new();
    if let Some(title) = &reply.title {
        shown.insert("title".to_owned(), title.as_str().into());
    }
    shown.insert("content_type".to_owned(), json!(reply.content_type));
    if let Some(payload) = &reply.payload {
        shown.insert("payload".to_owned(), payload.as_str().into());
    }
    Value::Object(shown)
}

#[cfg(test)]
mod tests;
