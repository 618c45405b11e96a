//! Giving up many events at once.

use clock::Micros;
use storage::{Tx, params};

use crate::event::event_columns;
use crate::ledger::{Place, bury};
use crate::retries::Retrying;
use crate::{EndpointId, Event};

/// Why events of an endpoint that is not there any more are given up.
pub(super) const GONE: &str = "the endpoint no longer exists";

/// Rows of each table that are moved in one transaction.
const PAGE: usize = 256;

/// What one transaction moved.
pub(super) struct Swept {
    pub(super) events: Vec<Event>,
    /// Whether nothing more is to be moved.
    pub(super) complete: bool,
}

/// Moves the oldest events of `endpoint` that were made, and if they were tried first tried, before `before`.
pub(super) fn sweep(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    before: Micros,
    reason: &str,
) -> storage::Result<Swept> {
    let now = tx.now();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut events: Vec<Event> = tx.all(
        concat!(
            "SELECT ",
            event_columns!(),
            " FROM outbox WHERE endpoint_id = $1 AND at < $2 ORDER BY at, lane LIMIT $3"
        ),
        params![endpoint.0, before, limit],
    )?;
    for event in &events {
        bury(tx, event.key(), Place::Outbox, 0, None, now, reason)?;
    }
    let tried: Vec<Retrying> = tx.all(
        concat!(
            "SELECT ",
            event_columns!(),
            ", attempts, first_at, next_at FROM webhook_retry \
             WHERE endpoint_id = $1 AND at < $2 AND first_at < $2 ORDER BY at, lane LIMIT $3"
        ),
        params![endpoint.0, before, limit],
    )?;
    for Retrying { event, attempts, first_at, .. } in &tried {
        bury(tx, event.key(), Place::Retry, *attempts, Some(*first_at), now, reason)?;
    }
    let complete = events.len() < PAGE && tried.len() < PAGE;
    events.extend(tried.into_iter().map(|retrying| (*retrying.event).clone()));
    Ok(Swept { events, complete })
}
