//! What an attempt's result means for its events, its lane and the breaker.

use std::sync::Arc;

use clock::Micros;

use super::Task;
use super::sending::{Finished, Job, Kind};
use crate::ledger::{Change, Place, To};
use crate::schedule::Verdict;
use crate::{Attempt, Event};

impl Task {
    /// Takes note of an attempt that is over.
    pub(super) fn settle(&mut self, finished: Finished) {
        let Finished { job: Job { events, kind, probe }, mut attempt, copies } = finished;
        if probe {
            self.probing = false;
        }
        match kind {
            Kind::First { later } => self.settle_first(&events, later, (attempt, copies), probe),
            Kind::Again { attempts, first_at } => {
                self.again -= 1;
                attempt.number = attempts.saturating_add(1);
                for event in &events {
                    self.in_hand.remove(&event.key());
                    self.judge(event, Place::Retry, first_at, &mut attempt);
                }
                let (is_up, number) = (attempt.accepted || attempt.refused, attempt.number);
                self.shared.observer.attempted(&events, &Arc::new(attempt));
                self.tell_copies(&events, copies, number);
                self.learn(is_up, probe);
            }
            Kind::Replay { place, number, answer } => {
                attempt.number = number;
                attempt.replay = true;
                let attempt = Arc::new(attempt);
                self.shared.observer.attempted(&events, &attempt);
                let attempt = Arc::unwrap_or_clone(attempt);
                for event in &events {
                    self.in_hand.remove(&event.key());
                }
                if attempt.accepted {
                    self.learn(true, false);
                    for (event, from) in events.into_iter().zip(place) {
                        self.ledger.note(Change { event, from, to: To::Delivered });
                    }
                    self.callers.replayed.push((answer, attempt));
                } else {
                    // It says nothing new: the schedule goes on as if it had not been made.
                    self.put_back(place);
                    let _ = answer.send(Ok(attempt));
                }
            }
        }
    }

    /// A first attempt, of one event or of a batch. A failed batch is halved; the halves are sent one after the other,
    /// so that order holds in each lane.
    fn settle_first(
        &mut self,
        events: &[Arc<Event>],
        mut later: Vec<Vec<Arc<Event>>>,
        (mut attempt, copies): (Attempt, Vec<Attempt>),
        probe: bool,
    ) {
        let (accepted, is_up) = (attempt.accepted, attempt.accepted || attempt.refused);
        let is_halved = !accepted && events.len() > 1;
        if !is_halved {
            for event in events {
                self.judge(event, Place::Outbox, attempt.at, &mut attempt);
            }
        }
        self.shared.observer.attempted(events, &Arc::new(attempt));
        self.tell_copies(events, copies, 1);
        self.learn(is_up, probe);
        if is_halved {
            let (first, second) = events.split_at(events.len() / 2);
            later.push(second.to_vec());
            later.push(first.to_vec());
        } else {
            self.put_down(events, &later);
        }
        let Some(next) = later.pop() else {
            self.firsts -= 1;
            return;
        };
        if self.breaker.is_open() || self.is_stopping() || !self.is_configured() {
            // They are in the outbox still. What follows them in their lanes must not go before them.
            self.firsts -= 1;
            self.spilled = true;
            self.lanes.let_go();
            later.push(next);
            while let Some(part) = later.pop() {
                self.put_down(&part, &later);
            }
        } else {
            self.send(Job { events: next, kind: Kind::First { later }, probe: false });
        }
    }

    /// An event that was taken out of memory is to be found again where it was in `place`, and in its order.
    fn put_back(&mut self, place: Option<Place>) {
        match place {
            Some(Place::Outbox) => {
                self.lanes.let_go();
                self.spilled = true;
            }
            Some(Place::Retry) => self.retries.let_go(true),
            Some(Place::Dead) | None => {}
        }
    }

    /// The events are no longer in hand; their lanes go on, but for those that have events in `later`.
    fn put_down(&mut self, events: &[Arc<Event>], later: &[Vec<Arc<Event>>]) {
        for event in events {
            self.in_hand.remove(&event.key());
            if !later.iter().flatten().any(|other| other.lane == event.lane) {
                self.lanes.release(event.lane);
                self.follow(event.lane);
            }
        }
    }

    /// Decides where one event goes after `attempt`, and says so in it.
    fn judge(&mut self, event: &Arc<Event>, from: Place, first_at: Micros, attempt: &mut Attempt) {
        let attempts = attempt.number;
        let to = if attempt.accepted {
            To::Delivered
        } else if attempt.refused {
            let reason = format!("the endpoint refuses it for good: {}", attempt.outcome);
            attempt.dead = Some(reason.clone());
            To::Dead { attempts, first_at: Some(first_at), at: self.shared.clock.now(), reason }
        } else {
            let now = self.shared.clock.now();
            let error = attempt.outcome.to_string();
            match self.shared.dialect.schedule().after(attempts, first_at, now) {
                Verdict::Retry(next_at) => {
                    attempt.next = Some(next_at);
                    To::Retry { attempts, first_at, next_at, error }
                }
                Verdict::GiveUp(why) => {
                    let reason = format!("{why}; the last one: {error}");
                    attempt.dead = Some(reason.clone());
                    To::Dead { attempts, first_at: Some(first_at), at: now, reason }
                }
            }
        };
        self.ledger.note(Change { event: Arc::clone(event), from, to });
    }

    /// The endpoint is thought to be up.
    pub(super) fn close_breaker(&mut self) {
        self.breaker.close();
        self.sweep_before = None;
    }

    /// What a result says of the endpoint as a whole.
    fn learn(&mut self, is_up: bool, probe: bool) {
        let (endpoint, was_open) = (self.id.0, self.breaker.is_open());
        if is_up {
            if was_open {
                tracing::info!(endpoint, "a webhook endpoint is up again");
            }
            return self.close_breaker();
        }
        if !self.shared.dialect.has_breaker() {
            return;
        }
        let now = self.shared.clock.now();
        if probe {
            self.breaker.probe_failed(now);
        } else {
            self.breaker.failed(now);
        }
        if self.breaker.is_open() && !was_open {
            tracing::warn!(endpoint, "a webhook endpoint is down: only probes are sent");
            self.let_go();
        }
        let age = self.shared.dialect.schedule().give_up_after;
        if probe && self.breaker.failing_since().is_some_and(|since| now.since(since) > age) {
            let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
            self.sweep_before = Some(Micros(now.0.saturating_sub(age)));
            self.let_go();
        }
    }
}
