//! Webhooks out: who hears of what, and how it is written.

pub(crate) mod deliveries;
pub(crate) mod dialect;
pub(crate) mod events;
pub(crate) mod ops;
pub(crate) mod store;

use crate::Gateway;
use crate::apps::store::Doc;
use serde_json::{Value, json};
use std::sync::Arc;
use sunco_api::{ApiError, Body, triggers};

/// A webhook of an integration.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    /// Its number in the outbox.
    pub(crate) endpoint: i64,
    pub(crate) app_id: String,
    pub(crate) integration_id: String,
    /// As the API shows it, but for the secret.
    pub(crate) doc: Doc,
    /// Sealed.
    pub(crate) secret: Vec<u8>,
}

impl Webhook {
    /// As the API shows it: with its secret, always (spec).
    pub(crate) fn shown(&self, gateway: &Gateway) -> storage::Result<Value> {
        let mut shown = self.doc.clone();
        shown.set("secret", Some(gateway.seal.open(&self.secret)?.into()));
        Ok(shown.value())
    }

    /// Whether it is for events of that kind.
    pub(crate) fn is_for(&self, kind: &str) -> bool {
        let triggers = self.doc.0.get("triggers").and_then(Value::as_array);
        triggers.is_some_and(|triggers| triggers.iter().any(|trigger| trigger == kind))
    }
}

/// What a body says of a webhook that is to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewWebhook {
    doc: Doc,
    secret: Vec<u8>,
}

impl NewWebhook {
    pub(crate) fn read(gateway: &Arc<Gateway>, body: &Body) -> Result<Self, ApiError> {
        let target = target(body)?.ok_or_else(|| missing(body, "target"))?;
        let triggers = read_triggers(gateway, body)?.ok_or_else(|| missing(body, "triggers"))?;
        let doc = json!({
            "version": "v2",
            "target": target,
            "triggers": triggers,
            "includeFullUser": body.flag("includeFullUser")?.unwrap_or_default(),
            "includeFullSource": body.flag("includeFullSource")?.unwrap_or_default(),
        });
        let mut bytes = [0; 16];
        gateway.chance.fill(&mut bytes);
        let secret: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let sealed = gateway.seal.seal(&secret).map_err(|_| ApiError::internal())?;
        Ok(Self { doc: doc.as_object().cloned().map(Doc).unwrap_or_default(), secret: sealed })
    }
}

fn missing(body: &Body, name: &str) -> ApiError {
    ApiError::required(body.path("").trim_end_matches('.'), name)
}

/// `target`: an address that can be requested.
pub(crate) fn target(body: &Body) -> Result<Option<String>, ApiError> {
    let target = body.url("target")?;
    match target.as_ref().is_none_or(|target| target.parse::<http::Uri>().is_ok()) {
        true => Ok(target),
        false => Err(ApiError::bad(format!("{} should match format \"uri\"", body.path("target")))),
    }
}

/// `triggers`: known names, which mind the case (spec).
pub(crate) fn read_triggers(gateway: &Gateway, body: &Body) -> Result<Option<Vec<Value>>, ApiError> {
    let Some(list) = body.list("triggers", 1, 100)? else { return Ok(None) };
    let is_known = |name: &str| {
        triggers::ALL.contains(&name) || (!gateway.settings.strict && triggers::EXTENSIONS.contains(&name))
    };
    for (at, trigger) in list.iter().enumerate() {
        if !trigger.as_str().is_some_and(is_known) {
            let path = body.path("triggers");
            return Err(ApiError::bad(format!("{path}[{at}] should be equal to one of the allowed values")));
        }
    }
    Ok(Some(list))
}
