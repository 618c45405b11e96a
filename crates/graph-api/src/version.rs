//! Versions of the API, as the first segment of a path.

use std::fmt;

/// A version such as `v25.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    /// The newest version (doc: generated Graph reference, 2026-11).
    pub const LATEST: Self = Self { major: 26, minor: 0 };
    /// The oldest one that still answers as itself; older ones are served as this one (doc: Platform Versioning).
    pub const OLDEST_SERVED: Self = Self { major: 21, minor: 0 };
    const OLDEST_ACCEPTED: Self = Self { major: 2, minor: 0 };

    /// Reads `vMAJOR.MINOR`. `Ok(None)` if the segment has another form (it is then a node), `Err` if it has the form
    /// of a version that does not exist.
    pub fn parse(segment: &str) -> Result<Option<Self>, UnknownVersion> {
        let Some((major, minor)) = segment.strip_prefix('v').and_then(|rest| rest.split_once('.')) else {
            return Ok(None);
        };
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(major) || !digits(minor) {
            return Ok(None);
        }
        match (major.parse(), minor.parse()) {
            (Ok(major), Ok(minor)) => {
                let version = Self { major, minor };
                let known = (Self::OLDEST_ACCEPTED..=Self::LATEST).contains(&version);
                // Versions before 3.0 had minor numbers up to 12, later ones up to 3.
                let minor_exists = minor <= if major == 2 { 12 } else { 3 };
                if known && minor_exists { Ok(Some(version)) } else { Err(UnknownVersion) }
            }
            _ => Err(UnknownVersion),
        }
    }

    /// Whether it is that major version or a later one.
    pub const fn is_from(self, major: u8) -> bool {
        self.major >= major
    }

    /// The version that answers a request for this one; `facebook-api-version` names it.
    #[must_use]
    pub fn served(self) -> Self {
        self.max(Self::OLDEST_SERVED)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

/// The segment has the form of a version, but no such version exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_the_field_are_served() {
        for (asked, served) in
            [("v2.12", "v21.0"), ("v15.0", "v21.0"), ("v23.0", "v23.0"), ("v26.0", "v26.0")]
        {
            let version = Version::parse(asked).unwrap().unwrap();
            assert_eq!(version.served().to_string(), served);
        }
        for wrong in ["v1.0", "v27.0", "v99.9", "v25.9", "v999.0"] {
            assert_eq!(Version::parse(wrong), Err(UnknownVersion), "{wrong}");
        }
        for node in ["me", "17841400000000001", "v25", "vx.0", "v.", "version"] {
            assert_eq!(Version::parse(node), Ok(None), "{node}");
        }
    }
}
