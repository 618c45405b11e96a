//! Running a caller's closure, and bringing its result back to the caller.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::{Error, ReadTx, Result, Tx};

/// How a unit ended, as [`Tx::at_end`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its writes are on disk.
    Committed,
    /// Nothing of it is kept, nor ever will be.
    Undone,
    /// Nobody here knows: see [`Error::Unclear`]. The writes can even become visible later, while the server still works
    /// on the COMMIT; until then, what the unit has locked stays locked.
    Unclear,
}

/// What [`Tx::at_end`] was given.
pub(crate) type Hook = Box<dyn FnOnce(End) + Send>;

/// Runs a writing closure. A panic is an error of the unit; so is a failed statement whose error was swallowed.
pub(crate) fn write<T, E: From<Error>>(
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    tx: &mut Tx<'_>,
) -> Result<T, E> {
    // Unwind safe: after a panic nothing of the closure's is used again, and the transaction is undone.
    let value =
        catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| Err(Error::Panicked.into()))?;
    tx.failure().map_or(Ok(value), |error| Err(error.clone().into()))
}

/// Runs a reading closure; as [`write()`].
pub(crate) fn read<T, E: From<Error>>(
    work: &impl Fn(&mut ReadTx<'_>) -> Result<T, E>,
    tx: &mut ReadTx<'_>,
) -> Result<T, E> {
    let value =
        catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| Err(Error::Panicked.into()))?;
    tx.failure().map_or(Ok(value), |error| Err(error.clone().into()))
}

/// Calls what a unit asked for. The unit is done, so a panic in here can only be logged.
pub(crate) fn run_hooks(hooks: Vec<Hook>, end: End) {
    for hook in hooks {
        if catch_unwind(AssertUnwindSafe(|| hook(end))).is_err() {
            tracing::error!("a closure given to after_commit or at_end panicked");
        }
    }
}

/// The caller's end of a waiting unit.
pub(crate) trait Answer: Send {
    /// The transaction is over, and its writes are on disk: gives the caller the result.
    fn answer(self: Box<Self>);
    /// The transaction is over, and nothing of it was kept: gives the caller the error, whatever the result was.
    fn refuse(self: Box<Self>, error: Error);
}

/// A waiting unit that may write, with the types of its closure hidden.
pub(crate) trait Unit: Answer {
    /// Runs the closure and keeps its result; again, if it ran before. Says whether it succeeded.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
}

/// A waiting unit that only reads, with the types of its closure hidden.
pub(crate) trait ReadUnit: Answer {
    /// As [`Unit::run`].
    fn run(&mut self, tx: &mut ReadTx<'_>) -> bool;
}

/// The one kind of [`Unit`] and of [`ReadUnit`].
pub(crate) struct Pending<F, T, E> {
    work: F,
    outcome: Option<Result<T, E>>,
    hooks: Vec<Hook>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Pending<F, T, E> {
    pub(crate) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Self { work, outcome: None, hooks: Vec::new(), caller }, answer)
    }
}

impl<F, T, E> Unit for Pending<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // An earlier run is over before this one begins.
        run_hooks(std::mem::take(&mut self.hooks), End::Undone);
        let outcome = write(&self.work, tx);
        let (hooks, succeeded) = (tx.take_hooks(), outcome.is_ok());
        if succeeded {
            self.hooks = hooks;
        } else {
            run_hooks(hooks, End::Undone);
        }
        self.outcome = Some(outcome);
        succeeded
    }
}

impl<F, T, E> ReadUnit for Pending<F, T, E>
where
    F: Fn(&mut ReadTx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut ReadTx<'_>) -> bool {
        self.outcome.insert(read(&self.work, tx)).is_ok()
    }
}

impl<F, T, E> Answer for Pending<F, T, E>
where
    F: Send,
    T: Send,
    E: From<Error> + Send,
{
    fn answer(self: Box<Self>) {
        let Self { outcome, hooks, caller, .. } = *self;
        run_hooks(hooks, End::Committed);
        // A caller that no longer waits is no failure of the unit.
        let _ = caller.send(outcome.unwrap_or_else(|| Err(Error::Closed.into())));
    }

    fn refuse(self: Box<Self>, error: Error) {
        let end = if error == Error::Unclear { End::Unclear } else { End::Undone };
        run_hooks(self.hooks, end);
        let _ = self.caller.send(Err(error.into()));
    }
}
