//! How cost grows with what is stored (G1 to G9). Each size is seeded into a stopped sandbox, which is then asked over
//! HTTP. Each size is judged against the one before it, if it is at most ten times as large: so the goals are stated.

use crate::candidate::{self, Candidate, database};
use crate::goals::{G1, G2, G3, G4, G5, G6, G7, G8, G9};
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::proc::Meter;
use crate::report::{Measured, Report, plain, ratio, short};
use crate::run::{Run, window};
use crate::seed::{self, Seeded, Size};
use crate::verdict::Goal;
use crate::wire;
use bytes::Bytes;
use std::path::Path;
use std::time::Duration;

/// Messages of each conversation, about; the largest has a hundredth of all besides.
const EACH: u64 = 100;
/// Undelivered events at the start that G8 measures.
const UNDELIVERED: u64 = 10_000;

/// What is asked of a sandbox, all in µs, ms or as named. NaN where the product does not serve it.
#[derive(Clone, Copy, Debug)]
struct Figures {
    sends: f64,
    send_p50: f64,
    page: f64,
    largest_page: f64,
    deep_page: f64,
    by_mid: f64,
    list: f64,
    start_ms: f64,
    start_waiting_ms: f64,
    bytes_each: f64,
    other_cores: f64,
}

/// Runs the section.
pub(crate) fn run(run: &mut Run, sizes: &[u64]) -> Result<(), String> {
    run.report.section("Growth");
    let sink = Sink::start(run)?;
    let mut all: Vec<(u64, Figures)> = Vec::new();
    for &size in sizes {
        let size = run.count(size);
        all.push((size, measure(run, &sink, size)?));
    }
    table(&run.report, &all);
    for pair in all.windows(2) {
        run.report.note(&format!("From {} to {}:", short(pair[0].0 as f64), short(pair[1].0 as f64)));
        judge(&mut run.report, &pair[0], &pair[1]);
    }
    Ok(())
}

fn measure(run: &Run, sink: &Sink, messages: u64) -> Result<Figures, String> {
    let folder = run.scratch.fresh("growth")?;
    let conversations = (messages / EACH).clamp(10, run.conversations.max(10) * 10);
    let seeded = candidate::prepare(&run.posthaste, &folder, Size { conversations, messages })?;
    let size = std::fs::metadata(database(&folder)).map_err(|e| e.to_string())?.len();
    let meter = Meter::start(&[])?;
    let candidate = Candidate::start(&run.posthaste, &folder, &[])?;
    let requests = candidate.sends(&seeded)?;
    let time = run.window / 2;
    let file = candidate.database();
    load::run(candidate.address(), &requests, 64, Until::Count(run.count(2_000)))?.all_good()?;
    let of =
        |connections| window(&candidate.server, &[], Some(&file), &requests, connections, Until::Time(time));
    let (loaded, alone) = (of(run.connections)?, of(1)?);
    let reads = Reads::of(&candidate, &seeded)?;
    let ask = |requests: &[Bytes]| asked(&candidate, requests, time / 2);
    let (page, largest_page) = (ask(&reads.pages)?, ask(&reads.largest)?);
    let (deep_page, by_mid, list) = (ask(&reads.deep)?, ask(&reads.mids)?, ask(&reads.list)?);
    // Of the whole window: what others took cannot be told from what the candidate took after its end.
    let own = crate::proc::cpu(candidate.server.pid())?;
    let usage = meter.stop()?;
    let other_cores = (usage.other_cores - own.as_secs_f64() / usage.took.as_secs_f64()).max(0.0);
    let (start_ms, start_waiting_ms) = restarts(run, sink, candidate, &folder, &requests)?;
    Ok(Figures {
        sends: loaded.per_second,
        send_p50: alone.p50,
        page,
        largest_page,
        deep_page,
        by_mid,
        list,
        start_ms,
        start_waiting_ms,
        bytes_each: size as f64 / messages as f64,
        other_cores: f64::max(other_cores, f64::max(loaded.other_cores, alone.other_cores)),
    })
}

