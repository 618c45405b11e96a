//! The real service is reported to end an app's subscription to an account whose events have failed for an hour (rep:
//! integrators quote Meta's alert, 2026; reference of the webhooks, 4.3). Here that is a setting, off by default: what
//! still waits becomes dead letters, and the feed tells of an incident.

#[cfg(test)]
mod tests;

use super::{dialect, store};
use crate::Platform;
use crate::directory::forget_after_commit;
use crate::faults::content::sender_of;
use crate::log::Log;
use crate::log::feed::Happening;
use crate::settings::Settings;
use clock::Micros;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::mpsc;
use webhooks::{Attempt, EndpointId, Event, Observer, Outcome};

/// How long nothing may have been accepted.
const PATIENCE: Duration = Duration::from_secs(3600);

/// An account whose events fail at an endpoint.
type Failing = (EndpointId, i64);

/// Watches the attempts, and passes everything on to the log.
pub(crate) struct SwitchOff {
    log: Arc<Log>,
    settings: Arc<Settings>,
    /// Since when.
    failing: Mutex<HashMap<Failing, Micros>>,
    given_up: mpsc::UnboundedSender<Failing>,
}

impl SwitchOff {
    /// A watcher, and what it gives up: for [`run`].
    pub(crate) fn new(log: Arc<Log>, settings: Arc<Settings>) -> (Self, mpsc::UnboundedReceiver<Failing>) {
        let (given_up, receiver) = mpsc::unbounded_channel();
        (Self { log, settings, failing: Mutex::default(), given_up }, receiver)
    }

    fn watch(&self, event: &Event, attempt: &Attempt) {
        if sender_of(event.channel) != dialect::MESSAGING || attempt.outcome == Outcome::Dropped {
            return;
        }
        let key = (event.endpoint, event.subject);
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if attempt.accepted {
            failing.remove(&key);
        } else if !attempt.replay && attempt.at.since(*failing.entry(key).or_insert(attempt.at)) >= PATIENCE {
            failing.remove(&key);
            // Nobody listens any more when the platform ends.
            let _ = self.given_up.send(key);
        }
    }
}

impl Observer for SwitchOff {
    fn attempted(&self, events: &[Arc<Event>], attempt: &Arc<Attempt>) {
        self.log.attempted(events, attempt);
        if self.settings.webhook_switch_off() {
            events.iter().for_each(|event| self.watch(event, attempt));
        }
    }

    fn gave_up(&self, event: &Event, reason: &str) {
        self.log.gave_up(event, reason);
    }

    fn held(&self, event: &Event, until: Micros, by: &str) {
        self.log.held(event, until, by);
    }
}

/// Ends the subscriptions that are given up, until the platform ends.
pub(crate) async fn run(platform: Weak<Platform>, mut given_up: mpsc::UnboundedReceiver<Failing>) {
    while let Some(failing) = given_up.recv().await {
        let Some(platform) = platform.upgrade() else { return };
        if let Err(error) = end(&platform, failing).await {
            tracing::error!(%error, "a subscription that fails could not be ended");
        }
    }
}

async fn end(platform: &Arc<Platform>, (endpoint, account): Failing) -> storage::Result<()> {
    let this = Arc::clone(platform);
    let callback = platform
        .db
        .write(move |tx| {
            let Some(callback) = store::by_endpoint(tx, endpoint)? else { return Ok(None) };
            store::unsubscribe(tx, account, callback.app_id, callback.login)?;
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(Some(callback))
        })
        .await?;
    let Some(callback) = callback else { return Ok(()) };
    let reason =
        "switched off: nothing was accepted for an hour, so the app is no longer subscribed to the account";
    platform.outbox().give_up(endpoint, account, reason).await;
    tracing::warn!(app = callback.app_id, account, "webhooks were switched off after an hour of failures");
    let incident = Happening::Incident {
        incident: "webhooks_disabled",
        app: callback.app_id,
        account,
        detail: format!("{reason}: POST /{account}/subscribed_apps subscribes it again"),
    };
    platform.log.feed.push(platform.clock.now(), incident);
    Ok(())
}
