//! A stored message and what it holds.

use super::Referral;
use clock::Micros;
use graph_api::media::AttachmentKind;
use graph_api::send::{QuickReply, Reaction, Template};
use serde::{Deserialize, Serialize};

/// A stored message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its microsecond, which its `mid` holds.
    pub at: Micros,
    /// Written by the account (over the API or in the app) and not by the person.
    pub from_account: bool,
    /// The app that sent it; 0: written in the Instagram app.
    pub app_id: i64,
    /// Its text; empty if it has none.
    pub text: String,
    /// What it holds besides the text.
    pub content: Option<Box<Content>>,
    /// How the person reacted to it.
    pub person_reaction: Option<Reaction>,
    /// How the account reacted to it.
    pub account_reaction: Option<Reaction>,
    /// How often its text was changed.
    pub edits: u32,
    /// Taken back: text and content are gone.
    pub is_deleted: bool,
}

impl Message {
    /// A text by the person.
    pub(crate) fn by_person(text: impl Into<String>, content: Content) -> Self {
        Self::new(false, 0, text.into(), content)
    }

    /// A message by the account, sent by an app; 0: written in the Instagram app.
    pub(crate) fn by_account(app_id: i64, text: impl Into<String>, content: Content) -> Self {
        Self::new(true, app_id, text.into(), content)
    }

    fn new(from_account: bool, app_id: i64, text: String, content: Content) -> Self {
        Self {
            at: Micros(0),
            from_account,
            app_id,
            text,
            content: (content != Content::default()).then(|| Box::new(content)),
            person_reaction: None,
            account_reaction: None,
            edits: 0,
            is_deleted: false,
        }
    }

    /// What it carries.
    pub(crate) fn attachments(&self) -> &[Attachment] {
        self.content.as_ref().map_or(&[], |content| &content.attachments)
    }

    /// The quick replies under it.
    pub(crate) fn quick_replies(&self) -> &[QuickReply] {
        self.content.as_ref().map_or(&[], |content| &content.quick_replies)
    }
}

/// What a message holds besides its text. Stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Content {
    /// What it carries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The answers that it offers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<QuickReply>,
    /// The payload of the quick reply that the person tapped to write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_reply: Option<String>,
    /// The payload of the button that the person tapped: this is a postback, and the text is its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postback: Option<String>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The link or ad that the person came by, with the first thing written after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The comment that it answers privately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Commented>,
    /// The API has no form for what the person sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unsupported: bool,
}

impl Content {
    /// Whether the person came by an ad to write it.
    pub(crate) fn is_by_ad(&self) -> bool {
        self.referral.as_ref().is_some_and(|referral| referral.ad.is_some())
    }
}

/// The comment that a message answers privately, with the post that the app links to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Commented {
    /// The comment.
    pub id: i64,
    /// Its text.
    pub text: String,
    /// The post's media id.
    pub media: i64,
}

/// One attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Attachment {
    /// A picture, sound, video or document.
    Media {
        /// Its kind.
        kind: AttachmentKind,
        /// Its bytes.
        asset: i64,
    },
    /// The heart.
    LikeHeart,
    /// A post, reel or story that was sent on.
    Share(Shared),
    /// A story in which the person mentions the account.
    StoryMention(Shared),
    /// A template.
    Template(Template),
    /// A picture or video that disappears.
    Ephemeral,
}

impl Attachment {
    /// The kind as the sim names it.
    pub(crate) const fn kind_name(&self) -> &'static str {
        match self {
            Self::Media { kind, .. } => kind.name(),
            Self::LikeHeart => "like_heart",
            Self::Share(_) => "share",
            Self::StoryMention(_) => "story_mention",
            Self::Template(_) => "template",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// What of a post, reel or story a message keeps, so that it can be shown without looking it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shared {
    /// Its media id.
    pub id: i64,
    /// What it is.
    pub product: Product,
    /// Its caption.
    pub title: String,
    /// Its picture or video.
    pub asset: i64,
    /// When it ends, if it is a story: its links die with it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "instant")]
    pub ends_at: Option<Micros>,
}

/// An instant as a number of microseconds.
mod instant {
    use clock::Micros;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(at: &Option<Micros>, serializer: S) -> Result<S::Ok, S::Error> {
        at.map(|at| at.0).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Micros>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(Micros))
    }
}

/// `media_product_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Product {
    /// A post.
    Feed,
    /// A reel.
    Reels,
    /// A story.
    Story,
    /// A broadcast, while it lasts.
    Live,
}

impl Product {
    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Feed => "FEED",
            Self::Reels => "REELS",
            Self::Story => "STORY",
            Self::Live => "LIVE",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Feed, Self::Reels, Self::Story, Self::Live].into_iter().find(|product| product.name() == name)
    }
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum ReplyTo {
    /// A message of the thread.
    Message {
        /// Its microsecond.
        at: i64,
        /// Written by the same side.
        is_self_reply: bool,
    },
    /// A story.
    Story {
        /// The story.
        story: Shared,
        /// The link of its sticker.
        link_sticker_url: Option<String>,
    },
}
