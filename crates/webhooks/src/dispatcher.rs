//! The handle on the dispatcher, and its registry of endpoints.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::Clock;
use storage::{Database, Tx};
use tokio::sync::{oneshot, watch};

use crate::endpoint::{self, Abandoned};
use crate::mailbox::{Mailbox, Request};
use crate::slot::Slot;
use crate::{Dialect, EndpointId, Event, Observer, outbox};

/// How much the dispatcher does at a time.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// POSTs in flight to one endpoint: first attempts, and as many retries besides.
    pub in_flight: usize,
    /// Events in memory for one endpoint. With more, they are let go and read again from the database later.
    pub capacity: usize,
    /// Deliveries after which their rows are deleted.
    pub flush_at: usize,
    /// The time after which the rows of fewer deliveries are deleted. What was delivered within it is delivered again
    /// if the process is killed.
    pub flush_after: Duration,
    /// How much of an answer's body is read, in bytes.
    pub answer_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            in_flight: 32,
            capacity: 1024,
            flush_at: 64,
            flush_after: Duration::from_millis(200),
            answer_bytes: 64 * 1024,
        }
    }
}

/// How long an operation of the database waits after one that failed.
pub(crate) const REST: Duration = Duration::from_millis(500);

/// What all tasks of a dispatcher share.
pub(crate) struct Shared {
    pub(crate) db: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) client: net::Client,
    pub(crate) dialect: Arc<dyn Dialect>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) options: Options,
    runtime: tokio::runtime::Handle,
    registry: Mutex<Registry>,
    /// Whether every endpoint that had something left at the start has its task.
    scanned: watch::Sender<bool>,
}

#[derive(Default)]
struct Registry {
    mailboxes: HashMap<EndpointId, Arc<Mailbox>>,
    stopped: bool,
}

impl Shared {
    /// The endpoint's mailbox; its task is started if there is none. `None` after the stop.
    pub(crate) fn mailbox(self: &Arc<Self>, id: EndpointId) -> Option<Arc<Mailbox>> {
        let mut registry = self.registry();
        if registry.stopped {
            return None;
        }
        let mailbox = registry.mailboxes.entry(id).or_insert_with(|| {
            let mailbox = Arc::new(Mailbox::new(self.options.capacity));
            self.runtime.spawn(endpoint::run(id, Arc::clone(self), Arc::clone(&mailbox)));
            mailbox
        });
        Some(Arc::clone(mailbox))
    }

    /// How many events have come since the start.
    fn arrivals(&self) -> u64 {
        self.mailboxes().iter().map(|mailbox| mailbox.arrivals()).sum()
    }

    fn mailboxes(&self) -> Vec<Arc<Mailbox>> {
        self.registry().mailboxes.values().cloned().collect()
    }

    /// No task is started any more. Answers the mailboxes of those that run.
    fn stop(&self) -> Vec<Arc<Mailbox>> {
        self.registry().stopped = true;
        self.scanned.send_replace(true);
        self.mailboxes()
    }

    fn is_stopped(&self) -> bool {
        self.registry().stopped
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the tasks of all endpoints that have something left from before.
    async fn scan(self: Arc<Self>) {
        let mut scanned = self.scanned.subscribe();
        while !self.is_stopped() {
            match self.db.read(outbox::unfinished_endpoints).await {
                Ok(ids) => {
                    for id in ids {
                        self.mailbox(id);
                    }
                    self.scanned.send_replace(true);
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "cannot read which webhooks are left to deliver: trying again");
                    let _ = tokio::time::timeout(REST, scanned.wait_for(|done| *done)).await;
                }
            }
        }
    }
}

/// The dispatcher as the rest of a half sees it. Clones are the same dispatcher; with the last one dropped it ends at
/// once, cutting what is in flight (see [`Handle::stop`] for the gentle way).
#[derive(Clone)]
pub struct Handle {
    owner: Arc<Owner>,
}

struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        for mailbox in self.0.stop() {
            mailbox.close();
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("in_memory", &self.in_memory()).finish_non_exhaustive()
    }
}

/// Starts the dispatcher on the current tokio runtime. It delivers what is appended from now on, and reads what an
/// earlier process left undelivered. [`crate::MIGRATIONS`] must have been applied to `db`.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn start(
    db: Database,
    clock: Arc<dyn Clock>,
    client: net::Client,
    dialect: Arc<dyn Dialect>,
    observer: Arc<dyn Observer>,
    options: Options,
) -> Handle {
    let options = Options {
        in_flight: options.in_flight.max(1),
        // Below that there is no room for a page of rows beside what is in flight.
        capacity: options.capacity.max(16),
        ..options
    };
    let shared = Arc::new(Shared {
        db,
        clock,
        client,
        dialect,
        observer,
        options,
        runtime: tokio::runtime::Handle::current(),
        registry: Mutex::default(),
        scanned: watch::Sender::new(false),
    });
    tokio::spawn(Arc::clone(&shared).scan());
    Handle { owner: Arc::new(Owner(shared)) }
}

