//! Control of a conversation: passed, offered, accepted, released. What fails of the first three comes as an event, not as
//! an HTTP error (spec).

use super::{Board, Entry};
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, op};
use crate::conversations::Scene;
use crate::conversations::ops::in_conversation;
use serde_json::{Map, Value, json};
use storage::Tx;
use sunco_api::ApiError;

pub(crate) const OPERATIONS: &[Operation] = &[
    op!(
        "PassControl",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/passControl",
        EVERY,
        Real,
        pass
    ),
    op!(
        "OfferControl",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/offerControl",
        EVERY,
        Real,
        offer
    ),
    op!(
        "AcceptControl",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/acceptControl",
        EVERY,
        Real,
        accept
    ),
    op!(
        "ReleaseControl",
        "POST",
        "/v2/apps/{appId}/conversations/{conversationId}/releaseControl",
        EVERY,
        Real,
        release
    ),
];

type Metadata = Option<Map<String, Value>>;

/// Announces what became of control, or that nothing did.
fn announce(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    kind: &str,
    metadata: &Metadata,
    why: Option<Refusal>,
) -> Outcome<()> {
    let kind = if why.is_some() { format!("{kind}:failure") } else { kind.to_owned() };
    scene.emit(tx, &kind, |scene, _| {
        let mut payload = json!({ "conversation": scene.in_event() });
        if let Some(metadata) = metadata {
            payload["metadata"] = metadata.clone().into();
        }
        if let Some((code, message)) = why {
            payload["error"] = json!({ "code": code, "message": message });
        }
        payload
    })?;
    Ok(())
}

type Refusal = (&'static str, &'static str);

const TARGET: Refusal = ("switchboard_invalid_target", "Switchboard invalid target");
const ALREADY_ACTIVE: Refusal =
    ("switchboard_invalid_target", "Cannot offer control to the active switchboard integration.");
const NOTHING_PENDING: Refusal = ("switchboard_invalid_action", "There is no pendingSwitchboardIntegration");

/// Whom a word names: an id, a name, a type of integration, or `next`, in this order; ambiguity is an error (spec).
fn target<'a>(board: Option<&'a Board>, active: Option<&str>, word: &str) -> Result<&'a Entry, Refusal> {
    let board = board.ok_or(TARGET)?;
    let only = |name: &str| {
        let mut found = board.entries.iter().filter(|entry| entry.doc.text(name) == word);
        match (found.next(), found.next()) {
            (Some(entry), None) => Some(Ok(entry)),
            (Some(_), Some(_)) => Some(Err(TARGET)),
            (None, _) => None,
        }
    };
    if let Some(found) = board.by_id(word) {
        return Ok(found);
    }
    if let Some(found) = only("name").or_else(|| only("integrationType")) {
        return found;
    }
    if word == "next" {
        let next =
            active.and_then(|id| board.by_id(id)).map(|entry| entry.doc.text("nextSwitchboardIntegrationId"));
        return next.and_then(|id| board.by_id(id)).ok_or(TARGET);
    }
    Err(TARGET)
}

/// The body's target and metadata.
fn asked(call: &Call) -> Result<(String, Metadata), ApiError> {
    let word = call.body.required("switchboardIntegration", 128)?;
    Ok((word, call.body.metadata("metadata", "Switchboard")?))
}

async fn pass(call: &Call) -> Outcome {
    let (word, metadata) = asked(call)?;
    in_conversation(call, move |tx, scene| {
        let found = target(scene.board.as_ref(), scene.conversation.active.as_deref(), &word);
        match found.map(|entry| entry.id.clone()) {
            Err(why) => announce(tx, scene, "switchboard:passControl", &metadata, Some(why)),
            // It has control already: nothing happens (unconfirmed).
            Ok(id) if scene.conversation.active.as_ref() == Some(&id) => Ok(()),
            Ok(id) => {
                scene.conversation.active = Some(id);
                scene.conversation.pending = None;
                announce(tx, scene, "switchboard:passControl", &metadata, None)
            }
        }
    })
    .await?;
    Answer::done()
}

async fn offer(call: &Call) -> Outcome {
    let (word, metadata) = asked(call)?;
    in_conversation(call, move |tx, scene| {
        let found = target(scene.board.as_ref(), scene.conversation.active.as_deref(), &word);
        let found = found.map(|entry| entry.id.clone()).and_then(|id| {
            if scene.conversation.active.as_ref() == Some(&id) { Err(ALREADY_ACTIVE) } else { Ok(id) }
        });
        match found {
            Err(why) => announce(tx, scene, "switchboard:offerControl", &metadata, Some(why)),
            Ok(id) => {
                scene.conversation.pending = Some(id);
                announce(tx, scene, "switchboard:offerControl", &metadata, None)
            }
        }
    })
    .await?;
    Answer::done()
}

/// With an integration's credentials, only the one that is named may act (spec: 403).
fn check_caller(scene: &Scene, caller: Option<&String>, named: Option<&String>) -> Outcome<()> {
    let Some(caller) = caller else { return Ok(()) };
    let entry = named.and_then(|id| scene.board.as_ref()?.by_id(id));
    match entry.is_some_and(|entry| entry.doc.text("integrationId") == caller) {
        true => Ok(()),
        false => Err(Failure::Api(ApiError::forbidden())),
    }
}

async fn accept(call: &Call) -> Outcome {
    let metadata = call.body.metadata("metadata", "Switchboard")?;
    let caller = call.caller.integration.clone();
    in_conversation(call, move |tx, scene| {
        let Some(pending) = scene.conversation.pending.clone() else {
            return announce(tx, scene, "switchboard:acceptControl", &metadata, Some(NOTHING_PENDING));
        };
        check_caller(scene, caller.as_ref(), Some(&pending))?;
        scene.conversation.active = Some(pending);
        scene.conversation.pending = None;
        announce(tx, scene, "switchboard:acceptControl", &metadata, None)
    })
    .await?;
    Answer::done()
}

async fn release(call: &Call) -> Outcome {
    let metadata = call.body.metadata("metadata", "Switchboard")?;
    let caller = call.caller.integration.clone();
    in_conversation(call, move |tx, scene| {
        let active = scene.conversation.active.clone();
        check_caller(scene, caller.as_ref(), active.as_ref())?;
        let (was_active, was_pending) = (active, scene.conversation.pending.take());
        if was_active.is_none() && was_pending.is_none() {
            return Ok(());
        }
        scene.conversation.active = None;
        announce(tx, scene, "switchboard:releaseControl", &metadata, None)
    })
    .await?;
    Answer::done()
}