/// The reads: what the product does not serve yet is empty.
struct Reads {
    pages: Vec<Bytes>,
    largest: Vec<Bytes>,
    deep: Vec<Bytes>,
    mids: Vec<Bytes>,
    list: Vec<Bytes>,
}

impl Reads {
    fn of(candidate: &Candidate, seeded: &Seeded) -> Result<Self, String> {
        let to = candidate.address();
        let authorization = format!("Bearer {}", candidate.env("IG_ACCESS_TOKEN")?);
        let get = |path: &str| wire::request(to, "GET", path, &[("Authorization", &authorization)], "");
        let served = |path: &str| matches!(wire::call(to, &get(path)), Ok((200, _)));
        let keep = |paths: Vec<String>| -> Vec<Bytes> {
            match paths.first() {
                Some(first) if served(first) => paths.iter().map(|path| get(path)).collect(),
                _ => Vec::new(),
            }
        };
        let page = |place: usize| {
            let message = seeded.messages.iter().find(|m| m.igsid == seeded.igsids[place]);
            message.map(|m| graph_api::ids::ConversationKey { account: m.account, igsid: m.igsid }.id())
        };
        let messages =
            |id: &str| format!("/v25.0/{id}/messages?fields=id,created_time,from,message&limit=20");
        // A few hundred conversations, evenly spread.
        let step = (seeded.igsids.len() / 300).max(1);
        let mut pages =
            keep((1..seeded.igsids.len()).step_by(step).filter_map(page).map(|id| messages(&id)).collect());
        let mut largest = keep(page(0).iter().map(|id| messages(id)).collect());
        if pages.is_empty() {
            // The person's side of it: what the sim shows.
            let inbox = |place: usize| format!("/sim/people/{}/inbox?limit=20", seed::username(place));
            pages = keep((1..seeded.igsids.len()).step_by(step).map(inbox).collect());
            largest = keep(vec![inbox(0)]);
        }
        let deep = page(0).and_then(|id| deep(to, &authorization, &messages(&id)));
        let mids =
            seeded.messages.iter().map(|m| format!("/v25.0/{}?fields=id,created_time,message", m.mid()));
        let list = "/v25.0/me/conversations?platform=instagram&fields=id,updated_time&limit=20".to_owned();
        Ok(Self {
            pages,
            largest,
            deep: deep.map(|path| keep(vec![path])).unwrap_or_default(),
            mids: keep(mids.collect()),
            list: keep(vec![list]),
        })
    }
}

/// The path of a page a hundred pages down, by the cursors that the product gives.
fn deep(to: std::net::SocketAddr, authorization: &str, first: &str) -> Option<String> {
    let mut path = first.to_owned();
    for _ in 0..100 {
        let request = wire::request(to, "GET", &path, &[("Authorization", authorization)], "");
        let (200, body) = wire::call(to, &request).ok()? else { return None };
        let page: serde_json::Value = serde_json::from_str(&body).ok()?;
        match page["paging"]["cursors"]["after"].as_str() {
            Some(after) if page["paging"]["next"].is_string() => path = format!("{first}&after={after}"),
            _ => break,
        }
    }
    (path != first).then_some(path)
}

/// The p50 of one read after the other, in µs.
fn asked(candidate: &Candidate, requests: &[Bytes], time: Duration) -> Result<f64, String> {
    if requests.is_empty() {
        return Ok(f64::NAN);
    }
    let outcome = load::run(candidate.address(), requests, 1, Until::Time(time))?.all_good()?;
    Ok(outcome.latencies.quantile(0.5) as f64)
}