impl Handle {
    /// In the sender's transaction: stores `event` for delivery. Once the transaction is committed, the event is sent;
    /// if it fails, nothing is. After [`Handle::stop`] events are stored only.
    ///
    /// The transaction must hold the lock by which the lane's events come one after the other: the conversation's.
    pub fn append(&self, tx: &mut Tx<'_>, event: Event) -> storage::Result<()> {
        outbox::insert(tx, &event)?;
        if let Some(mailbox) = self.shared().mailbox(event.endpoint) {
            let slot = Slot::take(mailbox, event);
            tx.at_end(move |end| slot.end(end));
        }
        Ok(())
    }

    /// The endpoint's configuration has changed, or there is reason to believe that it is up again: it is asked for
    /// anew, and what the breaker held back is sent now. Events that failed keep to their schedule.
    pub fn changed(&self, id: EndpointId) {
        if let Some(mailbox) = self.shared().registry().mailboxes.get(&id) {
            mailbox.request(Request::Changed);
        }
    }

    /// Makes dead letters of everything that waits at the endpoint for that [`Event::subject`], and returns when that is
    /// done. What is appended afterwards is sent as usual.
    pub async fn give_up(&self, id: EndpointId, subject: i64, reason: &str) {
        let Some(mailbox) = self.shared().mailbox(id) else { return };
        let (done, answer) = oneshot::channel();
        mailbox.request(Request::Abandon(Abandoned { subject, reason: reason.to_owned(), done }));
        // A task that has ended has left everything in the tables.
        let _ = answer.await;
    }

    /// To be called after the clock was moved. Returns after everything that fell due has been started; what a breaker
    /// or [`Options::in_flight`] holds back is not due.
    pub async fn clock_moved(&self) {
        self.scanned().await;
        self.ask_all(Request::Started).await;
    }

    /// "Run all that is due", for tests: returns when nothing is in flight and nothing more is due now. Covers every
    /// event that was committed before the call. What an open breaker holds back is not due.
    pub async fn run_due(&self) {
        self.scanned().await;
        loop {
            let before = self.shared().arrivals();
            self.ask_all(Request::Idle).await;
            if self.shared().arrivals() == before {
                return;
            }
        }
    }

    /// Returns when the tables show everything that has happened up to now.
    pub async fn flush(&self) {
        self.ask_all(Request::Flushed).await;
    }

    /// Finishes what is in flight (which takes at most one attempt's timeout) and starts nothing more. What is left
    /// stays in the tables for the next process.
    pub async fn stop(&self) {
        let mailboxes = self.shared().stop();
        ask(mailboxes, Request::Stop).await;
    }

    /// Drops everything in memory, without a word to the database: before the tables are emptied, such as by the
    /// world's reset. Attempts in flight are cut. Events appended afterwards are delivered as usual; rows that are
    /// left in the tables all the same are not, until [`Handle::reload`].
    pub async fn forget(&self) {
        self.scanned().await;
        self.ask_all(|done| Request::Forget { reload: false, done }).await;
    }

    /// Drops everything in memory and reads the tables anew: after they were replaced, such as by a snapshot.
    pub async fn reload(&self) -> storage::Result<()> {
        self.ask_all(|done| Request::Forget { reload: true, done }).await;
        for id in self.shared().db.read(outbox::unfinished_endpoints).await? {
            self.shared().mailbox(id);
        }
        Ok(())
    }

    /// How many events are in memory, of all endpoints.
    pub fn in_memory(&self) -> usize {
        self.shared().mailboxes().iter().map(|mailbox| mailbox.in_memory()).sum()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.owner.0
    }

    async fn scanned(&self) {
        let mut scanned = self.shared().scanned.subscribe();
        // The sender lives as long as the handle.
        let _ = scanned.wait_for(|done| *done).await;
    }

    async fn ask_all(&self, request: impl Fn(oneshot::Sender<()>) -> Request) {
        ask(self.shared().mailboxes(), request).await;
    }
}

/// Asks all, then waits for all. A task that has ended counts as having answered.
async fn ask(mailboxes: Vec<Arc<Mailbox>>, request: impl Fn(oneshot::Sender<()>) -> Request) {
    let asked: Vec<_> = mailboxes
        .iter()
        .map(|mailbox| {
            let (done, answer) = oneshot::channel();
            mailbox.request(request(done));
            answer
        })
        .collect();
    for answer in asked {
        let _ = answer.await;
    }
}
