//! Published media: posts, reels and stories. This version holds what the demo world and the sim need; publishing itself
//! comes later.

pub(crate) mod ops;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use crate::conversations::{Product, Shared};
use clock::Micros;

/// A post, reel or story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    /// The account that published it; of a person, the user's number.
    pub account: i64,
    /// Its id.
    pub id: i64,
    /// What it is.
    pub product: Product,
    /// `media_type`: `IMAGE`, `VIDEO` or `BROADCAST`.
    pub media_type: String,
    /// Its caption; empty if it has none.
    pub caption: String,
    /// Its picture or video; 0 if it has none.
    pub asset: i64,
    /// The link of a story's sticker.
    pub link_sticker_url: Option<String>,
    /// Whether people may comment on it.
    pub comments_enabled: bool,
    /// When it was published.
    pub created_at: Micros,
    /// When a story ends; `None` for what does not.
    pub expires_at: Option<Micros>,
}

/// `media_type` of a picture.
pub(crate) const IMAGE: &str = "IMAGE";
/// `media_type` of a broadcast.
pub(crate) const BROADCAST: &str = "BROADCAST";

impl Media {
    /// What a message keeps of it.
    pub(crate) fn shared(&self) -> Shared {
        Shared {
            id: self.id,
            product: self.product,
            title: self.caption.clone(),
            asset: self.asset,
            ends_at: self.expires_at,
        }
    }

    /// Whether it can be seen now.
    pub(crate) fn is_live(&self, now: Micros) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// The last part of its permalink: its id in letters, as the real ones are (mem: base 64 of the id).
    pub(crate) fn shortcode(&self) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut rest = self.id.unsigned_abs();
        let mut letters = Vec::new();
        while rest > 0 {
            letters.push(char::from(LETTERS[(rest % 64) as usize]));
            rest /= 64;
        }
        letters.iter().rev().collect()
    }
}
