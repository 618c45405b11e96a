//! The warning that a person waits: Instagram asks that everybody is answered within 24 hours (seed). One event for each
//! conversation in which nobody has answered, an hour before.

use crate::Gateway;
use crate::conversations::{self, Scene};
use clock::Micros;
use serde_json::json;
use std::sync::{Arc, Weak};
use std::time::Duration;
use storage::Result;

/// How long a person has waited when it comes.
const AFTER: Duration = Duration::from_secs(23 * 3600);
/// How often is looked, on a clock that runs by itself.
const EVERY: Duration = Duration::from_secs(60);

/// Runs until the gateway stops or is gone.
pub(crate) async fn run(gateway: Weak<Gateway>) {
    loop {
        let Some(this) = gateway.upgrade() else { return };
        let rest = this.work.rest(EVERY);
        if let Err(error) = due(&this).await {
            tracing::error!(%error, "who waits for an answer cannot be read now");
        }
        drop(this);
        if rest.await {
            return;
        }
    }
}

/// Warns of all that is due.
pub(crate) async fn due(gateway: &Arc<Gateway>) -> Result<()> {
    if gateway.settings.strict {
        return Ok(());
    }
    loop {
        let longest = gateway.db.read(|db| conversations::store::longest_waiting(db)).await?;
        let due = longest.filter(|one| gateway.clock.now() >= one.unanswered_at.plus(AFTER));
        let Some(conversation) = due else { return Ok(()) };
        let this = Arc::clone(gateway);
        gateway
            .db
            .write(move |tx| {
                let scene = Scene::lock(tx, &this, &conversation.app_id, &conversation.id)?;
                let Some(mut scene) = scene else { return Ok(()) };
                let since = scene.conversation.unanswered_at;
                if since.0 > 0 && since == conversation.unanswered_at {
                    // Once for each time that somebody waits.
                    scene.conversation.unanswered_at = Micros(0);
                    scene.emit(tx, "instagram:window:warning", |scene, detail| {
                        json!({
                            "conversation": scene.in_event(),
                            "user": scene.user_in_event(detail),
                            "window": scene.conversation.windows(),
                            "waitingSince": crate::time(since),
                        })
                    })?;
                    scene.save(tx)?;
                }
                Ok::<_, storage::Error>(())
            })
            .await?;
    }
}
