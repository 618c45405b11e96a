//! A window that slides: how many calls lie within the last span of time.

use clock::Micros;
use graph_api::limits::Rate;
use std::collections::VecDeque;
use std::time::Duration;

/// The calls of one bucket that still count. Calls that were refused do not.
#[derive(Debug, Default)]
pub(super) struct Window {
    calls: VecDeque<Micros>,
}

impl Window {
    /// Counts a call, if there is room for it. If not: how long until there is.
    pub(super) fn take(&mut self, now: Micros, rate: Rate) -> Result<(), Duration> {
        self.prune(now, rate.within);
        let most = usize::try_from(rate.calls).unwrap_or(usize::MAX);
        if self.calls.len() < most {
            self.calls.push_back(now);
            return Ok(());
        }
        // The limit may have been lowered since: so many calls must leave first.
        let leaving = self.calls.get(self.calls.len() - most).copied().unwrap_or(now);
        Err(leaving.plus(rate.within).since(now))
    }

    /// How many calls count.
    pub(super) fn used(&self) -> usize {
        self.calls.len()
    }

    fn prune(&mut self, now: Micros, within: Duration) {
        while self.calls.front().is_some_and(|call| call.plus(within) <= now) {
            self.calls.pop_front();
        }
        // The clock was set back: those calls are still to come.
        while self.calls.back().is_some_and(|call| *call > now) {
            self.calls.pop_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { calls: 2, within: Duration::from_secs(1) };

    #[test]
    fn room_comes_back_exactly_when_the_oldest_call_leaves() {
        let (mut window, start) = (Window::default(), Micros::from_secs(100));
        let half = start.plus(Duration::from_millis(500));
        assert_eq!(window.take(start, RATE), Ok(()));
        assert_eq!(window.take(half, RATE), Ok(()));
        assert_eq!(window.take(half, RATE), Err(Duration::from_millis(500)));
        let edge = start.plus(RATE.within);
        assert_eq!(window.take(Micros(edge.0 - 1), RATE), Err(Duration::from_micros(1)));
        assert_eq!(window.take(edge, RATE), Ok(()));
        assert_eq!(window.used(), 2);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let mut window = Window::default();
        window.take(Micros::from_secs(1000), RATE).unwrap();
        window.take(Micros::from_secs(1000), RATE).unwrap();
        assert_eq!(window.take(Micros::from_secs(10), RATE), Ok(()));
        assert_eq!(window.used(), 1);
    }

    #[test]
    fn a_lowered_limit_counts_what_is_there() {
        let (mut window, now) = (Window::default(), Micros::from_secs(100));
        for second in 0..4 {
            window
                .take(
                    now.plus(Duration::from_secs(second)),
                    Rate { calls: 4, within: Duration::from_secs(60) },
                )
                .unwrap();
        }
        let lower = Rate { calls: 2, within: Duration::from_secs(60) };
        assert_eq!(window.take(now.plus(Duration::from_secs(4)), lower), Err(Duration::from_secs(58)));
    }
}
