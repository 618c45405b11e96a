//! The answer about a post, reel or story.

use super::super::parts::Parts;
use super::super::{BIO_LINK, Button, Way, rules, store};
use super::{Entry, breakdowns};
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::Node;
use crate::publishing::Media;
use graph_api::insights::{MediaBreakdown, MediaMetric, MediaRequest, STORY_VIEWERS, Surface};
use graph_api::{ErrorName, GraphError, Params};
use serde_json::{Value, json};

/// `{"data":[…]}`: the metrics in the order in which they were asked for. Whatever period was named, each is of the medium's
/// whole life (cap).
pub(in crate::insights) async fn media(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    answer(call, media, call.params).await
}

/// The same for parameters from wherever they came.
pub(super) async fn answer(call: &Call<'_>, media: &Media, params: &Params) -> Result<Value> {
    if !media.is_live(call.platform.clock.now()) {
        return Err(GraphError::with(ErrorName::UnknownObject, ["get", &media.id.to_string()]).into());
    }
    let request = MediaRequest::read(params, &rules::facts(media), call.host, call.version)?;
    let (account, id) = (media.account, media.id);
    let (kept, parts) = call
        .platform
        .db
        .read(move |db| {
            Ok::<_, storage::Error>((store::kept(db, account)?, store::of_media(db, account, id)?))
        })
        .await?;
    if media.created_at < kept.professional_since {
        return Err(ErrorName::InsightsBeforeConversion.into());
    }
    if rules::surface(media) == Surface::Story && parts.get("reach") < STORY_VIEWERS {
        return Err(ErrorName::InsightsTooFewViewers.into());
    }
    let data = request.metrics.iter().map(|metric| entry(*metric, request.breakdown, &parts, id));
    Ok(json!({ "data": data.collect::<Vec<_>>() }))
}

fn entry(metric: MediaMetric, by: Option<MediaBreakdown>, parts: &Parts, id: i64) -> Value {
    let spec = metric.spec();
    let value = value(metric, parts);
    let total = by.map(|by| {
        let rows: Vec<(Vec<&str>, i64)> = actions(by)
            .into_iter()
            .map(|action| (vec![action], parts.get(&format!("{}|{action}", spec.name))))
            .filter(|(_, number)| *number > 0)
            .collect();
        json!({ "value": value, "breakdowns": breakdowns(&[by.name()], &rows) })
    });
    let (name, title, description) = (spec.name, spec.title, spec.description);
    let entry = Entry { node: id, name, period: "lifetime", title, description };
    entry.of_values(json!([{ "value": value }]), total)
}

/// The values of a breakdown, in the order of answers.
fn actions(by: MediaBreakdown) -> Vec<&'static str> {
    match by {
        MediaBreakdown::Navigation => Way::ALL.iter().map(|way| way.name()).collect(),
        MediaBreakdown::ActionType => {
            Button::ALL.iter().map(|button| button.action()).chain([BIO_LINK]).collect()
        }
        MediaBreakdown::FollowType | MediaBreakdown::SurfaceType => Vec::new(),
    }
}

fn value(metric: MediaMetric, parts: &Parts) -> Value {
    let of = |name: &str| parts.get(name);
    let under = |head: &str| parts.under(head).map(|(_, number)| number).sum::<i64>();
    let views = of("views").max(1);
    match metric {
        MediaMetric::Views | MediaMetric::TotalViews | MediaMetric::Impressions => of("views"),
        MediaMetric::Reach => of("reach"),
        MediaMetric::Likes | MediaMetric::TotalLikes => of("likes"),
        MediaMetric::Comments | MediaMetric::TotalComments => of("comments"),
        MediaMetric::Saved => of("saved"),
        MediaMetric::Shares => of("shares"),
        MediaMetric::Reposts => of("reposts"),
        MediaMetric::Replies => of("replies"),
        MediaMetric::Follows => of("follows"),
        MediaMetric::ProfileVisits => of("profile_visits"),
        MediaMetric::LinkClicks => of("link_clicks"),
        MediaMetric::ProfileActivity => under("profile_activity|"),
        MediaMetric::Navigation => under("navigation|"),
        MediaMetric::TotalInteractions => {
            ["likes", "comments", "shares", "saved", "replies"].into_iter().map(of).sum()
        }
        MediaMetric::ReelsTotalWatchTime => of("watch_ms"),
        MediaMetric::ReelsAverageWatchTime => of("watch_ms") / views,
        MediaMetric::ReelsSkipRate => {
            // Percent with one digit after the point (cap: 48.4).
            let tenths = of("skips").saturating_mul(1000) / views;
            return json!(tenths as f64 / 10.0);
        }
        // Refused before: nothing is shown on Facebook here.
        MediaMetric::FacebookViews | MediaMetric::CrosspostedViews => 0,
    }
    .into()
}
