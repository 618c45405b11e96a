//! The metrics of media, and what a request for them asks.

use super::{Period, names, several};
use crate::{ErrorName, GraphError, Host, Params, Result, Version};
use clock::Micros;

/// Where media of a kind is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A picture, a video or an album.
    Feed,
    /// A reel.
    Reels,
    /// A story.
    Story,
}

/// A breakdown of a metric of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaBreakdown {
    /// No metric has it.
    FollowType,
    /// No metric has it.
    SurfaceType,
    /// What was done on the profile.
    ActionType,
    /// Which way a viewer went.
    Navigation,
}

impl MediaBreakdown {
    /// All of them, in the order in which the API lists them (cap).
    pub const ALL: &'static [Self] =
        &[Self::FollowType, Self::SurfaceType, Self::ActionType, Self::Navigation];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FollowType => "follow_type",
            Self::SurfaceType => "surface_type",
            Self::ActionType => "action_type",
            Self::Navigation => "story_navigation_action_type",
        }
    }
}

/// What one metric is: its name, the surfaces that have it, on which logins, its title and description.
#[derive(Clone, Copy, Debug)]
pub struct MediaSpec {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it is.
    pub surfaces: &'static [Surface],
    /// It is Facebook Login's alone.
    pub facebook_only: bool,
    /// What it can be broken down by.
    pub breakdown: Option<MediaBreakdown>,
    /// `title`.
    pub title: &'static str,
    /// `description`, in our own words.
    pub description: &'static str,
}

use Surface::{Feed, Reels, Story};
const EVERY: &[Surface] = &[Feed, Reels, Story];
const POSTS: &[Surface] = &[Feed, Reels];

const fn metric(
    name: &'static str,
    surfaces: &'static [Surface],
    title: &'static str,
    description: &'static str,
) -> MediaSpec {
    MediaSpec { name, surfaces, facebook_only: false, breakdown: None, title, description }
}

impl MediaSpec {
    const fn facebook(self) -> Self {
        Self { facebook_only: true, ..self }
    }
    const fn by(self, breakdown: MediaBreakdown) -> Self {
        Self { breakdown: Some(breakdown), ..self }
    }
}

macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $name:ident => $spec:expr;)+) => {
        /// The metrics of media, in the order in which the API lists them for media of every kind (cap, 2026-07).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MediaMetric { $($(#[doc = $doc])+ $name,)+ }

        impl MediaMetric {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What is known of it.
            pub const fn spec(self) -> MediaSpec {
                match self { $(Self::$name => $spec,)+ }
            }
        }
    };
}

metrics! {
    /// What came before views: for media from before July 2024, up to v21.
    Impressions => metric("impressions", &[Feed, Story], "Impressions", "How often it was shown");
    /// How many people saw it.
    Reach => metric("reach", EVERY, "Accounts reached", "How many accounts saw it, each counted once");
    /// Answers to a story.
    Replies => metric("replies", &[Story], "Replies", "How many replies it got");
    /// Saves.
    Saved => metric("saved", POSTS, "Saved", "How many accounts have saved it");
    /// Likes.
    Likes => metric("likes", POSTS, "Likes", "How many accounts like it");
    /// Comments.
    Comments => metric("comments", POSTS, "Comments", "How many comments it has");
    /// Shares.
    Shares => metric("shares", EVERY, "Shares", "How often it was shared");
    /// Likes, comments, shares, saves and replies.
    TotalInteractions => metric(
        "total_interactions", EVERY, "Interactions",
        "Likes, comments, shares, saves and replies, less those that were taken back");
    /// How many began to follow from here.
    Follows => metric("follows", &[Feed, Story], "Follows", "How many accounts began to follow the account from here");
    /// Visits of the profile from here.
    ProfileVisits => metric(
        "profile_visits", &[Feed, Story], "Profile visits", "How often the account's profile was visited from here");
    /// What was done on the profile after such a visit.
    ProfileActivity => metric(
        "profile_activity", &[Feed, Story], "Profile activity", "What people did on the profile that they visited from here")
        .by(MediaBreakdown::ActionType);
    /// Which way viewers of a story went.
    Navigation => metric("navigation", &[Story], "Navigation", "What people did next: forward, back, out, or to the next story")
        .by(MediaBreakdown::Navigation);
    /// In milliseconds.
    ReelsTotalWatchTime => metric(
        "ig_reels_video_view_total_time", &[Reels], "Watch time", "How long it was played in all, in milliseconds");
    /// In milliseconds.
    ReelsAverageWatchTime => metric(
        "ig_reels_avg_watch_time", &[Reels], "Average watch time", "How long it was played each time, in milliseconds");
    /// How often it was seen.
    Views => metric("views", EVERY, "Views", "How often it was played or shown");
    /// In percent.
    ReelsSkipRate => metric(
        "reels_skip_rate", &[Reels], "Skip rate", "How many of a hundred plays ended within three seconds");
    /// How often it was posted on.
    Reposts => metric("reposts", EVERY, "Reposts", "How often it was reposted");
    /// Nothing is shown on Facebook here.
    FacebookViews => metric("facebook_views", EVERY, "Facebook views", "").facebook();
    /// Nothing is shown on Facebook here.
    CrosspostedViews => metric("crossposted_views", &[Reels], "Crossposted views", "").facebook();
    /// With those of ads, of which there are none.
    TotalViews => metric("total_views", EVERY, "Total views", "How often it was played or shown, ads included").facebook();
    /// With those of ads.
    TotalLikes => metric("total_likes", POSTS, "Total likes", "How many accounts like it, ads included").facebook();
    /// With those of ads.
    TotalComments => metric("total_comments", POSTS, "Total comments", "How many comments it has, ads included").facebook();
    /// Taps on the link of a story's sticker.
    LinkClicks => metric("link_clicks", &[Story], "Link clicks", "How often the link of its sticker was tapped").facebook();
}

