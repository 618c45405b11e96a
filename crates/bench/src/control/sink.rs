//! The receiver of webhooks: it counts, by the last segment of the path. `POST /sink/{name}/ok`, `/hang` and `/refuse`
//! say what a name's callers get; `GET /counts` tells how many POSTs each name has answered with 200.

use super::server;
use bytes::Bytes;
use http::{Method, Request};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Answers 200.
const OK: u8 = 0;
/// Answers after a minute.
const HANG: u8 = 1;
/// Answers 500.
const REFUSE: u8 = 2;

#[derive(Default)]
struct Hook {
    count: AtomicU64,
    mode: AtomicU8,
}

#[derive(Default)]
struct Sink {
    hooks: Mutex<BTreeMap<String, Arc<Hook>>>,
}

/// Runs it.
pub(crate) async fn run(address: SocketAddr) -> Result<(), String> {
    let sink = Arc::new(Sink::default());
    server::serve(address, move |request| {
        let sink = Arc::clone(&sink);
        async move { sink.answer(&request).await }
    })
    .await
}

impl Sink {
    fn hook(&self, name: &str) -> Arc<Hook> {
        let mut hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hook) = hooks.get(name) {
            return Arc::clone(hook);
        }
        Arc::clone(hooks.entry(name.to_owned()).or_default())
    }

    async fn answer(&self, request: &Request<Bytes>) -> server::Answer {
        let path = request.uri().path();
        if let Some((name, mode)) = path.strip_prefix("/sink/").and_then(|rest| rest.split_once('/')) {
            let mode = match mode {
                "ok" => OK,
                "hang" => HANG,
                "refuse" => REFUSE,
                _ => return (404, Bytes::new()),
            };
            self.hook(name).mode.store(mode, Ordering::Relaxed);
            return (200, Bytes::from_static(b"ok"));
        }
        if path == "/counts" {
            return (200, self.counts().into());
        }
        if request.method() == Method::GET {
            // The handshake of a new callback.
            let query = request.uri().query().unwrap_or_default();
            let challenge = query.split('&').find_map(|pair| pair.strip_prefix("hub.challenge="));
            return (200, Bytes::copy_from_slice(challenge.unwrap_or_default().as_bytes()));
        }
        let hook = self.hook(path.rsplit('/').next().unwrap_or_default());
        match hook.mode.load(Ordering::Relaxed) {
            HANG => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                (500, Bytes::new())
            }
            REFUSE => (500, Bytes::new()),
            _ => {
                hook.count.fetch_add(1, Ordering::Relaxed);
                (200, Bytes::from_static(b"ok"))
            }
        }
    }

    fn counts(&self) -> String {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        let counts: BTreeMap<_, _> =
            hooks.iter().map(|(name, hook)| (name, hook.count.load(Ordering::Relaxed))).collect();
        serde_json::to_string(&counts).unwrap_or_default()
    }
}
