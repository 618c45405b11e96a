//! What goes with an app, and with an integration.

use super::store;
use crate::api::call::{Failure, Outcome};
use crate::{Gateway, conversations, hooks, integrations};
use std::sync::Arc;
use storage::{Result, Tx, params};
use sunco_api::ApiError;
use sunco_api::error::Missing;

/// Removes an app with all that it has.
pub(crate) async fn app(gateway: &Arc<Gateway>, app_id: &str) -> Outcome<()> {
    let listed = app_id.to_owned();
    let integrations = gateway.db.read(move |db| integrations::store::all_of_app(db, &listed)).await?;
    for integration in &integrations {
        integrations::connect::let_go(gateway, integration).await;
    }
    let (this, app_id) = (Arc::clone(gateway), app_id.to_owned());
    let blobs = gateway
        .db
        .write(move |tx| {
            store::lock_app(tx, &app_id)?.ok_or_else(|| ApiError::not_found(Missing::App))?;
            hooks::store::remove_all(tx, &this, &app_id, None)?;
            let blobs = tx.all::<String>(
                "SELECT attachment_id FROM attachment WHERE app_id = $1 ORDER BY attachment_id",
                params![&app_id],
            )?;
            for conversation in tx.all::<String>(
                "SELECT conversation_id FROM conversation WHERE app_id = $1 ORDER BY conversation_id",
                params![&app_id],
            )? {
                conversations::removal::empty(tx, &conversation)?;
                conversations::removal::remove(tx, &conversation)?;
            }
            for sql in [
                "DELETE FROM attachment WHERE app_id = $1",
                "DELETE FROM client WHERE app_id = $1",
                "DELETE FROM user_account WHERE app_id = $1",
                "DELETE FROM inbound WHERE app_id = $1",
                "DELETE FROM switchboard_integration WHERE app_id = $1",
                "DELETE FROM switchboard WHERE app_id = $1",
                "DELETE FROM integration WHERE app_id = $1",
                "DELETE FROM api_key WHERE app_id = $1",
                "DELETE FROM app WHERE app_id = $1",
            ] {
                tx.run(sql, params![&app_id])?;
            }
            Ok::<_, Failure>(blobs)
        })
        .await?;
    conversations::removal::drop_blobs(gateway, blobs).await;
    Ok(())
}

/// Removes an integration with its keys, webhooks and clients.
pub(crate) fn integration(tx: &mut Tx<'_>, gateway: &Arc<Gateway>, app_id: &str, id: &str) -> Result<()> {
    hooks::store::remove_all(tx, gateway, app_id, Some(id))?;
    tx.run("DELETE FROM api_key WHERE app_id = $1 AND integration_id = $2", params![app_id, id])?;
    tx.run("DELETE FROM client WHERE integration_id = $1", params![id])?;
    tx.run("DELETE FROM integration WHERE app_id = $1 AND integration_id = $2", params![app_id, id])?;
    Ok(())
}
