//! What all sections share: the options, windows and rounds.

use crate::child::{self, Scratch, Server, free_address};
use crate::commits;
use crate::load::{self, Until};
use crate::proc::{self, Meter};
use crate::report::Report;
use crate::verdict::{self, QUIET};
use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How a run is made.
pub(crate) struct Run {
    /// The product.
    pub posthaste: PathBuf,
    /// Where data is kept during the run.
    pub scratch: Scratch,
    /// The length of a window.
    pub window: Duration,
    /// How many quiet rounds are wanted.
    pub rounds: usize,
    /// Only to see that everything runs.
    pub quick: bool,
    /// With what takes long.
    pub long: bool,
    /// Conversations that are written to.
    pub conversations: u64,
    /// Connections of the loaded windows.
    pub connections: usize,
    /// Where the profiles of counted runs are kept, if they are.
    pub profiles: Option<PathBuf>,
    /// What is printed.
    pub report: Report,
}

/// More rounds than wanted, in the hope that enough of them are quiet.
const MORE_ROUNDS: usize = 2;

impl Run {
    /// A control as a child of this program: `bench control NAME ARGUMENTS`.
    pub(crate) fn control(
        &self,
        name: &str,
        arguments: &[&str],
        settings: &[(&str, String)],
    ) -> Result<Server, String> {
        self.control_under(&[], name, arguments, settings)
    }

    /// As [`Self::control`], as the argument of another program such as a profiler.
    #[expect(clippy::unused_self, reason = "reads as one of the two ways to start a control")]
    pub(crate) fn control_under(
        &self,
        under: &[String],
        name: &str,
        arguments: &[&str],
        settings: &[(&str, String)],
    ) -> Result<Server, String> {
        let address = free_address()?;
        let mut command = child::command(under, &me()?);
        command.args(["control", name, "--listen", &address.to_string()]).args(arguments);
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        Server::start(&mut command, address)
    }

    /// A control that ends by itself and says what it did.
    pub(crate) fn tool(&self, arguments: &[&str]) -> Result<ToolRun, String> {
        let output =
            Command::new(me()?).arg("control").args(arguments).output().map_err(|e| e.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        ToolRun::parse(&String::from_utf8_lossy(&output.stdout))
            .ok_or_else(|| "a control said nothing".to_owned())
    }

    /// Runs rounds until enough of them were quiet, but not for ever. Answers those that count, and what others took in
    /// the worst of them.
    pub(crate) fn rounds<R: Clone>(
        &self,
        mut round: impl FnMut() -> Result<R, String>,
        other_cores: impl Fn(&R) -> f64,
    ) -> Result<(Vec<R>, f64), String> {
        let most = if self.quick { self.rounds } else { self.rounds + MORE_ROUNDS };
        let mut done: Vec<R> = Vec::new();
        while done.len() < most && done.iter().filter(|r| other_cores(r) <= QUIET).count() < self.rounds {
            done.push(round()?);
        }
        Ok(verdict::counted(&done, self.rounds, other_cores))
    }

    /// The given number, or much less of it in a quick run.
    pub(crate) fn count(&self, full: u64) -> u64 {
        if self.quick { full / 100 } else { full }
    }
}

/// What a control that ends by itself has done.
pub(crate) struct ToolRun {
    /// How much.
    pub done: f64,
    /// For how long.
    pub took: Duration,
    /// With how much CPU time.
    pub cpu: Duration,
}

impl ToolRun {
    /// Says it to the parent.
    pub(crate) fn tell(done: u64, took: Duration) -> Result<(), String> {
        println!("{done} {} {}", took.as_micros(), proc::cpu(std::process::id())?.as_micros());
        Ok(())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split_ascii_whitespace().map_while(|n| n.parse().ok());
        let mut next = || numbers.next();
        let (done, took, cpu): (u64, u64, u64) = (next()?, next()?, next()?);
        Some(Self { done: done as f64, took: Duration::from_micros(took), cpu: Duration::from_micros(cpu) })
    }
}

/// This program.
pub(crate) fn me() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|e| format!("this program's path is unknown: {e}"))
}

/// The figures of one window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// CPU µs of the server per request.
    pub cpu: f64,
    /// Commits per request; NaN without a database.
    pub commits: f64,
    /// Bytes written to the disk per request.
    pub written: f64,
    /// RSS at the end, in bytes.
    pub rss: f64,
    pub other_cores: f64,
    /// How many requests were answered.
    pub answered: f64,
}

/// Loads a server and measures it. `also` are other processes of ours that work for it.
pub(crate) fn window(
    server: &Server,
    also: &[u32],
    database: Option<&Path>,
    requests: &[Bytes],
    connections: usize,
    until: Until,
) -> Result<Window, String> {
    let pid = server.pid();
    let counter = || database.map(commits::counter).transpose();
    let (commits, written) = (counter()?, proc::written(pid)?);
    let pids: Vec<u32> = std::iter::once(pid).chain(also.iter().copied()).collect();
    let meter = Meter::start(&pids)?;
    let outcome = load::run(server.address, requests, connections, until)?.all_good()?;
    let usage = meter.stop()?;
    let each = outcome.latencies.count() as f64;
    let commits = match (commits, counter()?) {
        (Some(before), Some(after)) => f64::from(after.wrapping_sub(before)) / each,
        _ => f64::NAN,
    };
    Ok(Window {
        per_second: outcome.per_second(),
        p50: outcome.latencies.quantile(0.5) as f64,
        p99: outcome.latencies.quantile(0.99) as f64,
        cpu: usage.cpu[0].as_secs_f64() * 1e6 / each,
        commits,
        written: proc::written(pid)?.saturating_sub(written) as f64 / each,
        rss: proc::rss(pid)? as f64,
        other_cores: usage.other_cores,
        answered: each,
    })
}

/// The titles of [`figures`].
pub(crate) fn titles() -> Vec<String> {
    ["", "req/s", "p50 ms", "p99 ms", "CPU µs", "commits/req", "bytes/req", "RSS MiB", "other cores"]
        .map(str::to_owned)
        .to_vec()
}

/// A row of figures: medians and spread of one variant's windows.
pub(crate) fn figures<R>(name: &str, rounds: &[R], window: impl Fn(&R) -> Window) -> Vec<String> {
    use crate::report::{mib, spread};
    let of = |value: fn(&Window) -> f64| spread(&rounds.iter().map(|round| value(&window(round))).collect());
    vec![
        name.to_owned(),
        of(|w| w.per_second),
        of(|w| w.p50 / 1e3),
        of(|w| w.p99 / 1e3),
        of(|w| w.cpu),
        of(|w| w.commits),
        of(|w| w.written),
        of(|w| mib(w.rss)),
        of(|w| w.other_cores),
    ]
}
