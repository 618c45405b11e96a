//! The webhook `story_insights`: the figures of a story's day, about an hour after it ended (doc: Webhooks, Instagram; only
//! accounts that are subscribed through their page are told of them).

use super::parts::Parts;
use super::store;
use crate::Platform;
use crate::publishing::Media;
use crate::subscriptions::{self, About, Bar, Notice, OfFault};
use graph_api::ids::NodeKind;
use graph_api::spaced_json;
use serde_json::{Value, json};
use std::sync::{Arc, Weak};
use std::time::Duration;
use storage::{Result, Tx};
use tokio::time::MissedTickBehavior;

/// The field.
const FIELD: &str = "story_insights";
/// How long after a story's end (rep: about an hour).
const DELAY: Duration = Duration::from_secs(3600);
/// How often the platform looks for stories that are due. The sim's clock looks at once.
const EVERY: Duration = Duration::from_secs(30);
/// A number below this is told as -1 (rep).
const LEAST: i64 = 5;

/// A medium was published: the figures of a story are told when its day is over.
pub(crate) fn published(tx: &mut Tx<'_>, media: &Media) -> Result<()> {
    // People's stories are nobody's to be told of.
    let end = media.expires_at.filter(|_| NodeKind::of(media.account) == Some(NodeKind::Account));
    match end {
        Some(end) => store::expect_story(tx, media.account, media.id, end.plus(DELAY)),
        None => Ok(()),
    }
}

/// A medium is deleted: nobody is told of its figures any more (unconfirmed), and they are gone.
pub(crate) fn deleted(tx: &mut Tx<'_>, account: i64, media: i64) -> Result<()> {
    store::take_story(tx, account, media)?;
    store::forget_media(tx, account, media)
}

/// Tells of stories until the platform ends.
pub(crate) async fn run(platform: Weak<Platform>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(platform) = platform.upgrade() else { return };
        if let Err(error) = tell(&platform).await {
            tracing::error!(%error, "the figures of stories could not be told");
        }
    }
}

/// Tells of all stories that are due.
pub(crate) async fn tell(platform: &Arc<Platform>) -> Result<()> {
    loop {
        let due = platform
            .db
            .read(|db| {
                let now = db.now();
                store::due_stories(db, now)
            })
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        for (account, media) in due {
            let view = platform.directory.account(account).await?;
            let this = Arc::clone(platform);
            platform
                .db
                .write(move |tx| {
                    // Another process may have told it meanwhile.
                    if !store::take_story(tx, account, media)? {
                        return Ok(());
                    }
                    let (Some(view), at) = (&view, tx.now()) else { return Ok(()) };
                    let parts = store::of_media(tx, account, media)?;
                    let change = json!({ "field": FIELD, "value": value(media, &parts) });
                    let body = spaced_json::to_vec(&change);
                    let about = About::Comment { author: None, bar: Bar::InstagramLogin };
                    let notice = Notice { about, lane: media, at, field: FIELD, body, fault: OfFault::None };
                    subscriptions::publish(tx, &this, view, notice)
                })
                .await?;
        }
    }
}

/// The names are those that requests no longer have.
fn value(media: i64, parts: &Parts) -> Value {
    let told = |name: &str| match parts.get(name) {
        few if few < LEAST => -1,
        number => number,
    };
    json!({
        "media_id": media.to_string(),
        "exits": told("navigation|tap_exit"),
        "replies": told("replies"),
        "reach": told("reach"),
        "taps_forward": told("navigation|tap_forward"),
        "taps_back": told("navigation|tap_back"),
        "impressions": told("views"),
    })
}
