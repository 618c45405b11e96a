//! What goes on besides requests: counted, so that tests can await its end, and told when the clock is moved.

use std::time::Duration;
use tokio::sync::watch;

/// How much is under way.
#[derive(Debug)]
pub(crate) struct Work {
    busy: watch::Sender<usize>,
    stopped: watch::Sender<bool>,
}

impl Default for Work {
    fn default() -> Self {
        Self { busy: watch::Sender::new(0), stopped: watch::Sender::new(false) }
    }
}

impl Work {
    /// Something begins, or is about to.
    pub(crate) fn begin(&self) {
        self.busy.send_modify(|busy| *busy += 1);
    }

    /// It is over, or waits for a time to come.
    pub(crate) fn end(&self) {
        self.busy.send_modify(|busy| *busy = busy.saturating_sub(1));
    }

    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        *self.busy.borrow() == 0
    }

    /// Returns when nothing is under way.
    pub(crate) async fn idle(&self) {
        // The sender lives as long as the gateway.
        let _ = self.busy.subscribe().wait_for(|busy| *busy == 0).await;
    }

    /// Nothing new is begun any more.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Waits for that long, in real time, or until it is to stop: whether it is.
    pub(crate) fn rest(&self, span: Duration) -> impl Future<Output = bool> + use<> {
        let stopping = self.stopping();
        async move { tokio::time::timeout(span, stopping).await.is_ok() }
    }

    /// Returns when it is to stop.
    pub(crate) fn stopping(&self) -> impl Future<Output = ()> + use<> {
        let mut stopped = self.stopped.subscribe();
        async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        }
    }
}
