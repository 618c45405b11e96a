//! Goals, and whether a measured value reaches them.

use std::fmt;

/// A machine on which others keep more cores busy than this is no place for a verdict.
pub(crate) const QUIET: f64 = 0.2;

/// In which direction values get better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    /// Rates.
    Higher,
    /// Costs.
    Lower,
}

/// What a value is to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// Its number in `docs/benchmarks.md`.
    pub id: &'static str,
    /// What is measured.
    pub what: &'static str,
    /// Which way is good.
    pub better: Better,
    /// What a sound build reaches.
    pub floor: f64,
    /// What a good one reaches.
    pub aim: f64,
    /// Counts and bytes, which other programs do not change, and ratios that they hardly change: judged on a busy
    /// machine too.
    pub steady: bool,
}

/// How a value stands to its goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// At least the aim.
    Aim,
    /// At least the floor.
    Ok,
    /// Not even that.
    BelowFloor,
    /// Other programs took too much.
    Noisy,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aim => "ok, aim reached",
            Self::Ok => "ok",
            Self::BelowFloor => "below floor",
            Self::Noisy => "noisy, no verdict",
        })
    }
}

impl Goal {
    /// Judges a value that was measured while others kept `other_cores` busy.
    pub(crate) fn judge(&self, value: f64, other_cores: f64) -> Verdict {
        let reaches = |bound: f64| match self.better {
            Better::Higher => value >= bound,
            Better::Lower => value <= bound,
        };
        if !self.steady && other_cores > QUIET {
            Verdict::Noisy
        } else if reaches(self.aim) {
            Verdict::Aim
        } else if reaches(self.floor) {
            Verdict::Ok
        } else {
            Verdict::BelowFloor
        }
    }
}

/// A figure's values in the rounds of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Samples(Vec<f64>);

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }
}

impl Samples {
    /// The value in the middle; of an even number, the mean of the two in the middle. NaN if there is none.
    pub(crate) fn median(&self) -> f64 {
        match self.0.len() {
            0 => f64::NAN,
            n if n % 2 == 1 => self.0[n / 2],
            n => f64::midpoint(self.0[n / 2 - 1], self.0[n / 2]),
        }
    }
    /// The lowest.
    pub(crate) fn low(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }
    /// The highest.
    pub(crate) fn high(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Rounds that count: the quiet ones, if there are `wanted` of them, else all. Answers them with what others took in
/// the worst of them.
pub(crate) fn counted<R: Clone>(
    rounds: &[R],
    wanted: usize,
    other_cores: impl Fn(&R) -> f64,
) -> (Vec<R>, f64) {
    let quiet: Vec<R> = rounds.iter().filter(|round| other_cores(round) <= QUIET).cloned().collect();
    let chosen = if quiet.len() >= wanted.max(1) { quiet } else { rounds.to_vec() };
    let worst = chosen.iter().map(&other_cores).fold(0.0, f64::max);
    (chosen, worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Goal =
        Goal { id: "T1", what: "", better: Better::Higher, floor: 0.5, aim: 0.8, steady: false };

    #[test]
    fn rates_are_good_when_high_and_costs_when_low() {
        let of = |goal: &Goal, values: [f64; 5]| values.map(|v| goal.judge(v, 0.0));
        use Verdict::{Aim, BelowFloor, Ok};
        assert_eq!(of(&RATE, [0.49, 0.5, 0.79, 0.8, 2.0]), [BelowFloor, Ok, Ok, Aim, Aim]);
        let cost = Goal { better: Better::Lower, floor: 2.5, aim: 1.6, ..RATE };
        assert_eq!(of(&cost, [2.51, 2.5, 1.61, 1.6, 0.0]), [BelowFloor, Ok, Ok, Aim, Aim]);
        assert_eq!(RATE.judge(f64::NAN, 0.0), BelowFloor);
    }

    #[test]
    fn a_busy_machine_gives_no_verdict_but_on_counts() {
        assert_eq!(RATE.judge(0.1, 0.21), Verdict::Noisy);
        assert_eq!(RATE.judge(9.0, 0.21), Verdict::Noisy);
        assert_eq!(RATE.judge(0.1, 0.2), Verdict::BelowFloor);
        let count = Goal { steady: true, ..RATE };
        assert_eq!(count.judge(0.1, 1.9), Verdict::BelowFloor);
        assert_eq!(count.judge(0.6, 1.9), Verdict::Ok);
    }

    #[test]
    fn medians_and_spread() {
        let of = |values: &[f64]| values.iter().copied().collect::<Samples>();
        let odd = of(&[3.0, 1.0, 2.0]);
        assert_eq!((odd.median(), odd.low(), odd.high(), odd.len()), (2.0, 1.0, 3.0, 3));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]).median(), 2.5);
        assert!(of(&[]).median().is_nan());
    }

    #[test]
    fn noisy_rounds_are_left_out_if_enough_are_quiet() {
        let noise = |r: &f64| *r;
        assert_eq!(counted(&[0.1, 0.9, 0.0, 0.15], 3, noise), (vec![0.1, 0.0, 0.15], 0.15));
        assert_eq!(counted(&[0.1, 0.9, 0.0], 3, noise), (vec![0.1, 0.9, 0.0], 0.9));
        assert_eq!(counted(&[], 1, noise), (vec![], 0.0));
    }
}
