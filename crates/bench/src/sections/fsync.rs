//! Sends on a disk whose flushes cost 2 ms more (P5): how much of that the group commit shares out.

use super::sends::Pair;
use crate::goals::P5;
use crate::load::Until;
use crate::report::plain;
use crate::run::{Run, Window, figures, titles};
use crate::slowsync;

/// What each flush costs more.
const MICROS: u32 = 2000;
/// Sends before anything is measured.
const WARM_UP: u64 = 2_000;

#[derive(Clone, Copy)]
struct Round {
    control: [Window; 2],
    ours: [Window; 2],
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Sends on a slow disk");
    let Some(settings) = slowsync::settings(&run.scratch.fresh("slowsync")?, MICROS)? else {
        run.report.note("Left out: there is no C compiler (cc) to build the slow disk with.");
        return Ok(());
    };
    run.report.note(&format!("Each flush takes {MICROS} µs longer, in the product and in the control."));
    let Pair { ours, control } = Pair::start(run, &settings)?;
    for subject in [&control, &ours] {
        subject.warm_up(run.count(WARM_UP))?;
    }
    let (many, half) = (run.connections, Until::Time(run.window / 2));
    let round = || {
        Ok(Round {
            control: [control.window(1, half)?, control.window(many, half)?],
            ours: [ours.window(1, half)?, ours.window(many, half)?],
        })
    };
    let noise = |r: &Round| r.ours.iter().map(|w| w.other_cores).fold(0.0, f64::max);
    let (rounds, noise) = run.rounds(round, noise)?;
    run.report.table(&[
        titles(),
        figures("control, 1 connection", &rounds, |r| r.control[0]),
        figures(&format!("control, {many} connections"), &rounds, |r| r.control[1]),
        figures("posthaste, 1 connection", &rounds, |r| r.ours[0]),
        figures(&format!("posthaste, {many} connections"), &rounds, |r| r.ours[1]),
    ]);
    if rounds.iter().any(|round| round.ours[0].p50 < f64::from(MICROS)) {
        return Err("the slow disk had no effect: is the product linked statically?".to_owned());
    }
    run.report.goals(&[plain(&P5, &rounds, noise, |r| r.ours[1].per_second / r.ours[0].per_second)]);
    Ok(())
}
