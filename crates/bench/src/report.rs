//! What is printed: figures, goals with their verdicts, notes; as text or as Markdown.

use crate::verdict::{Goal, Samples, Verdict};

/// The report of a run.
pub(crate) struct Report {
    markdown: bool,
    /// The rows of the goals' table, which Markdown has at the end.
    figures: Vec<Vec<String>>,
    /// The goals that were judged, by id.
    judged: Vec<(&'static str, Verdict)>,
}

/// A goal's measurement.
pub(crate) struct Measured<'a> {
    /// What it is to reach.
    pub goal: &'a Goal,
    /// The product's values.
    pub ours: Samples,
    /// The control's values, in the same rounds; empty: the value itself is judged, not a ratio.
    pub control: Samples,
    /// The ratios of each round.
    pub ratios: Samples,
    /// What others took.
    pub other_cores: f64,
}

impl Measured<'_> {
    /// The value that is judged: the ratio of the medians, or the median itself.
    fn value(&self) -> f64 {
        if self.control.len() == 0 { self.ours.median() } else { self.ours.median() / self.control.median() }
    }
}

/// Builds a measurement from rounds.
pub(crate) fn ratio<'a, R>(
    goal: &'a Goal,
    rounds: &[R],
    other_cores: f64,
    ours: impl Fn(&R) -> f64,
    control: impl Fn(&R) -> f64,
) -> Measured<'a> {
    Measured {
        goal,
        ours: rounds.iter().map(&ours).collect(),
        control: rounds.iter().map(&control).collect(),
        ratios: rounds.iter().map(|round| ours(round) / control(round)).collect(),
        other_cores,
    }
}

/// Builds a measurement without a control from rounds.
pub(crate) fn plain<'a, R>(
    goal: &'a Goal,
    rounds: &[R],
    other_cores: f64,
    value: impl Fn(&R) -> f64,
) -> Measured<'a> {
    let ours: Samples = rounds.iter().map(&value).collect();
    Measured { goal, ratios: ours.clone(), ours, control: Samples::default(), other_cores }
}

impl Report {
    /// An empty one.
    pub(crate) fn new(markdown: bool) -> Self {
        Self { markdown, figures: Vec::new(), judged: Vec::new() }
    }

    /// Begins a section.
    pub(crate) fn section(&self, title: &str) {
        let mark = if self.markdown { "## " } else { "== " };
        println!("\n{mark}{title}\n");
    }

    /// Says something.
    pub(crate) fn note(&self, text: &str) {
        println!("{text}");
        if self.markdown {
            println!();
        }
    }

    /// Prints figures; the first row names the columns.
    pub(crate) fn table(&self, rows: &[Vec<String>]) {
        let Some(first) = rows.first() else { return };
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..first.len()).map(width).collect();
        for (number, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join(if self.markdown { " | " } else { "  " });
            println!("{}", if self.markdown { format!("| {line} |") } else { line.trim_end().to_owned() });
            if number == 0 && self.markdown {
                println!("|{}", " --- |".repeat(first.len()));
            }
        }
        println!();
    }

    /// Prints goals with their verdicts, and keeps the verdicts.
    pub(crate) fn goals(&mut self, measured: &[Measured<'_>]) {
        let mut rows = Vec::new();
        for m in measured {
            let verdict = m.goal.judge(m.value(), m.other_cores);
            self.judged.push((m.goal.id, verdict));
            rows.push(vec![
                m.goal.id.to_owned(),
                m.goal.what.to_owned(),
                short(m.ours.median()),
                if m.control.len() == 0 { "".to_owned() } else { short(m.control.median()) },
                format!("{} [{}..{}]", short(m.value()), short(m.ratios.low()), short(m.ratios.high())),
                short(m.goal.floor),
                short(m.goal.aim),
                verdict.to_string(),
            ]);
        }
        if self.markdown {
            self.figures.extend(rows);
        } else {
            self.goals_table(rows);
        }
    }

    fn goals_table(&self, mut rows: Vec<Vec<String>>) {
        let titles = ["goal", "what", "posthaste", "control", "judged [rounds]", "floor", "aim", "verdict"];
        rows.insert(0, titles.map(str::to_owned).to_vec());
        self.table(&rows);
    }

    /// Prints what stands at the end.
    pub(crate) fn finish(&mut self) {
        let figures = std::mem::take(&mut self.figures);
        if !figures.is_empty() {
            self.section("Figures");
            self.goals_table(figures);
        }
    }

    /// The ids of the goals that are below their floors.
    pub(crate) fn below(&self) -> Vec<&'static str> {
        self.judged.iter().filter(|(_, v)| *v == Verdict::BelowFloor).map(|(id, _)| *id).collect()
    }

    /// Whether a goal could not be judged.
    pub(crate) fn is_noisy(&self) -> bool {
        self.judged.iter().any(|(_, v)| *v == Verdict::Noisy)
    }
}

/// A number with three significant digits.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        a if !a.is_finite() => "-".to_owned(),
        a if a >= 99_950_000.0 => format!("{:.0}M", value / 1e6),
        a if a >= 999_500.0 => format!("{:.2}M", value / 1e6),
        a if a >= 99_950.0 => format!("{:.0}k", value / 1e3),
        a if a >= 9_995.0 => format!("{:.1}k", value / 1e3),
        a if a >= 99.95 => format!("{value:.0}"),
        a if a >= 9.995 => format!("{value:.1}"),
        a if a >= 0.0995 || a == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

/// The median with the spread: `12.3 [11.0..14.1]`.
pub(crate) fn spread(samples: &Samples) -> String {
    if samples.len() < 2 {
        return short(samples.median());
    }
    format!("{} [{}..{}]", short(samples.median()), short(samples.low()), short(samples.high()))
}

/// Bytes as MiB.
pub(crate) fn mib(bytes: f64) -> f64 {
    bytes / f64::from(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Better;

    #[test]
    fn numbers_have_three_digits() {
        let of = |v: f64| short(v);
        assert_eq!(
            [0.0, 0.034, 0.5, 9.99, 12.34, 123.4].map(of),
            ["0.00", "0.0340", "0.50", "9.99", "12.3", "123"]
        );
        assert_eq!([8200.0, 10_100.0, 123_456.0, 1e6].map(of), ["8200", "10.1k", "123k", "1.00M"]);
        assert_eq!(short(f64::NAN), "-");
    }

    #[test]
    fn the_ratio_of_the_medians_is_judged_and_a_failure_is_kept() {
        let goal = Goal { id: "T1", what: "t", better: Better::Higher, floor: 0.5, aim: 0.8, steady: false };
        let rounds = [(10.0, 20.0), (6.0, 10.0), (30.0, 40.0)];
        let measured = ratio(&goal, &rounds, 0.0, |r| r.0, |r| r.1);
        assert_eq!(measured.value(), 0.5);
        assert_eq!((measured.ratios.low(), measured.ratios.high()), (0.5, 0.75));
        let mut report = Report::new(false);
        report.goals(&[measured, plain(&goal, &rounds, 0.0, |r| r.0 / 100.0)]);
        assert_eq!(report.below(), ["T1"]);
        assert!(!report.is_noisy());
        report.goals(&[plain(&goal, &rounds, 0.5, |r| r.0)]);
        assert!(report.is_noisy());
    }
}
