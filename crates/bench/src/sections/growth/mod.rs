//! How cost grows with what is stored (G1 to G9): by messages, by accounts, and in one large conversation.
//!
//! Each subject is a sandbox of its own on a database that was filled while it stood still. All of them run at the same
//! time, and each round asks all of them in turn, so that what other programs take hits them alike. The goals are stated
//! for ten times as many messages: judged are the two largest subjects of that distance.

mod reads;
mod subject;

use crate::goals::{G1, G2, G3, G4, G5, G6, G7, G8, G9};
use crate::hooks::Sink;
use crate::report::{Measured, Report, plain, ratio, short};
use crate::run::Run;
use crate::verdict::{Goal, Samples};
use subject::{Figures, Plan, Restarts, Subject};

/// Accounts of the subjects that differ in nothing else.
const ACCOUNTS: [u64; 3] = [1, 100, 1_000];
/// The same, with all the time of a long run: each account is made by a call that reads all there are.
const ACCOUNTS_LONG: [u64; 3] = [1, 100, 10_000];
/// Messages of the subjects by accounts, and of the largest conversation, at most.
const MILLION: u64 = 1_000_000;

/// Runs the section.
pub(crate) fn run(run: &mut Run, sizes: &[u64]) -> Result<(), String> {
    run.report.section("Growth");
    let sizes: Vec<u64> = sizes.iter().map(|size| run.count(*size).max(1_000)).collect();
    let most = sizes.iter().copied().max().unwrap_or(MILLION);
    let one = run.count(MILLION).min(most);
    let plans: Vec<Plan> = sizes.iter().map(|size| Plan::spread(*size)).chain([Plan::one(one)]).collect();
    let all = measure(run, &plans)?;
    table(&run.report, &all);
    judge(&mut run.report, &all);

    let accounts = if run.long { ACCOUNTS_LONG } else { ACCOUNTS };
    let accounts = accounts.map(|accounts| if run.quick { accounts.min(10) } else { accounts });
    let plans = accounts.map(|accounts| Plan::accounts(accounts, one / 10));
    let all = measure(run, &plans)?;
    run.report
        .note("The same number of messages and conversations, of more accounts, each with its own token:");
    table(&run.report, &all);
    Ok(())
}

/// A subject with everything that was measured on it.
struct Measures {
    plan: Plan,
    rounds: Vec<Figures>,
    restarts: Restarts,
    bytes_each: f64,
    rss: f64,
}

impl Measures {
    fn of(&self, value: impl Fn(&Figures) -> f64) -> Samples {
        self.rounds.iter().map(value).collect()
    }
}

fn measure(run: &Run, plans: &[Plan]) -> Result<Vec<Measures>, String> {
    let sink = Sink::start(run)?;
    let mut subjects = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        subjects.push(Subject::start(run, *plan, &format!("growth-{number}"))?);
    }
    let mut rounds: Vec<Vec<Figures>> = vec![Vec::new(); subjects.len()];
    for round in 0..run.rounds {
        for (subject, rounds) in subjects.iter().zip(&mut rounds) {
            rounds.push(subject.ask(run, round)?);
        }
    }
    let mut all = Vec::new();
    for (subject, rounds) in subjects.into_iter().zip(rounds) {
        let (plan, bytes_each, rss) = (subject.plan, subject.bytes_each, subject.rss()?);
        all.push(Measures { plan, rounds, restarts: subject.restarts(run, &sink)?, bytes_each, rss });
    }
    Ok(all)
}

/// A row of the table: its title and its figure.
type Line = (&'static str, fn(&Figures) -> f64);

const LINES: [Line; 9] = [
    ("sends/s, 64 connections", |f| f.sends),
    ("a send, p50 µs", |f| f.send_p50),
    ("newest page of a random conversation, p50 µs", |f| f.page),
    ("newest page of the largest, p50 µs", |f| f.largest_page),
    ("100 pages down in the largest, p50 µs", |f| f.deep_page),
    ("a message by its id, p50 µs", |f| f.by_mid),
    ("newest page of the conversation list, p50 µs", |f| f.list),
    ("the same, all of it active within a minute, p50 µs", |f| f.busy_list),
    ("other cores", |f| f.other_cores),
];

fn table(report: &Report, all: &[Measures]) {
    let row = |title: &str, value: &dyn Fn(&Measures) -> f64| {
        let cells = all.iter().map(|measures| match value(measures) {
            missing if missing.is_nan() => "not served yet".to_owned(),
            value => short(value),
        });
        std::iter::once(title.to_owned()).chain(cells).collect::<Vec<_>>()
    };
    let names = all.iter().map(|measures| measures.plan.name());
    let mut rows = vec![std::iter::once(String::new()).chain(names).collect::<Vec<_>>()];
    rows.extend(LINES.iter().map(|(title, value)| row(title, &|m: &Measures| m.of(value).median())));
    rows.push(row("start after kill -9, ms", &|m| m.restarts.clean.median()));
    rows.push(row("the same with 10k undelivered events, ms", &|m| m.restarts.waiting));
    rows.push(row("bytes of disk per message", &|m| m.bytes_each));
    rows.push(row("RSS MiB at the end", &|m| m.rss));
    report.table(&rows);
}

/// The step that the goals are for.
const STEP: u64 = 10;

fn judge(report: &mut Report, all: &[Measures]) {
    let spread: Vec<&Measures> = all.iter().filter(|measures| measures.plan.is_spread()).collect();
    let Some(after) = spread.last() else { return };
    let mut goals: Vec<Measured<'_>> = Vec::new();
    let noise = |measures: &Measures| measures.of(|f| f.other_cores).high();
    if let Some(before) =
        spread.iter().rev().find(|before| before.plan.messages * STEP == after.plan.messages)
    {
        report.note(&format!("From {} to {}:", before.plan.name(), after.plan.name()));
        let noise = f64::max(noise(before), noise(after));
        let rounds: Vec<(Figures, Figures)> =
            after.rounds.iter().copied().zip(before.rounds.iter().copied()).collect();
        let mut growth = |goal: &'static Goal, value: fn(&Figures) -> f64| {
            if rounds.iter().all(|(after, before)| value(after).is_finite() && value(before).is_finite()) {
                goals.push(ratio(goal, &rounds, noise, |r| value(&r.0), |r| value(&r.1)));
            }
        };
        growth(&G1, |f| f.sends);
        growth(&G2, |f| f.send_p50);
        growth(&G3, |f| f.page);
        growth(&G4, |f| f.largest_page);
        growth(&G6, |f| f.by_mid);
        growth(&G7, |f| f.list);
        // A start is short: the quickest of several is the one that nobody disturbed.
        let starts = [(after.restarts.clean.low(), before.restarts.clean.low())];
        goals.push(ratio(&G8, &starts, noise, |r| r.0, |r| r.1));
    } else {
        report.note("No subject has ten times the messages of another: only G5 and G9 are judged.");
    }
    if after.rounds.iter().all(|figures| figures.deep_page.is_finite()) {
        goals.push(plain(&G5, &after.rounds, noise(after), |f| f.deep_page / f.largest_page));
    }
    goals.push(plain(&G9, &[after.bytes_each], 0.0, |bytes| *bytes));
    report.goals(&goals);
}
