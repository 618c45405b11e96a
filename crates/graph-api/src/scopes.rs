//! Permissions (scopes) of a token, as a set.

use crate::name_set::name_set;

macro_rules! scopes {
    ($($variant:ident = $name:literal,)+) => {
        /// A permission that a person can grant to an app.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Scope { $(#[doc = $name] $variant,)+ }

        impl Scope {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

scopes! {
    InstagramBusinessBasic = "instagram_business_basic",
    InstagramBusinessManageMessages = "instagram_business_manage_messages",
    InstagramBusinessManageComments = "instagram_business_manage_comments",
    InstagramBusinessContentPublish = "instagram_business_content_publish",
    InstagramBusinessManageInsights = "instagram_business_manage_insights",
    InstagramBasic = "instagram_basic",
    InstagramManageMessages = "instagram_manage_messages",
    InstagramManageComments = "instagram_manage_comments",
    InstagramContentPublish = "instagram_content_publish",
    InstagramManageInsights = "instagram_manage_insights",
    InstagramManageContents = "instagram_manage_contents",
    PagesManageMetadata = "pages_manage_metadata",
    PagesShowList = "pages_show_list",
    PagesMessaging = "pages_messaging",
    PagesReadEngagement = "pages_read_engagement",
    BusinessManagement = "business_management",
    PublicProfile = "public_profile",
    AdsManagement = "ads_management",
    Email = "email",
}

impl Scope {
    /// The permission of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }

    /// Whether it belongs to Instagram Login (the others belong to Facebook Login).
    pub fn is_instagram_login(self) -> bool {
        self.name().starts_with("instagram_business_")
    }
}

name_set! {
    /// A set of permissions.
    ScopeSet of Scope in u32
}

impl ScopeSet {
    /// All permissions of Instagram Login, or all of Facebook Login.
    pub fn all(instagram_login: bool) -> Self {
        Scope::ALL.iter().filter(|s| s.is_instagram_login() == instagram_login).copied().collect()
    }

    /// The first permission of `needed` that this set lacks.
    pub fn lacks(self, needed: Self) -> Option<Scope> {
        needed.without(self).iter().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_written_and_read() {
        let set = ScopeSet::of(&[Scope::PagesMessaging, Scope::InstagramBasic]);
        assert_eq!(set.to_string(), "instagram_basic,pages_messaging");
        assert_eq!(ScopeSet::parse("pages_messaging,nonsense,instagram_basic"), set);
        assert_eq!(set.lacks(ScopeSet::of(&[Scope::InstagramBasic])), None);
        assert_eq!(
            set.lacks(ScopeSet::of(&[Scope::InstagramBasic, Scope::PublicProfile])),
            Some(Scope::PublicProfile)
        );
        let one = ScopeSet::of(&[Scope::PagesMessaging]);
        assert_eq!((set.and(one), set.without(one).or(one)), (one, set));
        assert!(one.without(set).is_empty() && !one.is_empty());
        assert!(ScopeSet::all(true).has(Scope::InstagramBusinessBasic));
        assert!(!ScopeSet::all(false).has(Scope::InstagramBusinessBasic));
    }
}
