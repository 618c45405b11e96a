//! What became of a message that was sent, and who is told: `channel` when Instagram has taken all of it, `user` when its
//! echo or a later sign of reading has come, `failure` when it will never be there. Each message ends in one final event.

use super::outgoing::{self, Outgoing, State};
use crate::Gateway;
use crate::conversations::Scene;
use crate::integrations::Integration;
use crate::messages;
use crate::users::Client;
use clock::Micros;
use graph_client::{Failure, Kind};
use serde_json::{Value, json};
use storage::{Result, Tx, params};

/// The payload that all three have.
fn payload(
    scene: &Scene,
    detail: crate::hooks::events::Detail,
    integration_id: &str,
    message_id: &str,
) -> Value {
    json!({
        "conversation": scene.in_event(),
        "user": scene.user_in_event(detail),
        "destination": { "type": "instagram", "integrationId": integration_id },
        "message": { "id": message_id },
    })
}

fn external(mids: &[String]) -> Value {
    mids.iter().map(|mid| json!({ "id": mid })).collect()
}

/// The current part of a message is on Instagram as `mid`. Known by the answer, by a look, or by its echo (`echoed`),
/// whichever comes first; what comes later changes nothing.
pub(crate) fn part_sent(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    mut row: Outgoing,
    mid: &str,
    echoed: bool,
) -> Result<()> {
    let added = tx.run(
        "INSERT INTO sent_part (integration_id, mid, sent_at, echoed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (integration_id, mid) DO NOTHING",
        params![&row.integration_id, mid, tx.now(), echoed],
    )?;
    if added == 0 {
        return Ok(());
    }
    row.mids.push(mid.to_owned());
    row.done += 1;
    row.state = State::Waiting;
    (row.attempts, row.looks, row.next_at, row.began_at) = (0, 0, Micros(0), Micros(0));
    if row.current().is_some() {
        return outgoing::update(tx, &row);
    }
    outgoing::remove(tx, &row)?;
    scene.emit(tx, "conversation:message:delivery:channel", |scene, detail| {
        let mut payload = payload(scene, detail, &row.integration_id, &row.message_id);
        payload["externalMessages"] = external(&row.mids);
        payload["isFinalEvent"] = false.into();
        payload
    })?;
    match echoed {
        true => reached(tx, scene, &row.integration_id, &row.message_id, &row.mids),
        false => tx.later(
            "INSERT INTO undelivered (conversation_id, at, message_id, integration_id, mids, last_mid, sent_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                &row.conversation_id,
                row.at,
                &row.message_id,
                &row.integration_id,
                Value::from(row.mids.clone()).to_string(),
                mid,
                tx.now()
            ],
        ),
    }
}

/// The message has reached the person.
fn reached(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    integration_id: &str,
    message_id: &str,
    mids: &[String],
) -> Result<()> {
    scene.emit(tx, "conversation:message:delivery:user", |scene, detail| {
        let mut payload = payload(scene, detail, integration_id, message_id);
        payload["externalMessages"] = external(mids);
        payload["isFinalEvent"] = true.into();
        payload
    })
}

/// A message that Instagram has taken and nobody has seen arrive: when it was taken, and what is told of it then.
type Undelivered = (Micros, String, String, String, String, Micros);

fn undelivered(tx: &mut Tx<'_>, conversation_id: &str) -> Result<Vec<Undelivered>> {
    tx.all(
        "SELECT at, message_id, integration_id, mids, last_mid, sent_at FROM undelivered
         WHERE conversation_id = $1 ORDER BY at, message_id",
        params![conversation_id],
    )
}

fn settle(tx: &mut Tx<'_>, scene: &mut Scene, one: &Undelivered) -> Result<()> {
    let (at, message_id, integration_id, mids, ..) = one;
    tx.later(
        "DELETE FROM undelivered WHERE conversation_id = $1 AND at = $2 AND message_id = $3",
        params![&scene.conversation.id, *at, message_id],
    )?;
    let mids: Vec<String> = serde_json::from_str(mids).unwrap_or_default();
    reached(tx, scene, integration_id, message_id, &mids)
}

