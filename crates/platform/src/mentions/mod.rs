//! Mentions of accounts in comments and captions (doc: Mentions; IG User, mentioned_comment, mentioned_media, mentions).
//! Mentions in stories are messages.

pub(crate) mod acts;
pub(crate) mod fields;
pub(crate) mod ops;
pub(crate) mod store;
pub(crate) mod text;

#[cfg(test)]
mod tests;

use crate::Platform;
use crate::accounts;
use crate::comments::writing::Writing;
use crate::directory::AccountView;
use crate::people;
use crate::publishing::Media;
use crate::subscriptions::{self, About, Bar, Notice, OfFault};
use clock::Micros;
use graph_api::webhook::{Change, MentionChange};
use std::sync::Arc;
use storage::{Read, Result, Tx};

/// The most accounts that a text mentions (doc: Content Publishing, 20 mentions of a caption).
const MOST: usize = 20;

/// The accounts that a text mentions, each once.
pub(crate) async fn mentioned(platform: &Platform, text: &str) -> Result<Vec<Arc<AccountView>>> {
    let names: Vec<String> = text::names(text).into_iter().take(MOST).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let found = platform
        .db
        .read(move |db| {
            let mut found = Vec::new();
            for name in &names {
                found.extend(accounts::store::by_username(db, name)?.map(|account| account.id));
            }
            Ok::<_, storage::Error>(found)
        })
        .await?;
    let mut views = Vec::with_capacity(found.len());
    for id in found {
        views.extend(platform.directory.account(id).await?);
    }
    Ok(views)
}

/// The username of whose posts these are: an account's id, or a person's number.
pub(crate) fn owner_name(db: &mut impl Read, owner: i64) -> Result<String> {
    if let Some(account) = accounts::store::find(db, owner)? {
        return Ok(account.username);
    }
    Ok(people::store::with_number(db, owner)?.map(|person| person.username).unwrap_or_default())
}

/// Where accounts are mentioned.
pub(crate) struct Mention<'a> {
    /// The post.
    pub media: &'a Media,
    /// The comment; `None`: the caption.
    pub comment: Option<i64>,
}

impl Mention<'_> {
    /// Stores the mentions of a text that is written, and announces them to the accounts. An account hears nothing of a
    /// mention under its own post, of which it hears as a comment, nor of its own texts (unconfirmed), nor of what somebody
    /// private writes or has written under (doc: Mentions). `at` gives each event its microsecond.
    pub(crate) fn tell(
        &self,
        tx: &mut Tx<'_>,
        written: &Writing,
        at: &mut dyn FnMut() -> Micros,
    ) -> Result<()> {
        let (media, author) = (self.media, &written.author);
        let others = written
            .mentioned
            .iter()
            .filter(|view| view.account.id != media.account && view.account.user_no != author.user_no);
        for view in others {
            let is_private = author.is_private
                || people::store::with_number(tx, media.account)?.is_some_and(|owner| owner.is_private);
            if !is_private {
                store::add(tx, view.account.id, media, self.comment)?;
            }
            let bar = match (is_private, written.tells_every_login) {
                (true, _) => Bar::Private,
                (false, true) => Bar::None,
                // Documented as folded into the comments under one's own posts; nobody has shown one under another's.
                (false, false) => Bar::InstagramLogin,
            };
            let field = "mentions";
            let value = MentionChange {
                comment_id: self.comment.map(|id| id.to_string()),
                media_id: media.id.to_string(),
            };
            let notice = Notice {
                about: About::Comment { author: Some(author.user_no), bar },
                lane: media.id,
                at: at(),
                field,
                body: Change { value, field }.to_bytes(),
                fault: OfFault::None,
            };
            subscriptions::publish(tx, &written.platform, view, notice)?;
        }
        Ok(())
    }
}
