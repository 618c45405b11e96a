//! The metrics of accounts.

use super::Period;

/// A breakdown of an account's metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breakdown {
    /// Which contact button: `BOOK_NOW`, `CALL`, `DIRECTION`, `EMAIL`, `INSTANT_EXPERIENCE`, `TEXT`, `UNDEFINED`.
    ContactButton,
    /// `FOLLOWER`, `NON_FOLLOWER`.
    FollowType,
    /// The same by another name, which the pages also print; the answer repeats the name that was asked for (unconfirmed).
    FollowerType,
    /// `POST`, `CAROUSEL_CONTAINER`, `REEL`, `STORY`, `AD` (cap; the pages print others).
    MediaProductType,
    /// `13-17`, `18-24`, `25-34`, `35-44`, `45-54`, `55-64`, `65+`.
    Age,
    /// Such as `Lisbon, Lisboa`.
    City,
    /// Two letters.
    Country,
    /// `F`, `M`, `U`.
    Gender,
}

impl Breakdown {
    /// All of them; the order is ours.
    pub const ALL: &'static [Self] = &[
        Self::ContactButton,
        Self::FollowType,
        Self::FollowerType,
        Self::MediaProductType,
        Self::Age,
        Self::City,
        Self::Country,
        Self::Gender,
    ];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContactButton => "contact_button_type",
            Self::FollowType => "follow_type",
            Self::FollowerType => "follower_type",
            Self::MediaProductType => "media_product_type",
            Self::Age => "age",
            Self::City => "city",
            Self::Country => "country",
            Self::Gender => "gender",
        }
    }
}

/// The breakdowns of who people are: a metric has exactly one of them.
pub const DEMOGRAPHICS: &[Breakdown] =
    &[Breakdown::Age, Breakdown::City, Breakdown::Country, Breakdown::Gender];
const PRODUCT: &[Breakdown] = &[Breakdown::MediaProductType];

/// What one metric may be asked with, and what it is called.
#[derive(Clone, Copy, Debug)]
pub struct AccountSpec {
    /// The name on the wire.
    pub name: &'static str,
    /// The periods that it has.
    pub periods: &'static [Period],
    /// It comes as a series of values, one for each day.
    pub series: bool,
    /// It comes as one value for the whole range.
    pub total: bool,
    /// What the total can be broken down by.
    pub breakdowns: &'static [Breakdown],
    /// It is there for accounts with [`FOLLOWERS`](super::FOLLOWERS) only.
    pub needs_followers: bool,
    /// `title`.
    pub title: &'static str,
    /// `title` of the total, where it is another one (cap: `Reach` and `Accounts reached`).
    pub total_title: &'static str,
    /// `description`, in our own words.
    pub description: &'static str,
}

const fn total(name: &'static str, breakdowns: &'static [Breakdown], title: &'static str) -> AccountSpec {
    AccountSpec {
        name,
        periods: &[Period::Day],
        series: false,
        total: true,
        breakdowns,
        needs_followers: false,
        title,
        total_title: title,
        description: "",
    }
}

const fn series(name: &'static str, period: &'static [Period], title: &'static str) -> AccountSpec {
    AccountSpec { periods: period, series: true, total: false, ..total(name, &[], title) }
}

const fn demographics(name: &'static str, title: &'static str) -> AccountSpec {
    AccountSpec { periods: &[Period::Lifetime], ..total(name, DEMOGRAPHICS, title) }
}

impl AccountSpec {
    const fn of_followers(self) -> Self {
        Self { needs_followers: true, ..self }
    }
    const fn says(self, description: &'static str) -> Self {
        Self { description, ..self }
    }
}

macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $name:ident => $spec:expr;)+) => {
        /// The metrics of accounts, in the order in which the API lists them (cap, 2026-05 and 2026-07).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AccountMetric { $($(#[doc = $doc])+ $name,)+ }

        impl AccountMetric {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What is known of it.
            pub const fn spec(self) -> AccountSpec {
                match self { $(Self::$name => $spec,)+ }
            }
        }
    };
}

