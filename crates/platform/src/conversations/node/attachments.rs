//! `attachments`, `shares` and `story` of a message (reference, section 6.3).

use super::{Loaded, LoadedMessage};
use crate::assets::{self, Asset};
use crate::conversations::{Attachment, Product, Shared};
use crate::graph::Call;
use crate::graph::node::{choose, choose_known};
use graph_api::Result;
use graph_api::fields::Field;
use graph_api::media::AttachmentKind;
use graph_api::send::{Button, DefaultAction, Element, Template};
use serde_json::{Value, json};

/// What an attachment has; which of it, depends on what it is.
const ATTACHMENT: (&str, &[&str]) = (
    "MessageAttachment",
    &["id", "mime_type", "name", "size", "file_url", "image_data", "video_data", "generic_template"],
);
/// What is shared.
const SHARE: (&str, &[&str]) = ("MessageShare", &["id", "link", "name", "description", "template"]);

/// `{"data":[…]}` of files and templates; none if there are none.
pub(super) fn attachments(
    call: &Call<'_>,
    entry: &LoadedMessage,
    asked: Option<&[Field]>,
) -> Result<Option<Value>> {
    choose_known(ATTACHMENT, &Value::Null, asked)?;
    let mut data = Vec::new();
    for attachment in entry.message.attachments() {
        match attachment {
            Attachment::Media { asset, .. } => data.extend(entry.file(*asset).map(|asset| file(call, asset))),
            Attachment::Template(Template::Generic { elements }) => data.extend(elements.iter().map(card)),
            Attachment::Template(Template::Button { text, buttons }) => {
                data.push(json!({ "generic_template": { "title": text, "cta": cta(buttons.first()) } }));
            }
            Attachment::Template(Template::Product { .. })
            | Attachment::LikeHeart
            | Attachment::Share(_)
            | Attachment::StoryMention(_)
            | Attachment::Ephemeral => {}
        }
    }
    let data: Vec<Value> = data.iter().map(|attachment| choose(attachment, asked)).collect();
    Ok((!data.is_empty()).then(|| json!({ "data": data })))
}

/// A file. That sound and documents come as `file_url` is unconfirmed.
fn file(call: &Call<'_>, asset: &Asset) -> Value {
    let url = assets::url::for_caller(call, asset.account, asset.id, None);
    let mut shown = json!({
        "id": asset.id.to_string(),
        "mime_type": asset.mime,
        "name": asset.file_name,
        "size": asset.size,
    });
    let size = asset.image.map(|image| (image.width, image.height));
    match asset.kind {
        AttachmentKind::Image => {
            let (width, height) = size.unwrap_or_default();
            shown["image_data"] = json!({
                "width": width, "height": height, "max_width": width, "max_height": height,
                "url": url, "preview_url": url,
            });
        }
        AttachmentKind::Video => {
            let (width, height) = size.unwrap_or_default();
            shown["video_data"] = json!({ "width": width, "height": height, "url": url, "preview_url": url });
        }
        AttachmentKind::Audio | AttachmentKind::File => shown["file_url"] = url.into(),
    }
    shown
}

fn card(element: &Element) -> Value {
    let mut template = json!({ "title": element.title });
    if let Some(subtitle) = &element.subtitle {
        template["subtitle"] = subtitle.as_str().into();
    }
    if let Some(url) = &element.image_url {
        template["media_url"] = url.as_str().into();
    }
    let cta = match (element.buttons.first(), &element.default_action) {
        (None, Some(DefaultAction::WebUrl { url })) => json!({ "type": "web_url", "url": url }),
        (button, _) => cta(button),
    };
    template["cta"] = cta;
    json!({ "generic_template": template })
}

fn cta(button: Option<&Button>) -> Value {
    match button {
        None => json!({}),
        Some(Button::WebUrl { url, title }) => json!({ "title": title, "type": "web_url", "url": url }),
        Some(Button::Postback { title, .. }) => json!({ "title": title, "type": "postback" }),
    }
}

/// Posts and reels: no more than the address of their picture or video, and only if its field is asked for (doc).
pub(super) fn shares(
    call: &Call<'_>,
    loaded: &Loaded,
    entry: &LoadedMessage,
    asked: Option<&[Field]>,
) -> Result<Option<Value>> {
    let Some(asked) = asked else { return Ok(None) };
    choose_known(SHARE, &Value::Null, Some(asked))?;
    let shared = entry.message.attachments().iter().filter_map(|attachment| match attachment {
        Attachment::Share(shared) if shared.product != Product::Story => Some(shared),
        _ => None,
    });
    let data: Vec<Value> =
        shared.map(|shared| choose(&json!({ "link": link(call, loaded, shared) }), Some(asked))).collect();
    Ok((!data.is_empty()).then(|| json!({ "data": data })))
}

/// `{"mention": {"link","id"}}` or `{"reply_to": {"link","id"}}`. The link goes with the story.
pub(super) fn story(call: &Call<'_>, loaded: &Loaded, entry: &LoadedMessage) -> Option<Value> {
    let now = call.platform.clock.now();
    let shown = |story: &Shared| match story.ends_at.is_none_or(|end| now < end) {
        true => json!({ "link": link(call, loaded, story), "id": story.id.to_string() }),
        false => json!({ "id": story.id.to_string() }),
    };
    let mention = entry.message.attachments().iter().find_map(|attachment| match attachment {
        Attachment::StoryMention(story) => Some(story),
        _ => None,
    });
    match (mention, entry.story_reply()) {
        (Some(story), _) => Some(json!({ "mention": shown(story) })),
        (None, Some(story)) => Some(json!({ "reply_to": shown(story) })),
        (None, None) => None,
    }
}

fn link(call: &Call<'_>, loaded: &Loaded, shared: &Shared) -> String {
    assets::url::for_caller(call, loaded.conversation.key.account, shared.asset, shared.ends_at)
}
