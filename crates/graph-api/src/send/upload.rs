//! The request of `POST /{account}/message_attachments` (doc: Attachment Upload, both variants).

use super::{MediaAttachment, Source};
use crate::media::AttachmentKind;
use crate::object::Object;
use crate::{ErrorName, GraphError, Params, Result};

/// Reads an upload: `message.attachment` of a type that carries a file, with the file's `url` or without, if the file is in
/// the request. `is_reusable` stands in the payload, beside it, or beside the attachment (doc: the pages show more than one
/// place).
pub fn read_upload(params: &Params) -> Result<(AttachmentKind, MediaAttachment)> {
    let message = params.object("message")?.ok_or_else(|| GraphError::required("message"))?;
    let message = Object::new("message", &message);
    let required = || GraphError::required(&message.path("attachment"));
    let (path, members) = message.object("attachment")?.ok_or_else(required)?;
    let object = Object::new(path, &members);
    let named = object.required("type")?;
    let Some(kind) = AttachmentKind::parse(&named) else {
        return Err(GraphError::with(
            ErrorName::ParameterNotOneOf,
            [&object.path("type"), "image, video, audio, file", &named],
        ));
    };
    let mut attachment = MediaAttachment::read(&object, Some(kind))?;
    if matches!(attachment.source, Source::Stored(_)) {
        let path = format!("{}[url]", object.path("payload"));
        return Err(GraphError::required(&path).explain("What has an attachment_id is uploaded already."));
    }
    attachment.is_reusable |= message.flag("is_reusable")? == Some(true);
    Ok((kind, attachment))
}
