//! Instructions per send and per delivered message, counted by valgrind: the one figure of CPU that a busy machine does
//! not change. What the kernel does is not in it, and valgrind knows no processor's own instructions for hashes.

use super::sends::Subject;
use crate::candidate::{self, Candidate};
use crate::goals::{I_PIPELINE, I_SEND};
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::report::{ratio, short};
use crate::run::Run;
use crate::seed::Size;
use std::path::Path;
use std::process::Command;

/// Requests of the two runs of each subject: the difference leaves out what start and end cost.
const COUNTS: [u64; 2] = [1_000, 6_000];

/// Requests of each run that come one after the other, before the others.
const FIRST: u64 = 20;

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Instructions");
    if Command::new("valgrind").arg("--version").output().is_err() {
        run.report.note("Left out: valgrind is not there.");
        return Ok(());
    }
    let sink = Sink::start(run)?;
    let sends = [control(run, None)?, ours(run, None)?];
    let pipeline = [control(run, Some(&sink))?, ours(run, Some(&sink))?];
    let thousands = |value: f64| short(value / 1e3);
    run.report.table(&[
        ["thousand instructions", "control", "posthaste"].map(str::to_owned).to_vec(),
        vec!["a send".to_owned(), thousands(sends[0]), thousands(sends[1])],
        vec!["a send, its event delivered".to_owned(), thousands(pipeline[0]), thousands(pipeline[1])],
    ]);
    // Counts are no matter of what others take.
    let of = |pair: [f64; 2]| [(pair[1] / 1e3, pair[0] / 1e3)];
    run.report.goals(&[
        ratio(&I_SEND, &of(sends), 0.0, |r| r.0, |r| r.1),
        ratio(&I_PIPELINE, &of(pipeline), 0.0, |r| r.0, |r| r.1),
    ]);
    Ok(())
}

/// The command under which a server's instructions are counted into `file`.
fn valgrind(file: &Path) -> Vec<String> {
    let out = format!("--callgrind-out-file={}", file.display());
    ["valgrind", "--quiet", "--tool=callgrind", "--fair-sched=yes", &out].map(str::to_owned).to_vec()
}

fn ours(run: &Run, sink: Option<&Sink>) -> Result<f64, String> {
    each(run, "ours", sink, |under| {
        let folder = run.scratch.fresh("counted")?;
        let size = Size::conversations(run.conversations.min(1_000));
        let seeded = candidate::prepare(&run.posthaste, &folder, size)?;
        let ours = Candidate::start_under(under, &run.posthaste, &folder, &[])?;
        if let Some(sink) = sink {
            ours.set_callback(&sink.url("ours"))?;
        }
        let requests = ours.sends(&seeded)?;
        Ok(Subject { database: ours.database(), server: ours.server, requests })
    })
}

fn control(run: &Run, sink: Option<&Sink>) -> Result<f64, String> {
    each(run, "control", sink, |under| {
        let file = run.scratch.fresh("counted-control")?.join("control.db");
        let mut arguments = vec!["--file".to_owned(), file.display().to_string()];
        let name = if sink.is_some() { "pipeline" } else { "durable" };
        if let Some(sink) = sink {
            arguments.extend(["--hook".to_owned(), sink.url("control")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let server = run.control_under(under, name, &arguments, &[])?;
        let recipients = (0..1_000).map(|n| ("IGAAbench", 1_000_000_000_000_000 + n));
        let requests = candidate::sends(server.address, recipients);
        Ok(Subject { database: file, server, requests })
    })
}

/// Instructions for each request: of a run with more requests less those of a run with fewer.
fn each(
    run: &Run,
    name: &str,
    sink: Option<&Sink>,
    start: impl Fn(&[String]) -> Result<Subject, String>,
) -> Result<f64, String> {
    let mut counted = [0.0; 2];
    let counts = COUNTS.map(|count| run.count(count).max(50));
    for (count, counted) in counts.into_iter().zip(&mut counted) {
        let file = run.scratch.fresh("valgrind")?.join(name);
        let subject = start(&valgrind(&file))?;
        let before = sink.map(|sink| sink.count(|n| n == name)).transpose()?.unwrap_or(0);
        // What is read once and then known is known before the connections ask for it all at the same time.
        for (connections, count) in [(1, FIRST), (run.connections, count)] {
            load::run(subject.server.address, &subject.requests, connections, Until::Count(count))?
                .all_good()?;
        }
        if let Some(sink) = sink {
            sink.wait_for(before + FIRST + count, |n| n == name)?;
        }
        subject.server.stop()?;
        *counted = total(&file)?;
        if let Some(folder) = &run.profiles {
            let kept =
                folder.join(format!("callgrind.{name}{}", if sink.is_some() { ".pipeline" } else { "" }));
            std::fs::copy(&file, &kept).map_err(|e| format!("{}: {e}", kept.display()))?;
        }
    }
    Ok((counted[1] - counted[0]) / (counts[1] - counts[0]) as f64)
}

/// What callgrind counted in all.
fn total(file: &Path) -> Result<f64, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let of_line = |line: &str| line.strip_prefix("totals: ")?.trim().parse().ok();
    text.lines().rev().find_map(of_line).ok_or_else(|| format!("{} has no total", file.display()))
}
