//! Writing a comment, whoever does it: an app, a person, an account's owner in the Instagram app.

use super::events::Told;
use super::{Comment, store};
use crate::Platform;
use crate::ads;
use crate::conversations::Product;
use crate::directory::AccountView;
use crate::insights::{self, Act, Deed};
use crate::publishing::{self, Media};
use crate::schema::next_id;
use graph_api::ads::AdStatus;
use graph_api::ids::NodeKind;
use std::sync::Arc;
use storage::Tx;

/// Who writes a comment or a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    /// Their number.
    pub user_no: i64,
    /// Their username.
    pub username: String,
    /// Only followers see what they do.
    pub is_private: bool,
}

/// A comment that is about to be written, and whom it concerns.
#[derive(Clone)]
pub(crate) struct Writing {
    /// The platform.
    pub platform: Arc<Platform>,
    /// The account under whose post it is; `None`: the post is a person's.
    pub owner: Option<Arc<AccountView>>,
    /// The accounts that the text mentions.
    pub mentioned: Vec<Arc<AccountView>>,
    /// Mentions are told to every login: the sim asks for it.
    pub tells_every_login: bool,
    /// Who writes.
    pub author: Author,
    /// The ad that a person writes on.
    pub ad: Option<i64>,
    /// The app that writes for them; 0: they write in the Instagram app.
    pub app: i64,
    /// The text.
    pub text: String,
}

/// Why a comment cannot be written.
#[derive(Debug)]
pub(crate) enum Barred {
    /// The post is gone.
    Gone,
    /// The post takes no comments.
    Off,
    /// The comment that is replied to is not there.
    NoParent,
    /// The comment that is replied to is hidden.
    Hidden,
    /// The account has no such ad that runs.
    NoAd,
    /// It is a broadcast, where apps write no comments, and nobody replies.
    Live,
    /// The database failed.
    Storage(storage::Error),
}

impl From<storage::Error> for Barred {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl Writing {
    /// Writes it under a post, or as a reply to a comment there. A reply to a reply goes to the comment at the top (doc: IG
    /// Comment, replies).
    pub(crate) fn write(
        &self,
        tx: &mut Tx<'_>,
        (owner, media): (i64, i64),
        parent: Option<i64>,
    ) -> Result<Comment, Barred> {
        let now = tx.now();
        let media = publishing::store::lock(tx, owner, media)?
            .filter(|media| media.is_live(now))
            .ok_or(Barred::Gone)?;
        if media.product == Product::Live && (self.app != 0 || parent.is_some()) {
            return Err(Barred::Live);
        }
        let top = match parent {
            Some(parent) => Some(top_of(tx, &media, parent)?),
            None => None,
        };
        if !media.comments_enabled {
            return Err(Barred::Off);
        }
        let ad = match (&top, self.ad) {
            (Some(top), _) => top.ad,
            (None, Some(id)) => {
                let ad = ads::store::ad(tx, owner, id)?.filter(|ad| ad.status == AdStatus::Active);
                Some(ad.ok_or(Barred::NoAd)?.id)
            }
            (None, None) => None,
        };
        let mut thread = store::lock_thread(tx, &media)?;
        let comment = Comment {
            owner,
            id: next_id(tx, NodeKind::Comment)?,
            media: media.id,
            parent: top.map(|top| top.id),
            author: self.author.user_no,
            username: self.author.username.clone(),
            app: self.app,
            ad,
            text: self.text.clone(),
            created_at: now,
            is_hidden: false,
            is_deleted: false,
            is_live: media.product == Product::Live,
            likes: 0,
            private_reply_at: None,
            is_answer_lost: false,
        };
        store::add(tx, &comment)?;
        thread.comments += i64::from(ad.is_none());
        if ad.is_none() {
            counted(tx, &media, self.author.user_no, 1)?;
        }
        Told { platform: &self.platform, media: &media }.comment(tx, &mut thread, &comment, self)?;
        store::save_thread(tx, &thread)?;
        Ok(comment)
    }
}

/// Insights of an account count comments that came, or, below 0, are gone. Those on ads and broadcasts do not count.
pub(super) fn counted(tx: &mut Tx<'_>, media: &Media, user_no: i64, more: i64) -> storage::Result<()> {
    let is_accounts = NodeKind::of(media.account) == Some(NodeKind::Account);
    if is_accounts && media.product != Product::Live && more != 0 {
        let (account, act) = (media.account, Act::Comment(more));
        insights::count(tx, &Deed { account, user_no, media: Some(media), act })?;
    }
    Ok(())
}

/// The comment at the top of what is replied to.
fn top_of(tx: &mut Tx<'_>, media: &Media, parent: i64) -> Result<Comment, Barred> {
    let there = |comment: Option<Comment>| {
        let comment = comment.filter(|comment| !comment.is_deleted && comment.media == media.id);
        let comment = comment.ok_or(Barred::NoParent)?;
        if comment.is_hidden { Err(Barred::Hidden) } else { Ok(comment) }
    };
    let comment = there(store::find(tx, media.account, parent)?)?;
    match comment.parent {
        None => Ok(comment),
        Some(top) => there(store::find(tx, media.account, top)?),
    }
}
