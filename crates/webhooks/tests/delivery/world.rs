//! A dispatcher with a database in memory, a clock that stands still, and a dialect that is easy to read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clock::{Clock, ManualClock, Micros, MovableClock as _};
use http::{HeaderValue, StatusCode, Uri};
use storage::{Database, Migration, PostgresOptions, params};
use test_postgres::{Proxy, Schema, blocking};
use webhooks::{
    Attempt, BoxFuture, Dialect, EndpointId, Envelope, Event, EventKey, Fate, Handle, Observer, Options,
    Schedule, Tampering,
};

use crate::receiver::{LONG, Receiver, soon};

/// When the clock stands at first.
pub(crate) const START: Micros = Micros::from_secs(1_800_000_000);
/// The endpoint of most tests.
pub(crate) const ONE: EndpointId = EndpointId(1);

/// A configured endpoint: its envelope is `lane:number,…`.
#[derive(Clone)]
pub(crate) struct Endpoint {
    url: Uri,
    batch: usize,
    faults: Arc<Mutex<Faults>>,
}

/// What is done to deliveries on purpose, by the numbers of the events.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) fates: HashMap<i64, Fate>,
    pub(crate) tampering: HashMap<i64, Tampering>,
    pub(crate) gathered: usize,
}

impl webhooks::Endpoint for Endpoint {
    fn url(&self) -> &Uri {
        &self.url
    }
    fn batch(&self) -> usize {
        self.batch
    }
    fn envelope(&self, events: &[&Event], now: Micros) -> Envelope {
        assert!(events.iter().all(|event| event.topic != "poison"), "this event cannot be told");
        let each = events.iter().map(|event| format!("{}:{}", event.lane, event.subject));
        let mut envelope =
            Envelope { body: each.collect::<Vec<_>>().join(",").into(), ..Envelope::default() };
        envelope.headers.insert("x-time", HeaderValue::from(now.0));
        envelope
    }
    fn accepts(&self, status: StatusCode) -> bool {
        status.is_success()
    }
    fn refuses(&self, status: StatusCode) -> bool {
        status == StatusCode::GONE
    }
    fn is_tampered(&self) -> bool {
        true
    }
    fn fate(&self, event: &Event, _: Micros) -> Fate {
        self.faults.lock().unwrap().fates.remove(&event.subject).unwrap_or(Fate::Sent)
    }
    fn tampering(&self, events: &[Arc<Event>], _: Micros) -> Option<Tampering> {
        self.faults.lock().unwrap().tampering.remove(&events[0].subject)
    }
    fn gathered(&self) -> usize {
        self.faults.lock().unwrap().gathered
    }
}

pub(crate) struct TestDialect {
    endpoints: Mutex<HashMap<EndpointId, Endpoint>>,
    schedule: Schedule,
    timeout: Duration,
    /// How often the configuration cannot be read.
    pub(crate) failures: AtomicUsize,
    pub(crate) faults: Arc<Mutex<Faults>>,
}

impl Dialect for TestDialect {
    fn endpoint(
        &self,
        id: EndpointId,
    ) -> BoxFuture<'_, storage::Result<Option<Arc<dyn webhooks::Endpoint>>>> {
        let count_down = |left: usize| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count_down).is_ok() {
            return Box::pin(async { Err(storage::Error::Busy) });
        }
        let found = self.endpoints.lock().unwrap().get(&id).cloned();
        Box::pin(async move { Ok(found.map(|endpoint| Arc::new(endpoint) as Arc<dyn webhooks::Endpoint>)) })
    }
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }
    fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// Everything that was observed.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) attempts: Mutex<Vec<(Vec<EventKey>, Attempt)>>,
    pub(crate) given_up: Mutex<Vec<(EventKey, String)>>,
    pub(crate) held: Mutex<Vec<(EventKey, Micros, String)>>,
}

impl Observer for Log {
    fn attempted(&self, events: &[Arc<Event>], attempt: &Arc<Attempt>) {
        let keys = events.iter().map(|event| event.key()).collect();
        self.attempts.lock().unwrap().push((keys, Attempt::clone(attempt)));
    }
    fn gave_up(&self, event: &Event, reason: &str) {
        self.given_up.lock().unwrap().push((event.key(), reason.to_owned()));
    }
    fn held(&self, event: &Event, until: Micros, by: &str) {
        self.held.lock().unwrap().push((event.key(), until, by.to_owned()));
    }
}

impl Log {
    /// When attempts were made, in seconds from [`START`], rounded down to tenths.
    pub(crate) fn times(&self) -> Vec<f64> {
        let attempts = self.attempts.lock().unwrap();
        attempts.iter().map(|(_, a)| a.at.since(START).as_millis() as f64 / 1000.0).collect()
    }
    pub(crate) fn attempts(&self) -> usize {
        self.attempts.lock().unwrap().len()
    }
    pub(crate) fn last(&self) -> Attempt {
        self.attempts.lock().unwrap().last().unwrap().1.clone()
    }
    pub(crate) fn reasons(&self) -> Vec<String> {
        self.given_up.lock().unwrap().iter().map(|(_, reason)| reason.clone()).collect()
    }
}

