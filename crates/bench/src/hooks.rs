//! The sink, as the sections use it.

use crate::child::Server;
use crate::run::Run;
use crate::wire;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// A running sink.
pub(crate) struct Sink {
    /// The process.
    pub server: Server,
}

impl Sink {
    /// Starts one.
    pub(crate) fn start(run: &Run) -> Result<Self, String> {
        Ok(Self { server: run.control("sink", &[], &[])? })
    }

    /// The callback with that name.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://{}/hook/{name}", self.server.address)
    }

    /// Says what the name's callers get: `ok`, `hang` or `refuse`.
    pub(crate) fn set(&self, name: &str, mode: &str) -> Result<(), String> {
        let to = self.server.address;
        wire::must(to, &wire::request(to, "POST", &format!("/sink/{name}/{mode}"), &[], "")).map(|_| ())
    }

    /// How many POSTs each name has taken.
    pub(crate) fn counts(&self) -> Result<BTreeMap<String, u64>, String> {
        let to = self.server.address;
        let text = wire::must(to, &wire::request(to, "GET", "/counts", &[], ""))?;
        serde_json::from_str(&text).map_err(|e| format!("the sink: {e}"))
    }

    /// How many POSTs the names together have taken that `which` chooses.
    pub(crate) fn count(&self, which: impl Fn(&str) -> bool) -> Result<u64, String> {
        Ok(self.counts()?.iter().filter(|(name, _)| which(name)).map(|(_, count)| count).sum())
    }

    /// Waits until that many have come. Answers the instant, to within a millisecond.
    pub(crate) fn wait_for(&self, wanted: u64, which: impl Fn(&str) -> bool) -> Result<Instant, String> {
        let (mut last, mut moved) = (0, Instant::now());
        loop {
            let (count, now) = (self.count(&which)?, Instant::now());
            if count >= wanted {
                return Ok(now);
            }
            if count > last {
                (last, moved) = (count, now);
            } else if moved.elapsed() > Duration::from_secs(30) {
                return Err(format!("deliveries stopped: {count} of {wanted} came"));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
