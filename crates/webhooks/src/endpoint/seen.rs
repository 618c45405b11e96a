//! Events that are handed over twice: by the database and by the one who appended them.

use std::collections::HashSet;
use std::time::Duration;

use clock::Micros;

use crate::{Event, EventKey};

/// The rows that the last read of the outbox found. A row can be found before the call that hands over its event: that
/// event is then not taken a second time.
#[derive(Default)]
pub(super) struct Seen {
    keys: HashSet<EventKey>,
    newest: Micros,
}

impl Seen {
    pub(super) fn new(rows: &[Event]) -> Self {
        let newest = rows.iter().map(|event| event.at).max().unwrap_or_default();
        Self { keys: rows.iter().map(Event::key).collect(), newest }
    }

    pub(super) fn has(&mut self, event: &Event) -> bool {
        if self.keys.is_empty() {
            return false;
        }
        if event.at > self.newest.plus(Duration::from_secs(60)) {
            // Nothing that was found is still on its way.
            *self = Self::default();
        }
        event.at <= self.newest && self.keys.contains(&event.key())
    }
}
