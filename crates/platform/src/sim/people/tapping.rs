//! `POST /sim/people/{username}/tap`.

use super::inbox::View;
use super::{Input, SimError, SimResult, play, scene_of, scene_to, wrote};
use crate::Platform;
use crate::assets::Links;
use crate::people::acts::{Refused, Scene, Tapped};
use graph_api::ids::{ConversationKey, MessageKey, decimal};
use graph_api::limits;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;

/// What is tapped, besides a message.
enum Target {
    /// An ig.me link.
    Link(String),
    /// An ice breaker of the account.
    IceBreaker(usize),
    /// An item of its menu.
    Menu(usize),
    /// A click-to-Direct ad.
    Ad(i64),
    /// A welcome message flow, without an ad.
    Flow(i64),
}

/// What is tapped of a message.
#[derive(Clone)]
enum Part {
    QuickReply { at: usize, text: Option<String> },
    Button { element: usize, at: usize },
}

/// `{"to","ref"}`: an ig.me link → `{"igsid","conversation_id"}`.
///
/// `{"to","ice_breaker":n}`, `{"to","menu":[n]}` → `{"igsid","conversation_id","mid"}` of the postback.
///
/// `{"to","ad":id}`, `{"to","flow":id}` → `{"igsid","conversation_id","shown":[message…]}`: what the person is shown, each
/// with a `mid` whose quick replies and buttons can be tapped. With `quick_reply` or `button`, the first message that has
/// some is tapped as well → as below.
///
/// `{"mid","quick_reply":n}` or `{"mid","button":n,"element":m}` → `{"igsid","conversation_id","mid"}` of what the tap
/// wrote; `{"igsid","conversation_id","url"}` for a button or item that opens a page, of which nobody is told. Positions
/// count from 0. `text` stands for the phone number or e-mail address of a quick reply that asks for one.
pub(in crate::sim) async fn tap(
    platform: &Arc<Platform>,
    who: &str,
    mut input: Input,
    links: &Links<'_>,
) -> SimResult {
    let target = target(&mut input)?;
    let (to, mid) = (input.text("to")?, input.text("mid")?);
    let part = part(&mut input)?;
    input.done()?;
    let Some(target) = target else {
        let mid = mid.ok_or_else(|| SimError::bad("mid", "mid is required"))?;
        let part =
            part.ok_or_else(|| SimError::bad("button", "exactly one of quick_reply and button is required"))?;
        let (scene, mid) = scene_of(platform, who, &mid).await?;
        let key = scene.key();
        let tapped = play(scene, move |scene, tx| tap_part(scene, tx, mid, &part)).await?;
        return Ok(told(key, &tapped));
    };
    let to = to.ok_or_else(|| SimError::bad("to", "to is required"))?;
    if mid.is_some() {
        return Err(SimError::bad("mid", "stands alone"));
    }
    if part.is_some() && !matches!(target, Target::Ad(_) | Target::Flow(_)) {
        return Err(SimError::bad("quick_reply", "goes with mid, ad or flow"));
    }
    let scene = scene_to(platform, who, &to).await?;
    let key = scene.key();
    match target {
        Target::Link(reference) => {
            play(scene, move |scene, tx| scene.open_link(tx, &reference)).await?;
            Ok(json!({ "igsid": key.igsid.to_string(), "conversation_id": key.id() }))
        }
        Target::IceBreaker(at) => {
            Ok(told(key, &play(scene, move |scene, tx| scene.tap_ice_breaker(tx, at)).await?))
        }
        Target::Menu(at) => Ok(told(key, &play(scene, move |scene, tx| scene.tap_menu(tx, at)).await?)),
        Target::Ad(_) | Target::Flow(_) => greet(scene, target, part, links).await,
    }
}

