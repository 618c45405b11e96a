//! What a request for an account's insights asks.

use super::{AccountMetric, Breakdown, DAYS, Period, names, one, several};
use crate::time::{self, PacificDay};
use crate::{ErrorName, GraphError, Params, Result};
use clock::Micros;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The longest span between `since` and `until`.
const LONGEST: Duration = Duration::from_secs(DAYS as u64 * 24 * 3600);

/// The form in which metrics are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One value for each day.
    TimeSeries,
    /// One value.
    TotalValue,
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::TimeSeries => "time_series",
            Self::TotalValue => "total_value",
        }
    }
}

/// The values of `metric_type`, as the official SDKs have them; `default` is as if it were not there (unconfirmed).
const METRIC_TYPES: &[(&str, Option<Form>)] =
    &[("default", None), ("time_series", Some(Form::TimeSeries)), ("total_value", Some(Form::TotalValue))];

/// `timeframe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeframe {
    /// The last seven days.
    ThisWeek,
    /// The last thirty.
    ThisMonth,
}

impl Timeframe {
    /// Its values, as the official SDKs have them: of the six, four ended in 2024 in all versions (doc: changelog of the
    /// Instagram Platform; what they are answered since is unconfirmed).
    const ALL: &'static [(&'static str, Option<Self>)] = &[
        ("last_14_days", None),
        ("last_30_days", None),
        ("last_90_days", None),
        ("prev_month", None),
        ("this_month", Some(Self::ThisMonth)),
        ("this_week", Some(Self::ThisWeek)),
    ];

    fn read(params: &Params) -> Result<Option<Self>> {
        match one(params, "timeframe", Self::ALL, |(name, _)| name)? {
            None => Ok(None),
            Some((_, Some(timeframe))) => Ok(Some(timeframe)),
            Some((_, None)) => Err(GraphError::invalid("timeframe", "this_week or this_month since v20.0")),
        }
    }

    /// How it stands in answers.
    pub const fn dimension(self) -> &'static str {
        match self {
            Self::ThisWeek => "THIS_WEEK",
            Self::ThisMonth => "THIS_MONTH",
        }
    }

    /// How many days it has.
    pub const fn days(self) -> i64 {
        match self {
            Self::ThisWeek => 7,
            Self::ThisMonth => 30,
        }
    }
}

/// A range of days of Pacific time, both ends belong to it; and the instants that asked for it, which the links to the ranges
/// beside it repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: PacificDay,
    /// The last day; before the first if all of them lie ahead.
    pub last: PacificDay,
    /// Where the range begins.
    pub since: Micros,
    /// Where it ends.
    pub until: Micros,
    /// Whether the request named it.
    pub is_named: bool,
}

/// A request whose parts fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRequest {
    /// The metrics, in the order in which they were asked for.
    pub metrics: Vec<AccountMetric>,
    /// The form of all of them.
    pub form: Form,
    /// The periods: each metric has an entry for each.
    pub periods: Vec<Period>,
    /// The breakdowns, in the order in which they were asked for.
    pub breakdowns: Vec<Breakdown>,
    /// The days; of demographics, the timeframe's.
    pub days: Days,
    /// The timeframe, if it is a request for demographics.
    pub timeframe: Option<Timeframe>,
}

impl AccountRequest {
    /// Reads `metric`, `metric_type`, `period`, `since`, `until`, `timeframe` and `breakdown`. One wrong part refuses the
    /// whole request.
    pub fn read(params: &Params, now: Micros) -> Result<Self> {
        let metrics = several(params, "metric", AccountMetric::ALL, AccountMetric::name)?;
        if metrics.is_empty() {
            return Err(GraphError::required("metric"));
        }
        let metric_type = one(params, "metric_type", METRIC_TYPES, |(name, _)| name)?;
        let form = form(&metrics, metric_type.and_then(|(_, form)| form))?;
        let periods = Period::read(params)?;
        if periods.is_empty() {
            return Err(GraphError::required("period"));
        }
        for metric in &metrics {
            let has = |period: &Period| metric.spec().periods.contains(period);
            let wrong: Vec<Period> = periods.iter().copied().filter(|period| !has(period)).collect();
            if !wrong.is_empty() {
                let wrong = names(&wrong, Period::name);
                return Err(GraphError::with(ErrorName::InsightsWrongPeriod, [&wrong, metric.name()]));
            }
        }
        let timeframe = Timeframe::read(params)?;
        let is_demographic = metrics.iter().any(|metric| metric.is_demographic());
        let (days, timeframe) = match (is_demographic, timeframe) {
            // The timeframe overrides the range (doc).
            (true, Some(timeframe)) => (Days::last(timeframe.days(), now), Some(timeframe)),
            (true, None) => return Err(GraphError::required("timeframe")),
            (false, _) => (Days::read(params, &periods, form, now)?, None),
        };
        if metrics.contains(&AccountMetric::FollowerCount) && days.first < PacificDay::of(now).plus(-DAYS) {
            return Err(GraphError::new(ErrorName::InsightsFollowersTooOld));
        }
        let breakdowns = several(params, "breakdown", Breakdown::ALL, Breakdown::name)?;
        fit(&metrics, form, &breakdowns)?;
        Ok(Self { metrics, form, periods, breakdowns, days, timeframe })
    }

