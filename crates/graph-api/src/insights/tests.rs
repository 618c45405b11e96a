use super::*;
use crate::time::PacificDay;
use crate::{Host, Version};
use clock::Micros;

const NOW: &str = "2026-03-02T09:00:00Z";

fn now() -> Micros {
    crate::time::parse(NOW).unwrap()
}

fn params(query: &str) -> Params {
    let mut params = Params::default();
    params.add_form(query.as_bytes()).unwrap();
    params
}

fn account(query: &str) -> Result<AccountRequest, String> {
    AccountRequest::read(&params(query), now()).map_err(|error| error.message(Host::Facebook))
}

#[test]
fn every_metric_is_served_with_what_its_row_says() {
    for metric in AccountMetric::ALL {
        let spec = metric.spec();
        for period in Period::ALL {
            for form in ["", "time_series", "total_value"] {
                let people = if metric.is_demographic() { "&breakdown=age&timeframe=this_week" } else { "" };
                let query =
                    format!("metric={}&period={}&metric_type={form}{people}", metric.name(), period.name());
                let in_form = if form == "total_value" { spec.total } else { spec.series };
                let served = in_form && spec.periods.contains(period);
                assert_eq!(account(&query).is_ok(), served, "{query}");
            }
        }
        if spec.total {
            for breakdown in Breakdown::ALL {
                let query = format!(
                    "metric={}&period={}&metric_type=total_value&timeframe=this_month&breakdown={}",
                    metric.name(),
                    spec.periods[0].name(),
                    breakdown.name()
                );
                assert_eq!(account(&query).is_ok(), spec.breakdowns.contains(breakdown), "{query}");
            }
        }
        let has_words = !spec.title.is_empty() && (metric.is_of_threads() || !spec.description.is_empty());
        assert!(has_words, "{}", metric.name());
    }
}

#[test]
fn the_errors_are_word_for_word() {
    for (query, message) in [
        ("", "(#100) The parameter metric is required"),
        ("metric=reach", "(#100) The parameter period is required"),
        (
            "metric=views,profile_views&period=day",
            "(#100) The following metrics (views,profile_views) should be specified with parameter metric_type=total_value",
        ),
        (
            "metric=reach,profile_views&period=day",
            "(#100) The following metrics (profile_views) should be specified with parameter metric_type=total_value",
        ),
        (
            "metric=views&period=day&metric_type=time_series",
            "(#100) The following metric (views) is incompatible with the metric type (time_series)",
        ),
        (
            "metric=follower_count&period=day&metric_type=total_value",
            "(#100) The following metric (follower_count) is incompatible with the metric type (total_value)",
        ),
        (
            "metric=online_followers&period=week",
            "(#100) The following periods (week) are incompatible with the metric (online_followers)",
        ),
        (
            "metric=reach&period=day&since=1772442000&until=1775034001",
            "(#100) There cannot be more than 30 days (2592000 s) between since and until.",
        ),
        (
            "metric=follower_count&period=day&since=2026-01-30&until=2026-02-20",
            "(#100) (follower_count) metric only supports querying data for the last 30 days excluding the current day",
        ),
        (
            "metric=likes&period=day&metric_type=total_value&breakdown=follow_type",
            "(#100) Incompatible breakdowns (follow_type) for metric (likes)",
        ),
        (
            "metric=reach&period=day&breakdown=follow_type",
            "(#100) Incompatible breakdowns (follow_type) for metric (reach)",
        ),
        (
            "metric=reach,likes&period=day&metric_type=total_value&breakdown=follow_type",
            "An unknown error has occurred.",
        ),
        (
            "metric=follower_demographics&period=lifetime&metric_type=total_value&timeframe=this_week&breakdown=age,city",
            "(#100) Incompatible breakdowns (age,city) for metric (follower_demographics)",
        ),
        (
            "metric=follower_demographics&period=lifetime&metric_type=total_value&timeframe=this_week",
            "(#100) The parameter breakdown is required",
        ),
        (
            "metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age",
            "(#100) The parameter timeframe is required",
        ),
        (
            "metric=follower_demographics&period=lifetime&metric_type=total_value&timeframe=last_14_days&breakdown=age",
            "(#100) Param timeframe must be this_week or this_month since v20.0",
        ),
        (
            "metric=reach&period=hour",
            "(#100) period[0] must be one of the following values: day, week, days_28, month, lifetime, total_over_range",
        ),
        (
            "metric=reach&period=day&metric_type=sum",
            "(#100) metric_type must be one of the following values: default, time_series, total_value",
        ),
        (
            "metric=follower_demographics&period=lifetime&metric_type=total_value&timeframe=today&breakdown=age",
            "(#100) timeframe must be one of the following values: last_14_days, last_30_days, last_90_days, prev_month, this_month, this_week",
        ),
        (
            "metric=reach,likes&period=day,week,days_28&metric_type=total_value",
            "(#100) The following periods (week,days_28) are incompatible with the metric (likes)",
        ),
        ("metric=reach&period=day&since=soon", "(#100) Param since must be a unix timestamp or a date"),
        (
            "metric=reach&period=day&since=1772442000&until=1772441999",
            "(#100) Param since must be a time before until",
        ),
    ] {
        assert_eq!(account(query).unwrap_err(), message, "{query}");
    }
    let retired = account("metric=reach,impressions&period=day").unwrap_err();
    let expected = "(#100) metric[1] must be one of the following values: reach, follower_count, website_clicks, \
        profile_views, online_followers, accounts_engaged, total_interactions, likes, comments, shares, saves, replies, \
        engaged_audience_demographics, reached_audience_demographics, follower_demographics, follows_and_unfollows, \
        profile_links_taps, views, threads_likes, threads_replies, reposts, quotes, threads_followers, \
        threads_follower_demographics, content_views, threads_views, threads_clicks, threads_reposts";
    assert_eq!(retired, expected);
}