fn target(input: &mut Input) -> Result<Option<Target>, SimError> {
    let id = |input: &mut Input, name: &str| {
        let Some(text) = input.text(name)? else { return Ok(None) };
        let id = decimal(text.trim()).ok_or_else(|| SimError::bad(name, "must be an id"))?;
        Ok::<_, SimError>(Some(id))
    };
    let link = input.text("ref")?;
    if link.as_ref().is_some_and(|reference| reference.chars().count() > limits::REF) {
        return Err(SimError::bad("ref", format!("must have at most {} characters", limits::REF)));
    }
    let mut targets = [
        link.map(Target::Link),
        input.position("ice_breaker")?.map(Target::IceBreaker),
        input.path("menu")?.map(Target::Menu),
        id(input, "ad")?.map(Target::Ad),
        id(input, "flow")?.map(Target::Flow),
    ]
    .into_iter()
    .flatten();
    match (targets.next(), targets.next()) {
        (target, None) => Ok(target),
        _ => Err(SimError::bad("to", "one tap taps one thing")),
    }
}

fn part(input: &mut Input) -> Result<Option<Part>, SimError> {
    let (quick_reply, button) = (input.position("quick_reply")?, input.position("button")?);
    let (element, text) = (input.position("element")?, input.text("text")?);
    match (quick_reply, button) {
        (None, None) => Ok(None),
        (Some(at), None) => Ok(Some(Part::QuickReply { at, text })),
        (None, Some(at)) => Ok(Some(Part::Button { element: element.unwrap_or(0), at })),
        (Some(_), Some(_)) => {
            Err(SimError::bad("button", "exactly one of quick_reply and button is required"))
        }
    }
}

fn tap_part(scene: &Scene, tx: &mut Tx<'_>, mid: MessageKey, part: &Part) -> Result<Tapped, Refused> {
    match part {
        Part::QuickReply { at, text } => scene.tap_quick_reply(tx, mid, *at, text.as_deref()),
        Part::Button { element, at } => scene.tap_button(tx, mid, *element, *at),
    }
}

/// What a tap answers that wrote something, or opened a page.
fn told(key: ConversationKey, tapped: &Tapped) -> Value {
    match tapped {
        Tapped::Wrote(message) => wrote(*message),
        Tapped::Opened(url) => {
            json!({ "igsid": key.igsid.to_string(), "conversation_id": key.id(), "url": url })
        }
    }
}

/// The person taps an ad or opens a flow, and perhaps goes on to tap what that shows.
async fn greet(scene: Scene, target: Target, part: Option<Part>, links: &Links<'_>) -> SimResult {
    let (key, person, with) =
        (scene.key(), scene.person.username.clone(), scene.account.account.username.clone());
    let (conversation, shown, tapped) = play(scene, move |scene, tx| {
        let (conversation, shown) = match target {
            Target::Ad(id) => scene.tap_ad(tx, id)?,
            Target::Flow(id) => scene.open_flow(tx, id)?,
            Target::Link(_) | Target::IceBreaker(_) | Target::Menu(_) => {
                return Err(Refused::missing("to", "this shows nothing"));
            }
        };
        let Some(part) = &part else { return Ok((conversation, shown, None)) };
        let has_part = |message: &&crate::conversations::Message| match part {
            Part::QuickReply { .. } => !message.quick_replies().is_empty(),
            Part::Button { .. } => !message.attachments().is_empty(),
        };
        let message = shown.iter().find(has_part).map(|message| conversation.message(message.at));
        let mid = message.ok_or_else(|| Refused::missing("quick_reply", "nothing of it is shown"))?;
        let tapped = tap_part(scene, tx, mid, part)?;
        Ok((conversation, shown, Some(tapped)))
    })
    .await?;
    if let Some(tapped) = tapped {
        return Ok(told(key, &tapped));
    }
    let view = View { conversation: &conversation, with: &with, person: &person, links };
    Ok(json!({
        "igsid": key.igsid.to_string(),
        "conversation_id": key.id(),
        "shown": shown.iter().map(|message| view.message(message)).collect::<Vec<Value>>(),
    }))
}
