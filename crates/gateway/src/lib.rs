//! The gateway: a server that is wire-compatible with Sunshine Conversations v2 for the Instagram Direct channel. It knows
//! Instagram only through `graph-client`, be it the real one or the platform.
//!
//! One folder for each kind of resource: `ops.rs` (its rows of the table of operations, and their handlers), `store.rs`
//! (its tables), `schema.sql`. `api` is the way of a request, `hooks` the webhooks out, `instagram` the channel: receiving,
//! sending, and what becomes of content on the way.

mod adopting;
mod api;
mod apps;
mod attachments;
mod conversations;
mod hooks;
mod instagram;
mod integrations;
mod messages;
mod oauth;
mod schema;
mod sealed;
mod settings;
mod switchboards;
mod users;
mod work;

#[cfg(test)]
mod tests;

use clock::{Chance, Clock, Micros};
use http::{Request, Response};
use instagram::pace::Pace;
use instagram::receiving::{self, Receiver};
use instagram::sending::Sender;
use instagram::{backfill, outgoing, warning};
use std::sync::Arc;
use storage::{Blobs, Database};
use work::Work;

pub use adopting::Adopted;
pub use api::body::Body;
pub use api::operations::{Operation, Standing, all as operations};
pub use apps::bootstrap::{Bootstrap, NewKey};
pub use settings::{HumanAgentTag, Profile, Settings};

/// The path of the callback that Instagram is given.
pub const CALLBACK: &str = "/sc/instagram/webhook";

/// Whether a path is the callback's.
pub fn is_callback(path: &str) -> bool {
    path == CALLBACK
}

/// Which key it is: a text that tells keys apart and nothing of them.
pub fn fingerprint(key: &[u8; 32]) -> String {
    sealed::fingerprint(key)
}

/// What a gateway is made of.
pub struct Parts {
    /// Its data. Must not be used by another gateway, nor by a platform.
    pub db: Database,
    /// Where the bytes of attachments are.
    pub blobs: Blobs,
    /// Its time; the database must have been opened with the same clock.
    pub clock: Arc<dyn Clock>,
    /// Its source of unpredictable bytes.
    pub chance: Arc<dyn Chance>,
    /// The key that secrets of others are sealed with, and its verify token derived from.
    pub key: [u8; 32],
    /// The way out, for webhooks and media.
    pub client: net::Client,
    /// Instagram.
    pub graph: graph_client::Client,
    /// Where it is reached: `https://gateway.example`, no slash at the end. The paths begin with `/sc` there.
    pub public_url: String,
    /// What can be chosen.
    pub settings: Settings,
}

/// A running gateway.
pub struct Gateway {
    pub(crate) db: Database,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) seal: sealed::Seal,
    pub(crate) client: net::Client,
    pub(crate) graph: graph_client::Client,
    pub(crate) public_url: String,
    pub(crate) settings: Settings,
    pub(crate) work: Arc<Work>,
    pub(crate) receiver: Arc<Receiver>,
    pub(crate) sender: Sender,
    pub(crate) pace: Pace,
    pub(crate) looked: backfill::Looked,
    hooks: webhooks::Handle,
}

impl Gateway {
    /// Brings the schema up to date and starts: what an earlier process left undelivered goes on.
    ///
    /// # Errors
    /// If the database cannot be read, or belongs to a newer version, or to another key.
    pub async fn start(parts: Parts) -> storage::Result<Arc<Self>> {
        let Parts { db, blobs, clock, chance, key, client, graph, public_url, settings } = parts;
        schema::migrate(&db)?;
        let seal = sealed::Seal::new(&key, Arc::clone(&chance));
        schema::check_key(&db, &seal).await?;
        let hooks = webhooks::start(
            db.clone(),
            Arc::clone(&clock),
            client.clone(),
            Arc::new(hooks::dialect::HookDialect::new(db.clone(), seal.clone())),
            Arc::new(()),
            webhooks::Options::default(),
        );
        let public_url = public_url.trim_end_matches('/').to_owned();
        let work = Arc::new(Work::default());
        let receiver = Arc::new(Receiver::new(Arc::clone(&work)));
        let gateway = Arc::new_cyclic(|me| Self {
            db,
            blobs,
            clock,
            chance,
            seal,
            client,
            graph,
            public_url,
            settings,
            receiver,
            sender: Sender::new(me.clone(), Arc::clone(&work)),
            work,
            pace: Pace::default(),
            looked: backfill::Looked::default(),
            hooks,
        });
        gateway.go_on().await?;
        Ok(gateway)
    }

    /// Begins the work besides requests, with what an earlier process left.
    async fn go_on(self: &Arc<Self>) -> storage::Result<()> {
        let (last, unsent) = self
            .db
            .read(|db| Ok::<_, storage::Error>((receiving::last_arrival(db)?, outgoing::conversations(db)?)))
            .await?;
        self.receiver.begin_after(last);
        tokio::spawn(receiving::run(Arc::downgrade(self)));
        tokio::spawn(warning::run(Arc::downgrade(self)));
        tokio::spawn(backfill::run(Arc::downgrade(self)));
        self.receiver.wake();
        for conversation in unsent {
            self.sender.wake(&conversation);
        }
        Ok(())
    }

    /// Whether a path is one of the gateway's.
    pub fn serves(path: &str) -> bool {
        let under = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        under("/sc") || under("/v2")
    }

    /// Answers a request.
    pub async fn handle<B>(self: &Arc<Self>, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = bytes::Bytes> + Send,
        B::Error: std::fmt::Display,
    {
        api::server::answer(self, request).await
    }

    /// The webhooks that wait and go.
    pub fn outbox(&self) -> &webhooks::Handle {
        &self.hooks
    }

    /// The word that Instagram must show in the handshake of the callback.
    pub fn verify_token(&self) -> String {
        self.seal.verify_token()
    }

    /// The address of the callback that Instagram is given.
    pub fn callback_url(&self) -> String {
        format!("{}{CALLBACK}", self.public_url)
    }

    /// To be called after the clock was moved: what waits for a time that has come goes on.
    pub async fn clock_moved(self: &Arc<Self>) {
        self.sender.clock_moved(self.clock.now());
        if let Err(error) = warning::due(self).await {
            tracing::error!(%error, "who waits for an answer cannot be read now");
        }
        backfill::due(self).await;
        self.hooks.clock_moved().await;
    }

    /// "Run all that is due", for tests: returns when everything that was told is dealt with, everything that can be sent
    /// now is sent, and every webhook that is due was tried.
    pub async fn settled(&self) {
        loop {
            self.work.idle().await;
            self.hooks.run_due().await;
            if self.work.is_idle() {
                return;
            }
        }
    }

    /// Finishes what is in flight and stops. What is undone goes on at the next start.
    pub async fn stop(&self) {
        self.work.stop();
        self.hooks.stop().await;
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> String {
        sunco_api::ids::make(self.clock.now(), self.chance.number())
    }
}

/// An instant as the contract writes it.
pub(crate) fn time(at: Micros) -> String {
    graph_api::time::rfc3339(at)
}
