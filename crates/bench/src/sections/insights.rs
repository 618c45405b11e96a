//! Insights of an account with more than a million events: what a read of them costs against a read of one row of the same
//! server. Counts are kept per day, so it is the days of the range that cost, not what happened on them.

use crate::candidate::Candidate;
use crate::goals::N1;
use crate::load::{self, Until};
use crate::proc::Meter;
use crate::report::{ratio, short, spread};
use crate::run::Run;
use crate::verdict::Samples;
use crate::wire;
use bytes::Bytes;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// Followers of the account: enough for some millions of events in the year that it is given.
const FOLLOWERS: u64 = 50_000;
/// Events that there must be.
const EVENTS: u64 = 1_000_000;
const DAY: u64 = 24 * 3600;

/// What is read, and what it is called. `{RANGE}` is thirty days, `{MEDIA}` a post.
const READS: [(&str, &str); 7] = [
    ("reach of yesterday and today", "me/insights?metric=reach&period=day"),
    ("reach, a series of 30 days", "me/insights?metric=reach&period=day&{RANGE}"),
    (
        "reach by product and follow type, 30 days",
        "me/insights?metric=reach&period=day&metric_type=total_value&breakdown=media_product_type,follow_type&{RANGE}",
    ),
    (
        "views by product, 30 days",
        "me/insights?metric=views&period=day&metric_type=total_value&breakdown=media_product_type&{RANGE}",
    ),
    (
        "seven totals, 30 days",
        "me/insights?metric=reach,views,likes,comments,shares,saves,total_interactions&period=day\
         &metric_type=total_value&{RANGE}",
    ),
    (
        "engaged people by country, a month",
        "me/insights?metric=engaged_audience_demographics&period=lifetime&metric_type=total_value\
         &timeframe=this_month&breakdown=country",
    ),
    ("a post", "{MEDIA}/insights?metric=reach,views,likes,comments,saved,shares,total_interactions"),
];

/// One row by its key.
const ONE_ROW: &str = "{MEDIA}?fields=caption";

#[derive(Clone)]
struct Round {
    one_row: f64,
    reads: Vec<f64>,
    other_cores: f64,
}

impl Round {
    fn dearest(&self) -> f64 {
        self.reads.iter().copied().fold(0.0, f64::max)
    }
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Insights");
    let candidate = Candidate::start(&run.posthaste, &run.scratch.fresh("insights")?, &[])?;
    let path = format!("/sim/accounts/{}/history", candidate.env("IG_USERNAME")?);
    let past = candidate.sim("POST", &path, &json!({ "days": 365, "followers": FOLLOWERS }))?;
    let events = past["events"].as_u64().unwrap_or(0);
    if events < EVENTS {
        return Err(format!("the account has {events} events, which is too few"));
    }
    let (one_row, reads) =
        (get(&candidate, ONE_ROW)?, READS.map(|(_, path)| get(&candidate, path)).into_iter());
    let reads = reads.collect::<Result<Vec<Bytes>, String>>()?;
    let part = run.window / 8;
    let p50 = |request: &Bytes| -> Result<f64, String> {
        let requests = std::slice::from_ref(request);
        let outcome = load::run(candidate.address(), requests, 1, Until::Time(part))?.all_good()?;
        Ok(outcome.latencies.quantile(0.5) as f64)
    };
    p50(&one_row)?;
    let round = || {
        let meter = Meter::start(&[candidate.server.pid()])?;
        let one_row = p50(&one_row)?;
        let reads = reads.iter().map(p50).collect::<Result<Vec<f64>, String>>()?;
        Ok(Round { one_row, reads, other_cores: meter.stop()?.other_cores })
    };
    let (rounds, noise) = run.rounds(round, |r: &Round| r.other_cores)?;
    run.report.note(&format!(
        "An account with {} events in a year; p50 at one connection, and how often it is that of one row.",
        short(events as f64)
    ));
    let mut rows = vec![["", "p50 µs", "of one row"].map(str::to_owned).to_vec()];
    let one: Samples = rounds.iter().map(|r| r.one_row).collect();
    rows.push(vec!["one row by its key".to_owned(), spread(&one), short(1.0)]);
    for (at, (name, _)) in READS.iter().enumerate() {
        let times: Samples = rounds.iter().map(|r| r.reads[at]).collect();
        rows.push(vec![(*name).to_owned(), spread(&times), short(times.median() / one.median())]);
    }
    run.report.table(&rows);
    run.report.goals(&[ratio(&N1, &rounds, noise, Round::dearest, |r| r.one_row)]);
    candidate.server.stop()
}

fn get(candidate: &Candidate, path: &str) -> Result<Bytes, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|e| e.to_string())?.as_secs();
    let range = format!("since={}&until={now}", now - 29 * DAY);
    let path = path.replace("{RANGE}", &range).replace("{MEDIA}", candidate.env("IG_MEDIA_ID")?);
    let authorization = format!("Bearer {}", candidate.token()?);
    let headers = [("Authorization", authorization.as_str())];
    Ok(wire::request(candidate.address(), "GET", &format!("/v25.0/{path}"), &headers, ""))
}
