//! Finding an error of the table by what programs know of it.

use super::ErrorName;
use crate::Host;

impl ErrorName {
    /// The error of that name, such as `WindowClosed`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| format!("{known:?}") == name)
    }

    /// The error that a code, and a subcode if there is one, stands for on a host. Of several, one that the host raises
    /// comes first, then one whose text has no gaps, then one without a subcode, then the order of the table. Codes 1
    /// and 100 alone are the generic ones.
    pub fn with_code(host: Host, code: i32, subcode: Option<u32>) -> Option<Self> {
        match (code, subcode) {
            (1, None) => return Some(Self::Unknown),
            (100, None) => return Some(Self::MalformedRequest),
            _ => {}
        }
        let fits = |name: &Self| {
            let spec = name.spec();
            spec.code(host) == code && (subcode.is_none() || spec.subcode(host) == subcode)
        };
        let rank = |name: &Self| {
            let spec = name.spec();
            (!spec.hosts.contains(&host), name.gaps() > 0, spec.subcode(host).is_some())
        };
        Self::ALL.iter().copied().filter(fits).min_by_key(rank)
    }

    /// How many gaps its text has on the host that has more.
    pub fn gaps(self) -> usize {
        let spec = self.spec();
        let count = |text: &str| (0..10).filter(|n| text.contains(&format!("{{{n}}}"))).count();
        let texts = Host::BOTH.iter().map(|host| spec.text(*host)).chain(spec.user_text);
        texts.map(count).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_lead_to_entries() {
        assert_eq!(ErrorName::parse("WindowClosed"), Some(ErrorName::WindowClosed));
        assert_eq!(ErrorName::parse("windowclosed"), None);
        for (host, code, subcode, name) in [
            (Host::Instagram, 613, None, "SendLimitReached"),
            (Host::Instagram, 613, Some(1996), "InconsistentVolume"),
            (Host::Facebook, 10, Some(2_534_022), "WindowClosed"),
            (Host::Instagram, 10, None, "PermissionMissing"),
            (Host::Instagram, 100, None, "MalformedRequest"),
            (Host::Facebook, 190, None, "TokenUnparseable"),
            (Host::Instagram, 190, None, "TokenMissing"),
            (Host::Facebook, 104, None, "TokenMissing"),
            (Host::Facebook, 1, None, "Unknown"),
            (Host::Instagram, 2, None, "TryAgain"),
            (Host::Instagram, 4, None, "AppLimitReached"),
            // Only the Facebook host raises it, but a code that is asked for is answered.
            (Host::Instagram, 32, None, "PageLimitReached"),
        ] {
            let found = ErrorName::with_code(host, code, subcode).map(|name| format!("{name:?}"));
            assert_eq!(found.as_deref(), Some(name), "{host} {code} {subcode:?}");
        }
        assert_eq!(ErrorName::with_code(Host::Facebook, 10, Some(1)), None);
        assert_eq!(ErrorName::with_code(Host::Facebook, 12_345, None), None);
    }

    #[test]
    fn gaps_are_counted() {
        assert_eq!(ErrorName::WindowClosed.gaps(), 0);
        assert_eq!(ErrorName::TokenExpired.gaps(), 2);
        assert_eq!(ErrorName::ParameterNotOneOf.gaps(), 3);
    }
}
