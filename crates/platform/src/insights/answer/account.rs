//! The answer about an account.

use super::super::parts::Parts;
use super::super::rules::{self, Counted, Series, Values};
use super::super::store;
use super::{Entry, breakdowns};
use crate::accounts::Account;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::Node;
use crate::graph::paging::Edge;
use crate::people;
use graph_api::insights::{
    AccountMetric, AccountRequest, Breakdown, FOLLOWERS, Form, Period, TOP_VALUES, Timeframe,
};
use graph_api::time::{self, PacificDay};
use graph_api::{ErrorName, Params, insights};
use serde_json::{Map, Value, json};
use storage::ReadTx;

/// Everything that the answer to a request is made of.
struct Loaded {
    series: Vec<(Series, Vec<(PacificDay, Parts)>)>,
    /// How many followers of each kind there are, if somebody asks.
    followers: Parts,
    has_followers: bool,
}

/// `{"data":[…],"paging"?}`: the metrics in the order in which they were asked for. A metric that the account does not have
/// is left out (doc: an empty set instead of 0); one that it has and that counted nothing is 0 (cap).
pub(in crate::insights) async fn account(call: &Call<'_>) -> Result<Value> {
    let Node::Account(view) = call.node else { return Err(ErrorName::Unknown.into()) };
    answer(call, &view.account, call.params, &Edge::of_request(call)).await
}

/// The same for parameters from wherever they came; `edge` is what the links lead to.
pub(super) async fn answer(
    call: &Call<'_>,
    account: &Account,
    params: &Params,
    edge: &Edge,
) -> Result<Value> {
    let now = call.platform.clock.now();
    let request = AccountRequest::read(params, now)?;
    let (asked, id) = (request.clone(), account.id);
    let (user_no, more) = (account.user_no, account.more_followers);
    let loaded = call.platform.db.read(move |db| Loaded::read(db, &asked, id, (user_no, more))).await?;
    let asked = request.metrics.iter().flat_map(|metric| request.periods.iter().map(move |p| (*metric, *p)));
    let data = asked.filter_map(|asked| entry(&request, asked, &loaded, id, PacificDay::of(now)));
    let data: Vec<Value> = data.collect();
    Ok(match request.timeframe {
        Some(_) => json!({ "data": data }),
        None => {
            let days = request.days;
            json!({ "data": data, "paging": edge.windows(days.since, days.until) })
        }
    })
}

impl Loaded {
    fn read(
        db: &mut ReadTx<'_>,
        request: &AccountRequest,
        account: i64,
        (user_no, more): (i64, i64),
    ) -> storage::Result<Self> {
        let days = request.days;
        // The value of a day counts the days before it that its period has.
        let longest = request.periods.iter().map(|period| period.days()).max().unwrap_or(1);
        let first = match request.form {
            Form::TimeSeries => days.first.plus(1 - longest),
            Form::TotalValue => days.first,
        };
        let mut series: Vec<(Series, Vec<(PacificDay, Parts)>)> = Vec::new();
        let mut wanted: Vec<Series> = Vec::new();
        for metric in &request.metrics {
            wanted.extend(rules::sources(*metric, &request.breakdowns));
            // The parts overlap, so the whole is no sum of them.
            if *metric == AccountMetric::Reach {
                wanted.push(Series::Reach);
            }
            if *metric == AccountMetric::EngagedAudienceDemographics {
                wanted.extend(rules::INTERACTIONS);
            }
        }
        for source in wanted {
            if !series.iter().any(|(known, _)| *known == source) {
                series.push((source, store::of_days(db, account, source, (first, days.last))?));
            }
        }
        let followers = match request.metrics.contains(&AccountMetric::FollowerDemographics) {
            true => store::kept(db, account)?.followers,
            false => Parts::default(),
        };
        let asks = request.metrics.iter().any(|metric| metric.spec().needs_followers);
        let has_followers = !asks
            || more >= FOLLOWERS
            || more.saturating_add(people::store::followers(db, user_no)?) >= FOLLOWERS;
        Ok(Self { series, followers, has_followers })
    }

    fn days(&self, series: Series) -> &Counted {
        self.series.iter().find(|(known, _)| *known == series).map_or(&[], |(_, days)| days)
    }
}

/// An entry of `data`; `None` if the account does not have the metric.
fn entry(
    request: &AccountRequest,
    (metric, period): (AccountMetric, Period),
    loaded: &Loaded,
    account: i64,
    today: PacificDay,
) -> Option<Value> {
    let spec = metric.spec();
    if metric.is_of_threads() || (spec.needs_followers && !loaded.has_followers) {
        return None;
    }
    let title = if request.form == Form::TotalValue { spec.total_title } else { spec.title };
    let (name, description) = (spec.name, spec.description);
    let entry = Entry { node: account, name, period: period.name(), title, description };
    Some(match (request.form, request.timeframe) {
        (Form::TimeSeries, _) => entry.of_values(series(request, (metric, period), loaded, today), None),
        (Form::TotalValue, Some(timeframe)) => {
            entry.of_total(Some(demographics(request, metric, timeframe, loaded)?))
        }
        (Form::TotalValue, None) => entry.of_total(total(request, (metric, period), loaded)),
    })
}

