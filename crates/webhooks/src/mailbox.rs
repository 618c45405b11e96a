//! What is handed to an endpoint's task from outside: events as they are committed, and requests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use storage::End;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::Event;
use crate::endpoint::Abandoned;
use crate::replay::Replaying;
use crate::turns::{Place, Turn, Turns};

/// How soon the outbox is read again for an event that is in doubt. The time doubles with each look: a server that was
/// cut off can still commit.
const FIRST_LOOK: Duration = Duration::from_secs(1);

/// Events that were not found for so long were not committed: the server itself ends a transaction of which it does not
/// hear for a minute.
const LAST_LOOK: Duration = Duration::from_secs(60 * 60);

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
    /// Give up what waits for a subject.
    Abandon(Abandoned),
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
    /// Whether events came that found no room, or may have come. They are in the database.
    let_go: bool,
    /// Which events are still to come, and which wait for those.
    turns: Turns,
    /// When the outbox is to be read for events in doubt, and how long after the look before.
    look: Option<(Instant, Duration)>,
    /// How many committed events have come since the start.
    arrivals: u64,
    /// How many events the task has in memory, by its last count.
    held: usize,
    closed: bool,
}

impl Mailbox {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { inbox: Mutex::default(), bell: Notify::new(), capacity }
    }

    /// A slot for an event whose unit holds its lane's lock. Answers the slot's ticket.
    pub(crate) fn take_slot(&self, place: Place) -> u64 {
        self.inbox().turns.take(place)
    }

    /// The slot's unit has ended. Called on the database's writer: only a push and a wake-up.
    pub(crate) fn end(&self, place: Place, ticket: u64, event: Arc<Event>, end: End) {
        let mut inbox = self.inbox();
        if inbox.closed {
            return;
        }
        // The bell was rung for what is in there already.
        let was_silent = inbox.is_silent();
        match end {
            End::Committed => inbox.committed(place, ticket, event, self.capacity),
            End::Undone => inbox.turns.undone(place, ticket),
            End::Unclear => {
                inbox.let_go |= inbox.turns.unclear(place, ticket);
                inbox.look = Some((Instant::now() + FIRST_LOOK, FIRST_LOOK));
            }
        }
        inbox.hand_over_next(place.0);
        let ring = was_silent && !inbox.is_silent();
        drop(inbox);
        if ring {
            self.bell.notify_one();
        }
    }

    /// The outbox was read, and these rows found: those who made them need not hand them over.
    pub(crate) fn found(&self, rows: &[Event]) {
        let mut inbox = self.inbox();
        inbox.turns.found(rows.iter());
        for row in rows {
            inbox.hand_over_next(row.lane);
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

    /// Swaps the events that have come with the empty `events`.
    pub(crate) fn take_events(&self, events: &mut Vec<Arc<Event>>) -> Taken {
        let mut inbox = self.inbox();
        std::mem::swap(&mut inbox.events, events);
        inbox.held += events.len();
        inbox.look_for_doubts();
        Taken { let_go: std::mem::take(&mut inbox.let_go), look_at: inbox.look.map(|(at, _)| at) }
    }

    /// Drops the events that have come, and those that wait for others.
    pub(crate) fn forget(&self) {
        let mut inbox = self.inbox();
        inbox.events.clear();
        inbox.turns.forget();
        inbox.let_go = false;
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
        self.inbox().count()
    }

    /// Whether committed events wait for others that are still to come.
    pub(crate) fn has_waiting(&self) -> bool {
        self.inbox().turns.waiting() > 0
    }

    /// How many committed events have come since the start.
    pub(crate) fn arrivals(&self) -> u64 {
        self.inbox().arrivals
    }

    /// Nothing is taken any more, and the task ends at once if it still runs.
    pub(crate) fn close(&self) {
        let mut inbox = self.inbox();
        inbox.closed = true;
        inbox.held = 0;
        inbox.events = Vec::new();
        inbox.turns = Turns::default();
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

/// What [`Mailbox::take_events`] says beside the events.
pub(crate) struct Taken {
    /// Whether others were let go since the last time.
    pub(crate) let_go: bool,
    /// When to ask again, if nothing else happens.
    pub(crate) look_at: Option<Instant>,
}

impl Inbox {
    fn count(&self) -> usize {
        self.events.len() + self.held + self.turns.waiting()
    }

    fn is_silent(&self) -> bool {
        self.events.is_empty() && !self.let_go
    }

    fn committed(&mut self, place: Place, ticket: u64, event: Arc<Event>, capacity: usize) {
        self.arrivals += 1;
        let has_room = self.count() < capacity;
        match self.turns.committed(place, ticket) {
            Turn::Had => {}
            Turn::Now if has_room => self.hand_over(event),
            Turn::Later if has_room => self.turns.wait(place, event),
            Turn::Later => {
                self.turns.leave(place);
                self.let_go = true;
            }
            Turn::Now | Turn::Unknown => self.let_go = true,
        }
    }

    /// After one was let go, so are all that follow, though there may be room again: no lane gets a gap.
    fn hand_over(&mut self, event: Arc<Event>) {
        if !self.let_go {
            self.events.push(event);
        }
    }

    /// Hands over the events of the lane whose turn has come.
    fn hand_over_next(&mut self, lane: i64) {
        while let Some(event) = self.turns.next(lane) {
            self.hand_over(event);
        }
    }

    /// If it is time to look for events in doubt, it is as if they had been let go.
    fn look_for_doubts(&mut self) {
        let Some((at, pause)) = self.look else { return };
        if !self.turns.has_doubts() {
            self.look = None;
        } else if at <= Instant::now() {
            self.let_go = true;
            self.look = Some((Instant::now() + 2 * pause, 2 * pause)).filter(|_| 2 * pause <= LAST_LOOK);
            if self.look.is_none() {
                self.turns.settle_doubts();
            }
        }
    }
}