#[test]
fn ranges_are_days_of_pacific_time_with_both_ends() {
    let days = |query: &str| {
        let request = account(&format!("metric=reach&period=day{query}")).unwrap();
        (request.days.first, request.days.last)
    };
    let day = |text: &str| PacificDay::parse(text).unwrap();
    // In California it is one o'clock of the second.
    assert_eq!(days(""), (day("2026-03-01"), day("2026-03-02")));
    assert_eq!(days("&since=2026-02-10&until=2026-02-12"), (day("2026-02-10"), day("2026-02-12")));
    let last_of_first = "1770796799";
    assert_eq!(
        days(&format!("&since={last_of_first}&until=1770796800")),
        (day("2026-02-10"), day("2026-02-11"))
    );
    assert_eq!(days("&since=2026-02-20"), (day("2026-02-20"), day("2026-03-02")));
    assert_eq!(days("&until=2026-02-20"), (day("2026-02-19"), day("2026-02-20")));
    assert_eq!(days("&since=2026-03-01&until=2026-03-20"), (day("2026-03-01"), day("2026-03-02")));
    let total = account("metric=reach&period=week&metric_type=total_value").unwrap();
    assert_eq!(total.days.first, day("2026-02-24"));
    // As the official SDKs send it.
    let lists = account("metric=[\"reach\"]&period=[\"day\",\"week\"]&metric_type=total_value").unwrap();
    assert_eq!(lists.periods, [Period::Day, Period::Week]);
    assert_eq!(lists.days_of(Period::Day).0, day("2026-03-01"));
    assert_eq!(lists.days_of(Period::Week).0, day("2026-02-24"));
    assert!(account("metric=reach&period=day&metric_type=default").is_ok());
}

#[test]
fn lists_come_in_any_form_and_names_count_once() {
    for query in ["metric=likes,views,likes", "metric=[\"likes\",\"views\"]", "metric=likes%2C views"] {
        let request = account(&format!("{query}&period=day&metric_type=total_value")).unwrap();
        assert_eq!(request.metrics, [AccountMetric::Likes, AccountMetric::Views], "{query}");
    }
}

