//! The two variants of the API, which are two hosts with two dialects of errors.

use std::fmt;

/// Which variant of the API a request speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    /// Instagram API with Instagram Login: `graph.instagram.com`, tokens `IGAA…`.
    Instagram,
    /// Instagram API with Facebook Login (Messenger Platform): `graph.facebook.com`, tokens `EAA…`.
    Facebook,
}

impl Host {
    /// Both, in the order in which ledgers list them.
    pub const BOTH: &'static [Self] = &[Self::Instagram, Self::Facebook];

    /// The variant that a `Host` header names, with or without a port; `None` for any other name.
    pub fn from_header(value: &str) -> Option<Self> {
        let name = value.split(':').next().unwrap_or(value);
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("graph.instagram.com") || is("api.instagram.com") || is("www.instagram.com") {
            Some(Self::Instagram)
        } else if is("graph.facebook.com") || is("www.facebook.com") || is("rupload.facebook.com") {
            Some(Self::Facebook)
        } else {
            None
        }
    }

    /// The host's name on the real internet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instagram => "graph.instagram.com",
            Self::Facebook => "graph.facebook.com",
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
