//! Hashtag search (doc: IG Hashtag Search and its edges; Facebook Login only): ids of hashtags, the media that have them,
//! and the thirty that an account may look for within seven days.

mod listing;
pub(crate) mod ops;
mod search;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// A hashtag that somebody has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hashtag {
    /// Its id.
    pub id: i64,
    /// Its name, in small letters and without the sign.
    pub name: String,
}
