//! What is announced: an event is written in the transaction that caused it, once for each webhook that is for it.

use super::{Webhook, store};
use crate::Gateway;
use crate::apps::store::Doc;
use crate::conversations::Scene;
use crate::switchboards::Board;
use crate::users::User;
use clock::Micros;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{Result, Tx};
use sunco_api::ids;
use webhooks::{EndpointId, Event};

/// How much a webhook wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detail {
    /// `includeFullUser`.
    pub(crate) user: bool,
    /// `includeFullSource`.
    pub(crate) source: bool,
}

impl Detail {
    fn of(webhook: &Doc) -> Self {
        Self {
            user: webhook.flag("includeFullUser", false),
            source: webhook.flag("includeFullSource", false),
        }
    }
}

/// Where events go in time: one lane for each conversation or user, and an instant of their own in it.
struct Lane {
    lane: i64,
    at: Micros,
}

fn append(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    webhook: &Webhook,
    lane: &Lane,
    (id, kind): (&str, &str),
    payload: &Value,
) -> Result<()> {
    let event = json!({ "id": id, "createdAt": crate::time(tx.now()), "type": kind, "payload": payload });
    let event = Event {
        endpoint: EndpointId(webhook.endpoint),
        at: lane.at,
        lane: lane.lane,
        subject: 0,
        channel: 0,
        topic: kind.to_owned(),
        body: event.to_string().into(),
    };
    gateway.outbox().append(tx, event)
}

/// Announces what happened in a conversation to those of the app's integrations that hear of it. `except` hears nothing:
/// whoever caused it itself. The scene must be saved afterwards.
pub(crate) fn of_conversation(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    kind: &str,
    except: Option<&str>,
    payload: impl Fn(&Scene, Detail) -> Value,
) -> Result<()> {
    let webhooks = scene.webhooks(tx)?;
    let mut lane = None;
    for webhook in webhooks.iter() {
        let board: Option<&Board> = scene.board.as_ref();
        let hears = board.is_none_or(|board| board.hears(&webhook.integration_id, &scene.conversation, kind));
        if !webhook.is_for(kind) || !hears || except == Some(webhook.integration_id.as_str()) {
            continue;
        }
        let (lane, id) = lane.get_or_insert_with(|| {
            let at = Micros(tx.now().0.max(scene.conversation.events_at.0 + 1));
            (Lane { lane: ids::number(&scene.conversation.id), at }, scene.gateway.new_id())
        });
        scene.conversation.events_at = lane.at;
        let gateway = Arc::clone(&scene.gateway);
        append(tx, &gateway, webhook, lane, (id, kind), &payload(scene, Detail::of(&webhook.doc)))?;
    }
    Ok(())
}

/// Announces what happened to a user, whose row is locked. The user must be saved afterwards.
pub(crate) fn of_user(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    user: &mut User,
    kind: &str,
    payload: impl Fn(&User, bool) -> Value,
) -> Result<()> {
    let at = Micros(tx.now().0.max(user.events_at.0 + 1));
    user.events_at = at;
    // Lanes of users are negative: no conversation has such a one.
    let lane = Lane { lane: -1 - ids::number(&user.id), at };
    let id = gateway.new_id();
    for webhook in store::of_app(tx, &user.app_id)?.iter().filter(|webhook| webhook.is_for(kind)) {
        append(tx, gateway, webhook, &lane, (&id, kind), &payload(user, Detail::of(&webhook.doc).user))?;
    }
    Ok(())
}
