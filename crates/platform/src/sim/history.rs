//! `POST /sim/accounts/{u}/history`: a past for an account that has none.

use super::input::Input;
use super::people::account;
use super::{SimError, SimResult};
use crate::Platform;
use crate::directory::forget_after_commit;
use crate::insights::{self, History};
use serde_json::json;
use std::sync::Arc;

/// The most days, and followers.
const DAYS: u64 = 730;
const FOLLOWERS: u64 = 100_000_000;

/// `{"days"?:365,"followers"?:2000,"seed"?:1}` → `{"days","followers","events"}`: the days before today as an account of that
/// size has them, in place of what was counted on them. The same seed makes the same past.
pub(super) async fn write(platform: &Arc<Platform>, name: &str, mut input: Input) -> SimResult {
    let days = within(&mut input, "days", 365, DAYS)?;
    let followers = within(&mut input, "followers", 2000, FOLLOWERS)?;
    let seed = input.number("seed")?.unwrap_or(1);
    input.done()?;
    let id = account(platform, name).await?.account.id;
    let this = Arc::clone(platform);
    let events = platform
        .db
        .write(move |tx| {
            let events = insights::write_history(tx, id, &History { days, followers, seed })?;
            forget_after_commit(tx, &this);
            Ok::<_, storage::Error>(events)
        })
        .await?
        .ok_or_else(|| SimError::not_found(&format!("account {name}")))?;
    Ok(json!({ "days": days, "followers": followers, "events": events }))
}

fn within(input: &mut Input, name: &str, usual: u64, most: u64) -> Result<i64, SimError> {
    let number = input.number(name)?.unwrap_or(usual);
    match i64::try_from(number) {
        Ok(given) if (1..=most).contains(&number) => Ok(given),
        _ => Err(SimError::bad(name, format!("must be 1 to {most}"))),
    }
}
