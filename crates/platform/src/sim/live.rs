//! Broadcasts.

use super::input::Input;
use super::people::account;
use super::{SimError, SimResult};
use crate::Platform;
use crate::conversations::Product;
use crate::people::acts::Refused;
use crate::publishing::store::{self, New};
use crate::publishing::{self, BROADCAST};
use serde_json::json;
use std::sync::Arc;

/// `POST /sim/accounts/{u}/live {"start":true}` or `{"end":true}`: `{"media_id"}`. What was broadcast is gone at the end,
/// and its comments with it.
pub(super) async fn change(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let (start, end) = (input.flag("start")?, input.flag("end")?);
    input.done()?;
    let begins = match (start, end) {
        (Some(true), None | Some(false)) => true,
        (None | Some(false), Some(true)) => false,
        _ => return Err(SimError::bad("start", "exactly one of start:true and end:true is needed")),
    };
    let id = account(platform, name).await?.account.id;
    let this = Arc::clone(platform);
    let media = platform
        .db
        .write(move |tx| {
            // Who begins or ends one waits for whoever else does.
            crate::accounts::store::lock(tx, id)?;
            let on_air = store::of_account(tx, id)?.into_iter().find(|media| media.product == Product::Live);
            match (begins, on_air) {
                (true, Some(_)) => Err(Refused::conflict("start", "the account is live already")),
                (false, None) => Err(Refused::conflict("end", "the account is not live")),
                (true, None) => {
                    let new = New { media_type: BROADCAST, ..New::image(id, Product::Live, "", 0) };
                    let media = store::create(tx, &new)?;
                    publishing::tell(tx, &this, &media, "live");
                    Ok(media)
                }
                (false, Some(media)) => {
                    store::delete(tx, &this, &media)?;
                    publishing::tell(tx, &this, &media, "live_ended");
                    Ok(media)
                }
            }
        })
        .await?;
    Ok(json!({ "media_id": media.id.to_string() }))
}
