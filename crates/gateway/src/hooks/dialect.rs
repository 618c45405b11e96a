//! How webhooks are sent: version 2's envelope, the secret in `X-API-Key`, 20 seconds, at most five attempts.

use super::{Webhook, store};
use crate::sealed::Seal;
use bytes::{BufMut as _, Bytes, BytesMut};
use clock::Micros;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use std::sync::Arc;
use std::time::Duration;
use storage::{Database, Error, Result};
use webhooks::{BoxFuture, Dialect, Endpoint, EndpointId, Envelope, Event, Schedule};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Unconfirmed what Sunshine calls itself.
const USER_AGENT: &str = concat!("Posthaste-Gateway/", env!("CARGO_PKG_VERSION"));

pub(crate) struct HookDialect {
    db: Database,
    seal: Seal,
    schedule: Schedule,
}

impl HookDialect {
    pub(crate) fn new(db: Database, seal: Seal) -> Self {
        let seconds = [15, 60, 180, 600].map(Duration::from_secs);
        // Five attempts within 15 minutes (spec); how they are spaced is unconfirmed.
        let schedule = Schedule { intervals: seconds.to_vec(), give_up_after: Duration::from_secs(15 * 60) };
        Self { db, seal, schedule }
    }

    fn target(&self, webhook: &Webhook) -> Result<Target> {
        let wrong =
            |what: &str| Error::Engine(format!("the {what} of the webhook {} cannot be sent", webhook.id));
        let url: Uri = webhook.doc.text("target").parse().map_err(|_| wrong("target"))?;
        let secret = HeaderValue::from_str(&self.seal.open(&webhook.secret)?).map_err(|_| wrong("secret"))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        headers.insert(API_KEY, secret);
        let before = format!(
            r#"{{"app":{{"id":"{}"}},"webhook":{{"id":"{}","version":"v2"}},"events":["#,
            webhook.app_id, webhook.id
        );
        Ok(Target { url, headers, before: before.into() })
    }
}

impl Dialect for HookDialect {
    fn endpoint(&self, id: EndpointId) -> BoxFuture<'_, Result<Option<Arc<dyn Endpoint>>>> {
        Box::pin(async move {
            let found = self.db.read(move |db| store::by_endpoint(db, id.0)).await?;
            let target = found.map(|webhook| self.target(&webhook)).transpose()?;
            Ok(target.map(|target| Arc::new(target) as Arc<dyn Endpoint>))
        })
    }
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }
    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
    fn has_breaker(&self) -> bool {
        // Each event has its five attempts, whatever became of others (unconfirmed).
        false
    }
}

struct Target {
    url: Uri,
    headers: HeaderMap,
    before: Bytes,
}

impl Endpoint for Target {
    fn url(&self) -> &Uri {
        &self.url
    }
    fn envelope(&self, events: &[&Event], _: Micros) -> Envelope {
        let length = events.iter().map(|event| event.body.len() + 1).sum::<usize>();
        let mut body = BytesMut::with_capacity(self.before.len() + length + 2);
        body.put_slice(&self.before);
        for (at, event) in events.iter().enumerate() {
            if at > 0 {
                body.put_u8(b',');
            }
            body.put_slice(&event.body);
        }
        body.put_slice(b"]}");
        Envelope { headers: self.headers.clone(), body: body.freeze() }
    }
    fn accepts(&self, status: StatusCode) -> bool {
        status.is_success()
    }
    fn refuses(&self, status: StatusCode) -> bool {
        // spec: these are never retried.
        matches!(status.as_u16(), 400 | 401 | 403 | 404 | 406)
    }
}
