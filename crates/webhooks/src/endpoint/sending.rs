//! What is sent next.

use std::sync::Arc;

use clock::Micros;
use tokio::sync::oneshot;

use super::{Config, Task};
use crate::attempt::make;
use crate::ledger::Place;
use crate::replay::{ReplayError, Replaying};
use crate::retries::Retrying;
use crate::{Attempt, Event};

/// The events of one POST, and why it is made.
pub(super) struct Job {
    pub(super) events: Vec<Arc<Event>>,
    pub(super) kind: Kind,
    /// Whether it is the breaker's probe.
    pub(super) probe: bool,
}

pub(super) enum Kind {
    /// A first attempt, from the lanes. If it is a part of a failed batch, the other parts come `later`, the next one
    /// last in the list.
    First { later: Vec<Vec<Arc<Event>>> },
    /// An attempt of an event that failed `attempts` times before.
    Again { attempts: u32, first_at: Micros },
    /// An attempt that someone asked for and waits for.
    Replay { place: Option<Place>, number: u32, answer: oneshot::Sender<Result<Attempt, ReplayError>> },
}

/// An attempt that is over.
pub(super) struct Finished {
    pub(super) job: Job,
    pub(super) attempt: Attempt,
    /// The further POSTs that were made on purpose.
    pub(super) copies: Vec<Attempt>,
}

impl Task {
    /// Starts all attempts that may be made now.
    pub(super) fn start_attempts(&mut self) {
        if self.is_stopping() || self.sweep_before.is_some() || self.is_abandoning() {
            return;
        }
        let endpoint = match &self.config {
            Config::Here(endpoint) => Arc::clone(endpoint),
            Config::Gone => return self.refuse_replays(),
            Config::Unknown => return,
        };
        for replaying in std::mem::take(&mut self.replays) {
            self.start_replay(replaying);
        }
        if self.breaker.is_open() {
            return self.start_probe();
        }
        let options = &self.shared.options;
        let (most, capacity) = (options.in_flight, options.capacity);
        let gathered = if endpoint.is_tampered() { endpoint.gathered() } else { 1 };
        // If deliveries cannot be marked as such, the endpoint does not run ahead of the database.
        while self.firsts < most && self.lanes.are_ready(gathered) && self.ledger.len() < capacity {
            let together = |one: &Event, other: &Event| endpoint.go_together(one, other);
            let events = self.lanes.take(endpoint.batch().max(gathered), together);
            self.start_first(events, false);
        }
        while self.again < most
            && let Some(retrying) = self.retries.take_due(self.now)
        {
            self.start_again(retrying, false);
        }
    }

    /// The breaker is open: starts at most one attempt, of the oldest event.
    fn start_probe(&mut self) {
        if self.probing || self.retries.needs_load() {
            return;
        }
        let due = self.retries.due(self.now);
        if !self.breaker.may_probe(self.now) {
            // An event that is alone with its endpoint keeps to its own schedule: there is no load to be spared.
            let is_alone = self.retries.is_one()
                && !self.spilled
                && self.lanes.is_empty()
                && self.in_hand.is_empty()
                && self.ledger.is_empty();
            if due.is_some()
                && is_alone
                && let Some(retrying) = self.retries.take_due(self.now)
            {
                self.start_again(retrying, true);
            }
            return;
        }
        if self.spilled && self.lanes.is_empty() {
            // The oldest row is yet to be read.
            return;
        }
        let is_retry_older = match (due, self.lanes.oldest()) {
            (Some(retrying), Some(waiting)) => retrying.event.at <= waiting.at,
            (due, _) => due.is_some(),
        };
        if is_retry_older {
            if let Some(retrying) = self.retries.take_due(self.now) {
                self.start_again(retrying, true);
            }
        } else if let Some(event) = self.lanes.take_oldest() {
            self.start_first(vec![event], true);
        }
    }

    fn start_first(&mut self, events: Vec<Arc<Event>>, probe: bool) {
        let events = self.sort_out(events);
        if events.is_empty() {
            return;
        }
        self.firsts += 1;
        self.in_hand.extend(events.iter().map(|event| event.key()));
        self.send(Job { events, kind: Kind::First { later: Vec::new() }, probe });
    }

    fn start_again(&mut self, retrying: Retrying, probe: bool) {
        let Retrying { event, attempts, first_at, .. } = retrying;
        self.again += 1;
        self.overtakable.retain(|_, held| held.key() != event.key());
        self.in_hand.insert(event.key());
        self.send(Job { events: vec![event], kind: Kind::Again { attempts, first_at }, probe });
    }

    fn start_replay(&mut self, replaying: Replaying) {
        let Replaying { event, place, number, answer } = replaying;
        if self.in_hand.insert(event.key()) {
            // While it is tried here, it is not tried on schedule, nor because it is handed over late.
            self.mailbox.found(std::slice::from_ref(&event));
            self.lanes.remove(event.key());
            self.retries.remove(event.key());
            self.send(Job {
                events: vec![event],
                kind: Kind::Replay { place, number, answer },
                probe: false,
            });
        } else {
            let _ = answer.send(Err(ReplayError::InFlight));
        }
    }

    /// The endpoint is gone, so that there is nowhere to replay to.
    fn refuse_replays(&mut self) {
        for Replaying { number, answer, .. } in self.replays.drain(..) {
            let attempt = Attempt::not_made(self.now, super::sweep::GONE);
            let _ = answer.send(Ok(Attempt { number, replay: true, ..attempt }));
        }
    }

    /// Makes an attempt. Counts and keys are the caller's business.
    pub(super) fn send(&mut self, job: Job) {
        let Config::Here(endpoint) = &self.config else { return };
        let (endpoint, shared) = (Arc::clone(endpoint), Arc::clone(&self.shared));
        self.probing |= job.probe;
        let is_open = endpoint.is_tampered() && !matches!(job.kind, Kind::Replay { .. });
        let tampering = is_open.then(|| endpoint.tampering(&job.events, self.now)).flatten();
        self.attempts.push(Box::pin(async move {
            let (attempt, copies) = make(&shared, &*endpoint, &job.events, tampering).await;
            Finished { job, attempt, copies }
        }));
    }
}
