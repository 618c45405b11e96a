//! A worker's connection, made anew when it is lost.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout};

use super::connect::Server;
use super::engine::Counters;
use super::session::{Role, Session};
use crate::{Error, Result};

/// How long to wait after the first vain attempt to connect; then twice as long, and so on, up to the longest.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// A session, or the attempts to get one.
pub(super) struct Link {
    server: Arc<Server>,
    role: Role,
    runtime: Rc<Runtime>,
    counters: Arc<Counters>,
    session: Option<Session>,
    down: Option<Down>,
}

/// The server could not be reached for so long that nobody waits for it any more.
struct Down {
    /// When to try again.
    until: Instant,
    pause: Duration,
    error: Error,
}

impl Link {
    /// A link that is connected.
    pub(super) fn new(
        server: Arc<Server>,
        role: Role,
        runtime: Rc<Runtime>,
        counters: Arc<Counters>,
    ) -> Result<Self> {
        let mut link = Self { server, role, runtime, counters, session: None, down: None };
        link.connect()?;
        Ok(link)
    }

    /// The session; if it is lost, a new one. Waits for the server for a while, or until `giving_up` ends.
    pub(super) fn session(&mut self, giving_up: impl AsyncFn()) -> Result<&mut Session> {
        if self.session.as_ref().is_none_or(|session| !session.is_alive()) {
            if let Some(session) = self.session.take() {
                session.close();
            }
            self.restore(giving_up).map_err(|error| match error {
                Error::Unreachable { .. } => Error::Engine(error.to_string()),
                other => other,
            })?;
        }
        self.session.as_mut().ok_or(Error::Closed)
    }

    /// The session, if there is one.
    pub(super) fn current(&mut self) -> Option<&mut Session> {
        self.session.as_mut()
    }

    /// When to try again to connect, if the server is down.
    pub(super) fn down_until(&self) -> Option<Instant> {
        self.down.as_ref().map(|down| down.until)
    }

    /// Tries again to connect to a server that is down.
    pub(super) fn retry(&mut self) -> Result<()> {
        let pause = self.down.as_ref().map_or(SHORTEST, |down| down.pause);
        self.connect().inspect_err(|error| self.give_up(pause.saturating_mul(2), error))
    }

    /// Says goodbye.
    pub(super) fn close(self) {
        if let Some(session) = self.session {
            session.close();
        }
    }

    fn restore(&mut self, giving_up: impl AsyncFn()) -> Result<()> {
        match &self.down {
            Some(down) if Instant::now() < down.until => return Err(down.error.clone()),
            Some(_) => return self.retry(),
            None => {}
        }
        let end = Instant::now() + self.server.options().connect_limit;
        let mut pause = SHORTEST;
        loop {
            let Err(error) = self.connect() else { return Ok(()) };
            let over = self.runtime.block_on(async { timeout(pause, giving_up()).await });
            if over.is_ok() || Instant::now() >= end {
                self.give_up(pause, &error);
                return Err(error);
            }
            pause = LONGEST.min(pause * 2);
        }
    }

    fn give_up(&mut self, pause: Duration, error: &Error) {
        if self.down.is_none() {
            tracing::warn!(%error, "the database is down");
        }
        let pause = LONGEST.min(pause);
        self.down = Some(Down { until: Instant::now() + pause, pause, error: error.clone() });
    }

    fn connect(&mut self) -> Result<()> {
        let connection = self.runtime.block_on(self.server.connect(Some(self.role.limit)))?;
        let (runtime, counters) = (Rc::clone(&self.runtime), Arc::clone(&self.counters));
        self.session = Some(Session::new(runtime, connection, self.role, counters));
        self.down = None;
        Ok(())
    }
}
