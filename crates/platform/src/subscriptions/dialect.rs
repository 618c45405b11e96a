//! How the senders write: headers, envelope, signatures, retries (reference of the webhooks, sections 0, 4).

use super::store;
use crate::apps;
use crate::faults::Faults;
use crate::faults::content::sender_of;
use crate::faults::deliveries::{Answer, Plan, Signing};
use crate::settings::Settings;
use crate::world_key::WorldKey;
use bytes::Bytes;
use clock::Micros;
use graph_api::signature::{self, Signer};
use graph_api::{Host, webhook};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{StatusCode, Uri};
use std::sync::Arc;
use std::time::Duration;
use storage::Database;
use webhooks::{BoxFuture, Dialect, Endpoint, EndpointId, Envelope, Event, Fate, Schedule, Tampering};

/// The number of the messaging sender among an endpoint's senders. The other one, for `changes`, is never mixed with
/// it.
pub(crate) const MESSAGING: i64 = 1;
/// The number of that other sender: of comments, mentions, insights of stories, and tests of the dashboard.
pub(crate) const CHANGES: i64 = 2;

/// The messaging sender.
pub(crate) struct MessagingDialect {
    db: Database,
    key: WorldKey,
    settings: Arc<Settings>,
    faults: Arc<Faults>,
    schedule: Schedule,
}

impl MessagingDialect {
    pub(crate) fn new(db: Database, key: WorldKey, settings: Arc<Settings>, faults: Arc<Faults>) -> Self {
        // Retries over 36 hours with decreasing frequency (doc); the single steps are our choice (unconfirmed).
        Self { db, key, settings, faults, schedule: Schedule::default() }
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
                let other = match callback.login {
                    Host::Instagram => Host::Facebook,
                    Host::Facebook => Host::Instagram,
                };
                let endpoint = Callback {
                    id,
                    url: callback.url.parse().ok()?,
                    signer: Signer::new(app.secret_of(callback.login)),
                    other: Signer::new(app.secret_of(other)),
                    nobody: Signer::new("nobody's secret"),
                    version: HeaderValue::from_str(&callback.version).ok()?,
                    settings: Arc::clone(&self.settings),
                    faults: Arc::clone(&self.faults),
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

/// A callback, as it is sent to.
struct Callback {
    id: EndpointId,
    url: Uri,
    signer: Signer,
    /// Of the app's other product, and of nobody: for faults.
    other: Signer,
    nobody: Signer,
    version: HeaderValue,
    settings: Arc<Settings>,
    faults: Arc<Faults>,
}

impl Callback {
    /// What is sent by the sender that the events belong to, with what a fault does to it.
    fn sealed(&self, events: &[&Event], now: Micros, plan: Option<&Plan>) -> Envelope {
        let by_changes = events.first().is_some_and(|event| sender_of(event.channel) == CHANGES);
        let mut body = match by_changes {
            true => webhook::changes_body(now, events.iter().map(|event| (event.subject, &*event.body))),
            false => {
                let entries = events.iter().map(|event| (event.subject, &*event.topic, &*event.body));
                webhook::messaging_body(now, entries)
            }
        };
        if plan.is_some_and(|plan| plan.array) {
            body.insert(0, b'[');
            body.push(b']');
        }
        let mut headers = HeaderMap::with_capacity(8);
        let agent = if by_changes { "Webhooks/1.0 (https://fb.me/webhooks)" } else { "facebookexternalua" };
        let encodings = if by_changes { "gzip" } else { "deflate, gzip" };
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encodings));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, signature) in self.signatures(&body, plan.and_then(|plan| plan.signing)) {
            if let Ok(signature) = HeaderValue::try_from(signature) {
                headers.insert(HeaderName::from_static(name), signature);
            }
        }
        if !by_changes {
            headers.insert(HeaderName::from_static("facebook-api-version"), self.version.clone());
        }
        Envelope { headers, body: Bytes::from(body) }
    }

    /// The headers that sign a body: both, unless a fault says otherwise.
    fn signatures(
        &self,
        body: &[u8],
        wrongly: Option<Signing>,
    ) -> impl Iterator<Item = (&'static str, String)> {
        let signer = match wrongly {
            Some(Signing::OtherProduct) => &self.other,
            Some(Signing::WrongSecret) => &self.nobody,
            _ => &self.signer,
        };
        let rewritten = match wrongly {
            Some(Signing::Reserialised) => rewritten(body),
            _ => None,
        };
        let body = rewritten.as_deref().unwrap_or(body);
        let (older, newer) = match wrongly {
            Some(Signing::Unsigned) => (false, false),
            Some(Signing::Sha1Only) => (true, false),
            Some(Signing::Sha256Only) => (false, true),
            _ => (true, true),
        };
        let written = |signature: String| match (wrongly, signature.split_once('=')) {
            (Some(Signing::UpperCase), Some((name, hex))) => format!("{name}={}", hex.to_ascii_uppercase()),
            _ => signature,
        };
        let older = older.then(|| (signature::SHA1_HEADER, written(signer.sha1(body))));
        let newer = newer.then(|| (signature::SHA256_HEADER, written(signer.sha256(body))));
        older.into_iter().chain(newer)
    }
}

/// A body as a program writes it that reads it and writes it anew: nothing is escaped that need not be.
fn rewritten(body: &[u8]) -> Option<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    serde_json::to_vec(&value).ok()
}

impl Endpoint for Callback {
    fn url(&self) -> &Uri {
        &self.url
    }

    fn batch(&self) -> usize {
        self.settings.webhook_batch()
    }

    /// The two senders never share a request.
    fn go_together(&self, one: &Event, other: &Event) -> bool {
        sender_of(one.channel) == sender_of(other.channel)
    }

    /// The headers are those of a captured delivery, in its order.
    fn envelope(&self, events: &[&Event], now: Micros) -> Envelope {
        self.sealed(events, now, None)
    }

    /// 200 is what is documented; other 2xx count too (unconfirmed). A redirect is a failure and never followed.
    fn accepts(&self, status: StatusCode) -> bool {
        status.is_success()
    }

    fn is_tampered(&self) -> bool {
        self.faults.on_deliveries()
    }

    fn fate(&self, event: &Event, now: Micros) -> Fate {
        self.faults.fate(event, now)
    }

    fn tampering(&self, events: &[Arc<Event>], now: Micros) -> Option<Tampering> {
        let plan = self.faults.plan(events)?;
        let events: Vec<&Event> = events.iter().map(|event| &**event).collect();
        let stamped = |copy: usize| match plan.restamp {
            // As if it were sent a moment later.
            true => now.plus(Duration::from_millis(copy as u64)),
            false => now,
        };
        let envelope = (!plan.unsent).then(|| self.sealed(&events, now, Some(&plan)));
        let copies = (1..=plan.copies).map(|copy| self.sealed(&events, stamped(copy), Some(&plan))).collect();
        let answer = plan.answer.map(Answer::outcome);
        Some(Tampering { by: plan.by, envelope, copies, answer, unsent: plan.unsent })
    }

    fn gathered(&self) -> usize {
        self.faults.gathered(self.id)
    }
}
