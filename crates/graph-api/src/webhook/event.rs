//! One element of `entry[].messaging[]` (reference of the webhooks, section 5).

use super::Attachment;
use crate::php_json;
use crate::send::Reaction;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// One event. Ids are strings, `timestamp` is a number of milliseconds, keys come in this order, and what does not apply
/// is absent, never null or false.
#[derive(Clone, Debug, Serialize)]
pub struct MessagingEvent<'a> {
    /// Who acted: the person (IGSID) or, in an echo, the account. Roles of apps have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Party>,
    /// The other one.
    pub recipient: Party,
    /// When the person or the account acted, in milliseconds.
    pub timestamp: i64,
    /// Beside a postback of the account to itself (doc: Self Messaging).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_self: bool,
    /// What happened: the one further key.
    #[serde(flatten)]
    pub kind: EventKind<'a>,
}

/// What happened. There is no type field: the key that is there tells.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind<'a> {
    /// A message, its echo, or its end.
    Message(MessagePart<'a>),
    /// A text was changed.
    MessageEdit(MessageEdit<'a>),
    /// A person reacted, or took that back.
    Reaction(ReactionPart<'a>),
    /// A tap on an ice breaker, a menu's entry or a template's button.
    Postback(Postback<'a>),
    /// The person has seen everything up to a message.
    Read(Read<'a>),
    /// An ig.me link was opened in a thread that exists.
    Referral(Referral<'a>),
    /// Control of the conversation was passed to the app that hears it.
    PassThreadControl(ControlMoved<'a>),
    /// Control was taken from the app that hears it.
    TakeThreadControl(ControlMoved<'a>),
    /// Another app asks for the control that the app which hears it has.
    RequestThreadControl(ControlRequested<'a>),
    /// The roles that an app has from now on, by its id: `primary_receiver`, `secondary_receiver`, or none.
    AppRoles(BTreeMap<String, Vec<&'static str>>),
}

/// `pass_thread_control`, `take_thread_control` (doc: Conversation Control APIs; Webhooks, messaging_handovers).
#[derive(Clone, Debug, Serialize)]
pub struct ControlMoved<'a> {
    /// The app that had the conversation; null: none had (reference of the webhooks, 5.14).
    pub previous_owner_app_id: Option<String>,
    /// The app that has it now.
    pub new_owner_app_id: String,
    /// What the app that did it has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<&'a str>,
}

/// `request_thread_control` (doc: Conversation Control APIs).
#[derive(Clone, Debug, Serialize)]
pub struct ControlRequested<'a> {
    /// The app that asks.
    pub requested_owner_app_id: String,
    /// What it has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<&'a str>,
}

/// `{"id": "…"}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Party {
    #[serde(serialize_with = "as_text")]
    id: i64,
}

impl Party {
    /// The party with that id.
    pub const fn new(id: i64) -> Self {
        Self { id }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn as_text<S: Serializer>(id: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// `message`. Key order: `mid`, the content, the flags (cap: an echo of a reel).
#[derive(Clone, Debug, Default, Serialize)]
pub struct MessagePart<'a> {
    /// Its id; an unsend repeats that of the message.
    pub mid: &'a str,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// There if the person tapped a quick reply; the text is its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_reply: Option<QuickReplyPart<'a>>,
    /// What it carries.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub attachments: &'a [Attachment<'a>],
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo<'a>>,
    /// Where the person came from: an ad, a product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral<'a>>,
    /// There and true if the account wrote it, over the API or in the Instagram app.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_echo: bool,
    /// There and true if the account wrote to itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_self: bool,
    /// There and true if the person took the message back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_deleted: bool,
    /// There and true if the API has no form for the content.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_unsupported: bool,
}

/// `message.quick_reply`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct QuickReplyPart<'a> {
    /// What the app gave the quick reply to carry.
    pub payload: &'a str,
}

/// `message.reply_to`.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ReplyTo<'a> {
    /// A message of the thread.
    Message {
        /// Its id.
        mid: &'a str,
        /// There and true if the person answers a message of their own (that `false` is left out is unconfirmed).
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_self_reply: bool,
    },
    /// A story of the account.
    Story {
        /// The story.
        story: StoryPart<'a>,
    },
}

/// `reply_to.story`.
#[derive(Clone, Debug, Serialize)]
pub struct StoryPart<'a> {
    /// Where its picture or video is.
    pub url: &'a str,
    /// Its media id.
    pub id: String,
    /// The link of its sticker, if it has one (doc: since 2025-12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_sticker_url: Option<&'a str>,
}

/// `message_edit`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MessageEdit<'a> {
    /// The message's id.
    pub mid: &'a str,
    /// Its text now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// How often it was changed. Cap: a number, though the page shows a string.
    pub num_edit: u32,
}

/// `reaction`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReactionPart<'a> {
    /// The message's id.
    pub mid: &'a str,
    /// `react` or `unreact`.
    pub action: &'static str,
    /// The reaction's name; `other` for one without. Not there for `unreact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaction: Option<&'static str>,
    /// The reaction itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<&'a str>,
}

impl<'a> ReactionPart<'a> {
    /// `react` with that reaction, or `unreact`.
    pub fn new(mid: &'a str, reaction: Option<&'a Reaction>) -> Self {
        Self {
            mid,
            action: if reaction.is_some() { "react" } else { "unreact" },
            reaction: reaction.map(Reaction::name),
            emoji: reaction.map(Reaction::emoji),
        }
    }
}

/// `postback`.
#[derive(Clone, Debug, Serialize)]
pub struct Postback<'a> {
    /// The tap's own id. Stands here and not in a `message`.
    pub mid: &'a str,
    /// What stands on the button.
    pub title: &'a str,
    /// What the app gave it to carry; an app on standby is not told what another gave (doc: Messenger, standby).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<&'a str>,
    /// Where the person came from, if the tap opened the thread from a link or ad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral<'a>>,
}

/// `read`: there is no watermark.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Read<'a> {
    /// The newest message that was seen.
    pub mid: &'a str,
}

/// `referral`, of an event or inside a message or postback (doc: Referrals).
#[derive(Clone, Debug, Serialize)]
pub struct Referral<'a> {
    /// What the link or ad was given to carry; an ad may carry nothing.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'a str>,
    /// The ad's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_id: Option<&'a str>,
    /// The link itself, or `ADS`. That a link stands here in full is unconfirmed.
    pub source: &'a str,
    /// `OPEN_THREAD`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What the person saw of the ad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ads_context_data: Option<AdsContext<'a>>,
}

/// `ads_context_data`.
#[derive(Clone, Debug, Serialize)]
pub struct AdsContext<'a> {
    /// The ad's title.
    pub ad_title: &'a str,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<&'a str>,
    /// Its video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_url: Option<&'a str>,
}

impl MessagingEvent<'_> {
    /// The event's text as it is stored and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        php_json::to_vec(self)
    }

    /// The subscription field that it comes under.
    pub const fn field(&self) -> &'static str {
        match self.kind {
            EventKind::Message(_) => "messages",
            EventKind::MessageEdit(_) => "message_edit",
            EventKind::Reaction(_) => "message_reactions",
            EventKind::Postback(_) => "messaging_postbacks",
            EventKind::Read(_) => "messaging_seen",
            EventKind::Referral(_) => "messaging_referral",
            EventKind::PassThreadControl(_)
            | EventKind::TakeThreadControl(_)
            | EventKind::RequestThreadControl(_)
            | EventKind::AppRoles(_) => "messaging_handover",
        }
    }
}
