//! Workers of one kind, and their queue.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::sync::watch;

use super::queue::Queue;
use super::worker::{Job, Setup, Worker};
use crate::{Error, Result};

/// A fixed number of workers. When the pool goes, they finish the queue and end.
pub(super) struct Pool {
    queue: Arc<Queue<Job>>,
    /// How many workers there are.
    working: watch::Receiver<usize>,
}

impl Pool {
    /// Starts `count` workers, and waits until all are connected.
    pub(super) fn start(name: &str, count: usize, setup: &Setup) -> Result<Self> {
        let (working, at_work) = watch::channel(0);
        let working = Arc::new(working);
        let pool = Self { queue: Arc::clone(&setup.queue), working: at_work };
        let (connected, answers) = channel();
        for _ in 0..count.max(1) {
            let (setup, connected, shift) = (setup.clone(), connected.clone(), Shift::begin(&working));
            let thread = thread::Builder::new().name(name.to_owned());
            let started = thread.spawn(move || work(setup, connected, shift));
            started.map_err(|e| Error::Engine(format!("cannot start a thread: {e}")))?;
        }
        drop(connected);
        // If one fails, the pool goes, and with it the others.
        answers.iter().collect::<Result<()>>()?;
        Ok(pool)
    }

    pub(super) fn push(&self, job: Job) -> Result<()> {
        self.queue.push(job)
    }

    /// Refuses further jobs, and waits until the others are done and the connections closed.
    pub(super) async fn close(&self) {
        self.queue.close();
        // An error says that all workers are gone.
        let _ = self.working.clone().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// A worker's thread.
fn work(setup: Setup, connected: Sender<Result<()>>, _shift: Shift) {
    match Worker::new(setup) {
        Ok(worker) => {
            let _ = connected.send(Ok(()));
            drop(connected);
            worker.run();
        }
        Err(error) => {
            let _ = connected.send(Err(error));
        }
    }
}

/// A worker counts as long as this lives.
struct Shift(Arc<watch::Sender<usize>>);

impl Shift {
    fn begin(working: &Arc<watch::Sender<usize>>) -> Self {
        working.send_modify(|count| *count += 1);
        Self(Arc::clone(working))
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
