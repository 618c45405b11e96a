//! Published media (posts, reels, stories, albums, broadcasts), and the containers from which they are published (doc:
//! Content Publishing; IG User Media; IG Container; IG Media).
//!
//! The state of a container is not stored but follows from the world's clock: [`rules::status`]. Files are fetched and
//! looked at while the container is made, so that a test has nothing to wait for but the clock.

mod create;
pub(crate) mod edges;
pub(crate) mod files;
pub(crate) mod node;
pub(crate) mod ops;
pub(crate) mod page;
mod publish;
pub(crate) mod rules;
pub(crate) mod settings;
mod stand_in;
pub(crate) mod store;
pub(crate) mod upload;

#[cfg(test)]
mod tests;

use crate::Platform;
use crate::conversations::{Product, Shared};
use crate::log::feed::Happening;
use clock::Micros;
use graph_api::publish::{Details, Shape};
use std::sync::Arc;
use storage::Tx;

/// A post, reel, story, part of an album, or broadcast.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Media {
    /// The account that published it; of a person, the user's number.
    pub account: i64,
    /// Its id.
    pub id: i64,
    /// The album that it is a part of.
    pub parent: Option<i64>,
    /// What it is.
    pub product: Product,
    /// `media_type`: `IMAGE`, `VIDEO`, `CAROUSEL_ALBUM` or `BROADCAST`.
    pub media_type: String,
    /// Its caption; empty if it has none.
    pub caption: String,
    /// Its picture or video; of an album, that of its first part; 0 if it has none.
    pub asset: i64,
    /// The picture that stands for a video.
    pub thumbnail: Option<i64>,
    /// The link of a story's sticker.
    pub link_sticker_url: Option<String>,
    /// Whether people may comment on it.
    pub comments_enabled: bool,
    /// Alternative text, tagged users and the like.
    pub details: Details,
    /// When it was published.
    pub created_at: Micros,
    /// When a story ends; `None` for what does not.
    pub expires_at: Option<Micros>,
}

/// Tells those who watch what became of a medium, once it is so.
pub(crate) fn tell(tx: &mut Tx<'_>, platform: &Platform, media: &Media, what: &'static str) {
    let (feed, at, cause) = (Arc::clone(&platform.log.feed), tx.now(), tx.cause());
    let (account, media) = (media.account, media.id);
    tx.after_commit(move || feed.push_caused(at, cause, Happening::Media { account, media, what }));
}

/// A picture or video.
pub(crate) const IMAGE: &str = "IMAGE";
/// A video.
pub(crate) const VIDEO: &str = "VIDEO";
/// Several of both.
pub(crate) const ALBUM: &str = "CAROUSEL_ALBUM";
/// A broadcast.
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
        rules::shortcode(self.id)
    }
}

/// What is to be published.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Container {
    /// The account.
    pub account: i64,
    /// Its id.
    pub id: i64,
    /// The app that made it, which alone sees it.
    pub app: i64,
    /// What it is to become.
    pub shape: Shape,
    /// The caption.
    pub caption: String,
    /// Its picture or video, once it is there and good.
    pub asset: Option<i64>,
    /// A reel's cover, or the picture that stands for its video.
    pub thumbnail: Option<i64>,
    /// The instant of the video that its thumbnail shows, in milliseconds.
    pub thumb_offset: i64,
    /// Everything else.
    pub details: Details,
    /// The containers of a carousel, in their order.
    pub children: Vec<i64>,
    /// Its video is uploaded.
    pub is_upload: bool,
    /// When it was made.
    pub created_at: Micros,
    /// When it is processed; `None` while its video is awaited.
    pub ready_at: Option<Micros>,
    /// When it is too old to be published.
    pub expires_at: Micros,
    /// What was published from it, and when.
    pub published: Option<(Micros, i64)>,
    /// The subcode of what went wrong with it.
    pub error: Option<u32>,
    /// The same in words, for the developer.
    pub reason: String,
}
