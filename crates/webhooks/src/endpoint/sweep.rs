//! Giving up many events at once.

use storage::{Tx, params};

use super::abandoning::Which;
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

/// Moves the oldest events of `endpoint`, of those that are to be given up.
pub(super) fn sweep(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    which: Which,
    reason: &str,
) -> storage::Result<Swept> {
    macro_rules! oldest {
        ($own:literal, $table:literal, $which:literal) => {
            concat!(
                "SELECT ",
                event_columns!(),
                $own,
                " FROM ",
                $table,
                " WHERE endpoint_id = $1 AND ",
                $which,
                " ORDER BY at, lane LIMIT $3"
            )
        };
    }
    let now = tx.now();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let (outbox, retry, border) = match which {
        Which::Before(before) => (
            oldest!("", "outbox", "at < $2"),
            oldest!(", attempts, first_at, next_at", "webhook_retry", "at < $2 AND first_at < $2"),
            before.0,
        ),
        Which::Subject(subject) => (
            oldest!("", "outbox", "subject = $2"),
            oldest!(", attempts, first_at, next_at", "webhook_retry", "subject = $2"),
            subject,
        ),
    };
    let mut events: Vec<Event> = tx.all(outbox, params![endpoint.0, border, limit])?;
    for event in &events {
        bury(tx, event.key(), Place::Outbox, 0, None, now, reason)?;
    }
    let tried: Vec<Retrying> = tx.all(retry, params![endpoint.0, border, limit])?;
    for Retrying { event, attempts, first_at, .. } in &tried {
        bury(tx, event.key(), Place::Retry, *attempts, Some(*first_at), now, reason)?;
    }
    let complete = events.len() < PAGE && tried.len() < PAGE;
    events.extend(tried.into_iter().map(|retrying| (*retrying.event).clone()));
    Ok(Swept { events, complete })
}
