//! Connecting an account at Instagram, and letting it go.

use super::{Integration, store};
use crate::Gateway;
use graph_client::{Access, Business, Failure, Kind};
use std::sync::Arc;
use sunco_api::ApiError;

/// Finds the account behind a token, and has the app hear of it.
///
/// What Instagram refuses is a `bad_request` that names the token (unconfirmed); what cannot be reached is 503.
pub(crate) async fn connect(
    gateway: &Arc<Gateway>,
    access: &Access,
    token_name: &str,
    subscribe: bool,
) -> Result<Business, ApiError> {
    let refused = |failure: Failure| match failure.kind {
        Kind::Unsent | Kind::Unclear | Kind::Limit | Kind::Transient => {
            ApiError::new(503, "service_unavailable", format!("Instagram cannot be asked now: {failure}"))
        }
        _ => ApiError::bad(format!("Invalid {token_name}: {failure}")),
    };
    let business = gateway.graph.business(access).await.map_err(refused)?;
    if subscribe {
        gateway.graph.subscribe(access).await.map_err(refused)?;
    }
    Ok(business)
}

/// Has the app hear no more of an account. What fails is logged: the integration goes all the same.
pub(crate) async fn let_go(gateway: &Arc<Gateway>, integration: &Integration) {
    if !integration.is_instagram() {
        return;
    }
    let business_id = integration.business_id.clone();
    let others = gateway.db.read(move |db| store::of_business(db, &business_id)).await.unwrap_or_default();
    let same_app = |other: &&Integration| {
        other.id != integration.id && other.doc.text("appId") == integration.doc.text("appId")
    };
    if others.iter().any(|other| same_app(&other)) {
        return;
    }
    let Ok(access) = integration.access(gateway) else { return };
    if let Err(failure) = gateway.graph.unsubscribe(&access).await {
        tracing::warn!(integration = integration.id, %failure, "an account could not be unsubscribed at Instagram");
    }
}

/// Notes that the account's token is not good any more, or is again.
pub(crate) async fn note_status(gateway: &Arc<Gateway>, app_id: &str, id: &str, status: &'static str) {
    let (app_id, id) = (app_id.to_owned(), id.to_owned());
    let noted = gateway
        .db
        .write(move |tx| {
            if let Some(mut integration) = store::lock(tx, &app_id, &id)?
                && integration.doc.text("status") != status
            {
                integration.doc.set("status", Some(status.into()));
                store::update(tx, &integration)?;
            }
            Ok::<_, storage::Error>(())
        })
        .await;
    if let Err(error) = noted {
        tracing::error!(%error, "an integration's status could not be written");
    }
}
