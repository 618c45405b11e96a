//! The thread that moves pages from the write-ahead log into the database while the writer goes on.
//!
//! It takes no lock that the writer or a reader needs. What is added meanwhile it moves in a second and third go, so
//! that little is left for the writer.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::checkpoint::{REST, checkpoint};
use super::session::Session;
use crate::options::OnFatal;
use crate::{Error, Result};

/// How often it looks for what was added while it moved.
const GOES: u32 = 3;

/// What the mover does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It waits to be asked.
    Idle,
    /// It moves.
    Busy,
    /// It has moved what it could, and waits to be dismissed.
    Done,
    /// The disk failed, and what it holds is unknown.
    Failed,
}

/// The writer's handle on the thread.
pub(super) struct Mover {
    asked: Option<SyncSender<()>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A failure stays.
    fn set(&self, to: State) {
        let mut state = self.lock();
        if *state != State::Failed {
            *state = to;
        }
        drop(state);
        self.changed.notify_all();
    }
}

impl Mover {
    /// Starts the thread for the database at `path`, with a connection of its own.
    pub(super) fn start(path: &Arc<Path>, on_fatal: OnFatal) -> Result<Self> {
        let session = Session::open(path)?;
        session.batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")?;
        let shared = Arc::new(Shared { state: Mutex::new(State::Idle), changed: Condvar::new() });
        let (asked, requests) = sync_channel(1);
        let told = Arc::clone(&shared);
        let thread = thread::Builder::new().name("storage-mover".to_owned());
        let thread = thread.spawn(move || run(&session, &requests, &told, &on_fatal));
        let thread = thread.map_err(|e| Error::Engine(format!("cannot start the mover's thread: {e}")))?;
        Ok(Self { asked: Some(asked), shared, thread: Some(thread) })
    }

    pub(super) fn state(&self) -> State {
        *self.shared.lock()
    }

    /// Asks it to move. It must be idle.
    pub(super) fn ask(&self) {
        self.shared.set(State::Busy);
        // The channel has room for the one request that there can be; without a thread there is nobody to wait for.
        if self.asked.as_ref().is_none_or(|asked| asked.try_send(()).is_err()) {
            self.shared.set(State::Idle);
        }
    }

    /// Takes note of what it has done.
    pub(super) fn dismiss(&self) {
        self.shared.set(State::Idle);
    }

    /// Waits until it does not move.
    pub(super) fn wait(&self) -> State {
        let mut state = self.shared.lock();
        while *state == State::Busy {
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        *state
    }

    /// Ends the thread, and closes its connection.
    pub(super) fn end(mut self) -> State {
        self.join();
        self.state()
    }

    fn join(&mut self) {
        self.asked = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that empties the write-ahead log panicked");
        }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.join();
    }
}

fn run(session: &Session, requests: &Receiver<()>, shared: &Shared, on_fatal: &OnFatal) {
    while requests.recv().is_ok() {
        match go(session) {
            Ok(()) => shared.set(State::Done),
            Err(error @ Error::Disk(_)) => {
                shared.set(State::Failed);
                super::writer::give_up(on_fatal, &error);
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot move the write-ahead log into the database");
                shared.set(State::Idle);
            }
        }
    }
}

fn go(session: &Session) -> Result<()> {
    for _ in 0..GOES {
        checkpoint(session, "PRAGMA wal_checkpoint(PASSIVE)")?;
        if checkpoint(session, "PRAGMA wal_checkpoint(NOOP)")?.left() < REST {
            break;
        }
    }
    Ok(())
}
