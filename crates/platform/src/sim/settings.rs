//! What can be set of the whole platform.

use super::input::Input;
use super::{SimError, SimResult};
use crate::{Platform, settings};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /sim/settings`.
pub(super) fn show(platform: &Platform) -> Value {
    json!({
        "webhook_batch": platform.settings.webhook_batch(),
        "webhook_switch_off": platform.settings.webhook_switch_off(),
        "ad_window_days": platform.settings.ad_window_days(),
    })
}

/// `PATCH /sim/settings {"webhook_batch"?,"webhook_switch_off"?,"ad_window_days"?}`: all of them, or none if one is wrong.
pub(super) async fn change(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let batch = within(&mut input, "webhook_batch", 1000)?;
    let days = within(&mut input, "ad_window_days", settings::AD_WINDOW_DAYS)?;
    let switch_off = input.flag("webhook_switch_off")?;
    input.done()?;
    let this = Arc::clone(platform);
    platform
        .db
        .write(move |tx| {
            if let Some(batch) = batch {
                settings::write(tx, settings::WEBHOOK_BATCH, &batch.to_string())?;
            }
            if let Some(days) = days {
                settings::write(tx, settings::AD_WINDOW, &days.to_string())?;
            }
            if let Some(ends) = switch_off {
                settings::write(tx, settings::WEBHOOK_SWITCH_OFF, &ends.to_string())?;
            }
            let this = Arc::clone(&this);
            tx.after_commit(move || {
                if let Some(batch) = batch {
                    this.settings.set_webhook_batch(usize::try_from(batch).unwrap_or(usize::MAX));
                }
                if let Some(ends) = switch_off {
                    this.settings.set_webhook_switch_off(ends);
                }
                if let Some(days) = days {
                    this.settings.set_ad_window_days(days);
                }
            });
            Ok::<_, storage::Error>(())
        })
        .await?;
    Ok(show(platform))
}

/// A whole number from 1.
fn within(input: &mut Input, name: &str, most: u64) -> Result<Option<u64>, SimError> {
    match input.number(name)? {
        Some(number) if !(1..=most).contains(&number) => {
            Err(SimError::bad(name, format!("must be 1 to {most}")))
        }
        number => Ok(number),
    }
}
