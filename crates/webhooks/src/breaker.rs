//! Whether an endpoint as a whole is in trouble.

use std::time::Duration;

use clock::Micros;

/// Consecutive failed attempts after which the endpoint is thought to be down.
const THRESHOLD: u32 = 8;

/// How long no attempt is made after opening and after each failed probe; the last one repeats.
const DELAYS: [Duration; 4] = [
    Duration::from_millis(500),
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
];

/// Opens after [`THRESHOLD`] failed attempts without a success between them; then lets single probes through, ever more
/// rarely, until one succeeds.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    failures: u32,
    /// When the first of the failures happened.
    failing_since: Option<Micros>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    failed_probes: usize,
    probe_at: Micros,
}

impl Breaker {
    /// An attempt failed at `now` that was no probe.
    pub(crate) fn failed(&mut self, now: Micros) {
        self.failing_since.get_or_insert(now);
        self.failures = self.failures.saturating_add(1);
        if self.failures >= THRESHOLD && self.open.is_none() {
            self.open = Some(Open { failed_probes: 0, probe_at: now.plus(DELAYS[0]) });
        }
    }

    /// A probe failed at `now`: the next one comes later.
    pub(crate) fn probe_failed(&mut self, now: Micros) {
        self.failed(now);
        if let Some(open) = &mut self.open {
            open.failed_probes = (open.failed_probes + 1).min(DELAYS.len() - 1);
            open.probe_at = now.plus(DELAYS[open.failed_probes]);
        }
    }

    /// An attempt succeeded, or there is another reason to believe that the endpoint is up: closes.
    pub(crate) fn close(&mut self) {
        *self = Self::default();
    }

    /// Whether nothing but probes may be sent.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether a probe may be sent at `now`. A clock that was set back does not put it off.
    pub(crate) fn may_probe(&self, now: Micros) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| now >= open.probe_at || open.probe_at.since(now) > DELAYS[open.failed_probes])
    }

    /// When the next probe may be sent; `None` if the breaker is closed.
    pub(crate) fn probe_at(&self) -> Option<Micros> {
        self.open.as_ref().map(|open| open.probe_at)
    }

    /// Since when every attempt has failed; `None` if the last one succeeded.
    pub(crate) fn failing_since(&self) -> Option<Micros> {
        self.failing_since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_eight_failures_in_a_row() {
        let mut breaker = Breaker::default();
        for _ in 0..7 {
            breaker.failed(Micros(5));
        }
        breaker.close();
        for n in 0..7 {
            breaker.failed(Micros(10 + n));
            assert!(!breaker.is_open());
        }
        breaker.failed(Micros(20));
        assert!(breaker.is_open());
        assert_eq!(breaker.failing_since(), Some(Micros(10)));
        assert_eq!(breaker.probe_at(), Some(Micros(500_020)));
        // What was in flight when it opened says nothing new.
        breaker.failed(Micros(30));
        assert_eq!(breaker.probe_at(), Some(Micros(500_020)));
        assert!(!breaker.may_probe(Micros(500_019)));
        assert!(breaker.may_probe(Micros(500_020)));
        assert!(breaker.may_probe(Micros(10)), "the clock was set back");
        breaker.close();
        assert!(!breaker.is_open());
        assert_eq!(breaker.failing_since(), None);
    }

    #[test]
    fn probes_become_rarer_up_to_five_minutes() {
        let mut breaker = Breaker::default();
        for _ in 0..8 {
            breaker.failed(Micros(0));
        }
        let delays: Vec<i64> = (0..5)
            .map(|_| {
                breaker.probe_failed(Micros(0));
                breaker.probe_at().unwrap().secs()
            })
            .collect();
        assert_eq!(delays, [10, 60, 300, 300, 300]);
    }
}
