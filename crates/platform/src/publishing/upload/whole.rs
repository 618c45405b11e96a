//! A video of which all bytes are there.

use super::super::files::{self, Flaw, Video};
use super::super::store::{containers, parts};
use super::super::{create, rules};
use super::{Container, Refused, lock};
use crate::Platform;
use crate::assets::{self, Owner, Purpose, Upload};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;

/// Takes a video that all parts together make. `only`: the one part that there is.
pub(super) async fn uploaded(
    platform: &Arc<Platform>,
    container: Container,
    only: Option<Upload>,
) -> Result<Value, Refused> {
    let file = match only {
        Some(only) => only,
        None => {
            let there = container.clone();
            let parts = platform.db.read(move |db| parts::of(db, &there)).await?;
            let parts: Vec<_> =
                parts.into_iter().map(|part| (part.blob_key, part.size.unsigned_abs())).collect();
            files::join(platform, &parts).await?
        }
    };
    let found = files::look(platform, &file, container.shape).await?;
    processed(platform, container, found).await
}

/// Takes a video from an address (`file_url`).
pub(super) async fn fetched(
    platform: &Arc<Platform>,
    container: Container,
    url: &str,
) -> Result<Value, Refused> {
    files::fetchable(url)?;
    let found = files::video(platform, url, container.shape).await?;
    processed(platform, container, found).await
}

async fn processed(
    platform: &Arc<Platform>,
    container: Container,
    found: Result<Video, Flaw>,
) -> Result<Value, Refused> {
    let found = found.and_then(|video| match create::is_within(container.thumb_offset, video.millis) {
        true => Ok(video),
        false => Err(Flaw::new(
            rules::THUMB_OFFSET,
            format!("thumb_offset must be less than the {} ms of the video", video.millis),
        )),
    });
    let this = Arc::clone(platform);
    platform.db.write(move |tx| store(tx, &this, &container, &found)).await?;
    Ok(json!({ "success": true, "message": "Upload successful." }))
}

fn store(
    tx: &mut Tx<'_>,
    platform: &Arc<Platform>,
    container: &Container,
    found: &Result<Video, Flaw>,
) -> Result<(), Refused> {
    let mut container = lock(tx, container)?;
    let owner = Owner { account: container.account, app: container.app };
    match found {
        Ok(video) => {
            container.asset = Some(assets::store::add(tx, &video.file, owner, Purpose::Media)?.id);
            // A cover is there already.
            if container.thumbnail.is_none() {
                let drawn = assets::store::add(tx, &video.thumbnail, owner, Purpose::Media)?;
                container.thumbnail = Some(drawn.id);
            }
        }
        Err(flaw) => {
            container.error = Some(flaw.subcode);
            container.reason.clone_from(&flaw.reason);
        }
    }
    container.ready_at = Some(create::ready_at(platform, container.shape, tx.now()));
    containers::set_processed(tx, &container)?;
    Ok(parts::forget(tx, platform, &container)?)
}
