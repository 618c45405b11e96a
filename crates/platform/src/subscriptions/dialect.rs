//! How the messaging sender writes: headers, envelope, signatures, retries (reference of the webhooks, sections 0, 4).

use super::store;
use crate::apps;
use crate::settings::Settings;
use crate::world_key::WorldKey;
use bytes::Bytes;
use clock::Micros;
use graph_api::signature::{self, Signer};
use graph_api::webhook;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{StatusCode, Uri};
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use webhooks::{BoxFuture, Dialect, Endpoint, EndpointId, Envelope, Event, Schedule};

/// The number of the messaging sender among an endpoint's senders. The other one, for `changes`, is never mixed with
/// it.
pub(super) const MESSAGING: i64 = 1;

/// The messaging sender.
pub(crate) struct MessagingDialect {
    db: Database,
    key: WorldKey,
    settings: Arc<Settings>,
    schedule: Schedule,
}

impl MessagingDialect {
    pub(crate) fn new(db: Database, key: WorldKey, settings: Arc<Settings>) -> Self {
        // Retries over 36 hours with decreasing frequency (doc); the single steps are our choice (unconfirmed).
        Self { db, key, settings, schedule: Schedule::default() }
    }
}

impl Dialect for MessagingDialect {
    fn endpoint(&self, id: EndpointId) -> BoxFuture<'_, storage::Result<Option<Arc<dyn Endpoint>>>> {
        Box::pin(async move {
            let key = self.key.clone();
            let found = self
                .db
                .read(move |db| {
                    let Some(callback) = store::by_endpoint(db, id)? else { return Ok(None) };
                    let app = apps::store::find(db, &key, callback.app_id)?;
                    Ok::<_, storage::Error>(app.map(|app| (callback, app)))
                })
                .await?;
            Ok(found.and_then(|(callback, app)| {
                let endpoint = Callback {
                    url: callback.url.parse().ok()?,
                    signer: Signer::new(app.secret_of(callback.login)),
                    version: HeaderValue::from_str(&callback.version).ok()?,
                    settings: Arc::clone(&self.settings),
                };
                Some(Arc::new(endpoint) as Arc<dyn Endpoint>)
            }))
        })
    }

    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// A webhook call times out after 20 s (doc: Messenger FAQ).
    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
}

struct Callback {
    url: Uri,
    signer: Signer,
    version: HeaderValue,
    settings: Arc<Settings>,
}

impl Endpoint for Callback {
    fn url(&self) -> &Uri {
        &self.url
    }

    fn batch(&self) -> usize {
        self.settings.webhook_batch()
    }

    /// The headers are those of a captured delivery, in its order.
    fn envelope(&self, events: &[&Event], now: Micros) -> Envelope {
        let body = webhook::messaging_body(now, events.iter().map(|event| (event.subject, &*event.body)));
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(USER_AGENT, HeaderValue::from_static("facebookexternalua"));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("deflate, gzip"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, signature) in [
            (signature::SHA1_HEADER, self.signer.sha1(&body)),
            (signature::SHA256_HEADER, self.signer.sha256(&body)),
        ] {
            if let Ok(signature) = HeaderValue::try_from(signature) {
                headers.insert(HeaderName::from_static(name), signature);
            }
        }
        headers.insert(HeaderName::from_static("facebook-api-version"), self.version.clone());
        Envelope { headers, body: Bytes::from(body) }
    }

    /// 200 is what is documented; other 2xx count too (unconfirmed). A redirect is a failure and never followed.
    fn accepts(&self, status: StatusCode) -> bool {
        status.is_success()
    }
}
