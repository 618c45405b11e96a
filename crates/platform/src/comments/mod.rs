//! Comments on posts, reels, stories and broadcasts, and their moderation (doc: Comment Moderation; IG Comment; IG Media,
//! comments).

pub(crate) mod acts;
pub(crate) mod events;
mod listing;
pub(crate) mod moderation;
pub(crate) mod node;
pub(crate) mod of_media;
pub(crate) mod ops;
pub(crate) mod rules;
pub(crate) mod store;
pub(crate) mod writing;

#[cfg(test)]
mod tests;

use clock::Micros;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Whose post it is under: an account's id, or the number of a person.
    pub owner: i64,
    /// Its id.
    pub id: i64,
    /// The post.
    pub media: i64,
    /// The comment at the top that it replies to.
    pub parent: Option<i64>,
    /// The number of who wrote it.
    pub author: i64,
    /// Their username.
    pub username: String,
    /// The app that wrote it for the author; 0: written in the Instagram app.
    pub app: i64,
    /// The ad that it was written on, which shows the post: lists and counts leave it out.
    pub ad: Option<i64>,
    /// Its text.
    pub text: String,
    /// When it was written.
    pub created_at: Micros,
    /// The owner has hidden it: only the owner and the author see it.
    pub is_hidden: bool,
    /// It is gone, and its text with it.
    pub is_deleted: bool,
    /// It was written during a broadcast.
    pub is_live: bool,
    /// How many like it.
    pub likes: i64,
    /// When the account replied to it privately.
    pub private_reply_at: Option<Micros>,
    /// The app was not told that the private reply was sent.
    pub is_answer_lost: bool,
}

/// What all comments on one post have in common, as its locked row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Thread {
    /// Whose post it is.
    pub owner: i64,
    /// The post.
    pub media: i64,
    /// How many comments it has, replies and all.
    pub comments: i64,
    /// The microsecond of its newest event; the next one's is larger.
    pub last_at: Micros,
}

impl Thread {
    /// The microsecond of the next event, now or just after the last one; no later one gets it.
    pub(crate) fn take_at(&mut self, now: Micros) -> Micros {
        self.last_at = Micros(now.0.max(self.last_at.0.saturating_add(1)));
        self.last_at
    }
}
