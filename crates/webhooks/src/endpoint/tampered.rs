//! What is done to deliveries on purpose.

use std::sync::Arc;

use super::{Config, Task};
use crate::ledger::{Change, Place, To};
use crate::{Attempt, Event, Fate};

impl Task {
    /// Leaves those of `events` that are sent now. The others are dropped, or held back among the retries; their lanes
    /// go on.
    pub(super) fn sort_out(&mut self, events: Vec<Arc<Event>>) -> Vec<Arc<Event>> {
        let endpoint = match &self.config {
            Config::Here(endpoint) if endpoint.is_tampered() => Arc::clone(endpoint),
            _ => return events,
        };
        let (mut sent, mut left) = (Vec::with_capacity(events.len()), Vec::new());
        for event in events {
            // What goes before an event that is held back for it is sent, or that would wait in vain.
            let fate = match self.overtakable.contains_key(&event.lane) {
                true => Fate::Sent,
                false => endpoint.fate(&event, self.now),
            };
            let to = match fate {
                Fate::Sent => {
                    sent.push(event);
                    continue;
                }
                Fate::Dropped { by } => {
                    let attempt = Arc::new(Attempt::dropped(self.now, by));
                    self.shared.observer.attempted(std::slice::from_ref(&event), &attempt);
                    To::Delivered
                }
                Fate::Held { until, overtaken, by } => {
                    self.shared.observer.held(&event, until, &by);
                    if overtaken {
                        self.overtakable.insert(event.lane, Arc::clone(&event));
                    }
                    To::Retry { attempts: 0, first_at: until, next_at: until, error: by }
                }
            };
            left.push(event.lane);
            self.ledger.note(Change { event, from: Place::Outbox, to });
        }
        for lane in left {
            if !sent.iter().any(|event| event.lane == lane) {
                self.lanes.release(lane);
            }
        }
        sent
    }

    /// An event of the lane was sent: one that was held back until then follows at once.
    pub(super) fn follow(&mut self, lane: i64) {
        let Some(event) = self.overtakable.remove(&lane) else { return };
        let now = self.shared.clock.now();
        self.retries.remove(event.key());
        let to = To::Retry {
            attempts: 0,
            first_at: now,
            next_at: now,
            error: "was held back, and follows".to_owned(),
        };
        self.ledger.note(Change { event, from: Place::Retry, to });
    }

    /// Tells of further POSTs of an attempt.
    pub(super) fn tell_copies(&self, events: &[Arc<Event>], copies: Vec<Attempt>, number: u32) {
        for copy in copies {
            self.shared.observer.attempted(events, &Arc::new(Attempt { number, ..copy }));
        }
    }
}
