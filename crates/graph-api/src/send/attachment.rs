//! Media attachments of a message (doc: Send Messages, media; Attachment Upload).

use super::read::Object;
use crate::{GraphError, Result};
use serde::{Deserialize, Serialize};

/// The kinds of media that a message can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// A video.
    Video,
    /// A document.
    File,
}

impl MediaKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::Image, Self::Audio, Self::Video, Self::File];

    /// The word for it in requests and events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::File => "file",
        }
    }

    /// The kind with that name, in any case: the Page reference lists the names in capitals.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// Where the bytes of an attachment come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// They are fetched.
    Url(String),
    /// They were uploaded before and have this id.
    Stored(String),
    /// They are in the request itself, as its part `filedata`.
    Upload,
}

/// One attachment of media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaAttachment {
    /// Its kind; `None` where the request leaves it to the stored asset (`MEDIA_SHARE` with an `attachment_id`).
    pub kind: Option<MediaKind>,
    /// Where it comes from.
    pub source: Source,
    /// Whether it is to be kept for further messages. Stands inside `payload` or beside it (doc: both are shown).
    pub is_reusable: bool,
}

impl MediaAttachment {
    /// Reads one with a known type. `attachment` is the object that holds `type` and `payload`.
    pub(super) fn read(attachment: &Object<'_>, kind: Option<MediaKind>) -> Result<Self> {
        let beside = attachment.flag("is_reusable")?;
        let Some((path, payload)) = attachment.object("payload")? else {
            return Ok(Self { kind, source: Source::Upload, is_reusable: beside.unwrap_or_default() });
        };
        let payload = Object::new(path, &payload);
        let is_reusable = payload.flag("is_reusable")?.or(beside).unwrap_or_default();
        let source = match (payload.text("url")?, payload.text("attachment_id")?) {
            (Some(url), None) => Source::Url(url.into_owned()),
            (None, Some(id)) => Source::Stored(id.into_owned()),
            (None, None) => Source::Upload,
            (Some(_), Some(_)) => {
                return Err(GraphError::invalid(
                    &attachment.path("payload"),
                    "exactly one of url and attachment_id",
                ));
            }
        };
        Ok(Self { kind, source, is_reusable })
    }
}
