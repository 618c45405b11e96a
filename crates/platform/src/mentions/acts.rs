//! What people do inside the Instagram app that mentions accounts in captions.

use super::Mention;
use crate::assets::{self, NewAsset, Owner, Purpose};
use crate::comments;
use crate::comments::writing::Writing;
use crate::conversations::Product;
use crate::people::acts::Result;
use crate::publishing::Media;
use crate::publishing::store::{self, New};
use storage::Tx;

/// Somebody publishes a post whose caption is what is written, with the picture if there is one. `account` is whose it is: an
/// account's id, or a person's number. The accounts that it mentions are told.
pub(crate) fn publish(
    tx: &mut Tx<'_>,
    writing: &Writing,
    account: i64,
    picture: Option<&NewAsset>,
) -> Result<Media> {
    let asset = match picture {
        Some(file) => assets::store::add(tx, file, Owner { account, app: 0 }, Purpose::Media)?.id,
        None => 0,
    };
    let media = store::create(tx, &New::image(account, Product::Feed, &writing.text, asset))?;
    // Comments on it have their events in the same lane.
    let mut thread = comments::store::lock_thread(tx, &media)?;
    let mention = Mention { media: &media, comment: None };
    let now = tx.now();
    mention.tell(tx, writing, &mut || thread.take_at(now))?;
    comments::store::save_thread(tx, &thread)?;
    Ok(media)
}
