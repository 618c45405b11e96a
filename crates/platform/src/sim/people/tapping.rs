//! `POST /sim/people/{username}/tap`.

use super::{Input, SimError, SimResult, play, scene_of, scene_to, wrote};
use crate::Platform;
use crate::people::acts::Tapped;
use graph_api::ids::ConversationKey;
use serde_json::json;
use std::sync::Arc;

/// The longest `ref` of an ig.me link, in bytes (doc: ig.me links).
const REFERENCE: usize = 2083;

/// `{"to","ref"}`: an ig.me link → `{"igsid","conversation_id"}`.
///
/// `{"mid","quick_reply":n}` or `{"mid","button":n,"element":m}` → `{"igsid","conversation_id","mid"}` of what the tap
/// wrote; `{"igsid","conversation_id","url"}` for a button that opens a page, of which nobody is told. Positions count
/// from 0. `text` stands for the phone number or e-mail address of a quick reply that asks for one.
pub(in crate::sim) async fn tap(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    if let Some(reference) = input.text("ref")? {
        let to = input.required("to")?;
        input.done()?;
        if reference.len() > REFERENCE {
            return Err(SimError::bad("ref", format!("must have at most {REFERENCE} characters")));
        }
        let scene = scene_to(platform, who, &to).await?;
        let key = scene.key();
        play(scene, move |scene, tx| scene.open_link(tx, &reference)).await?;
        return Ok(json!({ "igsid": key.igsid.to_string(), "conversation_id": key.id() }));
    }
    let mid = input.required("mid")?;
    let (quick_reply, button) = (input.position("quick_reply")?, input.position("button")?);
    let (element, text) = (input.position("element")?, input.text("text")?);
    input.done()?;
    let (scene, mid) = scene_of(platform, who, &mid).await?;
    let tapped = match (quick_reply, button) {
        (Some(at), None) => {
            play(scene, move |scene, tx| scene.tap_quick_reply(tx, mid, at, text.as_deref())).await?
        }
        (None, Some(at)) => {
            play(scene, move |scene, tx| scene.tap_button(tx, mid, element.unwrap_or(0), at)).await?
        }
        _ => return Err(SimError::bad("button", "exactly one of quick_reply and button is required")),
    };
    Ok(match tapped {
        Tapped::Wrote(message) => wrote(message),
        Tapped::Opened(url) => {
            let conversation = ConversationKey { account: mid.account, igsid: mid.igsid };
            json!({ "igsid": mid.igsid.to_string(), "conversation_id": conversation.id(), "url": url })
        }
    })
}
