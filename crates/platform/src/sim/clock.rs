//! The world's clock.

use super::input::Input;
use super::{SimError, SimResult};
use crate::log::feed::Happening;
use crate::{Platform, insights, settings};
use clock::Micros;
use graph_api::time;
use serde_json::json;
use std::sync::Arc;

/// The year 9000: later instants could not be written on the wire.
const LATEST: Micros = Micros::from_secs(221_845_392_000);

/// `GET /sim/clock` → `{"now","offset_ms"}`.
pub(super) fn show(platform: &Platform) -> serde_json::Value {
    json!({ "now": time::rfc3339(platform.clock.now()), "offset_ms": platform.clock.offset() / 1000 })
}

/// `POST /sim/clock` with one of `{"advance":"25h"}`, `{"set":"…"}`, `{"reset":true}`; returns after everything that
/// fell due has been started. A restart keeps the clock where it was put.
pub(super) async fn change(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let (advance, set, reset) = (input.span("advance")?, input.instant("set")?, input.flag("reset")?);
    input.done()?;
    // One move at a time, so that what is stored is what was done last.
    let _moving = platform.moving.lock().await;
    let before = platform.clock.offset();
    let possible = |to: Micros, parameter| match to <= LATEST {
        true => Ok(to),
        false => Err(SimError::bad(parameter, "must not lead beyond the year 9000")),
    };
    match (advance, set, reset) {
        (Some(by), None, None) => {
            possible(platform.clock.now().plus(by), "advance")?;
            platform.clock.advance(by);
        }
        (None, Some(to), None) => platform.clock.set(possible(to, "set")?),
        (None, None, Some(true)) => platform.clock.reset(),
        _ => return Err(SimError::bad("advance", "exactly one of advance, set and reset:true is needed")),
    }
    let offset = platform.clock.offset();
    let stored =
        platform.db.write(move |tx| settings::write(tx, settings::CLOCK_OFFSET, &offset.to_string())).await;
    if let Err(error) = stored {
        let moved = platform.clock.offset().saturating_sub(before);
        platform.clock.set(Micros(platform.clock.now().0.saturating_sub(moved)));
        return Err(error.into());
    }
    let now = platform.clock.now();
    platform.log.feed.push_caused(now, storage::cause(), Happening::Clock { now });
    insights::tell_due_stories(platform).await?;
    platform.outbox().clock_moved().await;
    Ok(show(platform))
}
