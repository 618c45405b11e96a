//! Ads without the Marketing API: an advertiser's clicks.

use super::input::Input;
use super::people::account;
use super::{SimError, SimResult};
use crate::Platform;
use crate::ads::{self, Ad, Boost};
use graph_api::ads::{AdStatus, Seen};
use graph_api::ids::decimal;
use graph_api::limits;
use serde_json::{Value, json};
use std::sync::Arc;

/// An ad as the sim shows it.
pub(super) fn shown(ad: &Ad) -> Value {
    json!({
        "id": ad.id.to_string(),
        "name": ad.name,
        "status": ad.status.name(),
        "flow": ad.flow.map(|flow| flow.to_string()),
        "title": ad.seen.title,
        "photo_url": ad.seen.photo_url,
        "video_url": ad.seen.video_url,
        "ref": Some(&ad.reference).filter(|reference| !reference.is_empty()),
    })
}

/// `POST /sim/ads {"account","flow"?,"title"?,"photo_url"?,"video_url"?,"ref"?}`: a click-to-Direct ad that runs.
pub(super) async fn make(platform: &Arc<Platform>, mut input: Input) -> SimResult {
    let to = input.required("account")?;
    let flow = input.text("flow")?.map(|flow| {
        decimal(flow.trim()).ok_or_else(|| SimError::bad("flow", "must be the id of a welcome message flow"))
    });
    let seen = Seen {
        title: input.text("title")?.unwrap_or_else(|| "Ad".to_owned()),
        photo_url: address(&mut input, "photo_url")?,
        video_url: address(&mut input, "video_url")?,
    };
    let reference = input.text("ref")?.unwrap_or_default();
    input.done()?;
    let boost = Boost { flow: flow.transpose()?, seen, reference };
    let account = account(platform, &to).await?;
    let ad = platform.db.write(move |tx| ads::boost(tx, &account.account, &boost)).await?;
    Ok(shown(&ad))
}

fn address(input: &mut Input, name: &str) -> Result<Option<String>, SimError> {
    match input.text(name)? {
        Some(url) if !limits::is_web_address(&url) => Err(SimError::bad(name, "must be a URL")),
        url => Ok(url),
    }
}

/// `PATCH /sim/ads/{id} {"status":"ACTIVE"/"PAUSED"/"ARCHIVED"/"DELETED"}`.
pub(super) async fn change(platform: &Arc<Platform>, id: &str, mut input: Input) -> SimResult {
    let status = AdStatus::parse(&input.required("status")?.to_ascii_uppercase());
    let status =
        status.ok_or_else(|| SimError::bad("status", "must be ACTIVE, PAUSED, ARCHIVED or DELETED"))?;
    input.done()?;
    let missing = || SimError::not_found(&format!("ad {id}"));
    let number = decimal(id).ok_or_else(missing)?;
    let ad = platform.db.write(move |tx| ads::set_status(tx, number, status)).await?;
    Ok(shown(&ad.ok_or_else(missing)?))
}
