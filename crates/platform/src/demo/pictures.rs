//! The pictures of the demo world's posts and story, and of its first person.

use crate::Platform;
use crate::accounts::Account;
use crate::assets::{self, NewAsset, Owner, Purpose, Writing};
use crate::conversations::Product;
use crate::people::{self, Person};
use crate::publishing::store::{New, create};
use bytes::Bytes;
use graph_api::media::AttachmentKind;
use std::sync::Arc;
use storage::{Error, Result, Tx};

const SHOP_POST: &[u8] = include_bytes!("shop-post.jpg");
const SHOP_STORY: &[u8] = include_bytes!("shop-story.jpg");
const CAFE_POST: &[u8] = include_bytes!("cafe-post.jpg");
const ANA: &[u8] = include_bytes!("ana.png");

/// How many bytes the demo world begins with.
#[cfg(test)]
pub(crate) const BYTES: u64 = (SHOP_POST.len() + SHOP_STORY.len() + CAFE_POST.len() + ANA.len()) as u64;

/// The pictures, on disk and not yet anybody's.
#[derive(Clone)]
pub(super) struct Pictures {
    shop_post: NewAsset,
    shop_story: NewAsset,
    cafe_post: NewAsset,
    ana: NewAsset,
}

impl Pictures {
    pub(super) async fn bring(platform: &Arc<Platform>) -> Result<Self> {
        Ok(Self {
            shop_post: picture(platform, "shop-post.jpg", SHOP_POST).await?,
            shop_story: picture(platform, "shop-story.jpg", SHOP_STORY).await?,
            cafe_post: picture(platform, "cafe-post.jpg", CAFE_POST).await?,
            ana: picture(platform, "ana.png", ANA).await?,
        })
    }

    /// Publishes a post for each account, and a story of the first.
    pub(super) fn publish(&self, tx: &mut Tx<'_>, shop: &Account, cafe: &Account) -> Result<()> {
        let mut one = |account: &Account, product, caption, picture: &NewAsset| {
            let owner = Owner { account: account.id, app: 0 };
            let asset = assets::store::add(tx, picture, owner, Purpose::Media)?.id;
            let account = account.id;
            create(tx, &New::image(account, product, caption, asset))
        };
        one(shop, Product::Feed, "Our new mug is here", &self.shop_post)?;
        one(cafe, Product::Feed, "Friday is pizza day", &self.cafe_post)?;
        one(shop, Product::Story, "", &self.shop_story)?;
        Ok(())
    }

    /// Gives the first person a picture; the others have none.
    pub(super) fn portray(&self, tx: &mut Tx<'_>, ana: &mut Person) -> Result<()> {
        let owner = Owner { account: ana.user_no, app: 0 };
        ana.picture = Some(assets::store::add(tx, &self.ana, owner, Purpose::Picture)?.id);
        people::store::update(tx, ana)
    }
}

/// A picture for what a person shows without bringing one.
pub(crate) async fn stand_in(platform: &Arc<Platform>) -> Result<NewAsset> {
    picture(platform, "story.jpg", SHOP_STORY).await
}

async fn picture(platform: &Arc<Platform>, name: &str, bytes: &'static [u8]) -> Result<NewAsset> {
    let mut writing = Writing::begin(platform).await?;
    writing.write(Bytes::from_static(bytes)).await?;
    let upload = writing.finish(platform, "demo", name).await?;
    assets::uploaded(&upload, AttachmentKind::Image)
        .map_err(|error| Error::Engine(format!("the demo picture {name}: {error}")))
}
