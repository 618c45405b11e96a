//! Sends against a mock that stores nothing (P11): Prism, which validates each request against an OpenAPI document and
//! answers its example. Whoever tests a bot without a sandbox uses such a mock.

use super::sends::WARM_UP;
use crate::candidate::{self, Candidate};
use crate::child::{Server, free_address};
use crate::goals::P11;
use crate::load::{self, Until};
use crate::report::ratio;
use crate::run::{Run, Window, figures, me, titles, window};
use crate::seed::Size;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package, from the npm registry, in the version that is measured.
const PACKAGE: &str = "@stoplight/prism-cli@5.16.0";

#[derive(Clone, Copy)]
struct Round {
    prism: Window,
    ours: Window,
}

/// Runs the section.
pub(crate) fn run(run: &mut Run) -> Result<(), String> {
    run.report.section("Sends against a mock");
    let program = match install() {
        Ok(program) => program,
        Err(why) => {
            run.report.note(&format!("P11 is left out: {why}"));
            return Ok(());
        }
    };
    let prism = start(run, &program)?;
    let recipients = (0..1_000).map(|n| ("IGAAbench", 1_000_000_000_000_000 + n));
    let prism_requests = candidate::sends(prism.address, recipients);
    let folder = run.scratch.fresh("against-prism")?;
    let seeded = candidate::prepare(&run.posthaste, &folder, Size::conversations(run.conversations))?;
    let ours = Candidate::start(&run.posthaste, &folder, &[])?;
    let (requests, file) = (ours.sends(&seeded)?, ours.database());
    run.report.note(&format!(
        "{PACKAGE} mocks the one route and stores nothing; each send of Posthaste is on disk before its answer."
    ));
    load::run(prism.address, &prism_requests, run.connections, Until::Count(run.count(WARM_UP) / 4 + 50))?
        .all_good()?;
    load::run(ours.address(), &requests, run.connections, Until::Count(run.count(WARM_UP)))?.all_good()?;
    let (many, half) = (run.connections, Until::Time(run.window / 2));
    let round = || {
        Ok(Round {
            prism: window(&prism, &[], None, &prism_requests, many, half)?,
            ours: window(&ours.server, &[], Some(&file), &requests, many, half)?,
        })
    };
    let noise = |r: &Round| f64::max(r.prism.other_cores, r.ours.other_cores);
    let (rounds, noise) = run.rounds(round, noise)?;
    run.report.table(&[
        titles(),
        figures("Prism", &rounds, |r| r.prism),
        figures("posthaste", &rounds, |r| r.ours),
    ]);
    run.report.goals(&[ratio(&P11, &rounds, noise, |r| r.ours.per_second, |r| r.prism.per_second)]);
    Ok(())
}

/// Installs the mock beside this program, if it is not there yet. Answers its command; the error says why there is none.
fn install() -> Result<PathBuf, String> {
    let folder = me()?.with_file_name("prism");
    let program = folder.join("node_modules/.bin/prism");
    if program.is_file() {
        return Ok(program);
    }
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&folder)
        .arg(PACKAGE);
    match npm.output() {
        Ok(output) if output.status.success() && program.is_file() => Ok(program),
        Ok(output) => {
            Err(format!("npm cannot install it: {}", String::from_utf8_lossy(&output.stderr).trim()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err("npm is not there.".to_owned()),
        Err(error) => Err(format!("npm: {error}")),
    }
}

fn start(run: &Run, program: &Path) -> Result<Server, String> {
    let document = run.scratch.fresh("prism")?.join("messages.yaml");
    std::fs::write(&document, include_str!("prism.yaml")).map_err(|e| e.to_string())?;
    let address = free_address()?;
    let mut command = Command::new(program);
    command.args(["mock", "--host", &address.ip().to_string(), "--port", &address.port().to_string()]);
    command.args(["--verboseLevel", "fatal"]).arg(&document).stderr(std::process::Stdio::null());
    Server::start(&mut command, address)
}
