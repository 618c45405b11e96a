//! When a failed event is tried again, and when it is given up.

use std::time::Duration;

use clock::Micros;

/// Intervals between attempts, and an age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// `intervals[n]` lies between the failure of attempt number `n + 1` and the next attempt. After the failure of
    /// attempt number `intervals.len() + 1` the event is given up.
    pub intervals: Vec<Duration>,
    /// An event is given up when its next attempt would come later than this after its first one; and when it has
    /// waited this long for a first attempt while its endpoint was down.
    pub give_up_after: Duration,
}

impl Default for Schedule {
    /// 12 attempts within 32 hours with growing intervals, none after 36.
    fn default() -> Self {
        let seconds = |s| Duration::from_secs(s);
        Self {
            intervals: vec![
                Duration::from_millis(500),
                seconds(10),
                seconds(60),
                seconds(5 * 60),
                seconds(15 * 60),
                seconds(30 * 60),
                seconds(3600),
                seconds(2 * 3600),
                seconds(4 * 3600),
                seconds(8 * 3600),
                seconds(16 * 3600),
            ],
            give_up_after: seconds(36 * 3600),
        }
    }
}

/// What becomes of an event after a failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is tried again at this instant.
    Retry(Micros),
    /// It is given up, for this reason.
    GiveUp(String),
}

impl Schedule {
    /// After attempt number `attempts` (from 1) has failed at `now`; the first one was made at `first_at`.
    pub fn after(&self, attempts: u32, first_at: Micros, now: Micros) -> Verdict {
        let made = usize::try_from(attempts).unwrap_or(usize::MAX);
        let Some(interval) = made.checked_sub(1).and_then(|failed| self.intervals.get(failed)) else {
            return Verdict::GiveUp(format!("all {attempts} attempts failed"));
        };
        let next = now.plus(*interval);
        if next.since(first_at) > self.give_up_after {
            let age = words(self.give_up_after);
            return Verdict::GiveUp(format!("the next attempt would come more than {age} after the first"));
        }
        Verdict::Retry(next)
    }
}

/// A duration for a reader: in hours if it is whole hours, else in minutes or seconds.
pub(crate) fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        _ if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_gives_up_after_the_twelfth_attempt() {
        let schedule = Schedule::default();
        let start = Micros::from_secs(1_000_000);
        let mut now = start;
        let mut offsets = vec![0];
        let mut attempts = 1;
        let reason = loop {
            match schedule.after(attempts, start, now) {
                Verdict::Retry(next) => {
                    now = next;
                    attempts += 1;
                    offsets.push(now.since(start).as_millis() / 100);
                }
                Verdict::GiveUp(reason) => break reason,
            }
        };
        let wanted = [0, 5, 105, 705, 3705, 12705, 30705, 66705, 138_705, 282_705, 570_705, 1_146_705];
        assert_eq!(offsets, wanted);
        assert_eq!(reason, "all 12 attempts failed");
    }

    #[test]
    fn the_age_ends_it_early() {
        let schedule = Schedule::default();
        let start = Micros::from_secs(1_000_000);
        let last = start.plus(Duration::from_secs(36 * 3600 - 3600));
        assert_eq!(schedule.after(7, start, last), Verdict::Retry(last.plus(Duration::from_secs(3600))));
        let Verdict::GiveUp(reason) = schedule.after(7, start, last.plus(Duration::from_micros(1))) else {
            panic!("it is too old");
        };
        assert_eq!(reason, "the next attempt would come more than 36 h after the first");
    }

    #[test]
    fn nothing_is_beyond_the_range() {
        let schedule = Schedule { intervals: vec![Duration::MAX], give_up_after: Duration::MAX };
        assert_eq!(schedule.after(1, Micros(0), Micros(5)), Verdict::Retry(Micros(i64::MAX)));
        assert!(matches!(schedule.after(u32::MAX, Micros(0), Micros(5)), Verdict::GiveUp(_)));
    }

    #[test]
    fn durations_read_well() {
        let shown = [0, 30, 90, 120, 7200, 129_600].map(|s| words(Duration::from_secs(s)));
        assert_eq!(shown, ["0 ms", "30 s", "90 s", "2 min", "2 h", "36 h"]);
    }
}