/// How a world is made.
pub(crate) struct Settings {
    pub(crate) schedule: Schedule,
    pub(crate) timeout: Duration,
    pub(crate) options: Options,
}

impl Default for Settings {
    fn default() -> Self {
        // Rows of deliveries are deleted when a test waits for it, and not before.
        let options = Options { flush_after: LONG, ..Options::default() };
        // An attempt that hangs does so for longer than a test waits.
        Self { schedule: Schedule::default(), timeout: 2 * LONG, options }
    }
}

pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) dialect: Arc<TestDialect>,
    pub(crate) log: Arc<Log>,
    pub(crate) handle: Handle,
    options: Options,
    /// The number of the next event.
    next: Mutex<i64>,
    /// Where the tables are on a server, if they are.
    pub(crate) schema: Option<Schema>,
}

/// What the senders of these tests lock.
const CONVERSATIONS: Migration = Migration {
    name: "conversations of the tests",
    sql: "CREATE TABLE conversation (lane BIGINT NOT NULL PRIMARY KEY, last BIGINT NOT NULL)",
};

impl World {
    /// A world in memory, or on PostgreSQL if the tests are run on it.
    pub(crate) async fn new(settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let timed = Arc::clone(&clock) as Arc<dyn Clock>;
        let Some(schema) = Schema::if_wanted() else {
            return Self::of(settings, Database::in_memory(timed).unwrap(), clock);
        };
        let db = Database::connect(&schema.url(), timed, few_connections()).unwrap();
        Self { schema: Some(schema), ..Self::of(settings, db, clock) }
    }

    /// A world in a file, whose readers and writer run beside everything else.
    pub(crate) async fn on_disk(receiver: &Receiver, settings: Settings, name: &str) -> Self {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Arc::new(ManualClock::new(START));
        let timed = Arc::clone(&clock) as Arc<dyn Clock>;
        let db = Database::open(&folder.join("db"), timed, storage::Options::default()).unwrap();
        let world = Self::of(settings, db, clock);
        world.configure(ONE, &receiver.url(), 1);
        world
    }

    /// A world on PostgreSQL, where units run side by side, if there is a server. It is reached through a proxy.
    pub(crate) async fn on_postgres(receiver: &Receiver, settings: Settings) -> Option<(Self, Proxy)> {
        let schema = Schema::new()?;
        let proxy = Proxy::start(&schema, None).await;
        let url = schema.url_at("127.0.0.1", proxy.port);
        let clock = Arc::new(ManualClock::new(START));
        let timed = Arc::clone(&clock) as Arc<dyn Clock>;
        let db = blocking(move || {
            let db = Database::connect(&url, timed, few_connections()).unwrap();
            db.migrate(&[webhooks::MIGRATIONS, &[CONVERSATIONS]].concat()).unwrap();
            db
        });
        let mut world = Self::made(settings, db.await, clock);
        world.schema = Some(schema);
        world.configure(ONE, &receiver.url(), 1);
        Some((world, proxy))
    }

    fn of(settings: Settings, db: Database, clock: Arc<ManualClock>) -> Self {
        db.migrate(webhooks::MIGRATIONS).unwrap();
        Self::made(settings, db, clock)
    }

    fn made(settings: Settings, db: Database, clock: Arc<ManualClock>) -> Self {
        let Settings { schedule, timeout, options } = settings;
        let dialect = Arc::new(TestDialect {
            endpoints: Mutex::default(),
            schedule,
            timeout,
            failures: AtomicUsize::new(0),
            faults: Arc::default(),
        });
        let log = Arc::new(Log::default());
        let handle = start(&db, &clock, &dialect, &log, &options);
        Self { db, clock, dialect, log, handle, options, next: Mutex::new(1), schema: None }
    }

    /// A world whose first endpoint is `receiver`.
    pub(crate) async fn with(receiver: &Receiver, settings: Settings) -> Self {
        let world = Self::new(settings).await;
        world.configure(ONE, &receiver.url(), 1);
        world
    }

    pub(crate) fn configure(&self, id: EndpointId, url: &str, batch: usize) {
        let faults = Arc::clone(&self.dialect.faults);
        let endpoint = Endpoint { url: url.parse().unwrap(), batch, faults };
        self.dialect.endpoints.lock().unwrap().insert(id, endpoint);
        self.handle.changed(id);
    }

    pub(crate) fn remove(&self, id: EndpointId) {
        self.dialect.endpoints.lock().unwrap().remove(&id);
        self.handle.changed(id);
    }

