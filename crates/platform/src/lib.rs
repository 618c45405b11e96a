//! The platform: a server that is wire-compatible with Meta's Instagram Platform, both variants.
//!
//! One folder for each section of the API reference; a slice reads the same everywhere: `ops.rs` (its rows of the
//! table of operations, and their handlers), `rules.rs` (pure decisions), `store.rs` (its tables), `events.rs` (what it
//! announces), `schema.sql`, `tests.rs`. `graph` is the way of a request, `sim` plays the people and the clock.

mod accounts;
mod address;
mod ads;
mod apps;
mod assets;
mod attachments;
mod body;
mod comments;
mod conversation_routing;
mod conversations;
mod demo;
mod directory;
mod failure;
mod faults;
mod grants;
mod graph;
mod hashtags;
mod html;
mod insights;
mod log;
mod login;
mod mentions;
mod messenger_profile;
mod metrics;
mod multipart;
mod people;
mod publishing;
mod rates;
mod schema;
mod send_api;
mod settings;
mod sim;
mod subscriptions;
mod tokens;
mod user_profile;
mod welcome_message_flows;
mod world_key;

use bytes::Bytes;
use clock::{Chance, MovableClock};
use directory::Directory;
use failure::Failure;
use faults::Faults;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use log::Log;
use settings::Settings;
use std::sync::Arc;
use std::time::Duration;
use storage::{Blobs, Database, Migration};
use subscriptions::switch_off::{self, SwitchOff};
use webhooks::Handle;

pub use body::Body;
pub use demo::access::{AccountAccess, AppAccess};
pub use graph::node::NodeType;
pub use graph::operations::{Operation, TakenTokens, Verb, all as operations};
pub use sim::Sandbox;
pub use world_key::WorldKey;

/// The largest body that is read, in bytes, but for the files of the operations that take one: what is read before the
/// token is known must cost little.
const MAX_BODY: usize = 256 << 10;
/// How long a caller may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// What a platform is made of.
pub struct Parts {
    /// Its data. Must not be used by another platform.
    pub db: Database,
    /// Where the bytes of its files are. Several platforms may share the place.
    pub blobs: Blobs,
    /// Its time; the database must have been opened with the same clock.
    pub clock: Arc<dyn MovableClock>,
    /// Its source of unpredictable bytes.
    pub chance: Arc<dyn Chance>,
    /// The key that its secrets and tokens are derived from. Another key makes another world of the same data.
    pub key: WorldKey,
    /// The way out: for webhooks and handshakes.
    pub client: net::Client,
    /// Where links in webhook bodies lead: `http://127.0.0.1:8430`, no slash at the end.
    pub public_url: String,
    /// The sandbox's control surface; `None`: there is no sim.
    pub sandbox: Option<Sandbox>,
}

/// Which key the world in the database belongs to, by its [`WorldKey::fingerprint`]; `None` if there is no world yet.
/// Brings the schema up to date.
///
/// # Errors
/// If the database cannot be read, or belongs to a newer version.
pub async fn stored_key(db: &Database) -> storage::Result<Option<String>> {
    migrate(db)?;
    db.read(|db| settings::read(db, settings::WORLD_KEY)).await
}

fn migrate(db: &Database) -> storage::Result<()> {
    let migrations: Vec<Migration> = schema::MIGRATIONS.iter().chain(webhooks::MIGRATIONS).copied().collect();
    db.migrate(&migrations)
}

/// A running platform.
pub struct Platform {
    pub(crate) db: Database,
    pub(crate) clock: Arc<dyn MovableClock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) key: WorldKey,
    pub(crate) client: net::Client,
    pub(crate) directory: Directory,
    pub(crate) files: assets::Files,
    pub(crate) faults: Arc<Faults>,
    pub(crate) log: Arc<Log>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) rates: rates::Rates,
    pub(crate) callbacks: grants::callbacks::Callbacks,
    outbox: Handle,
    public_url: String,
    sandbox: Option<Sandbox>,
    /// Held while the clock is moved or the world made anew.
    pub(crate) moving: tokio::sync::Mutex<()>,
}

