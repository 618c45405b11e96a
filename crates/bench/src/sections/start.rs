//! From exec to the first answer, and memory at rest, in the demo world.

use crate::candidate::Candidate;
use crate::goals::{REST, START};
use crate::proc::{self, Meter};
use crate::report::{mib, plain, spread};
use crate::run::Run;
use std::time::Duration;

/// How long a sandbox rests before its memory is looked at.
const REST_TIME: Duration = Duration::from_secs(2);

#[derive(Clone, Copy)]
struct Round {
    new_ms: f64,
    again_ms: f64,
    rest: f64,
    other_cores: f64,
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Start, and memory at rest");
    let round = || {
        let folder = run.scratch.fresh("start")?;
        let meter = Meter::start(&[])?;
        let first = Candidate::start(&run.posthaste, &folder, &[])?;
        let mut other_cores = without(&meter, &first)?;
        let new_ms = first.server.ready_after.as_secs_f64() * 1e3;
        std::thread::sleep(REST_TIME);
        let rest = mib(proc::rss(first.server.pid())? as f64);
        first.server.stop()?;
        let meter = Meter::start(&[])?;
        let again = Candidate::start(&run.posthaste, &folder, &[])?;
        other_cores = f64::max(other_cores, without(&meter, &again)?);
        Ok(Round { new_ms, again_ms: again.server.ready_after.as_secs_f64() * 1e3, rest, other_cores })
    };
    let (rounds, noise) = run.rounds(round, |r| r.other_cores)?;
    let again = spread(&rounds.iter().map(|r| r.again_ms).collect());
    run.report.goals(&[plain(&START, &rounds, noise, |r| r.new_ms), plain(&REST, &rounds, 0.0, |r| r.rest)]);
    run.report.note(&format!(
        "The start is on a new folder, whose world is made then; on that folder again: {again} ms."
    ));
    Ok(())
}

/// What others took while the candidate, which did not exist when the window began, started.
fn without(meter: &Meter, candidate: &Candidate) -> Result<f64, String> {
    let usage = meter.stop()?;
    let own = proc::cpu(candidate.server.pid())?.as_secs_f64() / usage.took.as_secs_f64();
    // Such a short window is only known to within a few ticks of 10 ms.
    Ok((usage.other_cores - own - 0.05 / usage.took.as_secs_f64()).max(0.0))
}
