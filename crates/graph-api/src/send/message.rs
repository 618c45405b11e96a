//! `message`: its kinds and their limits.

use super::{MediaAttachment, Source, Template};
use crate::media::AttachmentKind;
use crate::object::{Object, length};
use crate::{ErrorName, GraphError, Result, limits};
use serde::{Deserialize, Serialize};

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text or link, perhaps with answers to tap.
    Text {
        /// The text.
        text: String,
        /// Answers to tap; empty: none.
        quick_replies: Vec<QuickReply>,
    },
    /// Media: one of any kind, or several images.
    Media(Vec<MediaAttachment>),
    /// The heart, the only sticker.
    LikeHeart,
    /// A post of the account's own, by its media id.
    Post(String),
    /// A template.
    Template(Template),
}

/// An answer to tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// `content_type`.
    pub content_type: QuickReplyKind,
    /// What stands on it: at most 20 characters, longer ones are cut (doc). None for a phone number or e-mail address,
    /// which the app fills in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the event of the tap carries, up to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// The kinds of quick replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuickReplyKind {
    /// A text of one's own.
    Text,
    /// The person's phone number.
    UserPhoneNumber,
    /// The person's e-mail address.
    UserEmail,
}

const QUICK_REPLY_KINDS: &[(&str, QuickReplyKind)] = &[
    ("text", QuickReplyKind::Text),
    ("user_phone_number", QuickReplyKind::UserPhoneNumber),
    ("user_email", QuickReplyKind::UserEmail),
];

/// The types of the Page reference that Instagram does not send.
const OTHER_TYPES: &[&str] = &["location", "fallback", "reel", "ig_reel", "post", "ig_post", "sticker"];

impl Message {
    /// Reads a message that is sent.
    pub(super) fn read(object: &Object<'_>) -> Result<Self> {
        Self::read_with(object, |title| title.chars().take(limits::QUICK_REPLY_TITLE).collect())
    }

    /// Reads a message; `cut` shortens the titles of quick replies.
    pub(crate) fn read_with(object: &Object<'_>, cut: fn(&str) -> String) -> Result<Self> {
        object.only(&[
            "text",
            "attachment",
            "attachments",
            "quick_replies",
            "metadata",
            "is_reusable",
            "filedata",
        ])?;
        let text = object.text("text")?;
        let quick_replies = object.list("quick_replies", |object| quick_reply(object, cut))?;
        let attachment = match object.object("attachment")? {
            Some((path, members)) => Some(Self::attachment(&Object::new(path, &members))?),
            None => object.list("attachments", image)?.map(Self::Media),
        };
        match (text, attachment) {
            (Some(text), None) => {
                Ok(Self::Text { text: text.into_owned(), quick_replies: quick_replies.unwrap_or_default() })
            }
            // Quick replies go with plain text only (doc: Quick Replies).
            (None, Some(_)) if quick_replies.is_some() => Err(GraphError::new(ErrorName::MessageInvalid)),
            (None, Some(attachment)) => Ok(attachment),
            (Some(_), Some(_)) => Err(GraphError::new(ErrorName::MessageInvalid)),
            (None, None) => Err(GraphError::required("message[text]")),
        }
    }

