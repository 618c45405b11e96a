//! Access tokens: who may do what for which app. Their texts are derived from the world's key, never stored.

pub(crate) mod client;
mod debug;
mod facebook;
mod instagram;
pub(crate) mod ops;
pub(crate) mod pages;
mod permissions;
pub(crate) mod proof;
mod rules;
pub(crate) mod store;

use crate::grants::{Giver, Grant};
use crate::world_key::WorldKey;
use clock::Micros;
use graph_api::scopes::ScopeSet;
use graph_api::{Host, limits};

/// The kinds of stored tokens. An app's own token, `ID|SECRET`, is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TokenKind {
    /// An Instagram user token; its subject is an account.
    Instagram,
    /// A page token; its subject is a page.
    Page,
    /// A Facebook user token; its subject is a Facebook user.
    User,
}

impl TokenKind {
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Instagram => 1,
            Self::Page => 2,
            Self::User => 3,
        }
    }

    pub(crate) const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Instagram),
            2 => Some(Self::Page),
            3 => Some(Self::User),
            _ => None,
        }
    }

    /// The word for it on the wire of the sim.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Page => "page",
            Self::User => "user",
        }
    }

    /// All permissions that such a token can carry.
    pub(crate) fn all_scopes(self) -> ScopeSet {
        ScopeSet::all(self == Self::Instagram)
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Instagram => "IGAA",
            Self::Page | Self::User => "EAA",
        }
    }
}

/// The host that a token of this form belongs to, whether or not anybody was given it.
pub(crate) fn host_of(token: &str) -> Option<Host> {
    if token.starts_with("IG") {
        Some(Host::Instagram)
    } else if token.starts_with("EAA") || app_token(token).is_some() {
        Some(Host::Facebook)
    } else {
        None
    }
}

/// The two halves of an app's own token, `ID|SECRET`.
pub(crate) fn app_token(token: &str) -> Option<(i64, &str)> {
    let (id, secret) = token.split_once('|')?;
    Some((graph_api::ids::decimal(id)?, secret))
}

/// A stored token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    /// Counts all tokens of the world.
    pub serial: i64,
    /// What it was made with.
    pub made: NewToken,
    /// When it was given.
    pub issued_at: Micros,
    /// Why it is no good any more.
    pub ended: Option<Ended>,
}

/// What a token is made with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NewToken {
    /// The app that it is given to.
    pub app_id: i64,
    /// Its kind.
    pub kind: TokenKind,
    /// Whom it speaks for: an account, a page or a Facebook user, by the kind.
    pub subject: i64,
    /// What it may do, as far as its giver still grants it.
    pub scopes: ScopeSet,
    /// When it dies; `None`: never.
    pub expires_at: Option<Micros>,
    /// It was made to last: by exchange, by refresh, or by hand.
    pub long_lived: bool,
    /// Of a page's token: through whom the app got it.
    pub through: Option<Through>,
}

impl NewToken {
    /// What a login gives: a token that lives an hour, for everything that is granted.
    pub(crate) fn of_login(grant: &Grant, now: Micros) -> Self {
        Self {
            app_id: grant.app_id,
            kind: match grant.giver {
                Giver::Account(_) => TokenKind::Instagram,
                Giver::User(_) => TokenKind::User,
            },
            subject: grant.giver.id(),
            scopes: grant.granted,
            expires_at: Some(now.plus(limits::SHORT_LIVED_TOKEN)),
            long_lived: false,
            through: None,
        }
    }
}

/// Through whom an app got a page's token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Through {
    /// The Facebook user, whose role on the page it lives by.
    pub user_id: i64,
    /// The serial number of the user's token that asked for it; `None`: it was made by hand.
    pub parent: Option<i64>,
}

/// How a token can end before it expires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    /// Its giver removed the app.
    AppRemoved,
    /// The user logged out of the session that it belongs to.
    LoggedOut,
}

impl Ended {
    const fn number(ended: Option<Self>) -> i64 {
        match ended {
            None => 0,
            Some(Self::AppRemoved) => 1,
            Some(Self::LoggedOut) => 2,
        }
    }

    const fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => None,
            2 => Some(Self::LoggedOut),
            // What is not known here has ended all the same.
            _ => Some(Self::AppRemoved),
        }
    }
}

impl Token {
    /// The token's text.
    pub(crate) fn text(&self, key: &WorldKey) -> String {
        let NewToken { kind, app_id, subject, .. } = self.made;
        key.token(kind.prefix(), kind.number(), app_id, subject, self.serial)
    }

    /// Whether it is good at that instant, as far as the token itself tells.
    pub(crate) fn is_good(&self, now: Micros) -> bool {
        self.ended.is_none() && self.made.expires_at.is_none_or(|expiry| expiry > now)
    }
}