fn media(query: &str, surface: Option<Surface>, host: Host, version: &str) -> Result<MediaRequest, String> {
    let facts = MediaFacts { surface, is_video: surface == Some(Surface::Reels), created_at: now() };
    let version = Version::parse(version).unwrap().unwrap();
    MediaRequest::read(&params(query), &facts, host, version).map_err(|error| error.message(host))
}

#[test]
fn media_have_the_metrics_of_their_kind() {
    use Surface::{Feed, Reels, Story};
    for metric in MediaMetric::ALL.iter().filter(|metric| **metric != MediaMetric::Impressions) {
        for surface in [Feed, Reels, Story] {
            for host in Host::BOTH {
                let spec = metric.spec();
                let answer = media(&format!("metric={}", metric.name()), Some(surface), *host, "v25.0");
                let on_host = !spec.facebook_only || *host == Host::Facebook;
                match answer {
                    Ok(_) => assert!(spec.surfaces.contains(&surface) && on_host, "{metric:?} {surface:?}"),
                    Err(why) if why == "Fatal" => assert!(metric.name().ends_with("_views") && on_host),
                    Err(why) => {
                        assert!(
                            !spec.surfaces.contains(&surface) || !on_host,
                            "{metric:?} {surface:?} {why}"
                        );
                    }
                }
            }
        }
        let part = media(&format!("metric={}", metric.name()), None, Host::Facebook, "v25.0");
        assert!(part.unwrap_err().contains("does not support"));
    }
}

#[test]
fn the_errors_of_media_are_word_for_word() {
    use Surface::{Feed, Reels};
    let retired = "(#100) Starting from version v22.0 and above, the impressions metric is no longer supported for the \
        queried media";
    let unsupported =
        "(#100) The Media Insights API does not support the impressions metric for this media product type.";
    for (query, surface, version, message) in [
        ("", Feed, "v25.0", "(#100) The parameter metric is required"),
        ("metric=impressions", Feed, "v25.0", retired),
        ("metric=impressions", Reels, "v25.0", unsupported),
        ("metric=impressions", Feed, "v21.0", unsupported),
        (
            "metric=profile_visits,reach,follows",
            Reels,
            "v25.0",
            "(#100) The Media Insights API does not support the profile_visits, follows metric for this media product type.",
        ),
        (
            "metric=views&breakdown=follow_type",
            Feed,
            "v25.0",
            "(#100) Incompatible breakdowns (follow_type) for metric (views)",
        ),
        (
            "metric=views&breakdown=age",
            Feed,
            "v25.0",
            "(#100) breakdown[0] must be one of the following values: follow_type, surface_type, action_type, \
             story_navigation_action_type",
        ),
        (
            "metric=plays",
            Reels,
            "v25.0",
            "(#100) metric[0] must be one of the following values: impressions, reach, replies, saved, likes, comments, \
             shares, total_interactions, follows, profile_visits, profile_activity, navigation, \
             ig_reels_video_view_total_time, ig_reels_avg_watch_time, views, reels_skip_rate, reposts, facebook_views, \
             crossposted_views, total_views, total_likes, total_comments, link_clicks",
        ),
    ] {
        assert_eq!(media(query, Some(surface), Host::Facebook, version).unwrap_err(), message, "{query}");
    }
    let old =
        MediaFacts { surface: Some(Feed), is_video: false, created_at: Micros::from_secs(1_700_000_000) };
    let version = |text: &str| Version::parse(text).unwrap().unwrap();
    let read = |text| MediaRequest::read(&params("metric=impressions"), &old, Host::Facebook, version(text));
    assert!(read("v21.0").is_ok());
    assert_eq!(read("v22.0").unwrap_err().name, ErrorName::InsightsImpressionsRetired);
    let activity = media(
        "metric=profile_activity&breakdown=action_type&period=day",
        Some(Feed),
        Host::Instagram,
        "v25.0",
    );
    assert_eq!(activity.unwrap().breakdown, Some(MediaBreakdown::ActionType));
}
