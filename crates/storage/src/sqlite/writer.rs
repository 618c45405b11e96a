//! The thread that writes: group commit.
//!
//! While one group is being committed, the next one gathers in the queue: there is no timer to tune. A unit that
//! comes alone is committed at once, and under load the price of the flush is shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clock::Clock;
use tokio::sync::{mpsc, oneshot};

use super::checkpoint::Checkpoints;
use super::folder::FolderLock;
use super::schema;
use super::session::Session;
use crate::options::OnFatal;
use crate::tx::Engine;
use crate::unit::Unit;
use crate::{Error, Migration, Options, Result, Stats, Tx};

/// What the writer is asked to do.
pub(super) enum Job {
    /// To run a unit of work.
    Unit(Box<dyn Unit>),
    /// To apply migrations.
    Migrate { migrations: Vec<Migration>, done: std::sync::mpsc::Sender<Result<()>> },
    /// To end, and to say when everything is closed.
    Close { done: oneshot::Sender<Result<()>> },
}

/// What the writer has done so far.
#[derive(Debug, Default)]
pub(super) struct Counters {
    commits: AtomicU64,
    units: AtomicU64,
}

impl Counters {
    pub(super) fn read(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats { commits: read(&self.commits), units: read(&self.units), round_trips: 0 }
    }
}

/// How units of a group are kept apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// Not at all: units nearly always succeed, or fail before they write. A savepoint for each would copy every page
    /// that the group writes to more than once, each time anew.
    Together,
    /// Each in a savepoint of its own: one of them writes and then fails.
    Each,
}

/// Why a group was not committed. Nothing of it is kept.
enum Setback {
    /// A unit failed after it had written, and has no savepoint to go back to.
    Inseparable,
    /// The unit at this position made the engine undo the whole transaction.
    Spoilt(usize),
    /// The COMMIT says that some unit's rows conflict, but not which unit's.
    Conflict(Error),
    /// The engine failed.
    Refused(Error),
    /// The disk failed in a way after which nobody can know what it holds.
    Fatal(Error),
}

/// A [`Setback::Fatal`] has been dealt with, and nothing more may be written.
#[derive(Debug)]
struct Stop;

/// The writer's state; lives on its thread.
pub(super) struct Writer {
    session: Session,
    checkpoints: Checkpoints,
    clock: Arc<dyn Clock>,
    counters: Arc<Counters>,
    options: Options,
    /// Let go of last.
    _lock: FolderLock,
}

impl Writer {
    pub(super) fn new(
        session: Session,
        lock: FolderLock,
        clock: Arc<dyn Clock>,
        counters: Arc<Counters>,
        options: Options,
    ) -> Result<Self> {
        let checkpoints = Checkpoints::new(&session, &options)?;
        Ok(Self { session, checkpoints, clock, counters, options, _lock: lock })
    }

