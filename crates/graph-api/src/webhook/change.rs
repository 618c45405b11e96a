//! One element of `entry[].changes[]`, as the sender of changes sends it (reference of the webhooks, 5.16 and 5.17).

use crate::spaced_json;
use serde::Serialize;

/// One change: `value`, then `field` (cap: a published delivery; tests of the dashboard have them the other way round).
#[derive(Clone, Debug, Serialize)]
pub struct Change<V> {
    /// What happened.
    pub value: V,
    /// The subscription field.
    pub field: &'static str,
}

impl<V: Serialize> Change<V> {
    /// The change's text as it is stored and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        spaced_json::to_vec(self)
    }
}

/// `value` of `comments` and `live_comments`. Key order: cap for all but `parent_id`, whose place is that of the
/// documented sample.
#[derive(Clone, Debug, Serialize)]
pub struct CommentChange<'a> {
    /// Who wrote it.
    pub from: CommentAuthor<'a>,
    /// Under what.
    pub media: CommentedMedia,
    /// Its id.
    pub id: String,
    /// The comment that it replies to, always one at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// Its text.
    pub text: &'a str,
}

/// `from` of a comment.
#[derive(Clone, Debug, Serialize)]
pub struct CommentAuthor<'a> {
    /// The id by which the account knows the person; its own id if it wrote the comment itself.
    pub id: String,
    /// The username.
    pub username: &'a str,
    /// There if the account wrote the comment itself: the id by which it knows itself (doc: Self Messaging).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_ig_scoped_id: Option<String>,
}

/// `media` of a comment.
#[derive(Clone, Debug, Serialize)]
pub struct CommentedMedia {
    /// Its id.
    pub id: String,
    /// `FEED`, `REELS`, `STORY` or `LIVE`; `AD` for a comment on an ad.
    pub media_product_type: &'static str,
    /// There for a comment on an ad (doc: changelog; where the three stand is unconfirmed).
    #[serde(flatten)]
    pub ad: Option<CommentedAd>,
}

/// The ad that a comment was written on.
#[derive(Clone, Debug, Serialize)]
pub struct CommentedAd {
    /// Its id.
    #[serde(rename = "ad_id")]
    pub id: String,
    /// Its title.
    #[serde(rename = "ad_title")]
    pub title: String,
    /// The post that it shows.
    pub original_media_id: String,
}

/// `value` of `mentions`: no text and no user (doc: Webhooks reference, Instagram).
#[derive(Clone, Debug, Serialize)]
pub struct MentionChange {
    /// The comment, if the mention stands in one and not in a caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<String>,
    /// The post, or the post under which the comment stands.
    pub media_id: String,
}
