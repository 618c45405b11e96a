//! Assets by the slice's own functions, and their URLs over HTTP.
//!
//! The platform is this crate's own, not the one that `testkit` is linked with: it starts here.

mod intake;
mod keeping;
mod serving;

use super::{Asset, NewAsset, Owner, Purpose, store};
use crate::demo;
use crate::failure::Failure;
use crate::{Body, Parts, Platform, Sandbox, WorldKey};
use clock::{ManualClock, MovableClock, SeededChance};
use graph_api::GraphError;
use graph_api::media::AttachmentKind;
use http::{Request, Response};
use net::AddressPolicy;
use std::sync::Arc;
use storage::{Blobs, Database};
use testkit::media::MediaServer;

pub(crate) const OWNER: Owner = Owner { account: 17_841_400_000_000_001, app: 7 };

/// A platform, with a server of files.
pub(crate) struct World {
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) blobs: Blobs,
    pub(crate) media: MediaServer,
    db: Database,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(AddressPolicy::AllowPrivate).await
    }

    pub(crate) async fn start_with(policy: AddressPolicy) -> Self {
        let clock = Arc::new(ManualClock::new(testkit::START));
        let db = Database::in_memory(Arc::clone(&clock) as Arc<dyn clock::Clock>).unwrap();
        let (blobs, media) = (Blobs::in_memory(), MediaServer::start().await);
        let platform = start(&db, &blobs, &clock, policy).await;
        Self { platform, clock, blobs, media, db }
    }

    /// Another process on the same data. The old one was killed.
    pub(crate) async fn restarted(self) -> Self {
        let platform = start(&self.db, &self.blobs, &self.clock, AddressPolicy::AllowPrivate).await;
        Self { platform, ..self }
    }

    /// Fetches a file and stores it.
    pub(crate) async fn stored(&self, path: &str, kind: AttachmentKind, purpose: Purpose) -> Asset {
        let new = super::fetch(&self.platform, &self.media.url(path), kind).await.unwrap();
        self.add(&new, purpose).await
    }

    pub(crate) async fn add(&self, new: &NewAsset, purpose: Purpose) -> Asset {
        let new = new.clone();
        self.platform.db.write(move |tx| store::add(tx, &new, OWNER, purpose)).await.unwrap()
    }

    pub(crate) async fn delete(&self, asset: &Asset) {
        let (this, account, id) = (Arc::clone(&self.platform), asset.account, asset.id);
        self.platform.db.write(move |tx| store::delete(tx, &this, account, id)).await.unwrap();
    }

    /// How much is stored beside the demo world's pictures, once all removals are done.
    pub(crate) async fn total(&self) -> u64 {
        self.platform.files.settled().await;
        let total = self.blobs.total().await.unwrap();
        assert_eq!(self.platform.files.stored(), total);
        total - demo::pictures::BYTES
    }

    pub(crate) async fn get(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let target = url.strip_prefix("http://127.0.0.1:8430").unwrap_or(url);
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = http_body_util::Full::<bytes::Bytes>::default();
        self.platform.handle(request.body(body).unwrap()).await
    }
}

async fn start(
    db: &Database,
    blobs: &Blobs,
    clock: &Arc<ManualClock>,
    policy: AddressPolicy,
) -> Arc<Platform> {
    let parts = Parts {
        db: db.clone(),
        blobs: blobs.clone(),
        clock: Arc::clone(clock) as Arc<dyn MovableClock>,
        chance: Arc::new(SeededChance::new(1)),
        key: WorldKey::new([7; 32]),
        client: net::Client::new(policy),
        public_url: "http://127.0.0.1:8430".to_owned(),
        sandbox: Some(Sandbox { token: None, rate_limits: false }),
    };
    Platform::start(parts).await.unwrap()
}

/// The error that the caller is told.
pub(crate) fn told<T>(result: Result<T, Failure>) -> GraphError {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(Failure::Graph(error)) => error,
        Err(failure) => panic!("{failure}"),
    }
}
