//! The callback: the handshake, and notifications, whose signature is checked over the bytes as they came. They are stored,
//! answered, and dealt with afterwards.

use super::{reading, receiving};
use crate::Gateway;
use crate::api::body::Body;
use crate::api::server::{json, refuse};
use crate::integrations::{self, Integration};
use bytes::Bytes;
use graph_api::signature::{self, SHA1_HEADER, SHA256_HEADER};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use storage::Result;
use subtle::ConstantTimeEq as _;
use sunco_api::{ApiError, Query};

/// Where it is, below `/sc`.
pub(crate) const PATH: &str = "/instagram/webhook";
/// The largest notification: a thousand events may come together (Meta: Webhooks).
const BODY_BYTES: usize = 4 << 20;
const BODY_TIME: Duration = Duration::from_secs(20);

/// Answers a request to the callback.
pub(crate) async fn answer<B>(gateway: &Arc<Gateway>, head: &Parts, body: B) -> Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: std::fmt::Display,
{
    match head.method {
        Method::GET => handshake(gateway, head.uri.query().unwrap_or_default()),
        Method::POST => {
            let bytes = match net::read_body(body, BODY_BYTES, BODY_TIME).await {
                Ok(bytes) => bytes,
                Err(error) => return refuse(&crate::api::server::unread(error)),
            };
            notification(gateway, head, &bytes).await
        }
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, ""),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::full(text.to_owned()));
    *response.status_mut() = status;
    response
}

/// The challenge itself and nothing else, if the word is right (Meta: Webhooks, Getting Started).
fn handshake(gateway: &Gateway, query: &str) -> Response<Body> {
    let query = Query::read(query);
    let of = |name: &str| query.text(name).unwrap_or_default();
    let right = gateway.verify_token();
    let is_right = of("hub.verify_token").as_bytes().ct_eq(right.as_bytes());
    match of("hub.mode") == "subscribe" && bool::from(is_right) {
        true => plain(StatusCode::OK, of("hub.challenge")),
        false => plain(StatusCode::FORBIDDEN, ""),
    }
}

async fn notification(gateway: &Arc<Gateway>, head: &Parts, body: &Bytes) -> Response<Body> {
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let signatures = Signatures { sha256: header(SHA256_HEADER), sha1: header(SHA1_HEADER) };
    // Read before it is believed: only to see whose secrets may have signed it.
    let parsed = serde_json::from_slice::<Value>(body).ok();
    let entries = parsed.as_ref().map(reading::entries).unwrap_or_default();
    let signed = match signers(gateway, &signatures, body, &entries).await {
        Ok(signed) => signed,
        Err(error) => return refuse(&error.into()),
    };
    let Some(integrations) = signed else {
        tracing::warn!("a notification whose signature is none that is known was refused");
        return json(403, &ApiError::forbidden().body());
    };
    if parsed.is_none() {
        return json(400, &ApiError::bad("Invalid JSON").body());
    }
    match store(gateway, &entries, &integrations).await {
        Ok(()) => plain(StatusCode::OK, "EVENT_RECEIVED"),
        Err(error) => refuse(&error.into()),
    }
}

/// The signatures of a notification. The older one counts where the newer one is missing.
struct Signatures<'a> {
    sha256: Option<&'a str>,
    sha1: Option<&'a str>,
}

impl Signatures<'_> {
    fn are_of(&self, secret: &str, body: &[u8]) -> bool {
        match (self.sha256, self.sha1) {
            (Some(given), _) => signature::verify(secret, body, given),
            (None, Some(given)) => signature::sha1(secret, body).as_bytes().ct_eq(given.as_bytes()).into(),
            (None, None) => false,
        }
    }
}

/// The integrations that the notification is for; `None` if no known secret signed it.
async fn signers(
    gateway: &Arc<Gateway>,
    signatures: &Signatures<'_>,
    body: &[u8],
    entries: &[(String, Vec<Value>)],
) -> Result<Option<Vec<Integration>>> {
    let accounts: Vec<String> = entries.iter().map(|(account, _)| account.clone()).collect();
    let (named, all) = gateway
        .db
        .read(move |db| {
            let mut named = Vec::new();
            for account in &accounts {
                named.extend(integrations::store::of_business(db, account)?);
            }
            named.sort_by(|a, b| a.id.cmp(&b.id));
            named.dedup_by(|a, b| a.id == b.id);
            let all = if named.is_empty() { integrations::store::of_instagram(db)? } else { Vec::new() };
            Ok::<_, storage::Error>((named, all))
        })
        .await?;
    // A list of secrets is accepted: those of the integrations, and those of the settings, which may be of any.
    let is_general = gateway.settings.secrets.iter().any(|secret| signatures.are_of(secret, body));
    let mut is_signed = is_general;
    let mut hear = Vec::new();
    for integration in named {
        let is_own = signatures.are_of(&integration.access(gateway)?.app_secret, body);
        is_signed |= is_own;
        if is_own || is_general {
            hear.push(integration);
        }
    }
    for integration in all {
        is_signed = is_signed || signatures.are_of(&integration.access(gateway)?.app_secret, body);
    }
    Ok(is_signed.then_some(hear))
}

/// Stores each event for each app that hears of its account, once.
async fn store(
    gateway: &Arc<Gateway>,
    entries: &[(String, Vec<Value>)],
    integrations: &[Integration],
) -> Result<()> {
    let mut rows = Vec::new();
    for (account, events) in entries {
        let mut apps: Vec<&str> = Vec::new();
        for integration in integrations.iter().filter(|one| one.business_id == *account) {
            // An account that is connected to an app twice is heard of once.
            if apps.contains(&integration.app_id.as_str()) {
                continue;
            }
            apps.push(&integration.app_id);
            rows.extend(events.iter().map(|event| receiving::Arriving::new(integration, event)));
        }
    }
    receiving::take_in(gateway, rows).await
}
