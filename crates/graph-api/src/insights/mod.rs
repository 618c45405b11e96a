//! Insights: which metrics accounts and media have, with what each may be asked for, and the errors of everything else
//! (doc: Instagram User: Insights; Instagram Media: Insights; where live probes of 2026 disagree with the pages, the
//! probes are followed).
//!
//! Requests are checked in this order (unconfirmed): names, metric type, period or kind of media, range, breakdown.

mod account;
mod account_request;
mod media;

#[cfg(test)]
mod tests;

pub use account::{AccountMetric, AccountSpec, Breakdown, DEMOGRAPHICS};
pub use account_request::{AccountRequest, Days, Form, Timeframe};
pub use media::{MediaBreakdown, MediaFacts, MediaMetric, MediaRequest, MediaSpec, Surface};

use crate::{ErrorName, GraphError, Params, Result};

/// How many followers an account needs for the metrics that are about them (doc).
pub const FOLLOWERS: i64 = 100;
/// How many people must have seen a story before it shows anything (doc).
pub const STORY_VIEWERS: i64 = 5;
/// Values of a breakdown by age, city, country or gender, at most (doc).
pub const TOP_VALUES: usize = 45;
/// Days of one request, and of what is known of followers' days (doc and live probes).
pub const DAYS: i64 = 30;

/// A period, as requests name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A day of Pacific time.
    Day,
    /// Seven days.
    Week,
    /// Twenty-eight days.
    Days28,
    /// No metric has it.
    Month,
    /// Everything up to now, or what has no period.
    Lifetime,
    /// No metric has it.
    TotalOverRange,
}

impl Period {
    /// All of them, in the order in which the API lists them (cap).
    pub const ALL: &'static [Self] =
        &[Self::Day, Self::Week, Self::Days28, Self::Month, Self::Lifetime, Self::TotalOverRange];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Days28 => "days_28",
            Self::Month => "month",
            Self::Lifetime => "lifetime",
            Self::TotalOverRange => "total_over_range",
        }
    }

    /// How many days end with the day that a value is for.
    pub const fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Days28 => 28,
            _ => 1,
        }
    }

    /// `period` is a list, of which nearly everybody sends one (the official SDKs send a list).
    fn read(params: &Params) -> Result<Vec<Self>> {
        several(params, "period", Self::ALL, Self::name)
    }
}

/// The value of a parameter that is one of a list.
fn one<T: Copy>(
    params: &Params,
    parameter: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Option<T>> {
    match params.text(parameter)?.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => match all.iter().copied().find(|known| name(*known) == text) {
            Some(known) => Ok(Some(known)),
            None => Err(unknown(parameter, all, name)),
        },
    }
}

/// The values of a parameter that is a list. Given again, a value counts once.
fn several<T: Copy + PartialEq>(
    params: &Params,
    parameter: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str + Copy,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for (place, word) in params.words(parameter)?.unwrap_or_default().iter().enumerate() {
        match all.iter().copied().find(|known| name(*known) == word) {
            Some(known) if found.contains(&known) => {}
            Some(known) => found.push(known),
            None => return Err(unknown(&format!("{parameter}[{place}]"), all, name)),
        }
    }
    Ok(found)
}

fn unknown<T: Copy>(parameter: &str, all: &[T], name: impl Fn(T) -> &'static str) -> GraphError {
    let values = all.iter().map(|known| name(*known)).collect::<Vec<_>>().join(", ");
    GraphError::with(ErrorName::InsightsValueUnknown, [parameter, &values])
}

fn names<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> String {
    values.iter().map(|value| name(*value)).collect::<Vec<_>>().join(",")
}
