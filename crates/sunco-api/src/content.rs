//! What a posted message says: its author, and its content of one of Sunshine's types.

use crate::{ApiError, Body, Result, fallback, limits};
use serde_json::{Map, Value};

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Whether it is the business; else a user.
    pub is_business: bool,
    /// `userId` or `userExternalId`, where a user writes.
    pub user: Option<UserName>,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `avatarUrl`.
    pub avatar_url: Option<String>,
    /// `subtypes` holds `AI`: an automated message that is to say so.
    pub is_ai: bool,
}

/// How a user is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserName {
    /// By the id.
    Id(String),
    /// By the id that the business gave.
    External(String),
}

impl UserName {
    /// Reads `userId` or `userExternalId`; none if neither is there.
    pub fn read(body: &Body) -> Result<Option<Self>> {
        match (body.text("userId", 1024)?, body.text("userExternalId", 1024)?) {
            (Some(_), Some(_)) => Err(ApiError::bad("userId and userExternalId exclude each other")),
            (Some(id), None) => Ok(Some(Self::Id(id))),
            (None, Some(id)) => Ok(Some(Self::External(id))),
            (None, None) => Ok(None),
        }
    }
}

impl Author {
    /// Reads `author` of a body.
    pub fn read(body: &Body) -> Result<Self> {
        let author = body.object("author")?.ok_or_else(|| ApiError::required("", "author"))?;
        let kind = author.one_of("type", &["business", "user"])?;
        let kind = kind.ok_or_else(|| ApiError::required("author", "type"))?;
        let is_business = kind == "business";
        let user = UserName::read(&author)?;
        if !is_business && user.is_none() {
            return Err(ApiError::required("author", "userId"));
        }
        let mut is_ai = false;
        for subtype in author.list("subtypes", 1, 1)?.unwrap_or_default() {
            match subtype.as_str() {
                Some("AI") if is_business => is_ai = true,
                // The others are read-only (spec).
                _ => {
                    return Err(ApiError::bad(
                        "author.subtypes should be equal to one of the allowed values: AI",
                    ));
                }
            }
        }
        Ok(Self {
            is_business,
            user: user.filter(|_| !is_business),
            display_name: author.text("displayName", 255)?,
            avatar_url: author.url("avatarUrl")?,
            is_ai,
        })
    }
}

/// Reads `content` of a body, as it is kept and shown: with what the platform adds to it.
pub fn read(body: &Body) -> Result<Value> {
    let content = body.object("content")?.ok_or_else(|| ApiError::required("", "content"))?;
    let kinds = ["text", "image", "file", "carousel", "list", "location", "form", "template", "formResponse"];
    let kind = content.one_of("type", &kinds)?.ok_or_else(|| ApiError::required("content", "type"))?;
    let mut shown = Map::new();
    shown.insert("type".to_owned(), kind.as_str().into());
    match kind.as_str() {
        "text" => text(&content, &mut shown)?,
        "image" | "file" => media(&content, &kind, &mut shown)?,
        "carousel" => {
            items(&content, &mut shown)?;
            copy(&content, "displaySettings", &mut shown);
            shown.insert("text".to_owned(), fallback::items(&shown).into());
        }
        "list" => {
            items(&content, &mut shown)?;
            if let Some(actions) = actions(&content, SUBSET, limits::ITEMS)? {
                shown.insert("actions".to_owned(), actions);
            }
        }
        "location" => location(&content, &mut shown)?,
        "form" => form(&content, &mut shown)?,
        "template" => {
            let template = content.object("template")?;
            template.ok_or_else(|| ApiError::required("content", "template"))?;
            copy(&content, "template", &mut shown);
        }
        _ => return Err(ApiError::bad("content.type formResponse cannot be posted")),
    }
    if let Some(block) = content.flag("blockChatInput")? {
        shown.insert("blockChatInput".to_owned(), block.into());
    }
    Ok(Value::Object(shown))
}

fn copy(content: &Body, name: &str, shown: &mut Map<String, Value>) {
    if let Some(value) = content.value(name) {
        shown.insert(name.to_owned(), value.clone());
    }
}

/// `text`, `htmlText` or `markdownText`; the latter two become a plain text for channels like this one (spec).
fn words(content: &Body, shown: &mut Map<String, Value>) -> Result<bool> {
    let most = limits::TEXT;
    let (text, html, markdown) =
        (content.text("text", most)?, content.text("htmlText", most)?, content.text("markdownText", most)?);
    if html.is_some() && markdown.is_some() {
        return Err(ApiError::bad("content.htmlText and content.markdownText exclude each other"));
    }
    let plain = match (&text, &html, &markdown) {
        (Some(text), ..) => Some(text.clone()),
        (None, Some(html), _) => Some(fallback::of_html(html)),
        (None, None, Some(markdown)) => Some(fallback::of_markdown(markdown)),
        (None, None, None) => None,
    };
    let is_there = plain.as_ref().is_some_and(|text| !text.trim().is_empty());
    for (name, value) in [("text", plain), ("htmlText", html), ("markdownText", markdown)] {
        if let Some(value) = value {
            shown.insert(name.to_owned(), value.into());
        }
    }
    Ok(is_there)
}

