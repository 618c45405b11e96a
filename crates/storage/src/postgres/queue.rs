//! Jobs that wait for a worker.
//!
//! The worker that was busy last is woken first: its caches are warm, and its connection knows the statements.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore};

use crate::{Error, Result};

/// A bounded queue with several workers at its end.
#[derive(Debug)]
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    capacity: usize,
    /// Never has a permit; closed with the queue.
    closing: Semaphore,
}

#[derive(Debug)]
struct State<J> {
    jobs: VecDeque<J>,
    /// The workers that wait, the last one to be woken first.
    idle: Vec<Arc<Notify>>,
    closed: bool,
}

impl<J> State<J> {
    fn wake_one(&mut self) {
        if let Some(worker) = self.idle.pop() {
            worker.notify_one();
        }
    }
}

impl<J> Queue<J> {
    /// A queue in which `capacity` jobs may wait.
    pub(super) fn new(capacity: usize) -> Self {
        let state = State { jobs: VecDeque::new(), idle: Vec::new(), closed: false };
        Self { state: Mutex::new(state), capacity: capacity.max(1), closing: Semaphore::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        // Nothing in here can panic halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job. [`Error::Busy`] if the queue is full, [`Error::Closed`] if it is closed.
    pub(super) fn push(&self, job: J) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Closed);
        }
        if state.jobs.len() >= self.capacity {
            return Err(Error::Busy);
        }
        state.jobs.push_back(job);
        state.wake_one();
        Ok(())
    }

    /// Waits for a job; `None` when the queue is closed and empty. `worker` is the caller's own.
    pub(super) async fn next(&self, worker: &Arc<Notify>) -> Option<J> {
        loop {
            {
                let mut state = self.lock();
                if let Some(job) = state.jobs.pop_front() {
                    return Some(job);
                }
                if state.closed {
                    return None;
                }
                state.idle.push(Arc::clone(worker));
            }
            let mut waiting = Waiting { queue: self, worker, woken: false };
            worker.notified().await;
            waiting.woken = true;
        }
    }

    /// Refuses further jobs; those in the queue are still to be done.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.idle.iter().for_each(|worker| worker.notify_one());
        self.closing.close();
    }

    /// Waits until the queue is closed.
    pub(super) async fn closed(&self) {
        let _ = self.closing.acquire().await;
    }
}

/// A worker that waits.
struct Waiting<'q, J> {
    queue: &'q Queue<J>,
    worker: &'q Arc<Notify>,
    /// It goes on, and looks for a job.
    woken: bool,
}

impl<J> Drop for Waiting<'_, J> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        let before = state.idle.len();
        state.idle.retain(|other| !Arc::ptr_eq(other, self.worker));
        let chosen = state.idle.len() == before;
        if chosen && !self.woken && !state.jobs.is_empty() {
            // It was chosen for a job, and will not do it: somebody else must.
            state.wake_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn worker() -> Arc<Notify> {
        Arc::new(Notify::new())
    }

    #[tokio::test]
    async fn it_is_bounded_and_first_come_first_served() {
        let queue = Queue::new(2);
        assert_eq!((queue.push(1), queue.push(2), queue.push(3)), (Ok(()), Ok(()), Err(Error::Busy)));
        assert_eq!(queue.next(&worker()).await, Some(1));
        queue.close();
        assert_eq!(queue.push(4), Err(Error::Closed));
        assert_eq!(queue.next(&worker()).await, Some(2), "what is in the queue is still done");
        assert_eq!(queue.next(&worker()).await, None);
        queue.closed().await;
    }

    #[tokio::test]
    async fn who_stops_waiting_does_not_keep_a_job_from_others() {
        let queue = Arc::new(Queue::new(8));
        let (stays, leaves) = (worker(), worker());
        let waiting = {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move { queue.next(&stays).await })
        };
        tokio::task::yield_now().await;
        // It waits last, so it is woken first: for a job that it then leaves alone.
        let mut left = Box::pin(queue.next(&leaves));
        assert!(tokio::time::timeout(Duration::ZERO, &mut left).await.is_err());
        queue.push(1).unwrap();
        drop(left);
        assert_eq!(waiting.await.unwrap(), Some(1));
    }
}
