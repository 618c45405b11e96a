//! How a person came into a thread in which they have not written since: by an ig.me link or an ad, before the messages of a
//! welcome message flow.

use super::{Content, Message};
use clock::Micros;
use serde::{Deserialize, Serialize};

/// Where a person came from: an ig.me link, or an ad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Referral {
    /// `ref`: what the link or ad was given to carry; empty: nothing.
    pub reference: String,
    /// The link, or `ADS`.
    pub source: String,
    /// The ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad: Option<AdSeen>,
}

/// `source` of a referral by an ad.
const ADS: &str = "ADS";

impl Referral {
    /// By a link.
    pub(crate) fn by_link(reference: &str, link: String) -> Self {
        Self { reference: reference.to_owned(), source: link, ad: None }
    }

    /// By an ad.
    pub(crate) fn by_ad(reference: &str, ad: AdSeen) -> Self {
        Self { reference: reference.to_owned(), source: ADS.to_owned(), ad: Some(ad) }
    }
}

/// What a person saw of an ad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AdSeen {
    /// The ad's id, as text.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The address of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// The address of the picture of its video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_url: Option<String>,
}

/// Messages that the person is shown and that are not in the thread: they come into it with the first thing that the person
/// writes or taps. Nothing tells of them (unconfirmed: no event of them is known).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownFlow {
    /// The app whose flow it is.
    pub app_id: i64,
    /// The messages.
    pub messages: Vec<ShownMessage>,
    /// The app that gets the conversation if an ad began it, and for how many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiving: Option<(i64, u32)>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownMessage {
    /// Its microsecond, which its `mid` holds.
    pub at: i64,
    /// Its text; empty if it has none.
    pub text: String,
    /// What it holds besides.
    pub content: Content,
}

impl ShownFlow {
    /// The messages as they come into the thread.
    pub(crate) fn to_messages(&self) -> impl Iterator<Item = Message> + '_ {
        self.messages.iter().map(|shown| {
            let mut message = Message::by_account(self.app_id, shown.text.as_str(), shown.content.clone());
            message.at = Micros(shown.at);
            message
        })
    }
}