impl Platform {
    /// Brings the schema up to date and starts. A sandbox without a world gets the demo world. Webhooks that an
    /// earlier process left undelivered are sent.
    ///
    /// # Errors
    /// If the database cannot be read, or belongs to a newer version.
    pub async fn start(parts: Parts) -> storage::Result<Arc<Self>> {
        let Parts { db, blobs, clock, chance, key, client, public_url, sandbox } = parts;
        migrate(&db)?;
        let limits_by_default = sandbox.as_ref().is_some_and(|sandbox| sandbox.rate_limits);
        let settings = Arc::new(Settings::new(limits_by_default));
        let stored = Arc::clone(&settings);
        let offset = db
            .read(move |db| {
                stored.load(db)?;
                settings::read(db, settings::CLOCK_OFFSET)
            })
            .await?;
        if let Some(offset) = offset.and_then(|text| text.parse::<i64>().ok()) {
            clock.set(clock::Micros(clock.now().0.saturating_add(offset)));
        }
        let files = assets::Files::start(&blobs, &db, &key).await?;
        let log = Arc::new(Log::new(Arc::clone(&clock) as Arc<dyn clock::Clock>));
        let faults =
            Arc::new(Faults::new(Arc::clone(&log.feed), Arc::clone(&clock) as Arc<dyn clock::Clock>));
        let dialect = subscriptions::MessagingDialect::new(
            db.clone(),
            key.clone(),
            Arc::clone(&settings),
            Arc::clone(&faults),
        );
        let (switch_off, switched) = SwitchOff::new(Arc::clone(&log), Arc::clone(&settings));
        let outbox = webhooks::start(
            db.clone(),
            Arc::clone(&clock) as Arc<dyn clock::Clock>,
            client.clone(),
            Arc::new(dialect),
            Arc::new(switch_off),
            webhooks::Options::default(),
        );
        let directory = Directory::new(db.clone(), key.clone());
        let platform = Arc::new(Self {
            db,
            clock,
            chance,
            key,
            client,
            directory,
            files,
            faults,
            log,
            settings,
            rates: rates::Rates::default(),
            callbacks: grants::callbacks::Callbacks::new(),
            outbox,
            public_url,
            sandbox,
            moving: tokio::sync::Mutex::default(),
        });
        tokio::spawn(switch_off::run(Arc::downgrade(&platform), switched));
        tokio::spawn(insights::tell_stories(Arc::downgrade(&platform)));
        if platform.sandbox.is_some() {
            demo::begin(&platform).await?;
        }
        Ok(platform)
    }

    /// Answers a request of any kind: the Graph API, or, in a sandbox, the sim and the pages of the logins.
    pub async fn handle<B>(self: &Arc<Self>, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send,
        B::Error: std::fmt::Display,
    {
        let (parts, body) = request.into_parts();
        if let Some(target) = publishing::upload::Target::of(parts.uri.path()) {
            return publishing::upload::answer(self, parts, body, target).await;
        }
        if self.sandbox.is_some()
            && let Some(link) = publishing::page::Permalink::of(&parts)
        {
            return publishing::page::answer(self, &parts, link).await;
        }
        match (parts.uri.path(), &self.sandbox) {
            ("/healthz", _) => json_response(StatusCode::OK, &serde_json::json!({ "status": "ok" })),
            ("/metrics", _) => metrics::answer(self),
            (assets::sticker::PATH, _) => assets::sticker::answer(&parts.method),
            (path, _) if assets::serve::is_file(path) => {
                let answer = assets::serve::answer(self, &parts).await;
                match self.faults.on_files() {
                    true => faults::requests::of_file(self, answer).await,
                    false => answer,
                }
            }
            (path, Some(sandbox)) if ads::page::is_page(path) => {
                ads::page::answer(self, sandbox, parts, body).await
            }
            (path, Some(sandbox)) if is_sim(path) => sim::answer(self, sandbox, parts, body).await,
            (_, Some(sandbox)) if login::Page::of(&parts).is_some() => {
                login::answer(self, sandbox, parts, body).await
            }
            _ => {
                let answer = graph::server::answer(self, parts, body).await;
                match answer.extensions().get::<graph::answer::Lost>() {
                    None => answer.map(Body::full),
                    Some(_) => answer.map(|_| Body::broken()),
                }
            }
        }
    }

    /// The lines of `sandbox.env`: names and values of the demo world. Empty outside a sandbox.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn sandbox_env(&self) -> storage::Result<Vec<(&'static str, String)>> {
        match &self.sandbox {
            Some(_) => demo::env(self).await,
            None => Ok(Vec::new()),
        }
    }

    /// What the app of that name has of the demo accounts; `None` if there is no such app.
    ///
    /// # Errors
    /// The database failed.
    pub async fn app_access(&self, name: &str) -> storage::Result<Option<AppAccess>> {
        demo::access::of_app(self, name).await
    }

    /// Makes the demo world anew, with the same ids and tokens, on unmoved time.
    ///
    /// # Errors
    /// If the database cannot be written; the old world is then still there.
    pub async fn reset(self: &Arc<Self>) -> storage::Result<()> {
        demo::reset(self).await?;
        let (now, cause) = (self.clock.now(), storage::cause());
        self.log.feed.push_caused(now, cause, log::feed::Happening::Reset);
        Ok(())
    }

    /// The webhooks that wait and go.
    pub fn outbox(&self) -> &Handle {
        &self.outbox
    }

    /// Ends the waiting of those who wait on events, before the listener stops: they would keep it open.
    pub fn close(&self) {
        self.log.feed.close();
    }

    /// Finishes what is in flight and stops. Answers given so far are on disk; what is undelivered goes out at the
    /// next start.
    pub async fn stop(&self) {
        self.outbox.stop().await;
        self.callbacks.settled().await;
        self.files.settled().await;
    }

    /// Where links in webhook bodies lead; no slash at the end.
    pub(crate) fn public_url(&self) -> &str {
        &self.public_url
    }
}

fn is_sim(path: &str) -> bool {
    path == "/sim" || path.starts_with("/sim/")
}

pub(crate) fn json_response(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    let body = serde_json::to_vec(value).unwrap_or_default();
    let mut response = Response::new(Body::full(Full::new(body.into())));
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json; charset=UTF-8"),
    );
    response
}
