//! What becomes of Sunshine's content on Instagram: the `message` of each send, one after the other.

use crate::Profile;
use graph_api::limits;
use serde_json::{Map, Value, json};
use sunco_api::{fallback, split};

/// Content for which Instagram has no form: its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsupported<'a>(pub(crate) &'a str);

/// The sends of a content. `disclaimer` is put under what an automated author says.
pub(crate) fn parts<'a>(
    content: &'a Value,
    profile: Profile,
    disclaimer: Option<&str>,
) -> Result<Vec<Value>, Unsupported<'a>> {
    let kind = content["type"].as_str().unwrap_or_default();
    let mut text = content["text"].as_str().unwrap_or_default().trim().to_owned();
    if let Some(line) = disclaimer
        && matches!(kind, "text" | "image" | "file")
    {
        text = if text.is_empty() { line.to_owned() } else { format!("{text}\n\n{line}") };
    }
    let actions = Actions::of(content.get("actions"));
    let native = profile == Profile::Native;
    match kind {
        "text" => Ok(said(&text, &actions, native)),
        "image" => {
            let mut parts = vec![media("image", &content["mediaUrl"])];
            if !text.is_empty() || !actions.is_empty() {
                parts.extend(said(&text, &actions, native));
            }
            Ok(parts)
        }
        "file" => Ok(file(content, &text, native)),
        "carousel" | "list" => Ok(items(content, &actions, native)),
        "location" => Ok(texts(&text)),
        other => Err(Unsupported(other)),
    }
}

/// Whether what Instagram shows (a text, so many attachments) is what a part said.
pub(crate) fn is_seen_as(part: &Value, text: &str, attachments: usize) -> bool {
    match part["text"].as_str() {
        Some(sent) => attachments == 0 && sent.trim() == text.trim(),
        // A button template's text may be shown as the text (unconfirmed).
        None => {
            attachments > 0
                || text.is_empty()
                || part.pointer("/attachment/payload/text") == Some(&text.into())
        }
    }
}

/// Whether a part counts as audio or video.
pub(crate) fn is_heavy(part: &Value) -> bool {
    matches!(part["attachment"]["type"].as_str(), Some("audio" | "video"))
}

/// Actions, told apart by what Instagram can do with them.
#[derive(Default)]
struct Actions {
    /// Quick replies.
    replies: Vec<Value>,
    /// Buttons.
    buttons: Vec<Value>,
    /// What is only its label, or a line `label: address`.
    lines: Vec<String>,
    /// The lines of the links among the buttons.
    links: Vec<String>,
    /// The labels of all.
    labels: Vec<String>,
}

impl Actions {
    fn of(actions: Option<&Value>) -> Self {
        let mut found = Self::default();
        for action in actions.and_then(Value::as_array).into_iter().flatten() {
            let of = |name: &str| action[name].as_str().unwrap_or_default();
            let label = of("text");
            found.labels.push(label.to_owned());
            match of("type") {
                "reply" => found.replies.push(json!({
                    "content_type": "text",
                    "title": cut(label, limits::QUICK_REPLY_TITLE),
                    "payload": of("payload"),
                })),
                "link" | "webview" => {
                    found.links.push(format!("{label}: {}", of("uri")));
                    found.buttons.push(button(action));
                }
                "postback" => found.buttons.push(button(action)),
                _ => found.lines.push(label.to_owned()),
            }
        }
        found.replies.truncate(limits::QUICK_REPLIES);
        if found.buttons.len() > limits::BUTTONS {
            tracing::warn!(
                buttons = found.buttons.len(),
                "a message has more buttons than Instagram shows: the rest is cut"
            );
            found.buttons.truncate(limits::BUTTONS);
        }
        found
    }

    fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

fn button(action: &Value) -> Value {
    let title = cut(action["text"].as_str().unwrap_or_default(), limits::BUTTON_TITLE);
    match action["type"].as_str() {
        Some("postback") => json!({ "type": "postback", "title": title, "payload": action["payload"] }),
        _ => json!({ "type": "web_url", "title": title, "url": action["uri"] }),
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn texts(text: &str) -> Vec<Value> {
    split::split(text, limits::TEXT_BYTES).into_iter().map(|part| json!({ "text": part })).collect()
}

/// A text with its actions.
fn said(text: &str, actions: &Actions, native: bool) -> Vec<Value> {
    let mut lines: Vec<&str> = Vec::new();
    if !text.is_empty() {
        lines.push(text);
    }
    lines.extend(actions.lines.iter().map(String::as_str));
    let as_template = native && !actions.buttons.is_empty();
    if !as_template {
        lines.extend(actions.links.iter().map(String::as_str));
    }
    let mut text = lines.join("\n");
    // A message must say something: what stands on its actions.
    if text.trim().is_empty() {
        text = actions.labels.join(" / ");
    }
    let mut parts = Vec::new();
    if as_template {
        parts = template(&text, &actions.buttons);
        text = match actions.replies.is_empty() {
            true => String::new(),
            false => actions
                .replies
                .iter()
                .filter_map(|reply| reply["title"].as_str())
                .collect::<Vec<_>>()
                .join(" / "),
        };
    }
    parts.extend(texts(&text));
    if !actions.replies.is_empty()
        && let Some(last) = parts.last_mut()
    {
        last["quick_replies"] = actions.replies.clone().into();
    }
    parts
}

/// A button template; what does not fit into its text goes before it.
fn template(text: &str, buttons: &[Value]) -> Vec<Value> {
    let most = limits::BUTTON_TEMPLATE_TEXT;
    let mut pieces =
        if text.chars().count() <= most { vec![text.to_owned()] } else { split::split(text, most) };
    let last = pieces.pop().unwrap_or_default();
    let mut parts: Vec<Value> = pieces.iter().flat_map(|piece| texts(piece)).collect();
    let payload = json!({ "template_type": "button", "text": last, "buttons": buttons });
    parts.push(json!({ "attachment": { "type": "template", "payload": payload } }));
    parts
}

fn media(kind: &str, url: &Value) -> Value {
    json!({ "attachment": { "type": kind, "payload": { "url": url } } })
}

/// A file: as what Instagram plays or shows, else as a link.
fn file(content: &Value, text: &str, native: bool) -> Vec<Value> {
    let url = content["mediaUrl"].as_str().unwrap_or_default();
    let given =
        content["mediaType"].as_str().or_else(|| sunco_api::content::media_type(url)).unwrap_or_default();
    let kind = match given {
        "audio/aac" | "audio/mp4" | "audio/x-m4a" | "audio/m4a" | "audio/wav" | "audio/x-wav"
        | "audio/wave" => "audio",
        "video/mp4" | "video/ogg" | "video/quicktime" | "video/x-msvideo" | "video/webm" => "video",
        "application/pdf" => "file",
        "image/png" | "image/jpeg" | "image/gif" => "image",
        _ => "",
    };
    if native && !kind.is_empty() {
        let mut parts = vec![media(kind, &content["mediaUrl"])];
        parts.extend(texts(text));
        return parts;
    }
    texts(&if text.is_empty() { url.to_owned() } else { format!("{text}\n{url}") })
}

/// A carousel or a list: cards, else numbered text.
fn items(content: &Value, actions: &Actions, native: bool) -> Vec<Value> {
    let items = content["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !native {
        let plain = content.as_object().map(fallback::items).unwrap_or_default();
        let lines: Vec<&str> =
            std::iter::once(plain.as_str()).chain(actions.links.iter().map(String::as_str)).collect();
        return texts(&lines.join("\n"));
    }
    let elements: Vec<Value> = items.iter().take(limits::TEMPLATE_ELEMENTS).map(element).collect();
    let payload = json!({ "template_type": "generic", "elements": elements });
    let mut parts = vec![json!({ "attachment": { "type": "template", "payload": payload } })];
    if !actions.is_empty() {
        parts.extend(said("", actions, true));
    }
    parts
}

fn element(item: &Value) -> Value {
    let mut card = Map::new();
    card.insert(
        "title".to_owned(),
        cut(item["title"].as_str().unwrap_or_default(), limits::ELEMENT_TITLE).into(),
    );
    if let Some(text) = item["description"].as_str().filter(|text| !text.trim().is_empty()) {
        card.insert("subtitle".to_owned(), cut(text, limits::ELEMENT_TITLE).into());
    }
    if let Some(url) = item["mediaUrl"].as_str() {
        card.insert("image_url".to_owned(), url.into());
    }
    let actions = item["actions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let default = actions.iter().find(|action| action["default"] == true && action["uri"].is_string());
    if let Some(default) = default {
        card.insert("default_action".to_owned(), json!({ "type": "web_url", "url": default["uri"] }));
    }
    let buttons = Actions::of(item.get("actions")).buttons;
    if !buttons.is_empty() {
        card.insert("buttons".to_owned(), buttons.into());
    }
    card.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(content: &Value) -> Vec<Value> {
        parts(content, Profile::Native, None).unwrap()
    }
    fn sunshine(content: &Value) -> Vec<Value> {
        parts(content, Profile::Sunshine, None).unwrap()
    }

    #[test]
    fn texts_are_split_and_quick_replies_go_on_the_last_part() {
        let reply = json!({"type": "reply", "text": "A label that is far too long", "payload": "A"});
        let content = json!({"type": "text", "text": "word ".repeat(300), "actions": [reply]});
        for parts in [native(&content), sunshine(&content)] {
            assert_eq!(parts.len(), 2);
            assert!(parts.iter().all(|part| part["text"].as_str().unwrap().len() <= 1000));
            assert!(parts[0].get("quick_replies").is_none());
            assert_eq!(parts[1]["quick_replies"][0]["title"], "A label that is far ");
        }
        let bare = json!({"type": "text", "actions": [{"type": "reply", "text": "Yes", "payload": "Y"}]});
        assert_eq!(native(&bare)[0]["text"], "Yes");
    }

    #[test]
    fn buttons_become_a_template_or_lines() {
        let link = json!({"type": "link", "text": "Site", "uri": "https://x.test"});
        let postback = json!({"type": "postback", "text": "Buy", "payload": "B"});
        let content = json!({"type": "text", "text": "Hi", "actions": [link, postback]});
        let template = &native(&content)[0]["attachment"]["payload"];
        assert_eq!(template["template_type"], "button");
        assert_eq!(
            template["buttons"][0],
            json!({"type": "web_url", "title": "Site", "url": "https://x.test"})
        );
        assert_eq!(template["buttons"][1], json!({"type": "postback", "title": "Buy", "payload": "B"}));
        assert_eq!(sunshine(&content), [json!({"text": "Hi\nSite: https://x.test"})]);
    }

    #[test]
    fn media_go_as_themselves_where_they_can() {
        let image = json!({"type": "image", "mediaUrl": "https://x.test/a.png", "text": "Look"});
        let parts = native(&image);
        assert_eq!(parts[0]["attachment"]["payload"]["url"], "https://x.test/a.png");
        assert_eq!(parts[1], json!({"text": "Look"}));
        let audio = json!({"type": "file", "mediaUrl": "https://x.test/a.m4a"});
        assert_eq!(native(&audio)[0]["attachment"]["type"], "audio");
        assert_eq!(sunshine(&audio), [json!({"text": "https://x.test/a.m4a"})]);
        let zip = json!({"type": "file", "mediaUrl": "https://x.test/a.zip", "text": "All"});
        assert_eq!(native(&zip), [json!({"text": "All\nhttps://x.test/a.zip"})]);
    }

    #[test]
    fn items_become_cards_or_numbered_text() {
        let link = json!({"type": "link", "text": "More", "uri": "https://x.test", "default": true});
        let content = json!({"type": "carousel", "items": [
            {"title": "T".repeat(90), "description": "D", "mediaUrl": "https://x.test/a.png", "actions": [link]},
        ]});
        let card = &native(&content)[0]["attachment"]["payload"]["elements"][0];
        assert_eq!(card["title"].as_str().unwrap().len(), 80);
        assert_eq!(card["default_action"]["url"], "https://x.test");
        assert_eq!(card["buttons"][0]["type"], "web_url");
        assert!(sunshine(&content)[0]["text"].as_str().unwrap().starts_with("1. TTT"));
    }

    #[test]
    fn what_instagram_has_no_form_for_is_named() {
        for kind in ["form", "template"] {
            let content = json!({ "type": kind });
            assert_eq!(parts(&content, Profile::Native, None), Err(Unsupported(kind)));
        }
        let said = json!({"type": "text", "text": "Hi"});
        let parts = parts(&said, Profile::Native, Some("Automated")).unwrap();
        assert_eq!(parts, [json!({"text": "Hi\n\nAutomated"})]);
    }

    #[test]
    fn a_part_is_known_by_what_it_says() {
        assert!(is_seen_as(&json!({"text": "Hi "}), "Hi", 0));
        assert!(!is_seen_as(&json!({"text": "Hi"}), "Ho", 0));
        assert!(!is_seen_as(&json!({"text": "Hi"}), "", 1));
        assert!(is_seen_as(&media("image", &"https://x.test/a.png".into()), "", 1));
        assert!(!is_seen_as(&media("image", &"https://x.test/a.png".into()), "Hi", 0));
    }
}
