//! Assets: the files of messages and uploaded attachments. Their bytes are blobs, their rows say what they are and whose.
//!
//! A file comes in two steps, since nothing is fetched or written to a disk inside a unit of work:
//!
//! 1. [`fetch`] (from a URL) or [`uploaded`] (a part of the request) puts the bytes into a blob and checks type and
//!    size: a [`NewAsset`]. If nothing becomes of it, dropping it removes the blob.
//! 2. [`store::add`], in the unit of work that stores the message, writes the row. From its commit on, the blob stays.
//!
//! A file is had by a URL that is signed and expires: [`url`] makes them, [`serve`] answers them.

mod files;
mod intake;
mod room;
pub(crate) mod serve;
pub(crate) mod sticker;
pub(crate) mod store;
pub(crate) mod url;

#[cfg(test)]
pub(crate) mod tests;

use clock::Micros;
pub(crate) use files::{Files, Held};
use graph_api::media::{AttachmentKind, ImageSize, MediaFormat};
pub(crate) use intake::{Upload, Wanted, Writing, bring, fetch, uploaded};
use std::sync::Arc;
pub(crate) use url::Links;

/// Whose an asset is: ids of attachments belong to the account and the app (doc: Attachment Upload).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The account's id: also for what a person sends to it. Of a person's picture, the user's number.
    pub account: i64,
    /// The app; 0: a person, or the owner in the Instagram app.
    pub app: i64,
}

/// What an asset is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A message shows it: kept as long as the message.
    Message,
    /// A post, reel or story shows it.
    Media,
    /// A welcome message flow shows it: kept as long as the flow.
    Flow,
    /// A person's picture.
    Picture,
    /// Uploaded for one send (no `is_reusable`): gone once it has been sent.
    OneSend,
    /// Uploaded with `is_reusable`.
    Reuse,
    /// A part of a video that is uploaded in several goes: kept until all of it is there.
    Part,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Media => "media",
            Self::Flow => "flow",
            Self::Picture => "picture",
            Self::OneSend => "one send",
            Self::Reuse => "reuse",
            Self::Part => "part",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Message, Self::Media, Self::Flow, Self::Picture, Self::OneSend, Self::Reuse, Self::Part]
            .into_iter()
            .find(|purpose| purpose.name() == name)
    }
}

/// A stored asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    /// The account's id.
    pub account: i64,
    /// Its own id: the `asset_id` of URLs, and the `attachment_id` of an uploaded one.
    pub id: i64,
    /// The app that sent or uploaded it; 0: none.
    pub app: i64,
    /// What it is kept for.
    pub purpose: Purpose,
    /// As what it was sent.
    pub kind: AttachmentKind,
    /// Its type, by its bytes.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// The size of the picture, where it is known.
    pub image: Option<ImageSize>,
    /// The name of the file, as uploaded or as in the URL; may be empty.
    pub file_name: String,
    /// The blob.
    pub(crate) blob_key: String,
    /// When it was stored.
    pub created_at: Micros,
}

/// A file whose bytes are on disk and have been found good for `kind`, and which no row names yet. Clones are the same
/// file. When the last one is dropped before [`store::add`] was committed, the bytes are removed.
#[derive(Clone)]
pub(crate) struct NewAsset {
    pub(crate) kind: AttachmentKind,
    format: MediaFormat,
    image: Option<ImageSize>,
    file_name: String,
    held: Arc<Held>,
}
