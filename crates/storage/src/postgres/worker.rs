//! A thread that runs units on its connection.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clock::{Clock, Micros};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::connect::Server;
use super::engine::Counters;
use super::failure::Setback;
use super::link::Link;
use super::queue::Queue;
use super::schema;
use super::session::{Role, Session};
use crate::tx::Engine;
use crate::unit::{ReadUnit, Unit};
use crate::{Error, Migration, ReadTx, Result, Tx};

/// How often a unit is run that others were preferred to, at most.
const RUNS: u32 = 9;

/// For how many runs one counts that lost the connection. A unit that brings the server down is not tried long.
const LOST: u32 = 3;

/// What a worker is asked to do.
pub(super) enum Job {
    /// To run a unit of work.
    Write(Box<dyn Unit>),
    /// To run a unit that only reads.
    Read(Box<dyn ReadUnit>),
    /// To apply migrations.
    Migrate { migrations: Vec<Migration>, done: std::sync::mpsc::Sender<Result<()>> },
}

/// What all workers of a pool have in common.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) server: Arc<Server>,
    pub(super) role: Role,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) counters: Arc<Counters>,
    pub(super) queue: Arc<Queue<Job>>,
}

/// A worker's state; lives on its thread.
pub(super) struct Worker {
    setup: Setup,
    runtime: Rc<Runtime>,
    link: Link,
    /// Rung when there is a job.
    bell: Arc<Notify>,
}

impl Worker {
    /// A worker that is connected.
    pub(super) fn new(setup: Setup) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = Rc::new(runtime.map_err(|e| Error::Engine(format!("cannot start a runtime: {e}")))?);
        let (server, counters) = (Arc::clone(&setup.server), Arc::clone(&setup.counters));
        let link = Link::new(server, setup.role, Rc::clone(&runtime), counters)?;
        Ok(Self { setup, runtime, link, bell: Arc::default() })
    }

    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        while let Some(job) = self.next() {
            match job {
                Job::Write(unit) => self.write(unit),
                Job::Read(unit) => self.read(unit),
                Job::Migrate { migrations, done } => {
                    let Setup { server, clock, .. } = &self.setup;
                    let migrated = schema::migrate(server, &migrations, clock.now());
                    let _ = done.send(self.runtime.block_on(migrated));
                }
            }
        }
        self.link.close();
    }

    /// Waits for a job, and meanwhile for the server, if it is down.
    fn next(&mut self) -> Option<Job> {
        loop {
            let job = self.setup.queue.next(&self.bell);
            let Some(until) = self.link.down_until() else { return self.runtime.block_on(job) };
            if let Ok(job) = self.runtime.block_on(async { timeout_at(until, job).await }) {
                return job;
            }
            // A failure is kept, for the next unit.
            let _ = self.link.retry();
        }
    }

    fn write(&mut self, mut unit: Box<dyn Unit>) {
        let done = self.attempts(|session, now| {
            if unit.run(&mut Tx::new(Engine::Postgres(session), now)) {
                session.commit().map(|()| true)
            } else {
                session.rollback();
                Ok(false)
            }
        });
        match done {
            Ok(committed) => {
                if committed {
                    self.setup.counters.commits.fetch_add(1, Ordering::Relaxed);
                }
                unit.answer();
            }
            Err(error) => unit.refuse(error),
        }
    }

    fn read(&mut self, mut unit: Box<dyn ReadUnit>) {
        let done = self.attempts(|session, now| {
            let success = unit.run(&mut ReadTx::new(Engine::Postgres(session), now));
            if !success {
                session.rollback();
            }
            Ok(success)
        });
        match done {
            Ok(_) => unit.answer(),
            Err(error) => unit.refuse(error),
        }
        // Nobody needs to wait for the end of a transaction that only reads.
        if let Some(session) = self.link.current() {
            session.finish();
        }
    }

    /// Runs a unit, and again when it was undone for no fault of its own. Says whether it succeeded; an error is one
    /// that the unit itself does not know of.
    fn attempts(&mut self, mut run: impl FnMut(&mut Session, Micros) -> Result<bool>) -> Result<bool> {
        let Self { setup, link, .. } = self;
        let mut left = RUNS;
        loop {
            let session = link.session(async || setup.queue.closed().await)?;
            session.start();
            let done = run(session, setup.clock.now());
            let cost = match session.setback() {
                // A success needs nothing more, although something may have gone wrong beside it.
                _ if done == Ok(true) => return done,
                None => return done,
                Some(Setback::Yielded) => 1,
                Some(Setback::Stale) => {
                    session.forget_statements();
                    1
                }
                Some(Setback::Lost) => LOST,
            };
            left = left.saturating_sub(cost);
            if left == 0 {
                return done;
            }
        }
    }
}