    /// The days of a total for a period: those that were named, or the last ones.
    pub fn days_of(&self, period: Period) -> (PacificDay, PacificDay) {
        let Days { first, last, is_named, .. } = self.days;
        match is_named || self.timeframe.is_some() {
            true => (first, last),
            false => (last.plus(1 - unnamed(period)), last),
        }
    }
}

/// The form in which all the metrics are served; without a wish, the series of those that have one.
fn form(metrics: &[AccountMetric], wished: Option<Form>) -> Result<Form> {
    let serves = |metric: &AccountMetric, form: Form| match form {
        Form::TimeSeries => metric.spec().series,
        Form::TotalValue => metric.spec().total,
    };
    let form = wished.unwrap_or(Form::TimeSeries);
    let wrong: Vec<AccountMetric> = metrics.iter().copied().filter(|metric| !serves(metric, form)).collect();
    match (wrong.first(), wished) {
        (None, _) => Ok(form),
        (Some(_), None) => {
            Err(GraphError::with(ErrorName::InsightsNeedTotal, [&names(&wrong, AccountMetric::name)]))
        }
        (Some(first), Some(form)) => {
            Err(GraphError::with(ErrorName::InsightsWrongType, [first.name(), form.name()]))
        }
    }
}

/// Whether all the metrics have the breakdowns.
fn fit(metrics: &[AccountMetric], form: Form, breakdowns: &[Breakdown]) -> Result<()> {
    let fits = |metric: &AccountMetric| {
        let is_one_of_people = !metric.is_demographic() || breakdowns.len() == 1;
        // Two names of one thing are one too many.
        let is_doubled =
            breakdowns.contains(&Breakdown::FollowType) && breakdowns.contains(&Breakdown::FollowerType);
        form == Form::TotalValue
            && is_one_of_people
            && !is_doubled
            && breakdowns.iter().all(|breakdown| metric.spec().breakdowns.contains(breakdown))
    };
    if breakdowns.is_empty() {
        let is_missing = metrics.iter().any(|metric| metric.is_demographic());
        return if is_missing { Err(GraphError::required("breakdown")) } else { Ok(()) };
    }
    match metrics.iter().find(|metric| !fits(metric)) {
        None => Ok(()),
        // Where some of several metrics have it, the answer is this (doc).
        Some(_) if metrics.iter().any(fits) => Err(GraphError::new(ErrorName::InsightsMixedBreakdown)),
        Some(metric) => Err(GraphError::with(
            ErrorName::InsightsWrongBreakdown,
            [&names(breakdowns, Breakdown::name), metric.name()],
        )),
    }
}

impl Days {
    /// The days up to the running one.
    fn last(days: i64, now: Micros) -> Self {
        let last = PacificDay::of(now);
        let first = last.plus(1 - days);
        Self { first, last, since: first.begins(), until: now, is_named: false }
    }

    /// The days between `since` and `until`. Without both, yesterday and today (cap; the pages now say 24 hours); of a
    /// total for a week or four, those.
    fn read(params: &Params, periods: &[Period], form: Form, now: Micros) -> Result<Self> {
        let (since, until) = (instant(params, "since")?, instant(params, "until")?);
        let (since, until) = match (since, until) {
            (None, None) => {
                let days = match form {
                    Form::TimeSeries => 2,
                    Form::TotalValue => periods.iter().copied().map(unnamed).max().unwrap_or(2),
                };
                return Ok(Self::last(days, now));
            }
            (Some(since), None) => (since, now.max(since)),
            (None, Some(until)) => (until.minus(DAY), until),
            (Some(since), Some(until)) => (since, until),
        };
        if since > until {
            return Err(GraphError::invalid("since", "a time before until"));
        }
        if until.since(since) > LONGEST {
            return Err(GraphError::new(ErrorName::InsightsRangeTooLong));
        }
        let last = PacificDay::of(until).min(PacificDay::of(now));
        Ok(Self { first: PacificDay::of(since), last, since, until, is_named: true })
    }
}

/// How many days a total has if nobody says which.
fn unnamed(period: Period) -> i64 {
    period.days().max(2)
}

/// Seconds since the epoch, a date, which is its midnight in Pacific time, or an instant. Other texts that PHP would
/// understand are not read.
fn instant(params: &Params, name: &str) -> Result<Option<Micros>> {
    let Some(text) = params.text(name)? else { return Ok(None) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let date = || PacificDay::parse(text).map(PacificDay::begins);
    let found = time::parse(text).or_else(date).filter(|at| at.0 >= 0 && *at < LATEST);
    found.map(Some).ok_or_else(|| GraphError::invalid(name, "a unix timestamp or a date"))
}

/// The year 9000: later instants could not be written in links.
const LATEST: Micros = Micros::from_secs(221_845_392_000);
