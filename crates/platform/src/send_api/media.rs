//! The media of a message: brought here before the unit of work, stored in it.

use crate::assets::{self, NewAsset, Owner, Purpose};
use crate::conversations::Attachment;
use crate::failure::Result;
use crate::graph::Call;
use graph_api::media::AttachmentKind;
use graph_api::send::{MediaAttachment, Source};
use graph_api::{ErrorName, GraphError};
use storage::Tx;

/// The media of one message.
#[derive(Default)]
pub(crate) struct Brought(Vec<One>);

enum One {
    /// Its bytes are on disk, and not yet anybody's.
    New { file: NewAsset, is_reusable: bool },
    /// Uploaded before, under that id.
    Stored { id: String, kind: Option<AttachmentKind> },
}

/// Fetches what comes from a URL and takes what came with the request.
pub(crate) async fn bring(call: &Call<'_>, owner: Owner, attachments: &[MediaAttachment]) -> Result<Brought> {
    let mut brought = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        // Only stored media may leave its kind open.
        let kind = attachment.kind.unwrap_or(AttachmentKind::Image);
        let is_reusable = attachment.is_reusable;
        brought.push(match &attachment.source {
            Source::Stored(id) => {
                // Nothing further is fetched beside an id that is nobody's.
                let named = id.clone();
                call.platform.db.read(move |db| assets::store::owned(db, owner, &named)).await?;
                One::Stored { id: id.clone(), kind: attachment.kind }
            }
            Source::Url(url) => {
                One::New { file: assets::fetch(call.platform, url, kind).await?, is_reusable }
            }
            Source::Upload => {
                let missing = || GraphError::required("message[attachment][payload][url]");
                let upload = call.upload.ok_or_else(missing)?;
                One::New { file: assets::uploaded(upload, kind)?, is_reusable }
            }
        });
    }
    Ok(Brought(brought))
}

impl Brought {
    /// Stores the media for a message, or for what else shows them. Answers the attachments, and the id under which the last
    /// of a message's that is to be kept can be sent again.
    ///
    /// Errors: an id that is not the account's and app's (2018074), or of another kind than the request says (2018047).
    pub(super) fn attach(
        &self,
        tx: &mut Tx<'_>,
        owner: Owner,
        purpose: Purpose,
    ) -> Result<(Vec<Attachment>, Option<i64>)> {
        let mut reusable = None;
        let mut attachments = Vec::with_capacity(self.0.len());
        for one in &self.0 {
            let asset = match one {
                One::New { file, is_reusable } => {
                    if *is_reusable && purpose == Purpose::Message {
                        reusable = Some(assets::store::add(tx, file, owner, Purpose::Reuse)?.id);
                    }
                    assets::store::add(tx, file, owner, purpose)?
                }
                One::Stored { id, kind } => {
                    let asset = assets::store::add_uploaded(tx, owner, id, purpose)?;
                    // The unit fails, and what was stored with it.
                    if kind.is_some_and(|kind| kind != asset.kind) {
                        return Err(ErrorName::MediaTypeMismatch.into());
                    }
                    asset
                }
            };
            attachments.push(Attachment::Media { kind: asset.kind, asset: asset.id });
        }
        Ok((attachments, reusable))
    }
}
