//! `message.attachments` of an event (reference of the webhooks, section 5.3).

use crate::send::Element;
use serde::Serialize;
use std::borrow::Cow;

/// One attachment: `{"type", "payload"}`; some types have no payload at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment<'a> {
    /// Its type, such as `image` or `ig_post`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Payload<'a>>,
}

/// What an attachment carries. Keys come in the captured order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Payload<'a> {
    /// `image`, `video`, `audio`, `file`, `story_mention`: where the bytes are. Cap.
    Url {
        /// A signed address that expires.
        url: Cow<'a, str>,
    },
    /// `ig_post`: a shared post (doc, since 2025-11-03).
    Post {
        /// The post's media id.
        ig_post_media_id: String,
        /// Its caption.
        title: &'a str,
        /// Where its picture or video is.
        url: Cow<'a, str>,
    },
    /// `ig_reel`: a shared reel (cap).
    Reel {
        /// The reel's media id.
        reel_video_id: String,
        /// Its caption.
        title: &'a str,
        /// Where it is.
        url: Cow<'a, str>,
    },
    /// `ig_story`: a forwarded story (the names of the keys are unconfirmed).
    Story {
        /// Where its picture or video is.
        url: Cow<'a, str>,
        /// The story's media id.
        story_media_id: String,
        /// The same address.
        story_media_url: Cow<'a, str>,
    },
    /// `template`, as an echo shows it: not the shape that was sent (cap; what elements hold is unconfirmed).
    Template {
        /// The cards.
        generic: Elements<'a>,
    },
}

/// `{"elements": […]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Elements<'a> {
    elements: Cow<'a, [Element]>,
}

impl<'a> Attachment<'a> {
    /// One with an address.
    pub fn url(kind: &'static str, url: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, payload: Some(Payload::Url { url: url.into() }) }
    }

    /// One without a payload.
    pub const fn bare(kind: &'static str) -> Self {
        Self { kind, payload: None }
    }

    /// A template's cards.
    pub fn template(elements: impl Into<Cow<'a, [Element]>>) -> Self {
        let generic = Elements { elements: elements.into() };
        Self { kind: "template", payload: Some(Payload::Template { generic }) }
    }
}