    /// Commits one event each for these lanes, in one transaction; their numbers go on from the last.
    pub(crate) async fn append(&self, endpoint: EndpointId, lanes: &[i64]) -> Vec<EventKey> {
        self.append_as("messages", endpoint, lanes).await
    }

    pub(crate) async fn append_as(&self, topic: &str, endpoint: EndpointId, lanes: &[i64]) -> Vec<EventKey> {
        let events = self.events(topic, endpoint, lanes);
        let keys = events.iter().map(Event::key).collect();
        let handle = self.handle.clone();
        let append = move |tx: &mut storage::Tx<'_>| {
            events.iter().try_for_each(|event| handle.append(tx, event.clone()))
        };
        self.db.write::<_, storage::Error>(append).await.unwrap();
        keys
    }

    pub(crate) fn events(&self, topic: &str, endpoint: EndpointId, lanes: &[i64]) -> Vec<Event> {
        let mut next = self.next.lock().unwrap();
        let event = |lane: &i64| {
            let number = *next;
            *next += 1;
            Event {
                endpoint,
                at: Micros(self.clock.now().0 + number),
                lane: *lane,
                subject: number,
                channel: 1,
                topic: topic.to_owned(),
                body: Bytes::from_static(b"{}"),
            }
        };
        lanes.iter().map(event).collect()
    }

    /// A unit as a send is one: it locks the conversation, and makes its next event. Answers the event's number. `first`
    /// is called in the unit before anything else.
    pub(crate) fn send(
        &self,
        lane: i64,
        first: impl Fn(&mut storage::Tx<'_>) + Send + 'static,
    ) -> impl Future<Output = storage::Result<i64>> + Send + 'static {
        let (db, handle) = (self.db.clone(), self.handle.clone());
        async move {
            db.write(move |tx| {
                first(tx);
                let begin =
                    "INSERT INTO conversation (lane, last) VALUES ($1, 0) ON CONFLICT (lane) DO NOTHING";
                tx.later(begin, params![lane])?;
                let lock = "SELECT last FROM conversation WHERE lane = $1 FOR UPDATE";
                let number = tx.one::<i64>(lock, params![lane])?.unwrap_or_default() + 1;
                tx.later("UPDATE conversation SET last = $2 WHERE lane = $1", params![lane, number])?;
                let event = Event {
                    endpoint: ONE,
                    at: Micros(START.0 + number),
                    lane,
                    subject: number,
                    channel: 1,
                    topic: "messages".to_owned(),
                    body: Bytes::from_static(b"{}"),
                };
                handle.append(tx, event)?;
                Ok(number)
            })
            .await
        }
    }

    /// Waits until everything that is due is done.
    pub(crate) async fn settle(&self) {
        soon(self.handle.run_due()).await;
    }

    /// Moves the clock and waits until what fell due is done.
    pub(crate) async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        soon(self.handle.clock_moved()).await;
        self.settle().await;
    }

    /// The process dies, and another one starts on the same database.
    pub(crate) fn restart(&mut self) {
        self.handle = start(&self.db, &self.clock, &self.dialect, &self.log, &self.options);
    }

    /// The rows of `outbox`, `webhook_retry` and `dead_letter`.
    pub(crate) async fn rows(&self) -> (i64, i64, i64) {
        let count = |tx: &mut storage::ReadTx<'_>| {
            let mut count = |sql| tx.one::<i64>(sql, &[]).map(Option::unwrap_or_default);
            Ok::<_, storage::Error>((
                count("SELECT COUNT(*) FROM outbox")?,
                count("SELECT COUNT(*) FROM webhook_retry")?,
                count("SELECT COUNT(*) FROM dead_letter")?,
            ))
        };
        self.db.read(count).await.unwrap()
    }
}

/// Enough for units to run side by side.
fn few_connections() -> PostgresOptions {
    PostgresOptions { connections: 6, readers: 2, ..PostgresOptions::default() }
}

fn start(
    db: &Database,
    clock: &Arc<ManualClock>,
    dialect: &Arc<TestDialect>,
    log: &Arc<Log>,
    options: &Options,
) -> Handle {
    webhooks::start(
        db.clone(),
        Arc::clone(clock) as Arc<dyn Clock>,
        net::Client::new(net::AddressPolicy::AllowPrivate),
        Arc::clone(dialect) as Arc<dyn Dialect>,
        Arc::clone(log) as Arc<dyn Observer>,
        *options,
    )
}

/// Asserts that each lane's events are in order, and that these are all of them, once each.
pub(crate) fn assert_in_order(events: &[(i64, i64)], count: usize) {
    let mut last: HashMap<i64, i64> = HashMap::new();
    for (lane, number) in events {
        let before = last.insert(*lane, *number);
        assert!(before < Some(*number), "lane {lane}: {before:?} before {number}");
    }
    assert_eq!(events.len(), count);
}
