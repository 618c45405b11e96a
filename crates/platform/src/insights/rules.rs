//! How what was counted makes an answer.

use super::Button;
use super::parts::Parts;
use crate::conversations::Product;
use crate::publishing::Media;
use graph_api::insights::{AccountMetric, Breakdown, MediaFacts, Surface};
use graph_api::time::PacificDay;
use std::collections::BTreeMap;

/// What is kept for each day. The names of its parts are the values of breakdowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    /// `POST,FOLLOWER` and so on.
    Views,
    /// By product, as all that follow up to reposts.
    Likes,
    Comments,
    Shares,
    Saves,
    Replies,
    Reposts,
    ProfileViews,
    WebsiteClicks,
    /// By button.
    Contacts,
    /// `FOLLOWER` for who began, `NON_FOLLOWER` for who stopped.
    Follows,
    /// By hour.
    Online,
    /// People, as all that follow.
    Reach,
    ReachByProduct,
    ReachByFollow,
    ReachByBoth,
    Engaged,
    ReachedPeople(Breakdown),
    EngagedPeople(Breakdown),
}

impl Series {
    /// As it is stored.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Views => "views",
            Self::Likes => "likes",
            Self::Comments => "comments",
            Self::Shares => "shares",
            Self::Saves => "saves",
            Self::Replies => "replies",
            Self::Reposts => "reposts",
            Self::ProfileViews => "profile_views",
            Self::WebsiteClicks => "website_clicks",
            Self::Contacts => "contacts",
            Self::Follows => "follows",
            Self::Online => "online",
            Self::Reach => "reach",
            Self::ReachByProduct => "reach product",
            Self::ReachByFollow => "reach follow",
            Self::ReachByBoth => "reach product follow",
            Self::Engaged => "engaged",
            Self::ReachedPeople(Breakdown::Age) => "reach age",
            Self::ReachedPeople(Breakdown::City) => "reach city",
            Self::ReachedPeople(Breakdown::Country) => "reach country",
            Self::ReachedPeople(_) => "reach gender",
            Self::EngagedPeople(Breakdown::Age) => "engaged age",
            Self::EngagedPeople(Breakdown::City) => "engaged city",
            Self::EngagedPeople(Breakdown::Country) => "engaged country",
            Self::EngagedPeople(_) => "engaged gender",
        }
    }
}

/// What people do with content, as far as it adds up to `total_interactions`.
pub(super) const INTERACTIONS: &[Series] =
    &[Series::Likes, Series::Comments, Series::Shares, Series::Saves, Series::Replies];

/// What is read for a metric.
pub(super) fn sources(metric: AccountMetric, breakdowns: &[Breakdown]) -> Vec<Series> {
    let by = |breakdown| breakdowns.contains(&breakdown);
    let by_follow = by(Breakdown::FollowType) || by(Breakdown::FollowerType);
    let people = breakdowns.first().copied().unwrap_or(Breakdown::Age);
    match metric {
        AccountMetric::Reach => vec![match (by(Breakdown::MediaProductType), by_follow) {
            (false, false) => Series::Reach,
            (true, false) => Series::ReachByProduct,
            (false, true) => Series::ReachByFollow,
            (true, true) => Series::ReachByBoth,
        }],
        AccountMetric::TotalInteractions => INTERACTIONS.to_vec(),
        AccountMetric::Views => vec![Series::Views],
        AccountMetric::Likes => vec![Series::Likes],
        AccountMetric::Comments => vec![Series::Comments],
        AccountMetric::Shares => vec![Series::Shares],
        AccountMetric::Saves => vec![Series::Saves],
        AccountMetric::Replies => vec![Series::Replies],
        AccountMetric::Reposts => vec![Series::Reposts],
        AccountMetric::ProfileViews => vec![Series::ProfileViews],
        AccountMetric::WebsiteClicks => vec![Series::WebsiteClicks],
        AccountMetric::ProfileLinksTaps => vec![Series::Contacts],
        AccountMetric::FollowerCount | AccountMetric::FollowsAndUnfollows => vec![Series::Follows],
        AccountMetric::OnlineFollowers => vec![Series::Online],
        AccountMetric::AccountsEngaged => vec![Series::Engaged],
        AccountMetric::EngagedAudienceDemographics => vec![Series::EngagedPeople(people)],
        AccountMetric::ReachedAudienceDemographics => vec![Series::ReachedPeople(people)],
        AccountMetric::FollowerDemographics
        | AccountMetric::ThreadsLikes
        | AccountMetric::ThreadsReplies
        | AccountMetric::Quotes
        | AccountMetric::ThreadsFollowers
        | AccountMetric::ThreadsFollowerDemographics
        | AccountMetric::ContentViews
        | AccountMetric::ThreadsViews
        | AccountMetric::ThreadsClicks
        | AccountMetric::ThreadsReposts => Vec::new(),
    }
}

/// Whether the parts of a metric are people who count once.
pub(super) const fn counts_people(metric: AccountMetric) -> bool {
    matches!(
        metric,
        AccountMetric::Reach
            | AccountMetric::AccountsEngaged
            | AccountMetric::EngagedAudienceDemographics
            | AccountMetric::ReachedAudienceDemographics
    )
}

/// Days with what was counted on each, in order.
pub(super) type Counted = [(PacificDay, Parts)];

/// Numbers by the value of a breakdown.
pub(super) type Values = BTreeMap<String, i64>;

/// The sum of the days, by the names of the parts.
pub(super) fn sum(days: &Counted, (first, last): (PacificDay, PacificDay)) -> Values {
    let mut values = Values::new();
    for (_, parts) in days.iter().filter(|(day, _)| (first..=last).contains(day)) {
        for (name, number) in parts.all() {
            add(&mut values, name, number);
        }
    }
    values
}

