//! One endpoint's task. It alone knows the endpoint's state, so nothing here is locked, and one endpoint's trouble is
//! nobody else's.
//!
//! The task goes round: take the mail, start what may be started, wait for something to happen. At most one operation
//! of the database runs at a time ([`operation`]), beside any number of attempts ([`sending`], [`settling`]). So what an
//! operation finds is only ever put together with what the task has done since it began.
//!
//! Which events are in memory: normally all that are not delivered. If they become too many, or the endpoint is down,
//! the endpoint is *spilled*: events are let go, the ones that come are not kept, and the oldest rows are read when there
//! is room. It stays so until a read has found everything and nothing was let go while it ran.

mod abandoning;
mod callers;
mod operation;
mod sending;
mod settling;
mod sweep;
mod tampered;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use clock::Micros;
use futures_util::FutureExt as _;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, Sleep};

use crate::breaker::Breaker;
use crate::dispatcher::{REST, Shared};
use crate::lanes::Lanes;
use crate::ledger::Ledger;
use crate::mailbox::{Mailbox, Request};
use crate::replay::Replaying;
use crate::retries::Retries;
use crate::{BoxFuture, Endpoint, EndpointId, Event, EventKey};
pub(crate) use abandoning::Abandoned;
use callers::Callers;
use operation::Running;
use sending::Finished;

/// The longest wait for an instant of the world's clock, so that a correction of the system's clock is noticed.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What the dialect says of the endpoint.
enum Config {
    /// It has to be asked.
    Unknown,
    Here(Arc<dyn Endpoint>),
    Gone,
}

/// An endpoint's state and work.
struct Task {
    id: EndpointId,
    shared: Arc<Shared>,
    mailbox: Arc<Mailbox>,
    config: Config,
    lanes: Lanes,
    /// Whether the outbox may have rows that are not in memory.
    spilled: bool,
    /// When the mailbox wants to be asked again.
    look_at: Option<Instant>,
    retries: Retries,
    breaker: Breaker,
    ledger: Ledger,
    /// Events older than this have waited too long for an endpoint that is down: to be given up.
    sweep_before: Option<Micros>,
    /// Whose events are to be given up, and who waits for that.
    abandoned: VecDeque<Abandoned>,
    /// By lane: an event that is held back until another one of its lane was sent.
    overtakable: HashMap<i64, Arc<Event>>,
    attempts: FuturesUnordered<BoxFuture<'static, Finished>>,
    /// The events of the attempts, and of the parts of batches that come after them.
    in_hand: HashSet<EventKey>,
    /// How many attempts are first ones, and how many are retries.
    firsts: usize,
    again: usize,
    probing: bool,
    running: Option<Running>,
    /// No operation begins before this, because one failed.
    rests_until: Option<Instant>,
    /// Replays that wait for the configuration.
    replays: Vec<Replaying>,
    callers: Callers,
    /// The world's time of this round.
    now: Micros,
    timer: Pin<Box<Sleep>>,
    /// Events on their way from the mailbox to the lanes.
    arrived: Vec<Arc<Event>>,
}

/// Runs an endpoint's task until it is stopped or its mailbox is closed. Should it panic (it calls the dialect and the
/// observer), a new one takes over: everything that it must know is in the database.
pub(crate) async fn run(id: EndpointId, shared: Arc<Shared>, mailbox: Arc<Mailbox>) {
    loop {
        let task = Task::new(id, Arc::clone(&shared), Arc::clone(&mailbox));
        if AssertUnwindSafe(task.run()).catch_unwind().await.is_ok() {
            return;
        }
        tracing::error!(endpoint = id.0, "an endpoint's task panicked and begins anew");
        let _ = tokio::time::timeout(REST, mailbox.closed()).await;
    }
}

impl Task {
    /// A task that begins spilled: it does not know what an earlier process left.
    fn new(id: EndpointId, shared: Arc<Shared>, mailbox: Arc<Mailbox>) -> Self {
        let page = (shared.options.capacity / 8).max(1);
        Self {
            id,
            mailbox,
            config: Config::Unknown,
            lanes: Lanes::default(),
            spilled: true,
            look_at: None,
            retries: Retries::new(page),
            breaker: Breaker::default(),
            ledger: Ledger::default(),
            sweep_before: None,
            abandoned: VecDeque::new(),
            overtakable: HashMap::new(),
            attempts: FuturesUnordered::new(),
            in_hand: HashSet::new(),
            firsts: 0,
            again: 0,
            probing: false,
            running: None,
            rests_until: None,
            replays: Vec::new(),
            callers: Callers::default(),
            now: shared.clock.now(),
            timer: Box::pin(tokio::time::sleep_until(Instant::now())),
            arrived: Vec::new(),
            shared,
        }
    }