    fn attachment(object: &Object<'_>) -> Result<Self> {
        let kind = object.required("type")?.to_ascii_lowercase();
        if let Some(kind) = AttachmentKind::parse(&kind) {
            return Ok(Self::Media(vec![MediaAttachment::read(object, Some(kind))?]));
        }
        match kind.as_str() {
            "like_heart" => Ok(Self::LikeHeart),
            "template" => {
                let (path, payload) =
                    object.object("payload")?.ok_or_else(|| GraphError::required(&object.path("payload")))?;
                Ok(Self::Template(Template::read(&Object::new(path, &payload))?))
            }
            "media_share" => {
                let (path, payload) =
                    object.object("payload")?.ok_or_else(|| GraphError::required(&object.path("payload")))?;
                let payload = Object::new(path, &payload);
                match payload.text("id")? {
                    Some(id) => Ok(Self::Post(id.into_owned())),
                    // The upload page sends stored media this way.
                    None if payload.raw("attachment_id").is_some() => {
                        Ok(Self::Media(vec![MediaAttachment::read(object, None)?]))
                    }
                    None => Err(GraphError::required(&payload.path("id"))),
                }
            }
            other if OTHER_TYPES.contains(&other) => Err(GraphError::new(ErrorName::MessageInvalid)),
            _ => Err(GraphError::with(
                ErrorName::ParameterNotOneOf,
                [&object.path("type"), "image, video, audio, file, template, like_heart, MEDIA_SHARE", &kind],
            )),
        }
    }

    /// The limits of the content: blank text (2534052), 2000 characters (100), 1000 bytes (2534015), and the counts and
    /// lengths of everything else.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Text { text, quick_replies } => {
                check_text(text)?;
                check_quick_replies(quick_replies)
            }
            Self::Media(attachments) => {
                let images = attachments.len();
                if images > limits::IMAGES {
                    return Err(GraphError::with(ErrorName::TooManyElements, ["message[attachments]"]));
                }
                // One part of the request holds one file.
                let uploads = attachments.iter().filter(|a| a.source == Source::Upload).count();
                if images > 1 && uploads > 0 {
                    return Err(GraphError::required("message[attachments][0][payload][url]"));
                }
                Ok(())
            }
            Self::LikeHeart | Self::Post(_) => Ok(()),
            Self::Template(template) => template.check(),
        }
    }
}

/// One of `attachments`, which are images only (doc: Send Messages, several images).
fn image(object: &Object<'_>) -> Result<MediaAttachment> {
    let kind = object.required("type")?;
    match AttachmentKind::parse(&kind) {
        Some(AttachmentKind::Image) => MediaAttachment::read(object, Some(AttachmentKind::Image)),
        _ => Err(GraphError::new(ErrorName::MessageInvalid)),
    }
}

fn quick_reply(object: &Object<'_>, cut: fn(&str) -> String) -> Result<QuickReply> {
    let kind = object.required("content_type")?;
    let Some((_, kind)) = QUICK_REPLY_KINDS.iter().find(|(name, _)| kind.eq_ignore_ascii_case(name)) else {
        return Err(GraphError::with(
            ErrorName::ParameterNotOneOf,
            [&object.path("content_type"), "text, user_phone_number, user_email", &kind],
        ));
    };
    // `image_url` is not shown on Instagram and so not kept.
    match kind {
        QuickReplyKind::Text => {
            let title = cut(&object.required("title")?);
            let payload = Some(object.required("payload")?.into_owned());
            Ok(QuickReply { content_type: *kind, title: Some(title), payload })
        }
        kind => Ok(QuickReply { content_type: *kind, title: None, payload: None }),
    }
}

fn check_quick_replies(quick_replies: &[QuickReply]) -> Result<()> {
    if quick_replies.len() > limits::QUICK_REPLIES {
        return Err(GraphError::with(ErrorName::TooManyElements, ["message[quick_replies]"]));
    }
    for (at, reply) in quick_replies.iter().enumerate() {
        let path = |key: &str| format!("message[quick_replies][{at}][{key}]");
        if reply.title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(GraphError::with(ErrorName::ParameterEmpty, [&path("title")]));
        }
        if let Some(payload) = &reply.payload {
            length(payload, limits::PAYLOAD, &path("payload"))?;
        }
    }
    Ok(())
}

fn check_text(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(GraphError::new(ErrorName::TextEmpty));
    }
    length(text, limits::TEXT_PARAM_CHARS, "message[text]")?;
    if text.len() > limits::TEXT_BYTES {
        return Err(GraphError::new(ErrorName::MessageInvalid));
    }
    Ok(())
}
