//! Sends: the product against the durable control (P1 to P4, P6, P7, P13), with the bare server beside them for what
//! HTTP and JSON alone cost.

use crate::candidate::{self, Candidate};
use crate::child::Server;
use crate::goals::{P1, P2, P3, P4, P6, P7, P13_CONTROL, P13_OWN};
use crate::load::{self, Until};
use crate::proc;
use crate::report::{mib, plain, ratio};
use crate::run::{Run, Window, figures, titles, window};
use crate::seed::Size;
use bytes::Bytes;
use std::path::PathBuf;

/// Sends before anything is measured.
pub(crate) const WARM_UP: u64 = 10_000;

/// A server with what is sent to it.
pub(crate) struct Subject {
    /// The process.
    pub server: Server,
    /// Its database.
    pub database: PathBuf,
    /// The prepared sends.
    pub requests: Vec<Bytes>,
}

/// The two that are compared, on new data.
pub(crate) struct Pair {
    /// The product.
    pub ours: Subject,
    /// The control.
    pub control: Subject,
}

impl Pair {
    /// Starts both, each with the same number of conversations.
    pub(crate) fn start(run: &Run, settings: &[(&str, String)]) -> Result<Self, String> {
        let folder = run.scratch.fresh("sends")?;
        let size = Size::conversations(run.conversations);
        let seeded = candidate::prepare(&run.posthaste, &folder, size)?;
        let ours = Candidate::start(&run.posthaste, &folder, settings)?;
        let requests = ours.sends(&seeded)?;
        let database = ours.database();
        let file = run.scratch.fresh("control")?.join("control.db");
        let server = run.control("durable", &["--file", &file.to_string_lossy()], settings)?;
        let token = ours.token()?;
        let people = seeded.conversations.iter().map(|key| (token, key.igsid));
        let control_requests = candidate::sends(server.address, people);
        Ok(Self {
            ours: Subject { server: ours.server, database, requests },
            control: Subject { server, database: file, requests: control_requests },
        })
    }
}

impl Subject {
    /// A window on this subject.
    pub(crate) fn window(&self, connections: usize, until: Until) -> Result<Window, String> {
        window(&self.server, &[], Some(&self.database), &self.requests, connections, until)
    }

    /// Sends that are not measured.
    pub(crate) fn warm_up(&self, count: u64) -> Result<(), String> {
        load::run(self.server.address, &self.requests, 64, Until::Count(count))?.all_good().map(|_| ())
    }
}

#[derive(Clone, Copy)]
struct Round {
    bare: Window,
    control: Window,
    ours: Window,
    control_alone: Window,
    ours_alone: Window,
}

impl Round {
    fn other_cores(&self) -> f64 {
        [self.control, self.ours, self.control_alone, self.ours_alone]
            .iter()
            .map(|w| w.other_cores)
            .fold(0.0, f64::max)
    }
}

/// Runs the section.
pub(crate) fn run(run: &mut Run, memory_sends: u64) -> Result<(), String> {
    run.report.section("Sends");
    let Pair { ours, control } = Pair::start(run, &[])?;
    let bare = run.control("bare", &[], &[])?;
    let bare_requests = candidate::sends(bare.address, [("IGAAbare", 1_234_567_890_123_456)].into_iter());
    run.report.note(&format!(
        "Each send to one of {} conversations, drawn at random; their rows were seeded into the product's database \
         before its start. The control: hyper, one SQLite file, FULL, group commit; it knows no tokens, no windows and \
         no conversations.",
        run.conversations
    ));
    let warm_up = run.count(WARM_UP);
    let mut early = [0.0; 2];
    for (subject, rss) in [&control, &ours].into_iter().zip(&mut early) {
        subject.warm_up(warm_up)?;
        *rss = proc::rss(subject.server.pid())? as f64;
    }
    let (many, full) = (run.connections, Until::Time(run.window));
    let half = Until::Time(run.window / 2);
    let mut sent = warm_up as f64;
    let round = || {
        let round = Round {
            bare: window(&bare, &[], None, &bare_requests, many, half)?,
            control: control.window(many, full)?,
            ours: ours.window(many, full)?,
            control_alone: control.window(1, half)?,
            ours_alone: ours.window(1, half)?,
        };
        sent += round.ours.answered + round.ours_alone.answered;
        Ok(round)
    };
    let (rounds, noise) = run.rounds(round, Round::other_cores)?;
    run.report.table(&[
        titles(),
        figures(&format!("bare, {many} connections"), &rounds, |r| r.bare),
        figures(&format!("control, {many} connections"), &rounds, |r| r.control),
        figures(&format!("posthaste, {many} connections"), &rounds, |r| r.ours),
        figures("control, 1 connection", &rounds, |r| r.control_alone),
        figures("posthaste, 1 connection", &rounds, |r| r.ours_alone),
    ]);
    let mut goals = vec![
        ratio(&P1, &rounds, noise, |r| r.ours.per_second, |r| r.control.per_second),
        ratio(&P2, &rounds, noise, |r| r.ours.cpu, |r| r.control.cpu),
        ratio(&P3, &rounds, noise, |r| r.ours.p99, |r| r.control.p99),
        ratio(&P4, &rounds, noise, |r| r.ours_alone.p50, |r| r.control_alone.p50),
        plain(&P6, &rounds, noise, |r| r.ours.commits),
        ratio(&P7, &rounds, noise, |r| r.ours.written, |r| r.control.written),
    ];
    let total = run.count(memory_sends).max(warm_up);
    let left = total.saturating_sub(sent as u64).max(1);
    for subject in [&control, &ours] {
        subject.warm_up(left)?;
    }
    let late = [proc::rss(control.server.pid())? as f64, proc::rss(ours.server.pid())? as f64];
    // Memory is no matter of what others take.
    goals.push(ratio(&P13_OWN, &[mib(late[1])], 0.0, |r| *r, |_| mib(early[1])));
    goals.push(ratio(&P13_CONTROL, &[mib(late[1])], 0.0, |r| *r, |_| mib(late[0])));
    run.report.goals(&goals);
    run.report.note(&format!("P13 after {total} sends to each."));
    Ok(())
}

/// Loads the product alone, for a profiler to look at.
pub(crate) fn profile(run: &Run) -> Result<(), String> {
    let Pair { ours, control: _ } = Pair::start(run, &[])?;
    ours.warm_up(run.count(WARM_UP))?;
    run.report.note(&format!("Process {} is loaded for {} s.", ours.server.pid(), run.window.as_secs()));
    let window = ours.window(run.connections, Until::Time(run.window))?;
    run.report.table(&[titles(), figures("posthaste", &[window], |w| *w)]);
    Ok(())
}
