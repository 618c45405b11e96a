//! `POST /sim/people/{username}/engage`: what people do with content and profiles.

use super::{Input, SimError, SimResult, account, person, play};
use crate::Platform;
use crate::insights::{Act, Button, Way};
use crate::people::acts::Scene;
use crate::publishing;
use graph_api::ids::{NodeKind, decimal};
use http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// `{"media_id"?,"to"?,"action","watched"?,"skipped"?}` → `{}`. What is done to a medium names it; what is done on the profile
/// names the account by `to`, and may name the medium from which the person came.
pub(in crate::sim) async fn engage(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    let (media, to) = (input.text("media_id")?, input.text("to")?);
    let action = input.required("action")?;
    let (watched, skipped) = (input.span("watched")?, input.flag("skipped")?);
    input.done()?;
    let mut act = parse(&action).ok_or_else(|| {
        let known = NAMES.iter().map(|(name, _)| *name).chain(Way::ALL.iter().map(|way| way.name()));
        SimError::bad("action", format!("must be one of {}", known.collect::<Vec<_>>().join(", ")))
    })?;
    match &mut act {
        Act::View { watched: for_so_long, skipped: is_skipped } => {
            let millis = watched.map(|watched| i64::try_from(watched.as_millis()).unwrap_or(i64::MAX));
            *for_so_long = millis.unwrap_or(0);
            *is_skipped = skipped.unwrap_or(false);
        }
        _ if watched.is_some() || skipped.is_some() => {
            return Err(SimError::bad("watched", "watched and skipped go with the action view"));
        }
        _ => {}
    }
    let media = media.map(|id| media_id(&id)).transpose()?;
    let to = match (to, media) {
        (Some(to), _) => to,
        (None, Some(media)) => owner(platform, media).await?,
        (None, None) => return Err(SimError::bad("media_id", "media_id or to is required")),
    };
    let (person, account) = (person(platform, who).await?, account(platform, &to).await?);
    let scene = Scene { platform: Arc::clone(platform), account, person };
    play(scene, move |scene, tx| scene.engage(tx, act, media)).await?;
    Ok(json!({}))
}

pub(super) fn media_id(text: &str) -> Result<i64, SimError> {
    decimal(text)
        .filter(|id| NodeKind::of(*id) == Some(NodeKind::Media))
        .ok_or_else(|| SimError::bad("media_id", "must be the id of a post, reel or story"))
}

/// The account that published a medium.
async fn owner(platform: &Platform, media: i64) -> Result<String, SimError> {
    let found = platform.db.read(move |db| publishing::store::by_id(db, media)).await?;
    let missing = || SimError::bad("media_id", "there is no such media").with_status(StatusCode::NOT_FOUND);
    found.map(|media| media.account.to_string()).ok_or_else(missing)
}

/// The actions by name; the ways through stories have names of their own.
const NAMES: [(&str, Act); 17] = [
    ("view", Act::View { watched: 0, skipped: false }),
    ("like", Act::Like(true)),
    ("unlike", Act::Like(false)),
    ("save", Act::Save(true)),
    ("unsave", Act::Save(false)),
    ("repost", Act::Repost(true)),
    ("unrepost", Act::Repost(false)),
    ("share", Act::Share),
    ("sticker_tap", Act::LinkClick),
    ("profile_view", Act::ProfileVisit),
    ("link_tap", Act::WebsiteClick),
    ("website_tap", Act::WebsiteClick),
    ("book_tap", Act::Contact(Button::BookNow)),
    ("call_tap", Act::Contact(Button::Call)),
    ("direction_tap", Act::Contact(Button::Direction)),
    ("email_tap", Act::Contact(Button::Email)),
    ("text_tap", Act::Contact(Button::Text)),
];

fn parse(action: &str) -> Option<Act> {
    let named = NAMES.iter().find(|(name, _)| *name == action).map(|(_, act)| *act);
    let way = || Way::ALL.iter().find(|way| way.name() == action).map(|way| Act::Navigate(*way));
    named.or_else(way)
}