fn add(values: &mut Values, name: &str, number: i64) {
    match values.get_mut(name) {
        Some(known) => *known += number,
        None => drop(values.insert(name.to_owned(), number)),
    }
}

/// How many people belong to a range of days, each counted once: on each day, those whose last day lies before the range.
pub(super) fn people(days: &Counted, (first, last): (PacificDay, PacificDay)) -> Values {
    let mut values = Values::new();
    for (day, parts) in days.iter().filter(|(day, _)| (first..=last).contains(day)) {
        for (name, gap, number) in parts.people() {
            if day.0 - gap < first.0 {
                add(&mut values, name, number);
            }
        }
    }
    values
}

/// Values of the names `PRODUCT,FOLLOW`, by what is asked for of them; in the order asked.
pub(super) fn regrouped(values: &Values, stored: &[Breakdown], asked: &[Breakdown]) -> Values {
    let mut grouped = Values::new();
    for (name, number) in values {
        let words: Vec<&str> = name.split(',').collect();
        let word = |by: &Breakdown| {
            let by = if *by == Breakdown::FollowerType { &Breakdown::FollowType } else { by };
            stored
                .iter()
                .position(|known| known == by)
                .and_then(|at| words.get(at).copied())
                .unwrap_or_default()
        };
        let name = asked.iter().map(word).collect::<Vec<_>>().join(",");
        *grouped.entry(name).or_default() += number;
    }
    grouped
}

/// The values of a breakdown that are known by order; others go by number.
pub(super) fn rank(value: &str) -> usize {
    const ORDER: [&str; 8] =
        ["POST", "CAROUSEL_CONTAINER", "REEL", "STORY", "AD", "FOLLOWER", "NON_FOLLOWER", "UNKNOWN"];
    let buttons = || Button::ALL.iter().position(|button| button.name() == value);
    let of_word = |word: &str| ORDER.iter().position(|known| *known == word);
    let words = value.split(',').map(of_word).try_fold(0, |rank, at| Some(rank * ORDER.len() + at?));
    words.or_else(buttons).unwrap_or(usize::MAX)
}

/// `media_product_type`, as the breakdowns have it.
pub(super) fn product(media: &Media) -> &'static str {
    match (surface(media), media.media_type.as_str()) {
        (Surface::Reels, _) => "REEL",
        (Surface::Story, _) => "STORY",
        (Surface::Feed, "CAROUSEL_ALBUM") => "CAROUSEL_CONTAINER",
        (Surface::Feed, _) => "POST",
    }
}

/// Where media is shown.
pub(crate) fn surface(media: &Media) -> Surface {
    if media.product == Product::Reels {
        Surface::Reels
    } else if media.product == Product::Story {
        Surface::Story
    } else {
        Surface::Feed
    }
}

/// What of media decides about its metrics.
pub(super) fn facts(media: &Media) -> MediaFacts {
    MediaFacts {
        // A broadcast has none either.
        surface: (media.parent.is_none() && media.product != Product::Live).then(|| surface(media)),
        is_video: media.media_type == "VIDEO",
        created_at: media.created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clock::{Chance, SeededChance};
    use std::collections::{HashMap, HashSet};

    /// Against counting the people themselves: forty days, thirty people, every range of up to thirty-one days.
    #[test]
    fn people_count_once_in_every_range() {
        let chance = SeededChance::new(7);
        let mut days: Vec<(PacificDay, Parts)> = Vec::new();
        let mut seen: Vec<HashSet<u64>> = Vec::new();
        let mut last: HashMap<u64, i64> = HashMap::new();
        for day in 0..40 {
            let (mut parts, mut today) = (Parts::default(), HashSet::new());
            for _ in 0..chance.number() % 12 {
                let person = chance.number() % 30;
                if today.insert(person) {
                    let gap = last.insert(person, day).map_or(i64::MAX, |before| day - before);
                    parts.add_people("", gap, 1);
                }
            }
            days.push((PacificDay(day), parts));
            seen.push(today);
        }
        for first in 0..40_usize {
            for last in first..40.min(first + 31) {
                let expected: HashSet<u64> = seen[first..=last].iter().flatten().copied().collect();
                let range = (PacificDay(first as i64), PacificDay(last as i64));
                let counted = people(&days, range).values().sum::<i64>();
                assert_eq!(counted, expected.len() as i64, "{first} to {last}");
            }
        }
    }

    #[test]
    fn parts_are_grouped_by_what_is_asked() {
        let values: Values = [("POST,FOLLOWER", 1), ("POST,NON_FOLLOWER", 2), ("REEL,FOLLOWER", 4)]
            .map(|(k, v)| (k.to_owned(), v))
            .into();
        let stored = [Breakdown::MediaProductType, Breakdown::FollowType];
        let by = |asked: &[Breakdown]| regrouped(&values, &stored, asked).into_iter().collect::<Vec<_>>();
        assert_eq!(by(&[]), [(String::new(), 7)]);
        assert_eq!(by(&[Breakdown::MediaProductType]), [("POST".to_owned(), 3), ("REEL".to_owned(), 4)]);
        let both = by(&[Breakdown::FollowerType, Breakdown::MediaProductType]);
        assert_eq!(both[0], ("FOLLOWER,POST".to_owned(), 1));
        assert!(rank("POST") < rank("REEL") && rank("CALL") < rank("EMAIL"));
        assert!(rank("POST,NON_FOLLOWER") < rank("REEL,FOLLOWER") && rank("Lisbon") == usize::MAX);
    }
}