    /// Works until it is told to close, or nobody is left who could ask for something.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let Ok(closing) = self.serve(&mut jobs) else { return };
        let Self { session, checkpoints, _lock: lock, .. } = self;
        let emptied = checkpoints.finish(&session);
        // The file is closed and the folder free before anybody hears of it.
        drop(session);
        drop(lock);
        match (closing, emptied) {
            (Some(done), emptied) => {
                let _ = done.send(emptied.map(|_| ()));
            }
            (None, Err(error)) => tracing::warn!(%error, "the write-ahead log stays until the next start"),
            (None, Ok(_)) => {}
        }
    }

    /// Returns whom to tell when everything is closed.
    fn serve(&mut self, jobs: &mut mpsc::Receiver<Job>) -> Result<Option<oneshot::Sender<Result<()>>>, Stop> {
        let mut next = None;
        while let Some(job) = next.take().or_else(|| jobs.blocking_recv()) {
            if self.checkpoints.has_failed() {
                return Err(Stop);
            }
            match job {
                Job::Unit(first) => {
                    let mut units = vec![first];
                    while units.len() < self.options.group && next.is_none() {
                        match jobs.try_recv() {
                            Ok(Job::Unit(unit)) => units.push(unit),
                            Ok(other) => next = Some(other),
                            Err(_) => break,
                        }
                    }
                    self.group(units)?;
                    self.keep_log_small()?;
                }
                Job::Migrate { migrations, done } => {
                    let _ = done.send(schema::migrate(&self.session, &migrations, self.clock.now()));
                }
                Job::Close { done } => return Ok(Some(done)),
            }
        }
        Ok(None)
    }

    /// Commits `units` together and answers them. Also those that failed are answered only now: what made them fail
    /// may have been written by a neighbour, and is true only if that is committed.
    fn group(&mut self, mut units: Vec<Box<dyn Unit>>) -> Result<(), Stop> {
        let mut spoilers = Vec::new();
        let mut apart = Apart::Together;
        let refused = loop {
            match self.attempt(&mut units, apart) {
                Ok(()) => break None,
                Err(Setback::Inseparable) => apart = Apart::Each,
                // The others have done nothing wrong, and are run again.
                Err(Setback::Spoilt(at)) => spoilers.push(units.remove(at)),
                Err(Setback::Conflict(_)) if units.len() > 1 => {
                    // The one at fault shows when each is alone.
                    units.drain(..).try_for_each(|unit| self.group(vec![unit]))?;
                    break None;
                }
                Err(Setback::Conflict(error) | Setback::Refused(error)) => break Some(error),
                Err(Setback::Fatal(error)) => {
                    give_up(&self.options.on_fatal, &error);
                    units.into_iter().chain(spoilers).for_each(|unit| unit.refuse(error.clone()));
                    return Err(Stop);
                }
            }
        };
        for unit in units.into_iter().chain(spoilers) {
            match &refused {
                None => unit.answer(),
                Some(error) => unit.refuse(error.clone()),
            }
        }
        Ok(())
    }

    /// Runs and commits `units` in one transaction.
    fn attempt(&mut self, units: &mut [Box<dyn Unit>], apart: Apart) -> Result<(), Setback> {
        let done = self.run_units(units, apart).and_then(|succeeded| {
            // Where nothing was written there is nothing to flush.
            if succeeded > 0 {
                self.session.control("COMMIT").map_err(|error| match error {
                    Error::Disk(_) => Setback::Fatal(error),
                    Error::Conflict(_) => Setback::Conflict(error),
                    _ => Setback::Refused(error),
                })?;
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
                self.counters.units.fetch_add(succeeded, Ordering::Relaxed);
            }
            Ok(())
        });
        // A transaction that can be neither committed nor undone leaves no way on.
        self.session.rollback().map_err(Setback::Fatal)?;
        done
    }

    /// Runs `units` in a new transaction; answers how many succeeded. Of those that did not, nothing is left in it.
    fn run_units(&mut self, units: &mut [Box<dyn Unit>], apart: Apart) -> Result<u64, Setback> {
        self.control("BEGIN IMMEDIATE")?;
        // What a unit that is alone leaves is undone with the transaction, which is not committed if none succeeds.
        let is_alone = units.len() == 1;
        let mut succeeded = 0;
        for (at, unit) in units.iter_mut().enumerate() {
            if apart == Apart::Each {
                self.control("SAVEPOINT unit")?;
            }
            self.session.forget_writes();
            let mut tx = Tx::new(Engine::Sqlite(&mut self.session), self.clock.now());
            let success = unit.run(&mut tx);
            let failure = tx.failure().cloned();
            // Some errors undo the whole transaction, the neighbours' writes with it.
            if !self.session.in_transaction() {
                return Err(match failure {
                    Some(error @ (Error::Full | Error::Disk(_))) => Setback::Refused(error),
                    _ if success => Setback::Refused(Error::Engine("the transaction is gone".to_owned())),
                    _ => Setback::Spoilt(at),
                });
            }
            if success {
                succeeded += 1;
            } else if apart == Apart::Each {
                self.control("ROLLBACK TO unit")?;
            } else if self.session.has_written() && !is_alone {
                return Err(Setback::Inseparable);
            }
            if apart == Apart::Each {
                self.control("RELEASE unit")?;
            }
        }
        Ok(succeeded)
    }

    fn control(&self, sql: &'static str) -> Result<(), Setback> {
        self.session.control(sql).map_err(Setback::Refused)
    }

    fn keep_log_small(&mut self) -> Result<(), Stop> {
        match self.checkpoints.after_commit(&self.session) {
            Ok(()) => Ok(()),
            Err(error @ Error::Disk(_)) => {
                give_up(&self.options.on_fatal, &error);
                Err(Stop)
            }
            Err(error) => {
                tracing::warn!(%error, "cannot move the write-ahead log into the database");
                Ok(())
            }
        }
    }
}

/// By default, the end of the process.
pub(super) fn give_up(on_fatal: &OnFatal, error: &Error) {
    tracing::error!(%error, "the disk failed, and what it holds is unknown: ending");
    on_fatal(error);
}