    /// Runs until it is stopped or its mailbox is closed.
    async fn run(mut self) {
        while !self.mailbox.is_closed() {
            self.take_requests().await;
            self.take_events();
            self.now = self.shared.clock.now();
            self.start_attempts();
            self.start_operation();
            self.mailbox.set_held(self.held() + self.reserved());
            self.answer_callers();
            if self.is_over() {
                break;
            }
            self.wait().await;
        }
        self.mailbox.close();
        if let Some(done) = self.callers.stop {
            let _ = done.send(());
        }
    }

    async fn take_requests(&mut self) {
        for request in self.mailbox.take_requests() {
            match request {
                Request::Changed => {
                    self.config = Config::Unknown;
                    self.close_breaker();
                    self.doubt_configuration();
                }
                Request::Started(done) => self.callers.started.push(done),
                Request::Idle(done) => self.callers.idle.push(done),
                Request::Flushed(done) => self.callers.flushed.push(done),
                Request::Replay(replaying) => self.replays.push(replaying),
                Request::Abandon(abandoned) => self.abandoned.push_back(abandoned),
                Request::Forget { reload, done } => {
                    self.forget(reload).await;
                    let _ = done.send(());
                }
                Request::Stop(done) => {
                    self.replays.clear();
                    self.rests_until = None;
                    self.callers.stop = Some(done);
                }
            }
        }
    }

    /// Takes the events out of the mailbox, unless a read of the outbox runs: what it finds comes before them.
    fn take_events(&mut self) {
        if !self.is_reading_outbox() {
            let let_go = self.take_mail();
            self.admit(let_go);
        }
    }

    /// Takes the events out of the mailbox. Answers whether others were let go.
    fn take_mail(&mut self) -> bool {
        let taken = self.mailbox.take_events(&mut self.arrived);
        self.look_at = taken.look_at;
        taken.let_go
    }

    /// Takes the arrived events into the lanes, unless they must be let go: then they are read again later. `let_go`
    /// says whether others were let go by the mailbox already.
    fn admit(&mut self, let_go: bool) {
        let is_held_back = self.breaker.is_open() || matches!(self.config, Config::Gone);
        if self.spilled || is_held_back {
            self.spilled |= let_go || !self.arrived.is_empty();
            self.arrived.clear();
            return;
        }
        self.spilled = let_go;
        let mut arrived = std::mem::take(&mut self.arrived);
        for event in arrived.drain(..) {
            self.lanes.push(event);
        }
        self.arrived = arrived;
    }

    /// Lets go of what waits in the lanes.
    fn let_go(&mut self) {
        if self.lanes.let_go() > 0 {
            self.spilled = true;
        }
    }

    /// How many events are in memory.
    fn held(&self) -> usize {
        self.lanes.len() + self.in_hand.len() + self.retries.len()
    }

    /// Waits until something happens, and takes note of it.
    async fn wait(&mut self) {
        let wake_at = self.wake_at();
        if let Some(at) = wake_at
            && at != self.timer.deadline()
        {
            self.timer.as_mut().reset(at);
        }
        tokio::select! {
            Some(finished) = self.attempts.next() => self.settle(finished),
            done = operation::next(&mut self.running) => self.conclude(done),
            () = self.mailbox.rung() => {}
            () = &mut self.timer, if wake_at.is_some() => {}
        }
        while let Some(Some(finished)) = self.attempts.next().now_or_never() {
            self.settle(finished);
        }
    }

    /// When something is to be done even if nothing happens.
    fn wake_at(&self) -> Option<Instant> {
        let operation = match (&self.running, self.rests_until) {
            (Some(_), _) => None,
            (None, Some(until)) => Some(until),
            (None, None) => self.ledger.flush_at(self.shared.options.flush_after),
        };
        // What is due by now was started, or waits for something else than time.
        let world = [self.retries.next_at(), self.breaker.probe_at()].into_iter().flatten();
        let world = world.filter(|at| *at > self.now).filter_map(|at| self.shared.clock.until(at));
        let world = world.min().map(|wait| Instant::now() + wait.min(LONGEST_WAIT));
        // The mailbox is not asked while the outbox is read.
        let look = self.look_at.filter(|_| !self.is_reading_outbox());
        operation.into_iter().chain(world).chain(look).min()
    }

    /// Drops everything in memory, attempts included. An operation that runs is let finish: its writes must not come later.
    async fn forget(&mut self, reload: bool) {
        if self.running.is_some() {
            operation::next(&mut self.running).await;
        }
        let (id, shared, mailbox) = (self.id, Arc::clone(&self.shared), Arc::clone(&self.mailbox));
        mailbox.forget();
        let callers = std::mem::take(&mut self.callers);
        *self = Self::new(id, shared, mailbox);
        self.callers = Callers { replayed: Vec::new(), ..callers };
        self.spilled = reload;
        self.retries.let_go(reload);
    }
}
