//! The messenger profile: ice breakers and the persistent menu (doc: Ice Breakers; Persistent Menu; both variants).

pub(crate) mod ops;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use graph_api::profile::{Localized, MenuItem, Question};

/// What an account has set. Empty: not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Questions to begin with.
    pub ice_breakers: Vec<Localized<Question>>,
    /// The menu.
    pub persistent_menu: Vec<Localized<MenuItem>>,
}
