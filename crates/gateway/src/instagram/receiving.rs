//! Dealing with what Instagram told, in the order in which it came: one person's events one after the other, different
//! people's side by side.

use super::reading::{Told, What};
use super::{applying, reading};
use crate::integrations::{self, Integration};
use crate::work::Work;
use crate::{Gateway, users};
use clock::Micros;
use futures_util::{StreamExt as _, stream};
use serde_json::{Map, Value};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use storage::{FromRow, Read, Result, Row, Tx, params};
use tokio::sync::Notify;

/// So many events are read at a time.
const BATCH: i64 = 200;
/// So many people's events are dealt with side by side.
const SIDE_BY_SIDE: usize = 8;
/// After trouble with the database.
const REST: Duration = Duration::from_millis(500);
/// How long a person's profile is waited for: a message is stored without it, too.
const PROFILE_TIME: Duration = Duration::from_secs(5);
/// How long the identities of events are kept.
const KEPT: Duration = Duration::from_secs(8 * 24 * 3600);

/// The worker's side that others see.
#[derive(Debug)]
pub(crate) struct Receiver {
    wanted: AtomicBool,
    notify: Notify,
    last: AtomicI64,
    work: Arc<Work>,
}

impl Receiver {
    pub(crate) fn new(work: Arc<Work>) -> Self {
        Self { wanted: AtomicBool::new(false), notify: Notify::new(), last: AtomicI64::new(0), work }
    }

    /// There is something to deal with.
    pub(crate) fn wake(&self) {
        if !self.wanted.swap(true, Ordering::SeqCst) {
            self.work.begin();
        }
        self.notify.notify_one();
    }

    /// An instant of its own for what arrives now.
    pub(crate) fn next_arrival(&self, now: Micros) -> Micros {
        let next = |last: i64| Some(now.0.max(last + 1));
        let last = self.last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        Micros(now.0.max(last.unwrap_or_else(|last| last) + 1))
    }

    /// No arrival is to come before this one.
    pub(crate) fn begin_after(&self, last: Micros) {
        self.last.fetch_max(last.0, Ordering::SeqCst);
    }
}

/// The newest arrival that is stored.
pub(crate) fn last_arrival(db: &mut impl Read) -> Result<Micros> {
    let mut last = 0;
    for done in [0_i64, 1] {
        let found = db.one::<i64>(
            "SELECT arrived FROM inbound WHERE done = $1 ORDER BY arrived DESC LIMIT 1",
            params![done],
        )?;
        last = last.max(found.unwrap_or_default());
    }
    Ok(Micros(last))
}

/// An event that is to be dealt with.
#[derive(Clone, Debug)]
pub(crate) struct Arriving {
    app_id: String,
    key: String,
    integration_id: String,
    body: String,
}

impl Arriving {
    pub(crate) fn new(integration: &Integration, event: &Value) -> Self {
        Self {
            app_id: integration.app_id.clone(),
            key: reading::identity(&integration.business_id, event),
            integration_id: integration.id.clone(),
            body: event.to_string(),
        }
    }
}

/// Stores events, and has them dealt with. What was told before is left out.
pub(crate) async fn take_in(gateway: &Arc<Gateway>, events: Vec<Arriving>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let this = Arc::clone(gateway);
    gateway
        .db
        .write(move |tx| {
            for event in &events {
                let arrived = this.receiver.next_arrival(tx.now());
                tx.later(
                    "INSERT INTO inbound (app_id, event_key, arrived, integration_id, body, done)
                     VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (app_id, event_key) DO NOTHING",
                    params![&event.app_id, &event.key, arrived, &event.integration_id, &event.body],
                )?;
            }
            Ok::<_, storage::Error>(())
        })
        .await?;
    gateway.receiver.wake();
    Ok(())
}

/// A stored event.
#[derive(Clone, Debug)]
struct Stored {
    app_id: String,
    key: String,
    arrived: Micros,
    integration_id: String,
    body: String,
}

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            app_id: row.text(0)?,
            key: row.text(1)?,
            arrived: row.micros(2)?,
            integration_id: row.text(3)?,
            body: row.text(4)?,
        })
    }
}

/// Runs until the gateway stops or is gone.
pub(crate) async fn run(gateway: Weak<Gateway>) {
    let Some(this) = gateway.upgrade() else { return };
    let (receiver, work) = (Arc::clone(&this.receiver), Arc::clone(&this.work));
    drop(this);
    loop {
        tokio::select! {
            () = work.stopping() => return,
            () = receiver.notify.notified() => {}
        }
        while receiver.wanted.swap(false, Ordering::SeqCst) {
            let Some(this) = gateway.upgrade() else { return };
            let done = drain(&this).await;
            drop(this);
            if let Err(error) = done {
                tracing::error!(%error, "what Instagram told cannot be dealt with now: trying again");
                if work.rest(REST).await {
                    return;
                }
                receiver.wake();
            }
            work.end();
        }
    }
}

