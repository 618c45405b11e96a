//! The world's clock.

use super::input::Input;
use super::{SimError, SimResult};
use crate::log::feed::Happening;
use crate::{Platform, settings};
use graph_api::time;
use serde_json::json;
use std::sync::Arc;

/// `GET /sim/clock` → `{"now","offset_ms"}`.
pub(super) fn show(platform: &Platform) -> serde_json::Value {
    json!({ "now": time::rfc3339(platform.clock.now()), "offset_ms": platform.clock.offset() / 1000 })
}

/// `POST /sim/clock` with one of `{"advance":"25h"}`, `{"set":"…"}`, `{"reset":true}`; returns after everything that
/// fell due has been started. A restart keeps the clock where it was put.
pub(super) async fn change(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let (advance, set, reset) = (input.span("advance")?, input.instant("set")?, input.flag("reset")?);
    input.done()?;
    match (advance, set, reset) {
        (Some(by), None, None) => platform.clock.advance(by),
        (None, Some(to), None) => platform.clock.set(to),
        (None, None, Some(true)) => platform.clock.reset(),
        _ => return Err(SimError::bad("advance", "exactly one of advance, set and reset:true is needed")),
    }
    let offset = platform.clock.offset().to_string();
    platform.db.write(move |tx| settings::write(tx, settings::CLOCK_OFFSET, &offset)).await?;
    let now = platform.clock.now();
    platform.log.feed.push(now, Happening::Clock { now });
    platform.outbox().clock_moved().await;
    Ok(show(platform))
}