/// Kills the candidate and starts it again, twice: with nothing to deliver, and with a backlog. Answers the times to
/// the first answer in ms.
fn restarts(
    run: &Run,
    sink: &Sink,
    candidate: Candidate,
    folder: &Path,
    requests: &[Bytes],
) -> Result<(f64, f64), String> {
    candidate.server.kill();
    let again = Candidate::start(&run.posthaste, folder, &[])?;
    let clean = again.server.ready_after.as_secs_f64() * 1e3;
    sink.set("growth", "refuse")?;
    again.set_callback(&sink.url("growth"))?;
    // The sends go to the new address.
    let (old, new) = (host(requests), again.address());
    let moved: Vec<Bytes> = requests
        .iter()
        .map(|r| String::from_utf8_lossy(r).replacen(&old, &format!("Host: {new}\r\n"), 1).into())
        .collect();
    load::run(new, &moved, 64, Until::Count(run.count(UNDELIVERED)))?.all_good()?;
    again.server.kill();
    let last = Candidate::start(&run.posthaste, folder, &[])?;
    Ok((clean, last.server.ready_after.as_secs_f64() * 1e3))
}

fn host(requests: &[Bytes]) -> String {
    let first = requests.first().map(|r| String::from_utf8_lossy(r).into_owned()).unwrap_or_default();
    first.lines().nth(1).map(|line| format!("{line}\r\n")).unwrap_or_default()
}

/// A row of the table: its title and its figure.
type Line = (&'static str, fn(&Figures) -> f64);

const LINES: [Line; 11] = [
    ("sends/s, 64 connections", |f| f.sends),
    ("a send, p50 µs", |f| f.send_p50),
    ("newest page of a random conversation, p50 µs", |f| f.page),
    ("newest page of the largest, p50 µs", |f| f.largest_page),
    ("100 pages down in the largest, p50 µs", |f| f.deep_page),
    ("a message by its id, p50 µs", |f| f.by_mid),
    ("newest page of the conversation list, p50 µs", |f| f.list),
    ("start after kill -9, ms", |f| f.start_ms),
    ("the same with 10k undelivered events, ms", |f| f.start_waiting_ms),
    ("bytes of disk per message", |f| f.bytes_each),
    ("other cores", |f| f.other_cores),
];

fn table(report: &Report, all: &[(u64, Figures)]) {
    let first = std::iter::once("messages stored".to_owned());
    let mut rows: Vec<Vec<String>> =
        vec![first.chain(all.iter().map(|(size, _)| short(*size as f64))).collect()];
    for (title, value) in LINES {
        let cells = all.iter().map(|(_, figures)| match value(figures) {
            missing if missing.is_nan() => "not served yet".to_owned(),
            value => short(value),
        });
        rows.push(std::iter::once(title.to_owned()).chain(cells).collect());
    }
    report.table(&rows);
}

/// The largest step that the goals are for.
const STEP: u64 = 10;

fn judge(report: &mut Report, (less, before): &(u64, Figures), (more, after): &(u64, Figures)) {
    let noise = f64::max(before.other_cores, after.other_cores);
    let rounds = [(*after, *before)];
    let mut goals: Vec<Measured<'_>> = Vec::new();
    if *more <= STEP * *less {
        let mut growth = |goal: &'static Goal, value: fn(&Figures) -> f64| {
            if value(before).is_finite() && value(after).is_finite() {
                goals.push(ratio(goal, &rounds, noise, |r| value(&r.0), |r| value(&r.1)));
            }
        };
        growth(&G1, |f| f.sends);
        growth(&G2, |f| f.send_p50);
        growth(&G3, |f| f.page);
        growth(&G4, |f| f.largest_page);
        growth(&G6, |f| f.by_mid);
        growth(&G7, |f| f.list);
        growth(&G8, |f| f.start_ms);
    } else {
        report.note("More than ten times as many: only what does not depend on the step is judged.");
    }
    if after.deep_page.is_finite() {
        goals.push(plain(&G5, &rounds, noise, |r| r.0.deep_page / r.0.largest_page));
    }
    goals.push(plain(&G9, &rounds, 0.0, |r| r.0.bytes_each));
    report.goals(&goals);
}