/// An echo came: whether it is that of something that the gateway sent.
pub(crate) fn echoed(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    integration: &Integration,
    mid: &str,
) -> Result<bool> {
    let known = tx.run(
        "UPDATE sent_part SET echoed = 1 WHERE integration_id = $1 AND mid = $2",
        params![&integration.id, mid],
    )?;
    if known == 0 {
        return Ok(false);
    }
    for one in undelivered(tx, &scene.conversation.id)? {
        if one.4 == mid {
            settle(tx, scene, &one)?;
        }
    }
    Ok(true)
}

/// The person has read up to `mid`, at an instant of Instagram's: what was sent up to then has reached them.
pub(crate) fn seen(tx: &mut Tx<'_>, scene: &mut Scene, client: &Client, mid: &str, at: Micros) -> Result<()> {
    let all: Vec<_> = undelivered(tx, &scene.conversation.id)?
        .into_iter()
        .filter(|one| one.2 == client.integration_id)
        .collect();
    // The one that is named, and those before it; without it, those that were sent before.
    let upto = all.iter().position(|one| one.4 == mid);
    for (position, one) in all.iter().enumerate() {
        if upto.map_or(one.5 <= at, |upto| position <= upto) {
            settle(tx, scene, one)?;
        }
    }
    Ok(())
}

/// The message that went to Instagram as `mid`, if it has not been seen to arrive.
pub(crate) fn message_of(tx: &mut Tx<'_>, conversation_id: &str, mid: &str) -> Result<Option<String>> {
    Ok(undelivered(tx, conversation_id)?.into_iter().find(|one| one.3.contains(mid)).map(|one| one.1))
}

/// The message will never be there.
pub(crate) fn failed(tx: &mut Tx<'_>, scene: &mut Scene, row: &Outgoing, error: &Value) -> Result<()> {
    outgoing::remove(tx, row)?;
    failure(tx, scene, &row.integration_id, &row.message_id, error)
}

/// Tells that a message will never be there.
pub(crate) fn failure(
    tx: &mut Tx<'_>,
    scene: &mut Scene,
    integration_id: &str,
    message_id: &str,
    error: &Value,
) -> Result<()> {
    scene.emit(tx, "conversation:message:delivery:failure", |scene, detail| {
        let mut payload = payload(scene, detail, integration_id, message_id);
        payload["isFinalEvent"] = true.into();
        payload["error"] = error.clone();
        payload
    })
}

/// The `error` of a failure. Only `uncategorized_error` and `forbidden` are known of Sunshine; the rest is our choice, with
/// Graph's own error beside it, always.
pub(crate) fn error_of(gateway: &Gateway, failure: &Failure) -> Value {
    let code = match (failure.kind, failure.code) {
        (Kind::Window, _) if gateway.settings.window_expired_code => "message_window_expired",
        (Kind::Token, 190 | 102) => "unauthorized",
        (Kind::Person, 551) => "forbidden",
        (Kind::Person, _) => "not_found",
        (Kind::Limit, _) => "too_many_requests",
        _ => "uncategorized_error",
    };
    json!({ "code": code, "message": failure.message, "underlyingError": failure.underlying() })
}

/// Whether a message on Instagram is known already: sent by the gateway, or imported.
pub(crate) fn is_known(
    tx: &mut Tx<'_>,
    integration_id: &str,
    conversation_id: &str,
    mid: &str,
) -> Result<bool> {
    let sent = tx.one::<i64>(
        "SELECT echoed FROM sent_part WHERE integration_id = $1 AND mid = $2",
        params![integration_id, mid],
    )?;
    Ok(sent.is_some() || !messages::store::with_mid(tx, conversation_id, mid)?.is_empty())
}
