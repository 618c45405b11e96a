//! What people do with content and profiles that only insights tell of.

use super::{Refused, Result, Scene};
use crate::conversations::Product;
use crate::insights::{self, Act, Deed};
use crate::publishing::{self, Media};
use storage::Tx;

impl Scene {
    /// The person does it to the medium, or on the account's profile, to which the medium may have led them. What changes
    /// nothing, such as to like again, counts nothing.
    pub(crate) fn engage(&self, tx: &mut Tx<'_>, act: Act, media: Option<i64>) -> Result<()> {
        if self.person.user_no == self.account.account.user_no {
            return Err(Refused::conflict("to", "what an account does with its own content does not count"));
        }
        let media = media.map(|id| self.live_media(tx, id)).transpose()?;
        fits(act, media.as_ref())?;
        let account = self.account.account.id;
        let deed = Deed { account, user_no: self.person.user_no, media: media.as_ref(), act };
        insights::count(tx, &deed)?;
        Ok(())
    }

    /// A medium of the account's that can be seen.
    pub(super) fn live_media(&self, tx: &mut Tx<'_>, id: i64) -> Result<Media> {
        let now = tx.now();
        match publishing::store::find(tx, self.account.account.id, id)? {
            None => Err(Refused::missing("media_id", "the account has no such media")),
            Some(media) if !media.is_live(now) => Err(Refused::conflict("media_id", "the story has ended")),
            Some(media) => Ok(media),
        }
    }
}

/// Whether the app lets one do that there.
fn fits(act: Act, media: Option<&Media>) -> Result<()> {
    let of = |product| media.is_some_and(|media| media.product == product);
    let refused = |why| Err(Refused::conflict("action", why));
    match act {
        Act::ProfileVisit | Act::WebsiteClick | Act::Contact(_) | Act::Follow(_) => Ok(()),
        _ if media.is_none() => Err(Refused::missing("media_id", "media_id is required")),
        Act::View { watched, skipped } if (watched > 0 || skipped) && !of(Product::Reels) => {
            refused("only reels are watched and skipped")
        }
        Act::Save(_) | Act::Comment(_) if of(Product::Story) => refused("stories have no such thing"),
        Act::Reply | Act::Navigate(_) if !of(Product::Story) => refused("only stories have such a thing"),
        Act::LinkClick if media.is_none_or(|media| media.link_sticker_url.is_none()) => {
            refused("the story has no sticker with a link")
        }
        _ if of(Product::Live) => refused("broadcasts are not counted"),
        _ if media.is_some_and(|media| media.parent.is_some()) => {
            refused("what is done to a part is done to the album")
        }
        _ => Ok(()),
    }
}
