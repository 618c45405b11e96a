//! Who waits for an endpoint's task, and when they are told.

use tokio::sync::oneshot;

use super::Task;
use crate::Attempt;
use crate::replay::ReplayError;

/// Who waits for this task.
#[derive(Default)]
pub(super) struct Callers {
    pub(super) started: Vec<oneshot::Sender<()>>,
    pub(super) idle: Vec<oneshot::Sender<()>>,
    pub(super) flushed: Vec<oneshot::Sender<()>>,
    /// Accepted replays, which are answered when the database knows of them.
    pub(super) replayed: Vec<(oneshot::Sender<Result<Attempt, ReplayError>>, Attempt)>,
    pub(super) stop: Option<oneshot::Sender<()>>,
}

impl Task {
    pub(super) fn is_stopping(&self) -> bool {
        self.callers.stop.is_some()
    }

    /// Whether someone waits for what is in the ledger.
    pub(super) fn is_asked_to_flush(&self) -> bool {
        let callers = &self.callers;
        !(callers.idle.is_empty() && callers.flushed.is_empty() && callers.replayed.is_empty())
    }

    /// Tells those who wait for what is now the case.
    pub(super) fn answer_callers(&mut self) {
        if self.ledger.is_empty() {
            for (answer, attempt) in self.callers.replayed.drain(..) {
                let _ = answer.send(Ok(attempt));
            }
            self.callers.flushed.drain(..).for_each(tell);
        }
        if !self.callers.started.is_empty() && !self.is_about_to_start() {
            self.callers.started.drain(..).for_each(tell);
        }
        if !self.callers.idle.is_empty() && self.is_quiet() {
            self.callers.idle.drain(..).for_each(tell);
        }
    }

    /// Whether nothing is in flight and, at this time, nothing is to be done. (What may be started has been.)
    fn is_quiet(&self) -> bool {
        self.attempts.is_empty()
            && self.running.is_none()
            && self.wanted().is_none()
            && !self.mailbox.has_waiting()
    }

    /// Whether the task has done what it was stopped for. Rows whose deletion fails now are delivered again.
    pub(super) fn is_over(&self) -> bool {
        self.is_stopping()
            && self.attempts.is_empty()
            && self.running.is_none()
            && (self.ledger.is_empty() || self.rests_until.is_some())
    }
}

fn tell(caller: oneshot::Sender<()>) {
    // Whoever asked may have gone away.
    let _ = caller.send(());
}