/// One value for each day of the range, with the midnight at which the day ends (that it is the end is unconfirmed).
fn series(
    request: &AccountRequest,
    (metric, period): (AccountMetric, Period),
    loaded: &Loaded,
    today: PacificDay,
) -> Value {
    let days = request.days;
    let known_from = match metric {
        // Only the last thirty days are known (doc).
        AccountMetric::OnlineFollowers => days.first.max(today.plus(-insights::DAYS)),
        _ => days.first,
    };
    let value = |day: PacificDay| -> Value {
        match metric {
            AccountMetric::OnlineFollowers => {
                let counted = rules::sum(loaded.days(Series::Online), (day, day));
                let hours = (0..24).map(|hour: u8| {
                    let hour = hour.to_string();
                    let online = counted.get(&hour).copied().unwrap_or(0);
                    (hour, Value::from(online))
                });
                Value::Object(hours.collect::<Map<_, _>>())
            }
            AccountMetric::FollowerCount => {
                let counted = rules::sum(loaded.days(Series::Follows), (day, day));
                counted.get("FOLLOWER").copied().unwrap_or(0).into()
            }
            _ => {
                let range = (day.plus(1 - period.days()), day);
                rules::people(loaded.days(Series::Reach), range).values().sum::<i64>().into()
            }
        }
    };
    let range = (known_from.0..=days.last.0).map(PacificDay);
    range.map(|day| json!({ "value": value(day), "end_time": time::graph(day.plus(1).begins()) })).collect()
}

/// `total_value` of a range. Follows and unfollows have none without their breakdown (cap).
fn total(
    request: &AccountRequest,
    (metric, period): (AccountMetric, Period),
    loaded: &Loaded,
) -> Option<Value> {
    let range = request.days_of(period);
    let asked = &request.breakdowns;
    if metric == AccountMetric::FollowsAndUnfollows && asked.is_empty() {
        return None;
    }
    let mut values = Values::new();
    for source in rules::sources(metric, asked) {
        let counted = match rules::counts_people(metric) {
            true => rules::people(loaded.days(source), range),
            false => rules::sum(loaded.days(source), range),
        };
        for (name, number) in counted {
            *values.entry(name).or_default() += number;
        }
    }
    let stored: &[Breakdown] = match metric {
        AccountMetric::Reach | AccountMetric::Views => &[Breakdown::MediaProductType, Breakdown::FollowType],
        AccountMetric::ProfileLinksTaps => &[Breakdown::ContactButton],
        AccountMetric::FollowsAndUnfollows => &[Breakdown::FollowType],
        _ => &[Breakdown::MediaProductType],
    };
    let is_by_one = metric == AccountMetric::Reach && asked.len() < 2;
    let grouped = if is_by_one { values.clone() } else { rules::regrouped(&values, stored, asked) };
    let mut total = json!({});
    // More may have been taken back than was done in the range.
    let sum = values.values().sum::<i64>().max(0);
    if metric != AccountMetric::FollowsAndUnfollows {
        total["value"] = match (metric, asked.is_empty()) {
            // Who saw two kinds of content counts in both, but once in all.
            (AccountMetric::Reach, false) => {
                let all = rules::people(loaded.days(Series::Reach), range);
                all.values().sum::<i64>().into()
            }
            _ => sum.into(),
        };
    }
    if !asked.is_empty() {
        let keys: Vec<&str> = asked.iter().map(|by| by.name()).collect();
        let mut rows: Vec<(&String, i64)> =
            grouped.iter().filter(|(_, n)| **n > 0).map(|(k, n)| (k, *n)).collect();
        rows.sort_by_key(|(name, number)| (rules::rank(name), -number));
        let rows: Vec<(Vec<&str>, i64)> =
            rows.into_iter().map(|(name, number)| (name.split(',').collect(), number)).collect();
        total["breakdowns"] = breakdowns(&keys, &rows);
    }
    Some(total)
}

/// `total_value` of who people are: no value of its own, and the timeframe is the first dimension (cap). `None` if there is
/// too little to tell.
fn demographics(
    request: &AccountRequest,
    metric: AccountMetric,
    timeframe: Timeframe,
    loaded: &Loaded,
) -> Option<Value> {
    let by = *request.breakdowns.first()?;
    let range = (request.days.first, request.days.last);
    let values: Values = match metric {
        AccountMetric::FollowerDemographics => {
            let head = format!("{}|", by.name());
            loaded.followers.under(&head).map(|(name, number)| (name.to_owned(), number)).collect()
        }
        AccountMetric::EngagedAudienceDemographics => {
            let sum = |series: &Series| rules::sum(loaded.days(*series), range).values().sum::<i64>();
            if rules::INTERACTIONS.iter().map(sum).sum::<i64>() < FOLLOWERS {
                return None;
            }
            rules::people(loaded.days(Series::EngagedPeople(by)), range)
        }
        _ => rules::people(loaded.days(Series::ReachedPeople(by)), range),
    };
    let mut rows: Vec<(&str, i64)> =
        values.iter().map(|(name, number)| (name.as_str(), *number)).filter(|row| row.1 > 0).collect();
    rows.sort_by_key(|(name, number)| (-number, *name));
    rows.truncate(TOP_VALUES);
    let rows: Vec<(Vec<&str>, i64)> =
        rows.into_iter().map(|(name, number)| (vec![timeframe.dimension(), name], number)).collect();
    Some(json!({ "breakdowns": breakdowns(&["timeframe", by.name()], &rows) }))
}