/// Deals with everything that waits.
async fn drain(gateway: &Arc<Gateway>) -> Result<()> {
    loop {
        if gateway.work.is_stopped() {
            return Ok(());
        }
        let waiting = gateway
            .db
            .read(|db| {
                db.all::<Stored>(
                    "SELECT app_id, event_key, arrived, integration_id, body FROM inbound
                     WHERE done = 0 ORDER BY arrived LIMIT $1",
                    params![BATCH],
                )
            })
            .await?;
        let Some(newest) = waiting.last().map(|stored| stored.arrived) else { return Ok(()) };
        let mut people: Vec<(String, Vec<Stored>)> = Vec::new();
        for stored in waiting {
            let person = person(&stored);
            match people.iter_mut().find(|(known, _)| *known == person) {
                Some((_, events)) => events.push(stored),
                None => people.push((person, vec![stored])),
            }
        }
        let failures = stream::iter(people)
            .map(|(_, events)| async move {
                for stored in events {
                    one(gateway, stored).await?;
                }
                Ok::<_, storage::Error>(())
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .filter_map(|done| async move { done.err() })
            .collect::<Vec<_>>()
            .await;
        if let Some(error) = failures.into_iter().next() {
            return Err(error);
        }
        forget_old(gateway, newest).await?;
    }
}

fn person(stored: &Stored) -> String {
    let event: Value = serde_json::from_str(&stored.body).unwrap_or_default();
    let (sender, recipient) =
        (reading::text(&event["sender"]["id"]), reading::text(&event["recipient"]["id"]));
    // The pair, whichever way the event went.
    if sender < recipient { format!("{sender} {recipient}") } else { format!("{recipient} {sender}") }
}

async fn forget_old(gateway: &Arc<Gateway>, newest: Micros) -> Result<()> {
    let before = newest.minus(KEPT);
    gateway
        .db
        .write(move |tx| {
            tx.later("DELETE FROM inbound WHERE done = 1 AND arrived < $1", params![before])?;
            tx.later("DELETE FROM sent_part WHERE sent_at < $1", params![before])
        })
        .await
}

/// Deals with one event: in one transaction with the note that it is done.
async fn one(gateway: &Arc<Gateway>, stored: Stored) -> Result<()> {
    let (app_id, integration_id) = (stored.app_id.clone(), stored.integration_id.clone());
    let integration =
        gateway.db.read(move |db| integrations::store::find(db, &app_id, &integration_id)).await?;
    let event: Value = serde_json::from_str(&stored.body).unwrap_or_default();
    let told = integration.as_ref().and_then(|one| Told::read(&one.business_id, &event));
    let Some((integration, told)) = integration.zip(told) else {
        tracing::debug!(key = stored.key, "an event that the gateway does not deal with");
        return gateway.db.write(move |tx| note_done(tx, &stored)).await;
    };
    let profile = profile(gateway, &integration, &told).await?;
    let this = Arc::clone(gateway);
    gateway
        .db
        .write(move |tx| {
            // Another worker's, or an earlier run of this one, may have dealt with it.
            let open = tx.one::<i64>(
                "SELECT done FROM inbound WHERE app_id = $1 AND event_key = $2 FOR UPDATE",
                params![&stored.app_id, &stored.key],
            )?;
            if open == Some(0) {
                applying::apply(tx, &this, &integration, &told, profile.as_ref())?;
                note_done(tx, &stored)?;
            }
            Ok(())
        })
        .await
}

fn note_done(tx: &mut Tx<'_>, stored: &Stored) -> Result<()> {
    tx.later(
        "UPDATE inbound SET done = 1, body = '' WHERE app_id = $1 AND event_key = $2",
        params![&stored.app_id, &stored.key],
    )
}

/// The person's profile, if it is not known yet and can be had now.
async fn profile(
    gateway: &Arc<Gateway>,
    integration: &Integration,
    told: &Told,
) -> Result<Option<Map<String, Value>>> {
    let (id, person) = (integration.id.clone(), told.person.clone());
    let client = gateway.db.read(move |db| users::store::client_of(db, &id, &person)).await?;
    let is_known = client
        .is_some_and(|client| client.doc.0.get("raw").is_some_and(|raw| raw != &Value::Object(Map::new())));
    // Nobody's profile may be read before they have written (Meta: User Profile API).
    if is_known || (told.is_echo && !matches!(told.what, What::Message(_))) {
        return Ok(None);
    }
    let access = integration.access(gateway)?;
    let asked = tokio::time::timeout(PROFILE_TIME, gateway.graph.profile(&access, &told.person)).await;
    match asked {
        Ok(Ok(profile)) => Ok(Some(profile)),
        Ok(Err(failure)) => {
            tracing::info!(%failure, "a person's profile cannot be read");
            Ok(None)
        }
        Err(_) => Ok(None),
    }
}
