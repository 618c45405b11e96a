//! `POST /sim/accounts/{u}/publish`: the owner publishes something inside the Instagram app.

use super::input::Input;
use super::people::{account, not_had};
use super::{SimError, SimResult};
use crate::assets::{self, Owner, Purpose};
use crate::conversations::Product;
use crate::demo::pictures;
use crate::publishing::store::{New, create};
use crate::publishing::{self, IMAGE, VIDEO};
use crate::{Platform, hashtags};
use graph_api::limits::is_web_address;
use graph_api::media::AttachmentKind;
use serde_json::json;
use std::sync::Arc;

/// `{"product"?:"post"/"reel"/"story","url"?,"caption"?,"link"?}` → `{"id"}`. A post or story without `url` shows a picture of
/// ours; a reel needs a video. `link` is that of a story's sticker.
pub(super) async fn publish(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let product = match input.text("product")?.as_deref() {
        None | Some("post") => Product::Feed,
        Some("reel") => Product::Reels,
        Some("story") => Product::Story,
        Some(_) => return Err(SimError::bad("product", "must be \"post\", \"reel\" or \"story\"")),
    };
    let (url, caption) = (input.text("url")?, input.text("caption")?.unwrap_or_default());
    let link = input.text("link")?;
    input.done()?;
    if link.is_some() && product != Product::Story {
        return Err(SimError::bad("link", "only stories have stickers with links"));
    }
    if link.as_deref().is_some_and(|link| !is_web_address(link)) {
        return Err(SimError::bad("link", "must be the address of a web page"));
    }
    let id = account(platform, name).await?.account.id;
    let is_video = product == Product::Reels;
    let kind = if is_video { AttachmentKind::Video } else { AttachmentKind::Image };
    let file = match url {
        Some(url) => assets::fetch(platform, &url, kind).await.map_err(|failure| not_had(failure, "url"))?,
        None if is_video => return Err(SimError::bad("url", "a reel needs the url of its video")),
        None => pictures::stand_in(platform).await?,
    };
    let this = Arc::clone(platform);
    let media = platform
        .db
        .write(move |tx| {
            let owner = Owner { account: id, app: 0 };
            let asset = assets::store::add(tx, &file, owner, Purpose::Media)?.id;
            let media_type = if is_video { VIDEO } else { IMAGE };
            let new = New {
                media_type,
                link_sticker_url: link.as_deref(),
                ..New::image(id, product, &caption, asset)
            };
            let media = create(tx, &new)?;
            if product != Product::Story {
                hashtags::store::note(tx, &media)?;
            }
            publishing::tell(tx, &this, &media, "published");
            Ok::<_, storage::Error>(media)
        })
        .await?;
    Ok(json!({ "id": media.id.to_string() }))
}
