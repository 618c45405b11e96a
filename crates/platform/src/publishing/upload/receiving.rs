//! Bytes on their way in.

use super::super::store::parts::{self, Part};
use super::{Container, Refused, lock, whole};
use crate::Platform;
use crate::assets::{self, Owner, Purpose, Upload, Writing};
use bytes::Bytes;
use graph_api::media::{AttachmentKind, MediaFormat};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// How long the next bytes may take.
const IDLE: Duration = Duration::from_secs(30);

/// Takes bytes that begin at `offset` of a video of `size`. What came stays, whatever becomes of the connection.
pub(super) async fn receive<B>(
    platform: &Arc<Platform>,
    container: Container,
    (offset, size): (u64, u64),
    body: B,
) -> Result<Value, Refused>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    let there = container.clone();
    let before = platform.db.read(move |db| parts::of(db, &there)).await?;
    let received = parts::received(&before);
    if offset != received {
        return Err(Refused::new(format!("offset must be {received}")));
    }
    let room = size.checked_sub(offset).ok_or_else(|| Refused::new("offset must be less than file_size"))?;
    if body.size_hint().lower() > room {
        return Err(Refused::new("there are more bytes than file_size says"));
    }
    // An error means that there are no slots any more, which never happens.
    let _slot = platform.files.uploads(false).acquire().await.ok();
    let mut receiving = Receiving::begin(platform, &container, offset).await?;
    let mut body = pin!(body);
    loop {
        let frame = tokio::time::timeout(IDLE, body.frame()).await;
        let bytes = match frame {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
            // Dropped, it keeps what has come.
            Ok(Some(Err(_))) | Err(_) => return Err(Refused::new("the bytes broke off")),
        };
        if receiving.size() + bytes.len() as u64 > room {
            receiving.discard();
            return Err(Refused::new("there are more bytes than file_size says"));
        }
        receiving.write(bytes).await?;
    }
    let added = receiving.finish().await?;
    let received = received + added.as_ref().map_or(0, Upload::size);
    if received < size {
        // Unconfirmed: what the real host says to a part.
        return Ok(json!({ "success": true, "offset": received }));
    }
    let only = added.filter(|_| before.is_empty());
    whole::uploaded(platform, container, only).await
}

/// A part in the making. Dropped, as when the connection breaks, what has come of it is kept.
struct Receiving {
    writing: Option<Writing>,
    keeping: Keeping,
}

#[derive(Clone)]
struct Keeping {
    platform: Arc<Platform>,
    container: Container,
    offset: u64,
}

impl Receiving {
    async fn begin(platform: &Arc<Platform>, container: &Container, offset: u64) -> Result<Self, Refused> {
        let writing = Some(Writing::begin(platform).await?);
        let keeping = Keeping { platform: Arc::clone(platform), container: container.clone(), offset };
        Ok(Self { writing, keeping })
    }

    fn size(&self) -> u64 {
        self.writing.as_ref().map_or(0, Writing::size)
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), Refused> {
        if let Some(writing) = &mut self.writing {
            // What cannot be written, cannot be finished either.
            if let Err(error) = writing.write(bytes).await {
                self.writing = None;
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn discard(&mut self) {
        self.writing = None;
    }

    async fn finish(mut self) -> Result<Option<Upload>, Refused> {
        match self.writing.take() {
            Some(writing) if writing.size() > 0 => self.keeping.clone().keep(writing).await.map(Some),
            _ => Ok(None),
        }
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        let Some(writing) = self.writing.take().filter(|writing| writing.size() > 0) else { return };
        let keeping = self.keeping.clone();
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Err(refused) = keeping.keep(writing).await {
                    tracing::warn!(?refused, "what came of an upload before it broke off was not kept");
                }
            });
        }
    }
}

impl Keeping {
    async fn keep(self, writing: Writing) -> Result<Upload, Refused> {
        let Self { platform, container, offset } = self;
        let upload = writing.finish(&platform, "", "part").await?;
        // What the whole is, the whole will tell.
        let file = upload.as_asset(AttachmentKind::Video, MediaFormat::Mp4);
        let (size, blob_key) = (upload.size(), upload.blob_key().to_owned());
        platform
            .db
            .write(move |tx| {
                let container = lock(tx, &container)?;
                let received = parts::received(&parts::of(tx, &container)?);
                if received != offset {
                    return Err(Refused::new(format!("offset must be {received}")));
                }
                let owner = Owner { account: container.account, app: container.app };
                let asset = assets::store::add(tx, &file, owner, Purpose::Part)?.id;
                let number = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
                let part =
                    Part { begins_at: number(offset), size: number(size), asset, blob_key: blob_key.clone() };
                Ok(parts::add(tx, &container, &part)?)
            })
            .await?;
        Ok(upload)
    }
}
