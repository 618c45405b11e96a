//! A sandbox in this process.

use crate::Call;
use crate::engine::{self, Place};
use clock::{ManualClock, Micros, MovableClock, SeededChance};
use http::Method;
use platform::{Parts, Platform, WorldKey};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use storage::{Blobs, Database, PostgresOptions};
use test_postgres::Schema;

/// The instant that the clock of a new sandbox shows: 2026-03-02T09:00:00Z.
pub const START: Micros = Micros::from_secs(1_772_442_000);

/// A sandbox with the demo world, on a database of its own, on a manual clock, with seeded chance: the same in every run.
pub struct Sandbox {
    /// The platform.
    pub platform: Arc<Platform>,
    /// Its clock. Tests move it through the sim, as users do, or here.
    pub clock: Arc<ManualClock>,
    /// Its data: for tests that look at what the engine does.
    pub db: Database,
    env: HashMap<&'static str, String>,
    /// Goes last.
    _place: Option<Place>,
}

impl Sandbox {
    /// A new one.
    pub async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let (db, place) = engine::database(Arc::clone(&clock) as Arc<dyn clock::Clock>);
        Self { _place: place, ..Self::start_on(db, Blobs::in_memory(), clock).await }
    }

    /// A new one in memory from which nothing goes out, not even a look-up of a name: for input that is made at random.
    pub async fn start_shut() -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let db = Database::in_memory(Arc::clone(&clock) as Arc<dyn clock::Clock>);
        let db = db.expect("a database in memory");
        Self::start_with((db, Blobs::in_memory(), clock), None, net::AddressPolicy::Nowhere).await
    }

    /// One on PostgreSQL, whatever the tests are run on; `None` if there is no server, as [`test_postgres::Schema`] has it.
    pub async fn on_postgres(options: PostgresOptions) -> Option<Self> {
        let clock = Arc::new(ManualClock::new(START));
        let place = Place::new(Schema::new()?, Arc::clone(&clock) as Arc<dyn clock::Clock>, options);
        let db = place.db.clone();
        Some(Self { _place: Some(place), ..Self::start_on(db, Blobs::in_memory(), clock).await })
    }

    /// One on the given database, which must have been opened with the clock. A database that holds a world keeps it; the
    /// files of that world are in `blobs`.
    pub async fn start_on(db: Database, blobs: Blobs, clock: Arc<ManualClock>) -> Self {
        Self::start_with((db, blobs, clock), None, net::AddressPolicy::AllowPrivate).await
    }

    /// One that is open to the network, and wants that token of whoever drives it.
    pub async fn start_locked(token: &str) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let (db, place) = engine::database(Arc::clone(&clock) as Arc<dyn clock::Clock>);
        let (data, token) = ((db, Blobs::in_memory(), clock), Some(token.to_owned()));
        let started = Self::start_with(data, token, net::AddressPolicy::AllowPrivate).await;
        Self { _place: place, ..started }
    }

    async fn start_with(
        (db, blobs, clock): (Database, Blobs, Arc<ManualClock>),
        token: Option<String>,
        reach: net::AddressPolicy,
    ) -> Self {
        let parts = Parts {
            db: db.clone(),
            blobs,
            clock: Arc::clone(&clock) as Arc<dyn MovableClock>,
            chance: Arc::new(SeededChance::new(1)),
            key: WorldKey::new([7; 32]),
            client: net::Client::new(reach),
            public_url: "http://127.0.0.1:8430".to_owned(),
            sandbox: Some(platform::Sandbox { token, rate_limits: false }),
        };
        let platform = Platform::start(parts).await.unwrap();
        let env = platform.sandbox_env().await.unwrap().into_iter().collect();
        Self { platform, clock, db, env, _place: None }
    }

    /// A value of `sandbox.env`.
    pub fn env(&self, name: &str) -> &str {
        self.env.get(name).unwrap_or_else(|| panic!("sandbox.env has no {name}"))
    }

    /// All values of `sandbox.env`.
    pub fn all_env(&self) -> HashMap<String, String> {
        self.env.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    /// A request to be filled in and sent.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Call::in_process(Arc::clone(&self.platform), method, path)
    }

    /// `GET path`.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// `POST path`.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// A POST to the sim that must succeed; answers its body.
    pub async fn sim(&self, path: &str, body: Value) -> Value {
        let answer = self.post(&format!("/sim/{path}")).json(&body).send().await;
        assert_eq!(answer.status, 200, "/sim/{path}: {}", answer.text());
        answer.json()
    }

    /// The demo person writes to an account; answers the `mid`.
    pub async fn person_writes(&self, to: &str, text: &str) -> String {
        let path = format!("people/{}/send", self.env("PERSON_USERNAME"));
        let sent = self.sim(&path, json!({ "to": self.env(to), "text": text })).await;
        sent["mid"].as_str().unwrap().to_owned()
    }

    /// The texts that the demo person sees in the conversation with an account, the oldest first, as `(from, text)`.
    pub async fn inbox(&self, with: &str) -> Vec<(String, String)> {
        let inbox =
            self.get(&format!("/sim/people/{}/inbox", self.env("PERSON_USERNAME"))).send().await.json();
        let conversations = inbox["conversations"].as_array().unwrap().clone();
        let conversation =
            conversations.iter().find(|c| c["with"] == self.env(with)).expect("a conversation");
        let text = |message: &Value, key: &str| message[key].as_str().unwrap_or_default().to_owned();
        let messages = conversation["messages"].as_array().unwrap();
        messages.iter().map(|message| (text(message, "from"), text(message, "text"))).collect()
    }

    /// Sets a callback of the demo app: `IG` for the Instagram Login product, `PAGE` for the other.
    pub async fn set_callback(&self, product: &str, url: &str) {
        let id = if product == "IG" { "INSTAGRAM_APP_ID" } else { "APP_ID" };
        let body =
            json!({ "object": "instagram", "callback_url": url, "verify_token": self.env("VERIFY_TOKEN") });
        let path = format!("/v25.0/{}/subscriptions", self.env(id));
        let answer = self.post(&path).token(self.env("APP_ACCESS_TOKEN")).json(&body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// Moves the clock through the sim.
    pub async fn advance(&self, span: &str) {
        self.sim("clock", json!({ "advance": span })).await;
    }

    /// Waits until every webhook that is due has been tried.
    pub async fn deliver(&self) {
        tokio::time::timeout(Duration::from_secs(60), self.platform.outbox().run_due())
            .await
            .expect("deliveries end");
    }
}
