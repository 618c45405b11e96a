//! Giving up what waits for one subject, while the endpoint's other events go on.

use clock::Micros;
use tokio::sync::oneshot;

use super::Task;
use super::operation::Operation;
use super::sweep::Swept;

/// A subject whose events are to be given up.
pub(crate) struct Abandoned {
    pub(crate) subject: i64,
    pub(crate) reason: String,
    /// Told when nothing of the subject waits any more.
    pub(crate) done: oneshot::Sender<()>,
}

impl Task {
    /// Whether attempts wait for that.
    pub(super) fn is_abandoning(&self) -> bool {
        !self.abandoned.is_empty()
    }

    /// The operation that gives up the next subject's events, once no attempt is under way.
    pub(super) fn abandon(&self) -> Option<Operation> {
        let next = self.abandoned.front()?;
        let first = self.ledger.has_queued().then_some(Operation::Write);
        Some(first.unwrap_or(Operation::Abandon { subject: next.subject }))
    }

    /// Some of its events were given up.
    pub(super) fn have_abandoned(&mut self, swept: &Swept, reason: &str) {
        self.mailbox.found(&swept.events);
        for event in &swept.events {
            self.shared.observer.gave_up(event, reason);
        }
        if !swept.complete {
            return;
        }
        // What is in memory may be of the subject: the tables know.
        self.let_go();
        self.retries.let_go(true);
        let subject = self.abandoned.pop_front().map(|abandoned| {
            let _ = abandoned.done.send(());
            abandoned.subject
        });
        self.overtakable.retain(|_, held| Some(held.subject) != subject);
    }
}

/// Which rows of an endpoint are given up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// Those that were made, and if they were tried first tried, before this.
    Before(Micros),
    /// Those of a subject.
    Subject(i64),
}