fn text(content: &Body, shown: &mut Map<String, Value>) -> Result<()> {
    let has_text = words(content, shown)?;
    let payload = content.text("payload", limits::TEXT)?;
    let actions = actions(content, ALL_ACTIONS, limits::TEXT)?;
    if !has_text && actions.is_none() {
        return Err(ApiError::required("content", "text"));
    }
    if let Some(actions) = actions {
        shown.insert("actions".to_owned(), actions);
    }
    if let Some(payload) = payload {
        shown.insert("payload".to_owned(), payload.into());
    }
    Ok(())
}

fn media(content: &Body, kind: &str, shown: &mut Map<String, Value>) -> Result<()> {
    let url = content.url("mediaUrl")?.ok_or_else(|| ApiError::required("content", "mediaUrl"))?;
    words(content, shown)?;
    let media_type = match content.text("mediaType", 128)? {
        Some(given) => Some(given),
        None => media_type(&url).map(str::to_owned),
    };
    shown.insert("mediaUrl".to_owned(), url.into());
    if let Some(media_type) = media_type {
        shown.insert("mediaType".to_owned(), media_type.into());
    }
    for name in ["altText", "attachmentId"] {
        if let Some(value) = content.text(name, if name == "altText" { 128 } else { 1024 })? {
            shown.insert(name.to_owned(), value.into());
        }
    }
    if kind == "image"
        && let Some(actions) = actions(content, ALL_ACTIONS, limits::TEXT)?
    {
        shown.insert("actions".to_owned(), actions);
    }
    Ok(())
}

/// The media type that a name's ending stands for.
pub fn media_type(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "ogg" => "video/ogg",
        "avi" => "video/x-msvideo",
        "aac" => "audio/aac",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        _ => return None,
    })
}

const ALL_ACTIONS: &[&str] = &["buy", "link", "locationRequest", "postback", "reply", "webview"];
/// What items and lists take.
const SUBSET: &[&str] = &["buy", "link", "postback", "webview"];

fn actions(content: &Body, known: &[&str], most: usize) -> Result<Option<Value>> {
    let actions = content.objects("actions", 1, most, |action| {
        let kind = action.one_of("type", known)?;
        let kind = kind.ok_or_else(|| ApiError::required(action.path("").trim_end_matches('.'), "type"))?;
        let mut shown = Map::new();
        shown.insert("type".to_owned(), kind.as_str().into());
        shown.insert("text".to_owned(), action.required("text", limits::TEXT)?.into());
        let need_payload = matches!(kind.as_str(), "postback" | "reply");
        let need_uri = matches!(kind.as_str(), "link" | "webview");
        if need_payload {
            shown.insert("payload".to_owned(), action.required("payload", limits::TEXT)?.into());
        }
        if need_uri {
            shown.insert("uri".to_owned(), action.required("uri", limits::URL)?.into());
        }
        if kind == "webview" {
            shown.insert("fallback".to_owned(), action.required("fallback", limits::URL)?.into());
        }
        if kind == "buy" {
            let amount = action.whole("amount", 0, i64::MAX)?;
            let amount =
                amount.ok_or_else(|| ApiError::required(action.path("").trim_end_matches('.'), "amount"))?;
            shown.insert("amount".to_owned(), amount.into());
        }
        if let Some(metadata) = action.metadata("metadata", "Action")? {
            shown.insert("metadata".to_owned(), metadata.into());
        }
        for name in ["currency", "iconUrl", "default", "size", "openOnReceive", "extraChannelOptions"] {
            copy(&action, name, &mut shown);
        }
        Ok(Value::Object(shown))
    })?;
    Ok(actions.map(Value::from))
}

fn items(content: &Body, shown: &mut Map<String, Value>) -> Result<()> {
    let items = content.objects("items", 1, limits::ITEMS, |item| {
        let mut one = Map::new();
        one.insert("title".to_owned(), item.required("title", limits::ITEM_TEXT)?.into());
        for (name, most) in [("description", limits::ITEM_TEXT), ("mediaType", 128), ("altText", 128)] {
            if let Some(value) = item.text(name, most)? {
                one.insert(name.to_owned(), value.into());
            }
        }
        if let Some(url) = item.url("mediaUrl")? {
            one.insert("mediaUrl".to_owned(), url.into());
        }
        if let Some(size) = item.one_of("size", &["compact", "large"])? {
            one.insert("size".to_owned(), size.into());
        }
        let actions = actions(&item, SUBSET, limits::ITEM_ACTIONS)?;
        let actions =
            actions.ok_or_else(|| ApiError::required(item.path("").trim_end_matches('.'), "actions"))?;
        one.insert("actions".to_owned(), actions);
        if let Some(metadata) = item.metadata("metadata", "Item")? {
            one.insert("metadata".to_owned(), metadata.into());
        }
        Ok(Value::Object(one))
    })?;
    let items = items.ok_or_else(|| ApiError::required("content", "items"))?;
    shown.insert("items".to_owned(), items.into());
    Ok(())
}

