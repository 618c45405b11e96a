//! Webhooks: a stored backlog against the bare sender (P8), and ten subscribers of which one hangs (P12).

use super::sends::WARM_UP;
use crate::candidate::{self, Candidate, set_callback};
use crate::goals::{P8, P12};
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::proc::Meter;
use crate::report::{plain, ratio, short, spread};
use crate::run::Run;
use crate::seed::{Seeded, Size};
use crate::verdict::Samples;
use serde_json::json;
use tokio::time::Instant;

/// Events of the backlog.
const BACKLOG: u64 = 60_000;
/// At most so many of them are tried while the sink refuses, and come later, on their schedule.
const FAILED: u64 = 100;
/// Sends to ten subscribers.
const TO_TEN: u64 = 4_000;

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Deliveries");
    let sink = Sink::start(run)?;
    backlog(run, &sink)?;
    ten(run, &sink)
}

/// A sandbox with people who have written, on new data.
fn sandbox(run: &Run) -> Result<(Candidate, Seeded), String> {
    let folder = run.scratch.fresh("deliveries")?;
    let size = Size::conversations(run.conversations);
    let seeded = candidate::prepare(&run.posthaste, &folder, size)?;
    Ok((Candidate::start(&run.posthaste, &folder, &[])?, seeded))
}

#[derive(Clone, Copy)]
struct Drain {
    ours: f64,
    ours_cpu: f64,
    control: f64,
    control_cpu: f64,
    other_cores: f64,
}

fn backlog(run: &mut Run, sink: &Sink) -> Result<(), String> {
    let (candidate, seeded) = sandbox(run)?;
    let requests = candidate.sends(&seeded)?;
    let (all, url) = (run.count(BACKLOG), sink.url("backlog"));
    let millis = run.window.as_millis().to_string();
    candidate.set_callback(&url)?;
    let of = |name: &str| name == "backlog";
    let round = || {
        // The sink refuses, so the breaker opens and the events wait in the database.
        sink.set("backlog", "refuse")?;
        load::run(candidate.address(), &requests, run.connections, Until::Count(all))?.all_good()?;
        sink.set("backlog", "ok")?;
        let before = sink.count(of)?;
        let pids = [candidate.server.pid(), sink.server.pid()];
        let (meter, began) = (Meter::start(&pids)?, Instant::now());
        // The callback is set again: what was held back goes out now.
        candidate.set_callback(&url)?;
        let most = all - FAILED;
        let took = sink.wait_for(before + most, of)? - began;
        let ours = meter.stop()?;
        candidate.sim("POST", "/sim/clock", &json!({ "advance": "10m" }))?;
        sink.wait_for(before + all, of)?;

        let meter = Meter::start(&[sink.server.pid()])?;
        let sender = run.tool(&["sender", "--url", &sink.url("bare"), "--millis", &millis])?;
        let usage = meter.stop()?;
        let theirs = usage.other_cores - sender.cpu.as_secs_f64() / usage.took.as_secs_f64();
        Ok(Drain {
            ours: most as f64 / took.as_secs_f64(),
            ours_cpu: ours.cpu[0].as_secs_f64() * 1e6 / most as f64,
            control: sender.done / sender.took.as_secs_f64(),
            control_cpu: sender.cpu.as_secs_f64() * 1e6 / sender.done,
            other_cores: f64::max(ours.other_cores, theirs),
        })
    };
    let (rounds, noise) = run.rounds(round, |r| r.other_cores)?;
    let of = |value: fn(&Drain) -> f64| spread(&rounds.iter().map(value).collect::<Samples>());
    run.report.table(&[
        ["", "POSTs/s", "CPU µs", "other cores"].map(str::to_owned).to_vec(),
        vec![
            "bare sender, 64 at once".to_owned(),
            of(|r| r.control),
            of(|r| r.control_cpu),
            of(|r| r.other_cores),
        ],
        vec![
            format!("posthaste, {} stored", short(all as f64)),
            of(|r| r.ours),
            of(|r| r.ours_cpu),
            of(|r| r.other_cores),
        ],
    ]);
    run.report.goals(&[ratio(&P8, &rounds, noise, |r| r.ours, |r| r.control)]);
    Ok(())
}

#[derive(Clone, Copy)]
struct Ten {
    fine: f64,
    hanging: f64,
    other_cores: f64,
}

fn ten(run: &mut Run, sink: &Sink) -> Result<(), String> {
    let round = || {
        let (fine, quiet) = to_ten(run, sink, "ok")?;
        let (hanging, quiet_too) = to_ten(run, sink, "hang")?;
        Ok(Ten { fine, hanging, other_cores: f64::max(quiet, quiet_too) })
    };
    let (rounds, noise) = run.rounds(round, |r| r.other_cores)?;
    let of = |value: fn(&Ten) -> f64| spread(&rounds.iter().map(value).collect::<Samples>());
    run.report.note(&format!(
        "Ten apps hear of each send. Deliveries/s to nine of them: {} while the tenth answers, {} while it hangs.",
        of(|r| r.fine),
        of(|r| r.hanging)
    ));
    run.report.goals(&[plain(&P12, &rounds, noise, |r| r.hanging / r.fine)]);
    Ok(())
}

/// Deliveries a second to the first nine of ten apps, and what others took.
fn to_ten(run: &Run, sink: &Sink, tenth: &str) -> Result<(f64, f64), String> {
    let (candidate, seeded) = sandbox(run)?;
    let requests = candidate.sends(&seeded)?;
    candidate.set_callback(&sink.url("app0"))?;
    for number in 1..10 {
        let app = candidate.sim("POST", "/sim/apps", &json!({ "name": format!("App {number}") }))?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let url = sink.url(&format!("app{number}"));
        let product = text(&app["instagram_app_id"]);
        // The app's own token names either product, with that product's secret.
        let own = format!("{product}|{}", text(&app["instagram_app_secret"]));
        set_callback(&candidate, &product, &own, &url)?;
        let token = text(&app["tokens"][candidate.env("IG_USERNAME")?]["instagram"]);
        candidate.graph("POST", "/v25.0/me/subscribed_apps?subscribed_fields=messages", &token)?;
    }
    let nine = |name: &str| name.starts_with("app") && name != "app9";
    let warm_up = run.count(WARM_UP) / 10;
    let before = sink.count(nine)?;
    load::run(candidate.address(), &requests, run.connections, Until::Count(warm_up))?.all_good()?;
    sink.wait_for(before + 9 * warm_up, nine)?;
    sink.set("app9", tenth)?;
    let (before, sends) = (sink.count(nine)?, run.count(TO_TEN));
    let meter = Meter::start(&[candidate.server.pid(), sink.server.pid()])?;
    let began = Instant::now();
    load::run(candidate.address(), &requests, run.connections, Until::Count(sends))?.all_good()?;
    let took = sink.wait_for(before + 9 * sends, nine)? - began;
    let usage = meter.stop()?;
    drop(candidate);
    sink.set("app9", "ok")?;
    Ok((9.0 * sends as f64 / took.as_secs_f64(), usage.other_cores))
}
