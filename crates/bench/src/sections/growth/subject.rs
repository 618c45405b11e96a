//! One sandbox with so much stored, and what is asked of it.

use super::reads::Reads;
use crate::candidate::{self, Candidate, database};
use crate::hooks::Sink;
use crate::load::{self, Until};
use crate::proc;
use crate::report::{mib, short};
use crate::run::{Run, window};
use crate::seed::{self, Seeded, Size};
use crate::verdict::Samples;
use crate::wire;
use bytes::Bytes;
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;

/// Messages of each conversation, about; the largest has a hundredth of all besides.
const EACH: u64 = 100;
/// Undelivered events at the second start that is measured.
const UNDELIVERED: u64 = 10_000;
/// How often a subject is killed and started.
const STARTS: usize = 3;
/// Sends before anything is measured.
const WARM_UP: u64 = 2_000;

/// What is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) messages: u64,
    conversations: u64,
    accounts: u64,
    /// As in [`Size`].
    largest: u64,
}

impl Plan {
    /// Conversations of a hundred messages, and one with a hundredth of all.
    pub(super) fn spread(messages: u64) -> Self {
        Self { messages, conversations: (messages / EACH).clamp(10, 100_000), accounts: 1, largest: 100 }
    }
    /// One conversation with all the messages, and some that are empty.
    pub(super) const fn one(messages: u64) -> Self {
        Self { messages, conversations: 10, accounts: 1, largest: 1 }
    }
    /// The same for any number of accounts.
    pub(super) const fn accounts(accounts: u64, messages: u64) -> Self {
        Self { messages, conversations: 10_000, accounts, largest: 100 }
    }
    /// Whether it is one of those that differ in the number of messages only.
    pub(super) const fn is_spread(&self) -> bool {
        self.accounts == 1 && self.largest > 1
    }
    pub(super) fn name(&self) -> String {
        let messages = short(self.messages as f64);
        match (self.largest, self.accounts) {
            (1, _) => format!("{messages} in one conversation"),
            (_, 1) => format!("{messages} messages"),
            (_, accounts) => format!("{messages}, {} accounts", short(accounts as f64)),
        }
    }
}

/// What one round tells, in µs or as named. NaN where the product does not serve it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    pub(super) sends: f64,
    pub(super) send_p50: f64,
    pub(super) page: f64,
    pub(super) largest_page: f64,
    pub(super) deep_page: f64,
    pub(super) by_mid: f64,
    pub(super) list: f64,
    /// The list when all the conversations were active within a minute.
    pub(super) busy_list: f64,
    pub(super) other_cores: f64,
}

/// Times from a start after `kill -9` to the first answer, in ms.
pub(super) struct Restarts {
    /// With nothing to deliver.
    pub(super) clean: Samples,
    /// With a backlog of undelivered events.
    pub(super) waiting: f64,
}

/// A running sandbox with what is asked of it.
pub(super) struct Subject {
    pub(super) plan: Plan,
    pub(super) bytes_each: f64,
    folder: PathBuf,
    candidate: Candidate,
    seeded: Seeded,
    tokens: HashMap<i64, String>,
    requests: Vec<Bytes>,
    reads: Reads,
    rested: Vec<Rested>,
}

/// The reads that sends change: after them the messages are no longer the newest, and all the conversations are active
/// at once. So they are asked before the first send, once for each round.
#[derive(Clone, Copy, Debug)]
struct Rested {
    by_mid: f64,
    list: f64,
}

impl Subject {
    /// Makes it, fills it, and warms it up.
    pub(super) fn start(run: &Run, plan: Plan, name: &str) -> Result<Self, String> {
        let folder = run.scratch.fresh(name)?;
        let first = Candidate::start(&run.posthaste, &folder, &[])?;
        let mut accounts = vec![first.account()?];
        let mut tokens = HashMap::from([(accounts[0], first.token()?.to_owned())]);
        for number in 1..plan.accounts {
            let username = format!("bench.account.{number}");
            let made = first.sim("POST", "/sim/accounts", &json!({ "username": username }))?;
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let id = text(&made["id"]).parse().map_err(|e| format!("/sim/accounts answered {made}: {e}"))?;
            accounts.push(id);
            tokens.insert(id, text(&made["tokens"]["instagram"]));
        }
        first.server.stop()?;
        let Plan { messages, conversations, largest, .. } = plan;
        let seeded = seed::fill(&database(&folder), &accounts, Size { conversations, messages, largest })?;
        let size = std::fs::metadata(database(&folder)).map_err(|e| e.to_string())?.len();
        let candidate = Candidate::start(&run.posthaste, &folder, &[])?;
        let requests = sends(&candidate, &seeded, &tokens);
        let reads = Reads::of(&candidate, &seeded, &tokens)?;
        let mut rested = Vec::new();
        for _ in 0..run.rounds {
            let (by_mid, list) = (asked(run, &candidate, &reads.mids)?, asked(run, &candidate, &reads.list)?);
            rested.push(Rested { by_mid, list });
        }
        let count = run.count(WARM_UP).max(100);
        load::run(candidate.address(), &requests, run.connections, Until::Count(count))?.all_good()?;
        let bytes_each = size as f64 / messages as f64;
        Ok(Self { plan, bytes_each, folder, candidate, seeded, tokens, requests, reads, rested })
    }

