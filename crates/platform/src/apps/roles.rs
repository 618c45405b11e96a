//! Who has a role on an app (doc: App Roles; Instagram testers).

/// Somebody who can have a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Member {
    /// An Instagram user, person or account, by number.
    Instagram(i64),
    /// A Facebook user, by id.
    Facebook(i64),
}

macro_rules! role_names {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The roles.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum RoleName { $($(#[doc = $doc])+ $variant,)+ }

        impl RoleName {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

role_names! {
    /// Full control.
    Administrator = "administrator",
    /// Builds it.
    Developer = "developer",
    /// Tries it.
    Tester = "tester",
    /// Sees its figures.
    AnalyticsUser = "analytics_user",
    /// An Instagram account that was invited, and must accept.
    InstagramTester = "instagram_tester",
    /// Belongs to the business that owns the app. Nobody is given it by name.
    Owner = "owner",
}

impl RoleName {
    /// The role of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

/// One member's role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    /// Who.
    pub member: Member,
    /// Which.
    pub name: RoleName,
    /// An invitation counts once it is accepted.
    pub accepted: bool,
}

/// Whether one of the roles lets the member use the app while it is not open to everybody. An invitation that was given
/// and not accepted counts against whoever belongs to the app's business.
pub(crate) fn lets_in(roles: &[Role], member: Member) -> bool {
    let of_member = || roles.iter().filter(|role| role.member == member);
    match of_member().any(|role| role.name != RoleName::Owner) {
        true => of_member().any(|role| role.name != RoleName::Owner && role.accepted),
        false => of_member().next().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_role_lets_in_and_a_pending_invitation_does_not() {
        let (ana, owner) = (Member::Instagram(3), Member::Facebook(3));
        let role = |member, name, accepted| Role { member, name, accepted };
        let roles = vec![
            role(ana, RoleName::InstagramTester, true),
            role(owner, RoleName::Owner, true),
            role(Member::Instagram(4), RoleName::InstagramTester, false),
            role(Member::Instagram(5), RoleName::Owner, true),
            role(Member::Instagram(5), RoleName::InstagramTester, false),
        ];
        assert!(lets_in(&roles, ana));
        assert!(lets_in(&roles, owner));
        for number in [4, 5, 6] {
            assert!(!lets_in(&roles, Member::Instagram(number)), "{number}");
        }
        assert!(!lets_in(&roles, Member::Facebook(4)));
    }

    #[test]
    fn names_read_back() {
        for role in RoleName::ALL {
            assert_eq!(RoleName::parse(role.name()), Some(*role));
        }
        assert_eq!(RoleName::parse("king"), None);
    }
}
