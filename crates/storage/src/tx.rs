//! The inside of a unit of work.

use std::sync::Arc;

use clock::Micros;

use crate::recorder::Recorder;
use crate::unit::{End, Hook};
use crate::{Error, FromRow, Result, Row, Value, postgres, sqlite};

/// The engine's side of a transaction.
pub(crate) enum Engine<'t> {
    Sqlite(&'t mut sqlite::Session),
    Postgres(&'t mut postgres::Session),
}

/// Which rows a caller wants. A write is done whole in either case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    First,
    All,
}

/// What units that write and units that read have in common.
struct Scope<'t> {
    engine: Engine<'t>,
    now: Micros,
    /// The first statement that failed. Some engines give up a transaction at its first error; to mean the same on
    /// all of them, nothing more is run after it, and the unit fails whatever its closure makes of the error.
    failed: Option<Error>,
    recorder: Option<Arc<Recorder>>,
}

impl Scope<'_> {
    fn note(&self, sql: &'static str) {
        if let Some(recorder) = &self.recorder {
            recorder.note(sql);
        }
    }

    /// Runs a statement on the engine, unless an earlier one failed.
    fn attempt<T>(&mut self, statement: impl FnOnce(&mut Engine<'_>) -> Result<T>) -> Result<T> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        statement(&mut self.engine).inspect_err(|error| self.failed = Some(error.clone()))
    }

    fn one<T: FromRow>(&mut self, sql: &'static str, p: &[Value], may_write: bool) -> Result<Option<T>> {
        let mut found = None;
        self.rows(sql, p, may_write, Rows::First, &mut |row| {
            found = Some(T::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn all<T: FromRow>(&mut self, sql: &'static str, p: &[Value], may_write: bool) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.rows(sql, p, may_write, Rows::All, &mut |row| {
            found.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn rows(
        &mut self,
        sql: &'static str,
        p: &[Value],
        may_write: bool,
        which: Rows,
        each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.note(sql);
        self.attempt(|engine| match engine {
            Engine::Sqlite(session) => session.rows(sql, p, may_write, which, each),
            // The transaction itself knows whether it may write.
            Engine::Postgres(session) => session.rows(sql, p, which, each),
        })
    }

    fn run(&mut self, sql: &'static str, p: &[Value]) -> Result<u64> {
        self.note(sql);
        self.attempt(|engine| match engine {
            Engine::Sqlite(session) => session.run(sql, p),
            Engine::Postgres(session) => session.run(sql, p),
        })
    }

    fn later(&mut self, sql: &'static str, p: &[Value]) -> Result<()> {
        self.note(sql);
        self.attempt(|engine| match engine {
            Engine::Sqlite(session) => session.run(sql, p).map(|_| ()),
            Engine::Postgres(session) => session.later(sql, p),
        })
    }

    fn explain(&mut self, sql: &'static str) -> Result<String> {
        self.attempt(|engine| match engine {
            Engine::Sqlite(session) => session.explain(sql),
            Engine::Postgres(session) => session.explain(sql),
        })
    }
}

/// A unit of work that may write; see [`Database::write`](crate::Database::write).
///
/// Once a statement has failed, every further one fails with the same error, and so does the unit.
pub struct Tx<'t> {
    scope: Scope<'t>,
    hooks: Vec<Hook>,
    cause: u64,
}

impl<'t> Tx<'t> {
    pub(crate) fn new(engine: Engine<'t>, now: Micros) -> Self {
        Self { scope: Scope { engine, now, failed: None, recorder: None }, hooks: Vec::new(), cause: 0 }
    }
    /// Notes the statements from now on.
    pub(crate) fn record(&mut self, recorder: Option<&Arc<Recorder>>) {
        self.scope.recorder = recorder.cloned();
    }
    pub(crate) fn caused_by(&mut self, cause: u64) {
        self.cause = cause;
    }
    /// The first statement's failure, if one failed.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.scope.failed.as_ref()
    }
    pub(crate) fn take_hooks(&mut self) -> Vec<Hook> {
        std::mem::take(&mut self.hooks)
    }

    /// The first row, or `None` if there is none. Also for writes with `RETURNING`.
    pub fn one<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Option<T>> {
        self.scope.one(sql, p, true)
    }
    /// All rows. Also for writes with `RETURNING`.
    pub fn all<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Vec<T>> {
        self.scope.all(sql, p, true)
    }
    /// Writes; answers how many rows changed.
    pub fn run(&mut self, sql: &'static str, p: &[Value]) -> Result<u64> {
        self.scope.run(sql, p)
    }
    /// Writes exactly `wanted` rows; any other number is [`Error::RowCount`].
    pub fn run_exactly(&mut self, wanted: u64, sql: &'static str, p: &[Value]) -> Result<()> {
        let got = self.scope.run(sql, p)?;
        if got == wanted { Ok(()) } else { Err(Error::RowCount { wanted, got }) }
    }
    /// A write whose count nobody needs: an engine behind a network sends it together with what follows. So its
    /// failure is not told here, but by the next statement, or else by the unit's result.
    pub fn later(&mut self, sql: &'static str, p: &[Value]) -> Result<()> {
        if let Some(error) = &self.scope.failed {
            return Err(error.clone());
        }
        // A failure stays in the scope.
        let _ = self.scope.later(sql, p);
        Ok(())
    }
    /// The world's time, the same for the whole unit.
    pub fn now(&self) -> Micros {
        self.scope.now
    }
    /// What the unit is done for, as [`caused_by`](crate::caused_by) said; 0: nobody said.
    pub fn cause(&self) -> u64 {
        self.cause
    }
    /// Calls `f` once the unit's writes are on disk, before the unit is answered; never if the unit fails. `f` runs on
    /// the writer: it must be quick, and must not wait for this database.
    ///
    /// On SQLite, units' calls come in the order of their commits. On PostgreSQL, where units commit side by side, the
    /// calls do so too, and in any order: also of two units of which one waited for the other.
    pub fn after_commit(&mut self, f: impl FnOnce() + Send + 'static) {
        self.at_end(move |end| {
            if end == End::Committed {
                f();
            }
        });
    }
    /// As [`after_commit`](Self::after_commit), but calls `f` whichever way the unit ends. A unit that is run again ends
    /// each time. `f` is dropped without a call if the database is closed before the unit has ended.
    pub fn at_end(&mut self, f: impl FnOnce(End) + Send + 'static) {
        self.hooks.push(Box::new(f));
    }
}

/// A unit of work that only reads, and sees one state of the database; see [`Database::read`](crate::Database::read).
pub struct ReadTx<'t> {
    scope: Scope<'t>,
}

impl<'t> ReadTx<'t> {
    pub(crate) fn new(engine: Engine<'t>, now: Micros) -> Self {
        Self { scope: Scope { engine, now, failed: None, recorder: None } }
    }
    /// Notes the statements from now on.
    pub(crate) fn record(&mut self, recorder: Option<&Arc<Recorder>>) {
        self.scope.recorder = recorder.cloned();
    }
    /// The first statement's failure, if one failed.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.scope.failed.as_ref()
    }

    /// The first row, or `None` if there is none. [`Error::ReadOnly`] if the statement writes.
    pub fn one<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Option<T>> {
        self.scope.one(sql, p, false)
    }
    /// All rows. [`Error::ReadOnly`] if the statement writes.
    pub fn all<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Vec<T>> {
        self.scope.all(sql, p, false)
    }
    /// How the engine would run the statement; it is not run.
    pub(crate) fn explain(&mut self, sql: &'static str) -> Result<String> {
        self.scope.explain(sql)
    }
    /// The world's time, the same for the whole unit.
    pub fn now(&self) -> Micros {
        self.scope.now
    }
}

/// Reading, in a unit of either kind: what functions that only read take, so that both can call them.
pub trait Read {
    /// The first row, or `None` if there is none.
    fn one<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Option<T>>;
    /// All rows.
    fn all<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Vec<T>>;
    /// The world's time, the same for the whole unit.
    fn now(&self) -> Micros;
}

macro_rules! read {
    ($($unit:ident),*) => {$(
        impl Read for $unit<'_> {
            fn one<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Option<T>> {
                $unit::one(self, sql, p)
            }
            fn all<T: FromRow>(&mut self, sql: &'static str, p: &[Value]) -> Result<Vec<T>> {
                $unit::all(self, sql, p)
            }
            fn now(&self) -> Micros {
                $unit::now(self)
            }
        }
    )*};
}

read!(Tx, ReadTx);
