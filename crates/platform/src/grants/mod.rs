//! What somebody has given to an app: permissions, and over Facebook Login pages and accounts. It is remembered, what was
//! refused too, until access is revoked (doc: Facebook Login, permissions; the guide of Sunshine Conversations).

pub(crate) mod callbacks;
pub(crate) mod giving;
pub(crate) mod store;

#[cfg(test)]
mod tests;

use clock::Micros;
use graph_api::Host;
use graph_api::scopes::ScopeSet;

/// Who gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Giver {
    /// An account, over Instagram Login.
    Account(i64),
    /// A Facebook user, over Facebook Login.
    User(i64),
}

impl Giver {
    /// The login through which it is given.
    pub(crate) const fn login(self) -> Host {
        match self {
            Self::Account(_) => Host::Instagram,
            Self::User(_) => Host::Facebook,
        }
    }

    /// The giver's id.
    pub(crate) const fn id(self) -> i64 {
        match self {
            Self::Account(id) | Self::User(id) => id,
        }
    }
}

/// What was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The app.
    pub app_id: i64,
    /// Who gave.
    pub giver: Giver,
    /// The permissions that the app has.
    pub granted: ScopeSet,
    /// Those that it asked for and was refused.
    pub declined: ScopeSet,
    /// When the giver last decided.
    pub granted_at: Micros,
}

impl Grant {
    /// What the giver has said nothing about yet.
    pub(crate) const fn undecided(&self, asked: ScopeSet) -> ScopeSet {
        asked.without(self.granted.or(self.declined))
    }
}