metrics! {
    /// How many people saw anything of the account's: each counts once, so days do not add up.
    Reach => AccountSpec {
        periods: &[Period::Day, Period::Week, Period::Days28],
        series: true,
        total_title: "Accounts reached",
        ..total("reach", &[Breakdown::MediaProductType, Breakdown::FollowType], "Reach")
    }.says("How many accounts saw any of the account's content, each counted once");
    /// How many began to follow, day by day.
    FollowerCount => series("follower_count", &[Period::Day], "Follower Count").of_followers()
        .says("How many accounts began to follow the account on each day");
    /// Taps on the link in the profile.
    WebsiteClicks => total("website_clicks", &[], "Website Clicks")
        .says("How often the link in the account's profile was tapped");
    /// Visits of the profile.
    ProfileViews => total("profile_views", &[], "Profile Views")
        .says("How often the account's profile was visited");
    /// How many followers were in the app, hour by hour.
    OnlineFollowers => series("online_followers", &[Period::Lifetime], "Online Followers").of_followers()
        .says("How many of the account's followers were in the app in each hour of the day");
    /// How many people did something with the account's content.
    AccountsEngaged => total("accounts_engaged", &[], "Accounts engaged")
        .says("How many accounts interacted with the account's content, each counted once");
    /// Likes, comments, shares, saves and replies together, less what was taken back.
    TotalInteractions => total("total_interactions", PRODUCT, "Content interactions")
        .says("Likes, comments, shares, saves and replies, less those that were taken back");
    /// Likes, less those that were taken back.
    Likes => total("likes", PRODUCT, "Likes").says("Likes of the account's content, less those that were taken back");
    /// Comments, less those that were deleted.
    Comments => total("comments", PRODUCT, "Comments")
        .says("Comments on the account's content, less those that were deleted");
    /// Shares.
    Shares => total("shares", PRODUCT, "Shares").says("How often the account's content was shared");
    /// Saves, less those that were taken back.
    Saves => total("saves", PRODUCT, "Saves").says("How often the account's content was saved, less what was taken back");
    /// Answers to stories.
    Replies => total("replies", &[], "Replies").says("Replies to the account's stories");
    /// Who interacted.
    EngagedAudienceDemographics => demographics("engaged_audience_demographics", "Engaged audience demographics")
        .says("Age, city, country or gender of the accounts that interacted with the account's content");
    /// Who was reached.
    ReachedAudienceDemographics => demographics("reached_audience_demographics", "Reached audience demographics")
        .of_followers()
        .says("Age, city, country or gender of the accounts that saw the account's content");
    /// Who follows.
    FollowerDemographics => demographics("follower_demographics", "Follower demographics").of_followers()
        .says("Age, city, country or gender of the account's followers");
    /// Who began to follow and who stopped.
    FollowsAndUnfollows => total("follows_and_unfollows", &[Breakdown::FollowType], "Follows and unfollows")
        .of_followers()
        .says("How many accounts began to follow the account, and how many stopped or left Instagram");
    /// Taps on the profile's contact buttons.
    ProfileLinksTaps => total("profile_links_taps", &[Breakdown::ContactButton], "Profile links taps")
        .says("How often the buttons of the account's profile were tapped");
    /// How often the content was seen.
    Views => total(
        "views",
        &[Breakdown::MediaProductType, Breakdown::FollowerType, Breakdown::FollowType],
        "Views",
    ).says("How often the account's content was played or shown");
    /// Of a profile on Threads, which no account has here.
    ThreadsLikes => total("threads_likes", &[], "Threads likes");
    /// The same.
    ThreadsReplies => total("threads_replies", &[], "Threads replies");
    /// How often content was posted on.
    Reposts => total("reposts", &[], "Reposts").says("How often the account's content was reposted");
    /// Of Threads.
    Quotes => total("quotes", &[], "Quotes");
    /// Of Threads.
    ThreadsFollowers => total("threads_followers", &[], "Threads followers");
    /// Of Threads.
    ThreadsFollowerDemographics =>
        demographics("threads_follower_demographics", "Threads follower demographics");
    /// Of Threads.
    ContentViews => total("content_views", &[], "Content views");
    /// Of Threads.
    ThreadsViews => total("threads_views", &[], "Threads views");
    /// Of Threads.
    ThreadsClicks => total("threads_clicks", &[], "Threads clicks");
    /// Of Threads.
    ThreadsReposts => total("threads_reposts", &[], "Threads reposts");
}

impl AccountMetric {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// Whether it is about who people are.
    pub fn is_demographic(self) -> bool {
        self.spec().breakdowns == DEMOGRAPHICS
    }

    /// Whether it is about Threads: names that exist, without values for an account that has no profile there (that such
    /// a call answers an empty set is unconfirmed).
    pub const fn is_of_threads(self) -> bool {
        matches!(
            self,
            Self::ThreadsLikes
                | Self::ThreadsReplies
                | Self::Quotes
                | Self::ThreadsFollowers
                | Self::ThreadsFollowerDemographics
                | Self::ContentViews
                | Self::ThreadsViews
                | Self::ThreadsClicks
                | Self::ThreadsReposts
        )
    }
}
