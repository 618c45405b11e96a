//! What of OAuth is answered: who a token is of. The flow itself belongs to Zendesk's marketplace.

use crate::api::call::{Answer, Call, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use serde_json::json;
use sunco_api::ApiError;
use sunco_api::credentials::Scope;
use sunco_api::error::Missing;

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("GetTokenInfo", "GET", "/v2/tokenInfo", EVERY, Real, token_info),
    op!(
        "Authorize",
        "GET",
        "/oauth/authorize",
        &[],
        Refused,
        refused,
        "there is no marketplace of integrations"
    ),
    op!("GetToken", "POST", "/oauth/token", &[], Refused, refused, "there is no marketplace of integrations"),
    op!(
        "RevokeAccess",
        "DELETE",
        "/oauth/authorization",
        &[Scope::Integration],
        Refused,
        refused,
        "there is no marketplace of integrations"
    ),
];

/// The app that the credentials are of (spec).
async fn token_info(call: &Call) -> Outcome {
    let id = call.caller.app_id.clone();
    let app = call.gateway.db.read(move |db| crate::apps::store::app(db, &id)).await?;
    let mut app = app.ok_or_else(|| ApiError::not_found(Missing::App))?;
    app.set("subdomain", Some("posthaste".into()));
    Answer::ok(json!({ "app": app.value() }))
}

async fn refused(_: &Call) -> Outcome {
    Err(ApiError::not_found(Missing::Resource).into())
}