impl MediaMetric {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }
}

/// The day on which media began to have views instead of impressions: 2 July 2024 (doc: changelog of the Instagram
/// Platform; which midnight is unconfirmed).
const VIEWS_BEGIN: Micros = Micros::from_secs(1_719_878_400);

/// What of media decides about its metrics.
#[derive(Clone, Copy, Debug)]
pub struct MediaFacts {
    /// Where it is shown; `None` for a part of an album, which has no insights.
    pub surface: Option<Surface>,
    /// It is a video.
    pub is_video: bool,
    /// When it was published.
    pub created_at: Micros,
}

/// A request whose parts fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRequest {
    /// The metrics, in the order in which they were asked for.
    pub metrics: Vec<MediaMetric>,
    /// The breakdown.
    pub breakdown: Option<MediaBreakdown>,
}

impl MediaRequest {
    /// Reads `metric`, `period`, which decides nothing, and `breakdown`. One wrong part refuses the whole request.
    pub fn read(params: &Params, facts: &MediaFacts, host: Host, version: Version) -> Result<Self> {
        let metrics = several(params, "metric", MediaMetric::ALL, MediaMetric::name)?;
        if metrics.is_empty() {
            return Err(GraphError::required("metric"));
        }
        Period::read(params)?;
        let wrong: Vec<MediaMetric> =
            metrics.iter().copied().filter(|metric| !facts.has(*metric, host, version)).collect();
        if wrong == [MediaMetric::Impressions] && version.is_from(22) && facts.once_had_impressions() {
            return Err(GraphError::new(ErrorName::InsightsImpressionsRetired));
        }
        if !wrong.is_empty() {
            let names = names(&wrong, MediaMetric::name).replace(',', ", ");
            return Err(GraphError::with(ErrorName::InsightsWrongSurface, [&names]));
        }
        let breakdowns = several(params, "breakdown", MediaBreakdown::ALL, MediaBreakdown::name)?;
        let fits = |metric: &&MediaMetric| breakdowns.iter().all(|by| metric.spec().breakdown == Some(*by));
        if let Some(metric) = metrics.iter().find(|metric| !fits(metric)) {
            let named = names(&breakdowns, MediaBreakdown::name);
            return Err(GraphError::with(ErrorName::InsightsWrongBreakdown, [&named, metric.name()]));
        }
        if metrics.iter().any(|m| matches!(m, MediaMetric::FacebookViews | MediaMetric::CrosspostedViews)) {
            return Err(GraphError::new(ErrorName::InsightsNotOnFacebook));
        }
        Ok(Self { metrics, breakdown: breakdowns.first().copied() })
    }
}

impl MediaFacts {
    fn has(&self, metric: MediaMetric, host: Host, version: Version) -> bool {
        let spec = metric.spec();
        let is_old = self.created_at < VIEWS_BEGIN && !version.is_from(22);
        self.surface.is_some_and(|surface| spec.surfaces.contains(&surface))
            && (!spec.facebook_only || host == Host::Facebook)
            && (metric != MediaMetric::Impressions || is_old)
    }

    /// Pictures and albums are told that impressions are gone, videos that they have none (cap).
    fn once_had_impressions(&self) -> bool {
        !self.is_video && matches!(self.surface, Some(Feed | Story))
    }
}
