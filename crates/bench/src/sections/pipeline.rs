//! The whole pipeline: a message and its event in one commit, the answer, the signed POST, the event marked (P9).

use super::sends::{Subject, WARM_UP};
use crate::candidate::{self, Candidate};
use crate::goals::P9;
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::report::{ratio, spread};
use crate::run::{Run, Window, figures, titles, window};
use crate::seed::Size;
use crate::verdict::Samples;
use tokio::time::Instant;

#[derive(Clone, Copy)]
struct Whole {
    window: Window,
    /// Messages a second, until the last was delivered.
    whole: f64,
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Pipeline");
    let sink = Sink::start(run)?;
    let folder = run.scratch.fresh("pipeline")?;
    let size = Size::conversations(run.conversations);
    let seeded = candidate::prepare(&run.posthaste, &folder, size)?;
    let candidate = Candidate::start(&run.posthaste, &folder, &[])?;
    candidate.set_callback(&sink.url("ours"))?;
    let requests = candidate.sends(&seeded)?;
    let ours = Subject { database: candidate.database(), server: candidate.server, requests };
    let file = run.scratch.fresh("control")?.join("control.db");
    let arguments = ["--file", &file.to_string_lossy(), "--hook", &sink.url("control")];
    let server = run.control("pipeline", &arguments, &[])?;
    let requests =
        candidate::sends(server.address, seeded.conversations.iter().map(|key| ("IGAAbench", key.igsid)));
    let control = Subject { server, database: file, requests };
    let one = |subject: &Subject, name: &str, until: Until| {
        let before = sink.count(|n| n == name)?;
        let began = Instant::now();
        let also = [sink.server.pid()];
        let database = Some(subject.database.as_path());
        let window = window(&subject.server, &also, database, &subject.requests, run.connections, until)?;
        let took = sink.wait_for(before + window.answered as u64, |n| n == name)? - began;
        Ok::<_, String>(Whole { window, whole: window.answered / took.as_secs_f64() })
    };
    for (subject, name) in [(&control, "control"), (&ours, "ours")] {
        let count = run.count(WARM_UP);
        load::run(subject.server.address, &subject.requests, 64, Until::Count(count))?.all_good()?;
        sink.wait_for(count, |n| n == name)?;
    }
    let time = Until::Time(run.window);
    let round = || Ok((one(&control, "control", time)?, one(&ours, "ours", time)?));
    let noise = |r: &(Whole, Whole)| f64::max(r.0.window.other_cores, r.1.window.other_cores);
    let (rounds, noise) = run.rounds(round, noise)?;
    run.report.table(&[
        titles(),
        figures("control", &rounds, |r| r.0.window),
        figures("posthaste", &rounds, |r| r.1.window),
    ]);
    let of = |values: Samples| spread(&values);
    run.report.note(&format!(
        "Until the last was delivered: control {} messages/s, posthaste {}.",
        of(rounds.iter().map(|r| r.0.whole).collect()),
        of(rounds.iter().map(|r| r.1.whole).collect())
    ));
    run.report.goals(&[ratio(&P9, &rounds, noise, |r| r.1.whole, |r| r.0.whole)]);
    Ok(())
}
