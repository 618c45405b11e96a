//! What a task asks of the database and the dialect: one thing at a time.

use std::collections::HashSet;
use std::sync::Arc;

use clock::Micros;
use tokio::time::Instant;

use super::abandoning::Which;
use super::sweep::{GONE, Swept, sweep};
use super::{Config, Task};
use crate::dispatcher::REST;
use crate::ledger::{self, To};
use crate::retries::{self, Retrying};
use crate::schedule::words;
use crate::{BoxFuture, Endpoint, Event, EventKey, outbox};

/// A kind of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Ask the dialect for the endpoint.
    Configure,
    /// Write what is in the ledger.
    Write,
    /// Give up what was made before this; everything if the endpoint is gone.
    Sweep { before: Micros, gone: bool },
    /// Give up what waits for a subject.
    Abandon { subject: i64 },
    /// Read the retries that are due first.
    ReadRetries { limit: usize },
    /// Read the oldest rows of the outbox. `page` of them are wanted, the others are known already.
    ReadOutbox { limit: usize, page: usize },
}

/// The operation that runs.
pub(super) struct Running {
    what: Operation,
    future: BoxFuture<'static, Done>,
    /// Whether its result is no longer wanted.
    is_void: bool,
}

#[cfg(test)]
impl Running {
    /// An operation that does not end by itself.
    pub(super) fn pending(what: Operation) -> Self {
        Self { what, future: Box::pin(std::future::pending()), is_void: false }
    }
}

/// What came of it.
pub(super) enum Done {
    Configured(storage::Result<Option<Arc<dyn Endpoint>>>),
    Written(storage::Result<()>),
    Swept(storage::Result<Swept>, String),
    Retries(storage::Result<Vec<Retrying>>),
    Outbox(storage::Result<Vec<Event>>),
}

/// Waits for the operation that runs, for ever if there is none. Nothing is lost if the wait is given up.
pub(super) async fn next(running: &mut Option<Running>) -> (Operation, Option<Done>) {
    let Some(current) = running else { return std::future::pending().await };
    let done = current.future.as_mut().await;
    let finished = (current.what, (!current.is_void).then_some(done));
    *running = None;
    finished
}

impl Task {
    /// What the database or the dialect should be asked next, if nothing runs.
    pub(super) fn wanted(&self) -> Option<Operation> {
        let options = &self.shared.options;
        let write = self.ledger.has_queued().then_some(Operation::Write);
        if self.is_stopping() {
            return write;
        }
        if write.is_some()
            && (self.is_asked_to_flush() || self.ledger.is_due(options.flush_at, options.flush_after))
        {
            return write;
        }
        if self.is_abandoning() {
            return self.attempts.is_empty().then(|| self.abandon()).flatten();
        }
        if matches!(self.config, Config::Gone) {
            let is_swept = !self.spilled && !self.retries.any();
            let sweep = Operation::Sweep { before: Micros(i64::MAX), gone: true };
            return (!is_swept && self.attempts.is_empty()).then(|| write.unwrap_or(sweep));
        }
        if let Some(before) = self.sweep_before {
            let sweep = Operation::Sweep { before, gone: false };
            return self.attempts.is_empty().then(|| write.unwrap_or(sweep));
        }
        if self.retries.needs_load() {
            let limit = options.capacity / 8 + self.in_hand.len() + self.ledger.len() + 1;
            return Some(Operation::ReadRetries { limit });
        }
        if let Some(page) = self.missing() {
            let known = self.lanes.len() + self.in_hand.len() + self.ledger.len();
            // What is deleted first need not be read past.
            return write.or(Some(Operation::ReadOutbox { limit: known + page, page }));
        }
        let is_needed =
            !self.lanes.is_empty() || self.retries.due(self.now).is_some() || !self.replays.is_empty();
        (is_needed && !self.is_configured()).then_some(Operation::Configure)
    }