fn location(content: &Body, shown: &mut Map<String, Value>) -> Result<()> {
    let coordinates =
        content.object("coordinates")?.ok_or_else(|| ApiError::required("content", "coordinates"))?;
    for name in ["lat", "long"] {
        match coordinates.value(name) {
            Some(value) if value.is_number() => {}
            Some(_) => return Err(ApiError::bad(format!("content.coordinates.{name} should be number"))),
            None => return Err(ApiError::required("content.coordinates", name)),
        }
    }
    copy(content, "coordinates", shown);
    if let Some(place) = content.object("location")? {
        place.text("name", limits::TEXT)?;
        place.text("address", limits::TEXT)?;
        copy(content, "location", shown);
    }
    shown.insert("text".to_owned(), fallback::location(shown).into());
    Ok(())
}

fn form(content: &Body, shown: &mut Map<String, Value>) -> Result<()> {
    let fields = content.objects("fields", 1, limits::FIELDS, |field| {
        let kind = field.one_of("type", &["text", "email", "select"])?;
        let kind = kind.ok_or_else(|| ApiError::required(field.path("").trim_end_matches('.'), "type"))?;
        field.required("name", 128)?;
        field.required("label", 128)?;
        if kind == "select" && field.list("options", 1, 20)?.is_none() {
            return Err(ApiError::required(field.path("").trim_end_matches('.'), "options"));
        }
        Ok(())
    })?;
    fields.ok_or_else(|| ApiError::required("content", "fields"))?;
    copy(content, "fields", shown);
    if let Some(text) = content.text("text", limits::TEXT)? {
        shown.insert("text".to_owned(), text.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "the calls read better")]
    fn content(value: Value) -> Result<Value> {
        read(&Body::read(json!({ "content": value }).to_string().as_bytes()).unwrap())
    }

    #[test]
    fn contents_are_kept_with_what_is_added() {
        let text = content(json!({"type": "text", "text": "hi", "actions": null})).unwrap();
        assert_eq!(text, json!({"type": "text", "text": "hi"}));
        let html = content(json!({"type": "text", "htmlText": "<b>a</b><br>b"})).unwrap();
        assert_eq!(html["text"], "a\nb");
        let image = content(json!({"type": "image", "mediaUrl": "https://x.test/a.PNG?b"})).unwrap();
        assert_eq!(image["mediaType"], "image/png");
        let place =
            content(json!({"type": "location", "coordinates": {"lat": 45.5261583, "long": -73.595346}}));
        assert_eq!(
            place.unwrap()["text"],
            "Location shared:\nhttps://maps.google.com/maps?q=45.5261583,-73.595346"
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let title = |value: Value| content(value).unwrap_err().title;
        assert_eq!(title(json!({})), "content should have required property 'type'");
        assert_eq!(title(json!({"type": "text"})), "content should have required property 'text'");
        assert_eq!(
            title(json!({"type": "text", "text": " "})),
            "content should have required property 'text'"
        );
        let long = "x".repeat(4097);
        assert_eq!(
            title(json!({"type": "text", "text": long})),
            "content.text should NOT be longer than 4096 characters"
        );
        assert_eq!(title(json!({"type": "image"})), "content should have required property 'mediaUrl'");
        assert_eq!(
            title(json!({"type": "carousel", "items": []})),
            "content.items should NOT have fewer than 1 items"
        );
        assert_eq!(
            title(json!({"type": "carousel", "items": [{"title": "a"}]})),
            "content.items[0] should have required property 'actions'"
        );
        let reply = json!({"type": "reply", "text": "a", "payload": "b"});
        let items = json!([{"title": "a", "actions": [reply]}]);
        assert!(
            title(json!({"type": "list", "items": items}))
                .starts_with("content.items[0].actions[0].type should be")
        );
        assert_eq!(
            title(json!({"type": "text", "actions": [{"type": "link", "text": "a"}]})),
            "content.actions[0] should have required property 'uri'"
        );
        assert_eq!(title(json!({"type": "formResponse"})), "content.type formResponse cannot be posted");
    }

    #[test]
    fn authors_are_businesses_or_named_users() {
        let author = |value: Value| {
            Author::read(&Body::read(json!({ "author": value }).to_string().as_bytes()).unwrap())
        };
        let bot = author(json!({"type": "business", "subtypes": ["AI"], "displayName": "Bot"})).unwrap();
        assert!(bot.is_business && bot.is_ai);
        assert_eq!(
            author(json!({"type": "user"})).unwrap_err().title,
            "author should have required property 'userId'"
        );
        assert!(author(json!({"type": "business", "subtypes": ["agent"]})).is_err());
        assert!(author(json!({"type": "robot"})).is_err());
    }
}
