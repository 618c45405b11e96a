//! Media attachments of a message (doc: Send Messages, media; Attachment Upload).

use crate::media::AttachmentKind;
use crate::object::Object;
use crate::{GraphError, Result};

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
    pub kind: Option<AttachmentKind>,
    /// Where it comes from.
    pub source: Source,
    /// Whether it is to be kept for further messages. Stands inside `payload` or beside it (doc: both are shown).
    pub is_reusable: bool,
}

impl MediaAttachment {
    /// Reads one with a known type. `attachment` is the object that holds `type` and `payload`.
    pub(super) fn read(attachment: &Object<'_>, kind: Option<AttachmentKind>) -> Result<Self> {
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
