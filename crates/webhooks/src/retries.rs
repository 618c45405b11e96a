//! The failed events of one endpoint that wait for their next attempt.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Micros;
use storage::{FromRow, ReadTx, Row, params};

use crate::event::{EVENT_COLUMNS, event_columns};
use crate::{EndpointId, Event, EventKey};

/// A failed event.
#[derive(Clone, Debug)]
pub(crate) struct Retrying {
    pub(crate) event: Arc<Event>,
    /// How often it was tried.
    pub(crate) attempts: u32,
    pub(crate) first_at: Micros,
    pub(crate) next_at: Micros,
}

impl FromRow for Retrying {
    fn from_row(row: &Row<'_>) -> storage::Result<Self> {
        Ok(Self {
            event: Arc::new(Event::from_row(row)?),
            attempts: u32::try_from(row.int(EVENT_COLUMNS)?).unwrap_or(u32::MAX),
            first_at: row.micros(EVENT_COLUMNS + 1)?,
            next_at: row.micros(EVENT_COLUMNS + 2)?,
        })
    }
}

/// The first rows of `webhook_retry` by due time, at most `page` of them.
#[derive(Debug)]
pub(crate) struct Retries {
    held: BTreeMap<(Micros, EventKey), Retrying>,
    page: usize,
    /// Whether the table may have rows that are due later than those held.
    more: bool,
}

impl Retries {
    /// Knows nothing of the table yet.
    pub(crate) fn new(page: usize) -> Self {
        Self { held: BTreeMap::new(), page, more: true }
    }

    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }
    /// Whether the table has to be read to know what is due next.
    pub(crate) fn needs_load(&self) -> bool {
        self.more && self.held.is_empty()
    }
    /// Whether, apart from those in flight, there is any.
    pub(crate) fn any(&self) -> bool {
        self.more || !self.held.is_empty()
    }
    /// Whether, apart from those in flight, there is exactly one.
    pub(crate) fn is_one(&self) -> bool {
        !self.more && self.held.len() == 1
    }
    /// When the next one is due.
    pub(crate) fn next_at(&self) -> Option<Micros> {
        self.held.first_key_value().map(|((at, _), _)| *at)
    }
    /// The event that is due next, if it is due at `now`.
    pub(crate) fn due(&self, now: Micros) -> Option<&Retrying> {
        self.held.first_key_value().map(|(_, retrying)| retrying).filter(|retrying| retrying.next_at <= now)
    }
    /// Takes [`Retries::due`].
    pub(crate) fn take_due(&mut self, now: Micros) -> Option<Retrying> {
        self.due(now)?;
        self.held.pop_first().map(|(_, retrying)| retrying)
    }

    /// A row that was just written.
    pub(crate) fn add(&mut self, retrying: Retrying) {
        let key = (retrying.next_at, retrying.event.key());
        let is_among_the_first = self.held.last_key_value().is_some_and(|(last, _)| key < *last);
        if self.more && !is_among_the_first {
            return;
        }
        self.held.insert(key, retrying);
        if self.held.len() > self.page {
            self.held.pop_last();
            self.more = true;
        }
    }

    /// The first rows of the table, which were read when none was held; `complete` if there are no others.
    pub(crate) fn loaded(&mut self, rows: impl Iterator<Item = Retrying>, complete: bool) {
        self.more = !complete;
        self.held.extend(rows.map(|retrying| ((retrying.next_at, retrying.event.key()), retrying)));
    }

    /// Takes one event out.
    pub(crate) fn remove(&mut self, key: EventKey) {
        self.held.retain(|(_, held), _| *held != key);
    }

    /// Forgets what is held; `more` says whether the table may have rows.
    pub(crate) fn let_go(&mut self, more: bool) {
        self.held.clear();
        self.more = more;
    }
}

/// The `limit` rows of an endpoint that are due first.
pub(crate) fn first(
    tx: &mut ReadTx<'_>,
    endpoint: EndpointId,
    limit: usize,
) -> storage::Result<Vec<Retrying>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.all(
        concat!(
            "SELECT ",
            event_columns!(),
            ", attempts, first_at, next_at FROM webhook_retry WHERE endpoint_id = $1 \
             ORDER BY next_at, at, lane LIMIT $2"
        ),
        params![endpoint.0, limit],
    )
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn retrying(at: i64, next_at: i64) -> Retrying {
        let event = Event {
            endpoint: EndpointId(1),
            at: Micros(at),
            lane: 0,
            subject: 0,
            channel: 0,
            topic: String::new(),
            body: Bytes::new(),
        };
        Retrying { event: Arc::new(event), attempts: 1, first_at: Micros(at), next_at: Micros(next_at) }
    }

    fn drain(retries: &mut Retries, now: i64) -> Vec<i64> {
        std::iter::from_fn(|| retries.take_due(Micros(now))).map(|r| r.next_at.0).collect()
    }

    #[test]
    fn they_come_by_due_time() {
        let mut retries = Retries::new(10);
        retries.loaded([retrying(1, 30), retrying(2, 10)].into_iter(), true);
        retries.add(retrying(3, 20));
        assert_eq!(retries.next_at(), Some(Micros(10)));
        assert_eq!(drain(&mut retries, 20), [10, 20]);
        assert!(retries.is_one());
        retries.remove(retrying(1, 30).event.key());
        assert!(!retries.any());
    }

    #[test]
    fn no_more_than_a_page_is_held_and_none_is_passed_over() {
        let mut retries = Retries::new(2);
        assert!(retries.needs_load());
        retries.add(retrying(1, 5));
        assert_eq!(retries.len(), 0, "what is in the table before it is not known");
        retries.loaded([retrying(1, 10), retrying(2, 20)].into_iter(), true);
        retries.add(retrying(3, 15));
        assert_eq!((retries.len(), retries.needs_load()), (2, false));
        retries.add(retrying(4, 30));
        assert_eq!(drain(&mut retries, 99), [10, 15]);
        assert!(retries.needs_load(), "20 and 30 are in the table");
    }
}
