//! The files that people send.

use super::acts::Scene;
use crate::assets::{self, NewAsset, Owner, Purpose, Upload};
use crate::conversations::{Attachment, Content, Product, Shared};
use crate::demo::pictures;
use crate::failure::{Failure, Result};
use crate::schema::next_id;
use graph_api::ids::NodeKind;
use graph_api::media::AttachmentKind;
use graph_api::{ErrorName, limits};
use storage::Tx;

/// A file that a person is to send.
pub(crate) enum Wanted {
    /// To be fetched.
    Url(AttachmentKind, String),
    /// It came with the call.
    File(AttachmentKind, Upload),
}

/// Files that are on disk, and not yet anybody's.
pub(crate) struct Files(Vec<NewAsset>);

impl Files {
    /// Brings the files here. The app lets people send what the API lets businesses send (assumed).
    pub(crate) async fn bring(scene: &Scene, wanted: Vec<Wanted>) -> Result<Self> {
        let mut files = Vec::with_capacity(wanted.len());
        for one in wanted {
            files.push(match one {
                Wanted::Url(kind, url) => assets::fetch(&scene.platform, &url, kind).await?,
                Wanted::File(kind, upload) => assets::uploaded(&upload, kind)?,
            });
        }
        Ok(Self(files))
    }

    /// Brings the picture or video of a story here.
    pub(crate) async fn bring_story(scene: &Scene, url: &str) -> Result<Self> {
        let picture = assets::fetch(&scene.platform, url, AttachmentKind::Image).await;
        Ok(Self(vec![match picture {
            Err(Failure::Graph(error)) if error.name == ErrorName::MediaTypeMismatch => {
                assets::fetch(&scene.platform, url, AttachmentKind::Video).await?
            }
            other => other?,
        }]))
    }

    /// A picture of the sandbox's own as a story.
    pub(crate) async fn stand_in(scene: &Scene) -> storage::Result<Self> {
        Ok(Self(vec![pictures::stand_in(&scene.platform).await?]))
    }

    /// Stores the story that was brought: it ends after a day.
    pub(crate) fn story(&self, tx: &mut Tx<'_>, account: i64) -> storage::Result<Shared> {
        let none = || storage::Error::Engine("a story without a picture".to_owned());
        let file = self.0.first().ok_or_else(none)?;
        let asset = assets::store::add(tx, file, Owner { account, app: 0 }, Purpose::Media)?.id;
        Ok(Shared {
            id: next_id(tx, NodeKind::Media)?,
            product: Product::Story,
            title: String::new(),
            asset,
            ends_at: Some(tx.now().plus(limits::STORY)),
        })
    }

    /// Stores them, and makes of them what messages hold: pictures go together, everything else alone.
    pub(crate) fn contents(&self, tx: &mut Tx<'_>, account: i64) -> storage::Result<Vec<Content>> {
        let (mut pictures, mut contents) = (Content::default(), Vec::new());
        for file in &self.0 {
            let asset = assets::store::add(tx, file, Owner { account, app: 0 }, Purpose::Message)?;
            let attachment = Attachment::Media { kind: asset.kind, asset: asset.id };
            match asset.kind {
                AttachmentKind::Image => pictures.attachments.push(attachment),
                _ => contents.push(Content { attachments: vec![attachment], ..Content::default() }),
            }
        }
        if !pictures.attachments.is_empty() {
            contents.insert(0, pictures);
        }
        Ok(contents)
    }
}