    /// How many rows of the outbox are to be read now, if any.
    fn missing(&self) -> Option<usize> {
        if !self.spilled {
            return None;
        }
        if self.breaker.is_open() {
            // Nothing is kept in memory for an endpoint that is down, but for the event that is sent as a probe.
            let is_wanted = self.lanes.is_empty() && !self.probing && self.breaker.may_probe(self.now);
            return is_wanted.then_some(1);
        }
        let capacity = self.shared.options.capacity;
        (self.held() <= capacity / 4).then_some((capacity / 2).max(1))
    }

    /// Begins the next operation, if there is one and nothing runs.
    pub(super) fn start_operation(&mut self) {
        if self.running.is_some() || self.rests_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        self.rests_until = None;
        if let Some(what) = self.wanted() {
            let future = self.begin(what);
            self.running = Some(Running { what, future, is_void: false });
        }
    }

    fn begin(&mut self, what: Operation) -> BoxFuture<'static, Done> {
        let (id, shared) = (self.id, Arc::clone(&self.shared));
        match what {
            Operation::Configure => {
                Box::pin(async move { Done::Configured(shared.dialect.endpoint(id).await) })
            }
            Operation::Write => {
                let changes = self.ledger.begin();
                Box::pin(async move {
                    Done::Written(shared.db.write(move |tx| ledger::write(tx, &changes)).await)
                })
            }
            Operation::Sweep { before, gone } => {
                let age = words(shared.dialect.schedule().give_up_after);
                let reason = if gone {
                    GONE.to_owned()
                } else {
                    format!("waited more than {age} while the endpoint was down")
                };
                Box::pin(async move {
                    let text = reason.clone();
                    let which = Which::Before(before);
                    let swept = shared.db.write(move |tx| sweep(tx, id, which, &text)).await;
                    Done::Swept(swept, reason)
                })
            }
            Operation::Abandon { subject } => {
                let reason =
                    self.abandoned.front().map_or(String::new(), |abandoned| abandoned.reason.clone());
                Box::pin(async move {
                    let text = reason.clone();
                    let which = Which::Subject(subject);
                    let swept = shared.db.write(move |tx| sweep(tx, id, which, &text)).await;
                    Done::Swept(swept, reason)
                })
            }
            Operation::ReadRetries { limit } => Box::pin(async move {
                Done::Retries(shared.db.read(move |tx| retries::first(tx, id, limit)).await)
            }),
            Operation::ReadOutbox { limit, .. } => Box::pin(async move {
                Done::Outbox(shared.db.read(move |tx| outbox::oldest(tx, id, limit)).await)
            }),
        }
    }

    /// Takes note of an operation that is over. After an error everything is as before, and it is tried again soon.
    pub(super) fn conclude(&mut self, (what, done): (Operation, Option<Done>)) {
        let concluded = match done {
            None => Ok(()),
            Some(Done::Configured(result)) => result.map(|endpoint| self.configured(endpoint)),
            Some(Done::Written(Ok(()))) => {
                self.written();
                Ok(())
            }
            Some(Done::Written(Err(error))) => {
                self.ledger.failed();
                Err(error)
            }
            Some(Done::Swept(result, reason)) => result.map(|swept| match what {
                Operation::Abandon { .. } => self.have_abandoned(&swept, &reason),
                _ => self.swept(&swept, &reason, what),
            }),
            Some(Done::Retries(result)) => result.map(|rows| self.have_read_retries(rows, what)),
            Some(Done::Outbox(result)) => result.map(|rows| self.have_read_outbox(rows, what)),
        };
        if let Err(error) = concluded {
            tracing::error!(endpoint = self.id.0, %error, ?what, "webhooks wait for the database");
            self.rests_until = Some(Instant::now() + REST);
        }
    }

    fn configured(&mut self, endpoint: Option<Arc<dyn Endpoint>>) {
        self.config = match endpoint {
            Some(endpoint) => Config::Here(endpoint),
            None => {
                self.let_go();
                // Retries are swept from the table, whichever were read.
                self.retries.let_go(true);
                self.sweep_before = None;
                Config::Gone
            }
        };
    }

    fn written(&mut self) {
        for change in self.ledger.written().iter() {
            match &change.to {
                To::Delivered => {}
                To::Retry { attempts, first_at, next_at, .. } => {
                    if *attempts == 0 {
                        // It may have been there, with another time.
                        self.retries.remove(change.event.key());
                    }
                    self.retries.add(Retrying {
                        event: Arc::clone(&change.event),
                        attempts: *attempts,
                        first_at: *first_at,
                        next_at: *next_at,
                    });
                }
                To::Dead { reason, .. } => self.shared.observer.gave_up(&change.event, reason),
            }
        }
    }

    fn swept(&mut self, swept: &Swept, reason: &str, what: Operation) {
        self.mailbox.found(&swept.events);
        for event in &swept.events {
            self.shared.observer.gave_up(event, reason);
        }
        if swept.complete {
            self.sweep_before = None;
        }
        let has_all = matches!(what, Operation::Sweep { gone: true, .. }) && swept.complete;
        self.retries.let_go(!has_all);
        if self.is_configured() {
            return;
        }
        // The events that have come meanwhile may have been swept, or not: the next look at the tables will tell.
        let let_go = self.take_mail();
        self.spilled = !has_all || let_go || !self.arrived.is_empty();
        self.arrived.clear();
    }

    fn have_read_retries(&mut self, rows: Vec<Retrying>, what: Operation) {
        let is_complete = matches!(what, Operation::ReadRetries { limit } if rows.len() < limit);
        // Their rows are older than what has happened to them.
        let known: HashSet<EventKey> = self.ledger.keys().collect();
        let in_hand = &self.in_hand;
        let new = rows.into_iter().filter(|row| {
            let key = row.event.key();
            !known.contains(&key) && !in_hand.contains(&key)
        });
        self.retries.loaded(new, is_complete);
    }

    fn have_read_outbox(&mut self, rows: Vec<Event>, what: Operation) {
        let is_complete = matches!(what, Operation::ReadOutbox { limit, .. } if rows.len() < limit);
        let known: HashSet<EventKey> =
            self.lanes.keys().chain(self.ledger.keys()).chain(self.in_hand.iter().copied()).collect();
        self.mailbox.found(&rows);
        for row in rows {
            if !known.contains(&row.key()) {
                self.lanes.push(Arc::new(row));
            }
        }
        // Events that came while the read ran have waited in the mailbox. If it had room for all of them, and all that
        // was there before has been found, then everything is in memory now.
        let let_go = self.take_mail();
        self.spilled = !is_complete;
        self.admit(let_go);
    }

    /// Whether arriving events are to stay in the mailbox until the operation is over.
    pub(super) fn is_reading_outbox(&self) -> bool {
        self.running.as_ref().is_some_and(|running| {
            matches!(running.what, Operation::ReadOutbox { .. } | Operation::Sweep { gone: true, .. })
        })
    }

    /// Room in memory that is kept for the rows which are being read.
    pub(super) fn reserved(&self) -> usize {
        match &self.running {
            Some(Running { what: Operation::ReadOutbox { page, .. }, .. }) => *page,
            _ => 0,
        }
    }

    /// Whether an operation runs or is wanted after which attempts may be started.
    pub(super) fn is_about_to_start(&self) -> bool {
        let running = self.running.as_ref().map(|running| running.what);
        [running, self.wanted()].into_iter().flatten().any(|what| what != Operation::Write)
    }

    pub(super) fn is_configured(&self) -> bool {
        matches!(self.config, Config::Here(_))
    }

    /// The configuration has changed: an answer of the dialect that is on its way may be the old one.
    pub(super) fn doubt_configuration(&mut self) {
        if let Some(running) = &mut self.running
            && running.what == Operation::Configure
        {
            running.is_void = true;
        }
    }
}
