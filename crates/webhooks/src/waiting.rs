//! What waits, as a list.

use std::cmp::Reverse;

use clock::Micros;
use storage::{FromRow, ReadTx, Row, params};

use crate::event::{EVENT_COLUMNS, event_columns};
use crate::outbox::all_endpoints;
use crate::{EndpointId, Event, EventKey, Handle};

/// What has become of an event that is not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its first attempt, or is in it.
    Pending,
    /// It has failed and is tried again.
    Retrying,
    /// It was given up.
    Dead,
}

/// Which events are listed: all by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only those of this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Only those in this state.
    pub state: Option<State>,
}

/// An event that is not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The event.
    pub event: Event,
    /// What has become of it.
    pub state: State,
    /// How often it was tried, replays not counted.
    pub attempts: u32,
    /// When it was first tried, if it was.
    pub first_at: Option<Micros>,
    /// When it is tried next, if it is [`State::Retrying`].
    pub next_at: Option<Micros>,
    /// When it was given up, if it is [`State::Dead`].
    pub died_at: Option<Micros>,
    /// Why the last attempt failed, or why it was given up.
    pub reason: Option<String>,
}

impl Handle {
    /// The events that are not delivered, newest first: at most `limit` of those `before` the last one of the page
    /// before. The tables are brought up to date first.
    pub async fn waiting(
        &self,
        filter: Filter,
        before: Option<EventKey>,
        limit: usize,
    ) -> storage::Result<Vec<Waiting>> {
        self.flush().await;
        self.shared().db.read(move |tx| list(tx, filter, before, limit)).await
    }
}

/// By time, lane and endpoint, backwards. Each table and endpoint gives its newest ones before the cursor. What is
/// committed between two pages and is newer than the cursor is not in this list: as with any list that begins with the
/// newest, it is in the next one. Nothing but people reads by this cursor.
fn list(
    tx: &mut ReadTx<'_>,
    filter: Filter,
    before: Option<EventKey>,
    limit: usize,
) -> storage::Result<Vec<Waiting>> {
    let endpoints = match filter.endpoint {
        Some(endpoint) => vec![endpoint],
        None => all_endpoints(tx)?,
    };
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for endpoint in endpoints {
        let (at, lane) = match before {
            None => (Micros(i64::MAX), i64::MAX),
            // Among equal times and lanes, the smaller endpoints are still to come.
            Some(key) if endpoint < key.endpoint => (key.at, key.lane.saturating_add(1)),
            Some(key) => (key.at, key.lane),
        };
        let p = params![endpoint.0, at, lane, rows];
        macro_rules! page_of {
            ($state:expr, $row:ident, $table:literal, $own:literal) => {
                if filter.state.is_none_or(|wanted| wanted == $state) {
                    let page = tx.all::<$row>(
                        concat!(
                            "SELECT ",
                            event_columns!(),
                            $own,
                            " FROM ",
                            $table,
                            " WHERE endpoint_id = $1 AND (at, lane) < ($2, $3) ORDER BY at DESC, lane DESC LIMIT $4"
                        ),
                        p,
                    )?;
                    found.extend(page.into_iter().map(|row| row.0));
                }
            };
        }
        page_of!(State::Pending, Pending, "outbox", "");
        page_of!(State::Retrying, Retrying, "webhook_retry", ", attempts, first_at, next_at, last_error");
        page_of!(State::Dead, Dead, "dead_letter", ", attempts, first_at, died_at, reason");
    }
    found.sort_unstable_by_key(|waiting| {
        Reverse((waiting.event.at, waiting.event.lane, waiting.event.endpoint))
    });
    found.truncate(limit);
    Ok(found)
}

struct Pending(Waiting);
struct Retrying(Waiting);
struct Dead(Waiting);

impl FromRow for Pending {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        Ok(Self(Waiting {
            event: Event::from_row(row)?,
            state: State::Pending,
            attempts: 0,
            first_at: None,
            next_at: None,
            died_at: None,
            reason: None,
        }))
    }
}

impl FromRow for Retrying {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        Ok(Self(Waiting {
            event: Event::from_row(row)?,
            state: State::Retrying,
            attempts: u32::try_from(row.int(EVENT_COLUMNS)?).unwrap_or(u32::MAX),
            first_at: Some(row.micros(EVENT_COLUMNS + 1)?),
            next_at: Some(row.micros(EVENT_COLUMNS + 2)?),
            died_at: None,
            reason: Some(row.text(EVENT_COLUMNS + 3)?),
        }))
    }
}

impl FromRow for Dead {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        Ok(Self(Waiting {
            event: Event::from_row(row)?,
            state: State::Dead,
            attempts: u32::try_from(row.int(EVENT_COLUMNS)?).unwrap_or(u32::MAX),
            first_at: row.opt_micros(EVENT_COLUMNS + 1)?,
            next_at: None,
            died_at: Some(row.micros(EVENT_COLUMNS + 2)?),
            reason: Some(row.text(EVENT_COLUMNS + 3)?),
        }))
    }
}
