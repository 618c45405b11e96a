//! What a notification says.

use clock::Micros;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The events of a notification, by account. A list around the body, as Meta's documentation shows it, is accepted.
pub(crate) fn entries(body: &Value) -> Vec<(String, Vec<Value>)> {
    let bodies = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    let mut found = Vec::new();
    for entry in bodies.iter().filter_map(|body| body["entry"].as_array()).flatten() {
        let account = text(&entry["id"]);
        let mut events = Vec::new();
        for list in ["messaging", "standby"] {
            events.extend(entry[list].as_array().into_iter().flatten().cloned());
        }
        if !account.is_empty() && !events.is_empty() {
            found.push((account, events));
        }
    }
    found
}

/// An id, which may be a string or a number.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// What tells an event from all others, whenever and however often it comes.
pub(crate) fn identity(account: &str, event: &Value) -> String {
    let mut key = format!("{account} ");
    let sender = text(&event["sender"]["id"]);
    let _ = match kind(event) {
        Some("message") => {
            let message = &event["message"];
            let what = if message["is_deleted"] == true { "unsend" } else { "message" };
            write!(key, "{what} {}", text(&message["mid"]))
        }
        Some("message_edit") => {
            let edit = &event["message_edit"];
            write!(key, "edit {} {}", text(&edit["mid"]), text(&edit["num_edit"]))
        }
        Some("postback") => {
            let postback = &event["postback"];
            match text(&postback["mid"]) {
                mid if mid.is_empty() => write!(key, "postback {sender} {} {postback}", event["timestamp"]),
                mid => write!(key, "postback {mid}"),
            }
        }
        Some("read") => write!(key, "read {sender} {}", text(&event["read"]["mid"])),
        // The same reaction may be taken back and given again.
        Some(kind) => write!(key, "{kind} {sender} {} {}", event["timestamp"], event[kind]),
        None => write!(key, "other {event}"),
    };
    key
}

const KINDS: &[&str] = &["message", "message_edit", "reaction", "postback", "read", "referral"];

fn kind(event: &Value) -> Option<&'static str> {
    KINDS.iter().copied().find(|kind| event.get(kind).is_some())
}

/// An event, as it is dealt with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// The person, by the IGSID.
    pub(crate) person: String,
    /// The account acted, not the person.
    pub(crate) is_echo: bool,
    /// When, by Instagram's clock.
    pub(crate) at: Micros,
    /// What happened.
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Message(Box<Written>),
    Unsent { mid: String },
    Edited { mid: String, text: String, count: i64 },
    Reaction { mid: String, body: Value },
    Postback { mid: String, title: String, payload: String, referral: Option<Value> },
    Read { mid: String },
    Referral(Value),
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Written {
    pub(crate) mid: String,
    pub(crate) text: Option<String>,
    /// The payload of the quick reply that was tapped.
    pub(crate) payload: Option<String>,
    /// Kinds and payloads.
    pub(crate) attachments: Vec<(String, Value)>,
    /// The message that it answers.
    pub(crate) reply_to: Option<String>,
    /// The story that it answers.
    pub(crate) story: Option<Value>,
    pub(crate) referral: Option<Value>,
    pub(crate) is_unsupported: bool,
}

impl Told {
    /// Reads an event of an account; `None` if it is nothing that the gateway deals with.
    pub(crate) fn read(account: &str, event: &Value) -> Option<Self> {
        let (sender, recipient) = (text(&event["sender"]["id"]), text(&event["recipient"]["id"]));
        let message = &event["message"];
        // The account with itself is no conversation with a customer.
        if event["is_self"] == true || message["is_self"] == true {
            return None;
        }
        let is_echo = message["is_echo"] == true || sender == account;
        let person = if is_echo { recipient } else { sender };
        if person.is_empty() || person == account {
            return None;
        }
        let at = event["timestamp"].as_i64().map_or(Micros(0), |millis| Micros(millis.saturating_mul(1000)));
        let mid = |part: &Value| Some(text(&part["mid"])).filter(|mid| !mid.is_empty());
        let what = match kind(event)? {
            "message" if message["is_deleted"] == true => What::Unsent { mid: mid(message)? },
            "message" => What::Message(Box::new(Written::read(message, mid(message)?))),
            "message_edit" => {
                let edit = &event["message_edit"];
                let count = edit["num_edit"].as_i64().or_else(|| edit["num_edit"].as_str()?.parse().ok());
                // A first version is no edit: Instagram sends such at times (reference: phantom edits).
                let count = count.filter(|count| *count > 0)?;
                What::Edited { mid: mid(edit)?, text: edit["text"].as_str()?.to_owned(), count }
            }
            "reaction" => What::Reaction { mid: mid(&event["reaction"])?, body: event["reaction"].clone() },
            "postback" => {
                let postback = &event["postback"];
                What::Postback {
                    mid: text(&postback["mid"]),
                    title: text(&postback["title"]),
                    payload: text(&postback["payload"]),
                    referral: postback.get("referral").map(referral),
                }
            }
            "read" => What::Read { mid: mid(&event["read"])? },
            _ => What::Referral(referral(&event["referral"])),
        };
        Some(Self { person, is_echo, at, what })
    }

    /// Whether the person did something that opens the window: not that they have seen, changed or taken back something.
    pub(crate) fn opens_window(&self) -> bool {
        !self.is_echo
            && matches!(
                self.what,
                What::Message(_) | What::Postback { .. } | What::Referral(_) | What::Reaction { .. }
            )
    }

