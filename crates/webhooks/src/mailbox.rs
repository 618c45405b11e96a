//! What is handed to an endpoint's task from outside: events as they are committed, and requests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::Event;
use crate::replay::Replaying;

/// What the handle asks of an endpoint's task. Senders are dropped unanswered if the task ends.
pub(crate) enum Request {
    /// The configuration has changed.
    Changed,
    /// Tell when everything that is due has been started.
    Started(oneshot::Sender<()>),
    /// Tell when nothing is in flight and nothing more is due.
    Idle(oneshot::Sender<()>),
    /// Tell when the database knows everything that has happened.
    Flushed(oneshot::Sender<()>),
    /// Try one event now.
    Replay(Replaying),
    /// Drop everything in memory. If `reload`, the tables are read again afterwards.
    Forget { reload: bool, done: oneshot::Sender<()> },
    /// Finish what is in flight, start nothing more, and tell when that is done.
    Stop(oneshot::Sender<()>),
}

/// One endpoint's mailbox. Its events are bounded: more than `capacity` in memory are let go.
pub(crate) struct Mailbox {
    inbox: Mutex<Inbox>,
    bell: Notify,
    capacity: usize,
}

#[derive(Default)]
struct Inbox {
    events: Vec<Arc<Event>>,
    requests: Vec<Request>,
    /// Whether events came that found no room. They are in the database.
    let_go: bool,
    /// How many events the task has in memory, by its last count.
    held: usize,
    closed: bool,
}

impl Mailbox {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { inbox: Mutex::default(), bell: Notify::new(), capacity }
    }

    /// Hands over a committed event. Called on the database's writer: only a push and a wake-up.
    pub(crate) fn deliver(&self, event: Arc<Event>) {
        let mut inbox = self.inbox();
        if inbox.closed {
            return;
        }
        // The bell was rung for what is in there already.
        let ring = inbox.events.is_empty() && !inbox.let_go;
        // After one was let go, so are all that follow, though there may be room again: no lane gets a gap.
        if !inbox.let_go && inbox.events.len() + inbox.held < self.capacity {
            inbox.events.push(event);
        } else {
            inbox.let_go = true;
        }
        drop(inbox);
        if ring {
            self.bell.notify_one();
        }
    }

    /// Hands over a request, unless the task has ended.
    pub(crate) fn request(&self, request: Request) {
        let mut inbox = self.inbox();
        if !inbox.closed {
            inbox.requests.push(request);
            self.bell.notify_one();
        }
    }

    /// Swaps the events that have come with the empty `events`. Answers whether some were let go since the last time.
    pub(crate) fn take_events(&self, events: &mut Vec<Arc<Event>>) -> bool {
        let mut inbox = self.inbox();
        std::mem::swap(&mut inbox.events, events);
        inbox.held += events.len();
        std::mem::take(&mut inbox.let_go)
    }

    /// The requests that have come.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.inbox().requests)
    }

    /// The task now has `held` events in memory, or keeps room for them.
    pub(crate) fn set_held(&self, held: usize) {
        self.inbox().held = held;
    }

    /// How many events are in memory, here and in the task.
    pub(crate) fn in_memory(&self) -> usize {
        let inbox = self.inbox();
        inbox.events.len() + inbox.held
    }

    /// Nothing is taken any more, and the task ends at once if it still runs.
    pub(crate) fn close(&self) {
        let mut inbox = self.inbox();
        inbox.closed = true;
        inbox.held = 0;
        inbox.events = Vec::new();
        inbox.requests = Vec::new();
        drop(inbox);
        self.bell.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.inbox().closed
    }

    /// Resolves when the mailbox is closed. Takes the bell's ring for itself, so that whoever is woken next must look.
    pub(crate) async fn closed(&self) {
        while !self.is_closed() {
            self.rung().await;
        }
    }

    /// Resolves when something has come since the last time.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
