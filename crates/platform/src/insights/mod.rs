//! Insights: what people did with an account's content and profile, counted as it happens (doc: Instagram User: Insights;
//! Instagram Media: Insights).
//!
//! Whatever causes something to be counted calls [`count`] in its own transaction. Counts are kept per day and per medium, so
//! that an answer reads a row for each day and nothing else, however much has happened.
//!
//! People who count once in any range of days (`reach`) are counted without looking at them again: each day notes, of the people
//! seen on it, how many days ago each was last seen. Who was seen in a range is then the sum, over its days, of those whose last
//! day lies before the range.

mod answer;
mod counting;
mod due;
mod history;
pub(crate) mod ops;
mod parts;
mod rules;
pub(crate) mod store;
mod totals;
mod traits;

#[cfg(test)]
mod tests;

pub(crate) use answer::of_account;
pub(crate) use counting::{count, follow};
pub(crate) use due::{deleted, published, run as tell_stories, tell as tell_due_stories};
pub(crate) use history::{History, write as write_history};
pub(crate) use totals::{OfMedia, Totals, of_node, of_others, totals};
pub(crate) use traits::{Traits, change as change_traits, of as traits_of};

use crate::publishing::Media;

/// Something that somebody did with an account, or with one of its media.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed<'a> {
    /// The account.
    pub account: i64,
    /// Who did it.
    pub user_no: i64,
    /// The medium that it was done to, or from which somebody came to the profile.
    pub media: Option<&'a Media>,
    /// What was done.
    pub act: Act,
}

/// What insights count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// The medium was shown. Of a reel, for how many milliseconds, and whether it was skipped.
    View {
        /// Milliseconds.
        watched: i64,
        /// It ended within three seconds.
        skipped: bool,
    },
    /// It was liked, or that was taken back.
    Like(bool),
    /// It was saved, or that was taken back.
    Save(bool),
    /// It was reposted, or that was taken back.
    Repost(bool),
    /// It was shared.
    Share,
    /// So many comments came, or, below 0, are gone.
    Comment(i64),
    /// A story was answered.
    Reply,
    /// A viewer of a story went on.
    Navigate(Way),
    /// The link of a story's sticker was tapped.
    LinkClick,
    /// The profile was visited.
    ProfileVisit,
    /// The link in the profile was tapped.
    WebsiteClick,
    /// One of the profile's buttons was tapped.
    Contact(Button),
    /// The person began to follow the account, or stopped. Called after the table of follows was changed.
    Follow(bool),
}

/// Which way a viewer of a story went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the next part.
    TapForward,
    /// To the part before.
    TapBack,
    /// Out.
    TapExit,
    /// To the next account's story.
    SwipeForward,
}

impl Way {
    /// All of them, in the order in which answers have them.
    pub(crate) const ALL: &'static [Self] =
        &[Self::TapForward, Self::TapBack, Self::TapExit, Self::SwipeForward];

    /// The word for it, as in answers.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::TapForward => "tap_forward",
            Self::TapBack => "tap_back",
            Self::TapExit => "tap_exit",
            Self::SwipeForward => "swipe_forward",
        }
    }
}

/// A button of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    /// To book something.
    BookNow,
    /// To call.
    Call,
    /// To find the way.
    Direction,
    /// To write an e-mail.
    Email,
    /// To write a text message.
    Text,
}

impl Button {
    /// All of them, in the order in which answers have them.
    pub(crate) const ALL: &'static [Self] =
        &[Self::BookNow, Self::Call, Self::Direction, Self::Email, Self::Text];

    /// The word for it in the account's breakdown.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::BookNow => "BOOK_NOW",
            Self::Call => "CALL",
            Self::Direction => "DIRECTION",
            Self::Email => "EMAIL",
            Self::Text => "TEXT",
        }
    }

    /// The word for it in the breakdown of media.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::BookNow => "book_now",
            Self::Call => "call",
            Self::Direction => "direction",
            Self::Email => "email",
            Self::Text => "text",
        }
    }
}

/// What was done on a profile when its link was tapped, in the breakdown of media.
const BIO_LINK: &str = "bio_link_clicked";