    /// The person came from an ad, which opens a longer window.
    pub(crate) fn is_from_ad(&self) -> bool {
        let of = |referral: Option<&Value>| referral.is_some_and(|it| it["details"]["source"] == "ADS");
        match &self.what {
            What::Message(written) => of(written.referral.as_ref()),
            What::Postback { referral, .. } => of(referral.as_ref()),
            What::Referral(referral) => of(Some(referral)),
            _ => false,
        }
    }
}

impl Written {
    fn read(message: &Value, mid: String) -> Self {
        let attachments = message["attachments"].as_array().into_iter().flatten();
        Self {
            mid,
            text: message["text"].as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            payload: message["quick_reply"]["payload"].as_str().map(str::to_owned),
            attachments: attachments.map(|one| (text(&one["type"]), one["payload"].clone())).collect(),
            reply_to: message["reply_to"]["mid"].as_str().map(str::to_owned),
            story: message["reply_to"].get("story").cloned(),
            referral: message.get("referral").map(referral),
            is_unsupported: message["is_unsupported"] == true,
        }
    }

    /// The address of the story in which the person mentions the account, if that is what it is.
    pub(crate) fn story_mention(&self) -> Option<String> {
        let found = self.attachments.iter().find(|(kind, _)| kind == "story_mention")?;
        Some(text(&found.1["url"]))
    }

    /// What it is in Sunshine: a content for each attachment, with what there is to say of it besides.
    pub(crate) fn contents(&self) -> Vec<(Value, Map<String, Value>)> {
        let mut about = Map::new();
        if let Some(story) = &self.story {
            for (name, key) in [("instagram.storyId", "id"), ("instagram.storyUrl", "url")] {
                let value = text(&story[key]);
                if !value.is_empty() {
                    about.insert(name.to_owned(), value.into());
                }
            }
        }
        let mut contents: Vec<(Value, Map<String, Value>)> = Vec::new();
        for (kind, payload) in self.attachments.iter().filter(|_| !self.is_unsupported) {
            let mut about = about.clone();
            let content = attachment(kind, payload, &mut about);
            contents.push((content, about));
        }
        if let Some(text) = self.text.as_ref().filter(|_| !self.is_unsupported) {
            // Longer ones are none that a client of Sunshine reads (run).
            let cut: String = text.chars().take(sunco_api::limits::TEXT).collect();
            let mut content = json!({ "type": "text", "text": cut });
            if let Some(payload) = &self.payload {
                content["payload"] = payload.as_str().into();
            }
            contents.push((content, about.clone()));
        }
        if contents.is_empty() {
            about.insert("instagram.unsupported".to_owned(), true.into());
            contents.push((json!({ "type": "text", "text": "Unsupported message" }), about));
        }
        contents
    }
}

fn attachment(kind: &str, payload: &Value, about: &mut Map<String, Value>) -> Value {
    let url = text(&payload["url"]);
    let shared = ["ig_post", "ig_reel", "ig_story", "share", "reel", "post"];
    match kind {
        "image" | "ephemeral" if !url.is_empty() => json!({ "type": "image", "mediaUrl": url }),
        "audio" | "video" | "file" if !url.is_empty() => {
            about.insert("instagram.attachment".to_owned(), kind.into());
            json!({ "type": "file", "mediaUrl": url })
        }
        "like_heart" => json!({ "type": "text", "text": "\u{2764}\u{fe0f}" }),
        "template" => {
            let elements =
                payload.pointer("/generic/elements").and_then(Value::as_array).into_iter().flatten();
            let titles: Vec<String> =
                elements.map(|one| text(&one["title"])).filter(|one| !one.is_empty()).collect();
            let titles = if titles.is_empty() { "Template".to_owned() } else { titles.join("\n") };
            json!({ "type": "text", "text": titles })
        }
        kind if shared.contains(&kind) && !url.is_empty() => {
            about.insert("instagram.share".to_owned(), kind.into());
            for key in ["ig_post_media_id", "reel_video_id", "story_media_id"] {
                let id = text(&payload[key]);
                if !id.is_empty() {
                    about.insert("instagram.mediaId".to_owned(), id.into());
                }
            }
            let mut content = json!({ "type": "file", "mediaUrl": url });
            let title: String = text(&payload["title"]).chars().take(sunco_api::limits::TEXT).collect();
            if !title.is_empty() {
                content["text"] = title.into();
            }
            content
        }
        other => {
            about.insert("instagram.unsupported".to_owned(), true.into());
            about.insert("instagram.attachment".to_owned(), other.into());
            json!({ "type": "text", "text": "Unsupported message" })
        }
    }
}

/// A referral as Sunshine writes it: of an ad, or of a link (an `ig.me` link is Messenger's `SHORTLINK`; unconfirmed for
/// Instagram).
fn referral(given: &Value) -> Value {
    let source = text(&given["source"]);
    let is_ad = source == "ADS" || given.get("ad_id").is_some();
    let mut details = json!({ "source": if is_ad { "ADS" } else { "SHORTLINK" }, "type": "OPEN_THREAD" });
    let ad = text(&given["ad_id"]);
    if !ad.is_empty() {
        details["adId"] = ad.into();
    }
    json!({ "code": text(&given["ref"]), "details": details })
}

/// A mention in a story, which is a referral in Sunshine (seed; its literal form is unconfirmed).
pub(crate) fn story_mention(url: &str) -> Value {
    json!({ "code": url, "details": { "source": "INSTAGRAM", "type": "STORY_MENTION" } })
}
