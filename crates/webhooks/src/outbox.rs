//! The statements on `outbox`.

use storage::{ReadTx, Tx, params};

use crate::event::event_columns;
use crate::{EndpointId, Event};

/// Adds a row, in the sender's transaction.
pub(crate) fn insert(tx: &mut Tx<'_>, event: &Event) -> storage::Result<()> {
    tx.later(
        concat!("INSERT INTO outbox (", event_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        params![
            event.endpoint.0,
            event.at,
            event.lane,
            event.subject,
            event.channel,
            &event.topic,
            &event.body[..]
        ],
    )
}

/// The oldest `limit` rows of an endpoint. Always from the beginning: behind any cursor a row could still be committed
/// whose transaction took its time earlier.
pub(crate) fn oldest(tx: &mut ReadTx<'_>, endpoint: EndpointId, limit: usize) -> storage::Result<Vec<Event>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.all(
        concat!(
            "SELECT ",
            event_columns!(),
            " FROM outbox WHERE endpoint_id = $1 ORDER BY at, lane LIMIT $2"
        ),
        params![endpoint.0, limit],
    )
}

/// All endpoints that have rows in any of the given tables. One look-up for each: the tables' lengths do not matter.
macro_rules! endpoints_of {
    ($tx:expr, $($table:literal),+) => {{
        let mut found = Vec::new();
        $(
            let mut after = i64::MIN;
            while let Some(next) = $tx.one::<i64>(
                concat!("SELECT endpoint_id FROM ", $table, " WHERE endpoint_id > $1 ORDER BY endpoint_id LIMIT 1"),
                params![after],
            )? {
                found.push(EndpointId(next));
                after = next;
            }
        )+
        found.sort_unstable();
        found.dedup();
        found
    }};
}

/// The endpoints that have something left to be delivered.
pub(crate) fn unfinished_endpoints(tx: &mut ReadTx<'_>) -> storage::Result<Vec<EndpointId>> {
    Ok(endpoints_of!(tx, "outbox", "webhook_retry"))
}

/// The endpoints that have anything in the tables.
pub(crate) fn all_endpoints(tx: &mut ReadTx<'_>) -> storage::Result<Vec<EndpointId>> {
    Ok(endpoints_of!(tx, "outbox", "webhook_retry", "dead_letter"))
}
