//! What waits for a webhook, and what was given up: a log of our own, with replay. Not in strict mode.

use super::{Webhook, store};
use crate::api::call::{Answer, Call, Outcome};
use crate::api::operations::{HOOKS, Operation, op};
use clock::Micros;
use serde_json::{Value, json};
use sunco_api::ApiError;
use sunco_api::error::Missing;
use webhooks::{EndpointId, EventKey, Filter, Outcome as Came, ReplayError, State, Waiting};

const ALL: &str = "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}/deliveries";
const ONE: &str =
    "/v2/apps/{appId}/integrations/{integrationId}/webhooks/{webhookId}/deliveries/{deliveryId}/replay";

/// Calls that Sunshine does not have.
pub(crate) const EXTENSIONS: &[Operation] = &[
    op!("ListDeliveries", "GET", ALL, HOOKS, Real, list),
    op!("ReplayDelivery", "POST", ONE, HOOKS, Real, replay),
];

/// The newest entries that a list shows.
const SHOWN: usize = 100;

async fn webhook(call: &Call) -> Outcome<Webhook> {
    let (app_id, integration_id, id) = (call.app_id(), call.id("integrationId"), call.id("webhookId"));
    let all = call.gateway.db.read(move |db| store::of_integration(db, &app_id, &integration_id)).await?;
    let found = all.into_iter().find(|webhook| webhook.id == id);
    Ok(found
        .filter(|_| !call.gateway.settings.strict)
        .ok_or_else(|| ApiError::not_found(Missing::Resource))?)
}

fn shown(waiting: &Waiting) -> Value {
    let state = match waiting.state {
        State::Pending => "pending",
        State::Retrying => "retrying",
        State::Dead => "dead",
    };
    let time = |at: Option<Micros>| at.map(crate::time);
    json!({
        "id": waiting.event.id(),
        "state": state,
        "attempts": waiting.attempts,
        "firstAttemptAt": time(waiting.first_at),
        "nextAttemptAt": time(waiting.next_at),
        "givenUpAt": time(waiting.died_at),
        "reason": waiting.reason,
        "event": serde_json::from_slice::<Value>(&waiting.event.body).unwrap_or_default(),
    })
}

/// What is not delivered, the newest first; `?state=` chooses.
async fn list(call: &Call) -> Outcome {
    let state = match call.query.text("state") {
        None => None,
        Some("pending") => Some(State::Pending),
        Some("retrying") => Some(State::Retrying),
        Some("dead") => Some(State::Dead),
        Some(_) => return Err(ApiError::bad("Invalid query parameters").into()),
    };
    let filter = Filter { endpoint: Some(EndpointId(webhook(call).await?.endpoint)), state };
    let waiting = call.gateway.outbox().waiting(filter, None, SHOWN).await?;
    Answer::ok(json!({ "deliveries": waiting.iter().map(shown).collect::<Vec<_>>() }))
}

/// Tries one once more, now. If it is accepted it counts as delivered.
async fn replay(call: &Call) -> Outcome {
    let endpoint = webhook(call).await?.endpoint;
    let missing = || ApiError::not_found(Missing::Resource);
    let key: EventKey = call.id("deliveryId").parse().map_err(|_| missing())?;
    if key.endpoint.0 != endpoint {
        return Err(missing().into());
    }
    match call.gateway.outbox().replay(key).await {
        Ok(attempt) => {
            let status = match &attempt.outcome {
                Came::Answered { status, .. } => Some(status.as_u16()),
                Came::Failed { .. } | Came::Dropped => None,
            };
            let told = attempt.outcome.to_string();
            Answer::ok(json!({ "accepted": attempt.accepted, "status": status, "outcome": told }))
        }
        Err(ReplayError::Storage(error)) => Err(error.into()),
        Err(ReplayError::InFlight) => Err(ApiError::new(409, "conflict", "The delivery is under way").into()),
        Err(ReplayError::Unknown | ReplayError::Stopped) => Err(missing().into()),
    }
}
