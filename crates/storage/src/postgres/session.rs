//! One connection, with its prepared statements and the transaction of the unit that runs on it.

use std::collections::HashMap;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, SimpleQueryMessage, Statement};

use super::connect::Connection;
use super::engine::Counters;
use super::failure::{self, Setback};
use super::pipeline::{self, Answer, Outcome, Step};
use super::values;
use crate::tx::Rows;
use crate::{Error, Result, Row, Value, sql, value};

/// How much longer than a statement may take its answer is waited for. The server ends the statement, so that only a
/// server that is gone without a word is waited for in vain.
const GRACE: Duration = Duration::from_secs(5);

/// How long the server may take to hang up.
const GOODBYE: Duration = Duration::from_secs(1);

/// What a connection is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// How its transactions begin.
    pub(super) begin: &'static str,
    /// How long a statement may take.
    pub(super) limit: Duration,
    /// Whether a unit as a whole may take no longer, either.
    pub(super) whole: bool,
}

impl Role {
    /// For units that write: they lock what they decide on, and see what others commit meanwhile.
    pub(super) fn writer(limit: Duration) -> Self {
        Self { begin: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", limit, whole: false }
    }
    /// For units that read one state.
    pub(super) fn reader(limit: Duration) -> Self {
        Self { begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", limit, whole: true }
    }
}

/// A connection to the server. Used by one thread.
pub(crate) struct Session {
    runtime: Rc<Runtime>,
    client: Client,
    driver: JoinHandle<()>,
    role: Role,
    counters: Arc<Counters>,
    prepared: Prepared,
    /// BEGIN was sent, and nothing yet that ends the transaction.
    open: bool,
    /// Writes that go out with what follows.
    waiting: Vec<Write>,
    /// When the unit has taken too long.
    deadline: Option<Instant>,
    setback: Option<Setback>,
    broken: bool,
}

/// The statements that the server knows on this connection.
#[derive(Default)]
struct Prepared {
    /// By where their texts are: see [`sql::place`].
    places: HashMap<(usize, usize), Statement>,
    /// By text: the compiler may put one constant in several places.
    texts: HashMap<&'static str, Statement>,
}

impl Prepared {
    fn get(&mut self, sql: &'static str) -> Option<Statement> {
        let place = sql::place(sql);
        let known = self.places.get(&place);
        known.cloned().or_else(|| {
            let known = self.texts.get(sql)?.clone();
            self.places.insert(place, known.clone());
            Some(known)
        })
    }

    fn insert(&mut self, sql: &'static str, statement: &Statement) {
        self.places.insert(sql::place(sql), statement.clone());
        self.texts.insert(sql, statement.clone());
    }
}

/// A statement with its values, checked.
struct Write {
    statement: Statement,
    values: Vec<Value>,
}

impl Session {
    pub(super) fn new(
        runtime: Rc<Runtime>,
        (client, driver): Connection,
        role: Role,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            runtime,
            client,
            driver,
            role,
            counters,
            prepared: Prepared::default(),
            open: false,
            waiting: Vec::new(),
            deadline: None,
            setback: None,
            broken: false,
        }
    }

    /// Whether the connection can be used, as far as is known.
    pub(super) fn is_alive(&self) -> bool {
        !self.broken && !self.client.is_closed()
    }
    /// Makes ready for a unit. Its transaction begins with its first statement.
    pub(super) fn start(&mut self) {
        self.deadline = self.role.whole.then(|| Instant::now() + self.role.limit);
        self.setback = None;
    }
    /// Whether the unit may be run again.
    pub(super) fn setback(&self) -> Option<Setback> {
        self.setback
    }
    /// Prepares all statements anew.
    pub(super) fn forget_statements(&mut self) {
        self.prepared = Prepared::default();
    }

    /// Runs a statement and gives its rows to `each`.
    pub(crate) fn rows(
        &mut self,
        sql: &'static str,
        p: &[Value],
        which: Rows,
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepare(sql, p)?;
        let rows = self.query(&statement, p)?;
        let wanted = if which == Rows::First { 1 } else { rows.len() };
        rows.iter().take(wanted).try_for_each(|row| each(&Row::postgres(row)))
    }

    /// Runs a statement that gives no rows; answers how many it changed.
    pub(crate) fn run(&mut self, sql: &'static str, p: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql, p)?;
        self.statement(async |client| client.execute_raw(&statement, p).await)
    }

    /// Keeps a statement until the next one, or the end of the unit, and sends both together.
    pub(crate) fn later(&mut self, sql: &'static str, p: &[Value]) -> Result<()> {
        let statement = self.prepare(sql, p)?;
        self.waiting.push(Write { statement, values: p.to_vec() });
        Ok(())
    }

    /// How PostgreSQL would run a statement that is run often: whatever its values, with one plan for all.
    pub(crate) fn explain(&mut self, sql: &'static str) -> Result<String> {
        let values = match sql::check(sql)?.parameters {
            0 => String::new(),
            count => format!("({})", vec!["NULL"; count].join(", ")),
        };
        let script = format!(
            "SET LOCAL plan_cache_mode = force_generic_plan;
             PREPARE explained AS {sql};
             EXPLAIN EXECUTE explained{values};
             DEALLOCATE explained"
        );
        let told = self.statement(async |client| client.simple_query(&script).await)?;
        let lines = told.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }

    /// Commits the unit's transaction, if it did anything. Whatever the result, the transaction is over.
    pub(super) fn commit(&mut self) -> Result<()> {
        if !self.open && self.waiting.is_empty() {
            return Ok(());
        }
        let outcome = self.exchange(async |client| client.batch_execute("COMMIT").await);
        self.open = false;
        let (error, setback) = match outcome {
            Some(Outcome::Done(Ok(()))) => return Ok(()),
            Some(Outcome::Done(Err(error))) => failure::translate_commit(&error),
            // A step that the server refused, it refused before it came to the COMMIT, which then undid everything.
            Some(Outcome::Failed(error)) if error.as_db_error().is_some() => failure::translate(&error),
            Some(Outcome::Unsent(error)) => failure::translate(&error),
            Some(Outcome::Failed(_)) | None => (Error::Unclear, None),
        };
        self.broken |= error == Error::Unclear;
        Err(self.failed(error, setback))
    }

    /// Undoes the unit's transaction, if it is open.
    pub(super) fn rollback(&mut self) {
        if self.open {
            self.counters.round_trips.fetch_add(1, Ordering::Relaxed);
        }
        self.finish();
    }

    /// As [`rollback`](Self::rollback), for a unit that only read and has its answer: nobody waits for this round trip, and
    /// it does not count.
    pub(super) fn finish(&mut self) {
        self.waiting.clear();
        if mem::take(&mut self.open) && self.is_alive() {
            let undone = self.ask(async |client| client.batch_execute("ROLLBACK").await);
            // What is not known to be undone, the server undoes when the connection ends.
            self.broken |= undone.is_err();
        }
    }

    /// Says goodbye to the server, if it is still there.
    pub(super) fn close(self) {
        let alive = self.is_alive();
        let Self { runtime, client, driver, prepared, .. } = self;
        if !alive {
            // It would wait for answers that never come.
            driver.abort();
        }
        // The client first: the statements need not be closed one by one.
        drop(client);
        drop(prepared);
        let _ = runtime.block_on(async { timeout(GOODBYE, driver).await });
    }

    /// The statement, prepared, if the values fit it.
    fn prepare(&mut self, sql: &'static str, p: &[Value]) -> Result<Statement> {
        // The time between statements counts as well.
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::TooLong);
        }
        let statement = match self.prepared.get(sql) {
            Some(known) => known,
            None => {
                let wanted = sql::check(sql)?.parameters;
                self.counters.round_trips.fetch_add(1, Ordering::Relaxed);
                let statement = self.ask(async |client| client.prepare(sql).await)?;
                if statement.params().len() != wanted {
                    let reason = "the engine counts its parameters otherwise";
                    return Err(Error::Statement { reason, sql });
                }
                self.prepared.insert(sql, &statement);
                statement
            }
        };
        value::check(p, statement.params().len())?;
        values::check(p, statement.params())?;
        Ok(statement)
    }

    fn query(&mut self, statement: &Statement, p: &[Value]) -> Result<Vec<tokio_postgres::Row>> {
        let p: Vec<_> = p.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.statement(async |client| client.query(statement, &p).await)
    }

    /// Runs a statement in the unit's transaction, after the writes that wait.
    fn statement<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Answer<T>) -> Result<T> {
        match self.exchange(last) {
            Some(Outcome::Done(Ok(value))) => Ok(value),
            Some(Outcome::Done(Err(error)) | Outcome::Failed(error) | Outcome::Unsent(error)) => {
                let (error, setback) = failure::translate(&error);
                Err(self.failed(error, setback))
            }
            None => Err(self.no_answer()),
        }
    }

    /// Sends BEGIN, if it was not, the writes that wait, and `last`, all together. `None` if no answer comes.
    fn exchange<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Answer<T>) -> Option<Outcome<T>> {
        let begins = !mem::replace(&mut self.open, true);
        let writes = mem::take(&mut self.waiting);
        let client = &self.client;
        let begin = begins.then(|| -> Step<'_> { Box::pin(client.batch_execute(self.role.begin)) });
        let writes = writes.iter().map(|Write { statement, values }| -> Step<'_> {
            Box::pin(async move { client.execute_raw(statement, values).await.map(|_| ()) })
        });
        let steps: Vec<_> = begin.into_iter().chain(writes).collect();
        let statements = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
        let patience = self.role.limit.saturating_mul(statements) + GRACE;
        self.counters.round_trips.fetch_add(1, Ordering::Relaxed);
        let answers = async { timeout(patience, pipeline::send(steps, last(client))).await };
        self.runtime.block_on(answers).ok()
    }

    /// Asks the server for something beside the unit's statements: one round trip.
    fn ask<T>(&mut self, question: impl AsyncFnOnce(&Client) -> Answer<T>) -> Result<T> {
        let patience = self.role.limit + GRACE;
        let answer = self.runtime.block_on(async { timeout(patience, question(&self.client)).await });
        match answer {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                let (error, setback) = failure::translate(&error);
                Err(self.failed(error, setback))
            }
            Err(_) => Err(self.no_answer()),
        }
    }

    fn no_answer(&mut self) -> Error {
        self.failed(failure::lost("no answer"), Some(Setback::Lost))
    }

    fn failed(&mut self, error: Error, setback: Option<Setback>) -> Error {
        self.broken |= setback == Some(Setback::Lost);
        self.setback = self.setback.or(setback);
        error
    }
}
