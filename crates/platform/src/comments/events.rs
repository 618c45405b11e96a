//! What happens to comments tells the world: webhooks to the subscribed apps, and the feed that tests wait on. Of hiding,
//! deleting and liking no webhook tells (rep: universal experience; no page names one).

use super::writing::Writing;
use super::{Comment, Thread};
use crate::Platform;
use crate::ads;
use crate::conversations::Product;
use crate::directory::AccountView;
use crate::log::feed::Happening;
use crate::mentions;
use crate::people;
use crate::publishing::Media;
use crate::subscriptions::{self, About, Bar, Notice, OfFault};
use clock::Micros;
use graph_api::webhook::{Change, CommentAuthor, CommentChange, CommentedAd, CommentedMedia};
use std::sync::Arc;
use storage::{Result, Tx};

/// `media_product_type` of what a comment stands under.
pub(super) fn product_name(comment: &Comment, media: &Media) -> &'static str {
    if comment.ad.is_some() { "AD" } else { media.product.name() }
}

/// Under what something happens.
pub(crate) struct Told<'a> {
    /// The platform.
    pub platform: &'a Arc<Platform>,
    /// The post.
    pub media: &'a Media,
}

impl Told<'_> {
    /// Announces a comment in the transaction that stores it: to the post's account, whoever wrote it (the account's own
    /// comments too: doc, self comments; that those of apps are among them is unconfirmed), and to whom it mentions.
    pub(super) fn comment(
        &self,
        tx: &mut Tx<'_>,
        thread: &mut Thread,
        comment: &Comment,
        written: &Writing,
    ) -> Result<()> {
        let mut event = None;
        if let Some(owner) = &written.owner {
            let at = thread.take_at(tx.now());
            self.to_owner(tx, owner, comment, at)?;
            event = Some(at);
        }
        let mention = mentions::Mention { media: self.media, comment: Some(comment.id) };
        mention.tell(tx, written, &mut || thread.take_at(comment.created_at))?;
        self.feed(tx, comment, "written", event);
        Ok(())
    }

    fn to_owner(
        &self,
        tx: &mut Tx<'_>,
        owner: &Arc<AccountView>,
        comment: &Comment,
        at: Micros,
    ) -> Result<()> {
        let account = &owner.account;
        let is_own = comment.author == account.user_no;
        let scoped = people::igsid(account.id, comment.author).to_string();
        let from = CommentAuthor {
            id: if is_own { account.id.to_string() } else { scoped.clone() },
            username: &comment.username,
            self_ig_scoped_id: is_own.then_some(scoped),
        };
        let field = if self.media.product == Product::Live { "live_comments" } else { "comments" };
        let value = CommentChange {
            from,
            media: self.commented(tx, comment)?,
            id: comment.id.to_string(),
            parent_id: comment.parent.map(|id| id.to_string()),
            text: &comment.text,
        };
        let notice = Notice {
            about: About::Comment { author: (!is_own).then_some(comment.author), bar: Bar::None },
            lane: self.media.id,
            at,
            field,
            body: Change { value, field }.to_bytes(),
            fault: OfFault::None,
        };
        subscriptions::publish(tx, self.platform, owner, notice)
    }

    /// What the comment stands under. The ad's own media id is not known here: that of the post stands in both places.
    fn commented(&self, tx: &mut Tx<'_>, comment: &Comment) -> Result<CommentedMedia> {
        let id = self.media.id.to_string();
        let ad = match comment.ad {
            Some(ad) => ads::store::ad(tx, comment.owner, ad)?,
            None => None,
        };
        Ok(CommentedMedia {
            media_product_type: product_name(comment, self.media),
            ad: ad.map(|ad| CommentedAd {
                id: ad.id.to_string(),
                title: ad.seen.title,
                original_media_id: id.clone(),
            }),
            id,
        })
    }

    /// Tells the feed only.
    pub(crate) fn tell(&self, tx: &mut Tx<'_>, comment: &Comment, what: &'static str) {
        self.feed(tx, comment, what, None);
    }

    fn feed(&self, tx: &mut Tx<'_>, comment: &Comment, what: &'static str, event: Option<Micros>) {
        let (feed, now, cause) = (Arc::clone(&self.platform.log.feed), tx.now(), tx.cause());
        let happening = Happening::Comment {
            account: comment.owner,
            media: comment.media,
            comment: comment.id,
            what,
            text: comment.text.clone(),
            event,
        };
        tx.after_commit(move || feed.push_caused(now, cause, happening));
    }
}