    /// One round of everything.
    pub(super) fn ask(&self, run: &Run, round: usize) -> Result<Figures, String> {
        let file = self.candidate.database();
        let sends = |connections, time| {
            window(&self.candidate.server, &[], Some(&file), &self.requests, connections, Until::Time(time))
        };
        let (loaded, alone) = (sends(run.connections, run.window / 3)?, sends(1, run.window / 8)?);
        let asked = |requests: &[Bytes]| asked(run, &self.candidate, requests);
        let Rested { by_mid, list } = self.rested[round];
        Ok(Figures {
            sends: loaded.per_second,
            send_p50: alone.p50,
            page: asked(&self.reads.pages)?,
            largest_page: asked(&self.reads.largest)?,
            deep_page: asked(&self.reads.deep)?,
            by_mid,
            list,
            busy_list: asked(&self.reads.list)?,
            other_cores: f64::max(loaded.other_cores, alone.other_cores),
        })
    }

    /// Its memory, in MiB.
    pub(super) fn rss(&self) -> Result<f64, String> {
        Ok(mib(proc::rss(self.candidate.server.pid())? as f64))
    }

    /// Kills it and starts it again, in the end with events that nobody took.
    pub(super) fn restarts(self, run: &Run, sink: &Sink) -> Result<Restarts, String> {
        let Self { folder, seeded, tokens, mut candidate, .. } = self;
        let again = |killed: Candidate| {
            killed.server.kill();
            Candidate::start(&run.posthaste, &folder, &[])
        };
        // The log holds something to be read at each start.
        let send = |candidate: &Candidate, count: u64| {
            let requests = sends(candidate, &seeded, &tokens);
            let until = Until::Count(run.count(count).max(10));
            load::run(candidate.address(), &requests, run.connections, until)?.all_good().map(|_| ())
        };
        let mut clean = Vec::new();
        for _ in 0..STARTS {
            send(&candidate, WARM_UP)?;
            candidate = again(candidate)?;
            clean.push(candidate.server.ready_after.as_secs_f64() * 1e3);
        }
        sink.set("growth", "refuse")?;
        candidate.set_callback(&sink.url("growth"))?;
        send(&candidate, UNDELIVERED)?;
        let last = again(candidate)?;
        let waiting = last.server.ready_after.as_secs_f64() * 1e3;
        drop(last);
        let _ = std::fs::remove_dir_all(&folder);
        Ok(Restarts { clean: clean.into_iter().collect(), waiting })
    }
}

/// The median of the requests, one after the other. NaN where there are none.
fn asked(run: &Run, candidate: &Candidate, requests: &[Bytes]) -> Result<f64, String> {
    if requests.is_empty() {
        return Ok(f64::NAN);
    }
    let outcome = load::run(candidate.address(), requests, 1, Until::Time(run.window / 16))?.all_good()?;
    Ok(outcome.latencies.quantile(0.5) as f64)
}

/// One send in each conversation, by the account that it is of.
fn sends(candidate: &Candidate, seeded: &Seeded, tokens: &HashMap<i64, String>) -> Vec<Bytes> {
    let token = |account: i64| tokens.get(&account).map_or("", String::as_str);
    let between = seeded.conversations.iter().map(|key| (token(key.account), key.igsid));
    candidate::sends(candidate.address(), between)
}

/// A request that reads.
pub(super) fn get(candidate: &Candidate, path: &str, token: &str) -> Bytes {
    let authorization = format!("Bearer {token}");
    wire::request(candidate.address(), "GET", path, &[("Authorization", &authorization)], "")
}
