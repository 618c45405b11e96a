//! One step of a conversation's lane: a part is sent, or looked for, or its time has not come.
//!
//! Instagram has no key by which a send could be repeated safely, and an answer of 500 may follow on a delivery. So a part is
//! noted as under way before its POST; what came of a POST that nobody knows is looked for in the conversation itself, and
//! only what is not there, twice, is sent again.

use super::outgoing::{self, Outgoing, State};
use super::{delivery, mapping};
use crate::conversations::{self, Conversation, Scene};
use crate::integrations::{self, Integration, connect};
use crate::{Gateway, HumanAgentTag};
use clock::Micros;
use graph_api::limits;
use graph_client::{Access, Failure, Kind, Seen};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use storage::Result;

/// What a lane does next.
pub(crate) enum Step {
    /// There may be more.
    Again,
    /// There is nothing.
    Done,
    /// Nothing before this time.
    Wait(Micros),
}

/// Between tries of what Instagram did not take: in seconds, the last one repeats.
const BACKOFF: [u64; 9] = [1, 2, 5, 10, 30, 60, 120, 300, 600];
/// Between looks for what may be there.
const LOOKS: [u64; 7] = [1, 4, 10, 30, 60, 120, 300];
/// So many looks in vain tell that it is not there.
const IN_VAIN: i64 = 2;
/// For how long a message is tried: beyond the standard window there is no point.
const TRIED_FOR: Duration = Duration::from_secs(24 * 3600);
/// How far apart the two clocks may be when a message is looked for.
const SKEW: Duration = Duration::from_secs(60);

fn after(table: &[u64], count: i64, now: Micros) -> Micros {
    let at = usize::try_from(count).unwrap_or_default().min(table.len() - 1);
    now.plus(Duration::from_secs(table[at]))
}

/// Takes one step in a conversation.
pub(crate) async fn step(gateway: &Arc<Gateway>, conversation_id: &str) -> Result<Step> {
    let id = conversation_id.to_owned();
    let found = gateway
        .db
        .read(move |db| {
            let Some(row) = outgoing::first(db, &id)? else { return Ok(None) };
            let integration = integrations::store::find(db, &row.app_id, &row.integration_id)?;
            let conversation = conversations::store::find(db, &row.app_id, &id)?;
            Ok::<_, storage::Error>(Some((row, integration.zip(conversation))))
        })
        .await?;
    let Some((row, around)) = found else { return Ok(Step::Done) };
    let Some((integration, conversation)) = around else {
        let error = json!({ "code": "not_found", "message": "The integration is not there any more" });
        give_up(gateway, &row, error).await?;
        return Ok(Step::Again);
    };
    if row.next_at > gateway.clock.now() {
        return Ok(Step::Wait(row.next_at));
    }
    let access = integration.access(gateway)?;
    match row.state {
        State::Waiting => send(gateway, row, &integration, &conversation, &access).await?,
        State::UnderWay | State::Unclear => look(gateway, row, &integration, &access).await?,
    }
    Ok(Step::Again)
}

/// Changes the row of a message that is still on its way as it is now, under the conversation's lock.
async fn change(
    gateway: &Arc<Gateway>,
    row: &Outgoing,
    act: impl Fn(&mut storage::Tx<'_>, &mut Scene, Outgoing) -> Result<()> + Send + 'static,
) -> Result<()> {
    let (this, row) = (Arc::clone(gateway), row.clone());
    gateway
        .db
        .write(move |tx| {
            let Some(mut scene) = Scene::lock(tx, &this, &row.app_id, &row.conversation_id)? else {
                return Ok(());
            };
            let now = outgoing::first(tx, &row.conversation_id)?;
            // Its echo may have moved it on meanwhile, or it was deleted.
            if let Some(now) = now.filter(|now| now.message_id == row.message_id && now.done == row.done) {
                act(tx, &mut scene, now)?;
                scene.save(tx)?;
            }
            Ok(())
        })
        .await
}

async fn give_up(gateway: &Arc<Gateway>, row: &Outgoing, error: Value) -> Result<()> {
    let this = Arc::clone(gateway);
    let gone = row.clone();
    // Without its conversation there is nobody to tell.
    let known = gateway
        .db
        .write(move |tx| match Scene::lock(tx, &this, &gone.app_id, &gone.conversation_id)? {
            Some(_) => Ok(true),
            None => outgoing::remove(tx, &gone).map(|()| false),
        })
        .await?;
    if known {
        change(gateway, row, move |tx, scene, now| delivery::failed(tx, scene, &now, &error)).await?;
    }
    Ok(())
}

/// Whether the send is tagged.
fn is_tagged(
    gateway: &Gateway,
    integration: &Integration,
    conversation: &Conversation,
    row: &Outgoing,
    now: Micros,
) -> bool {
    match integration.human_agent_tag(gateway) {
        HumanAgentTag::Always => true,
        HumanAgentTag::Never => false,
        HumanAgentTag::Auto => {
            let human = conversation.inbound_at.plus(limits::HUMAN_AGENT_WINDOW);
            !row.is_bot && conversation.inbound_at.0 > 0 && !conversation.is_window_open(now) && now < human
        }
    }
}

fn body(row: &Outgoing, part: &Value, tagged: bool) -> Value {
    let mut body = json!({ "recipient": { "id": row.igsid }, "message": part });
    if tagged {
        body["messaging_type"] = "MESSAGE_TAG".into();
        body["tag"] = "HUMAN_AGENT".into();
    } else {
        body["messaging_type"] = "RESPONSE".into();
    }
    body
}

async fn send(
    gateway: &Arc<Gateway>,
    row: Outgoing,
    integration: &Integration,
    conversation: &Conversation,
    access: &Access,
) -> Result<()> {
    let Some(part) = row.current().cloned() else {
        let error = json!({ "code": "uncategorized_error", "message": "The message says nothing" });
        return give_up(gateway, &row, error).await;
    };
    gateway.pace.wait(&integration.id, access.host, mapping::is_heavy(&part)).await;
    change(gateway, &row, |tx, _, mut now| {
        now.state = State::UnderWay;
        now.attempts += 1;
        if now.began_at.0 == 0 {
            now.began_at = tx.now();
        }
        outgoing::update(tx, &now)
    })
    .await?;
    let now = gateway.clock.now();
    let tagged = is_tagged(gateway, integration, conversation, &row, now);
    let mut sent = gateway.graph.send(access, &body(&row, &part, tagged)).await;
    if let Err(failure) = &sent
        && tagged
        && conversation.is_window_open(now)
        && matches!(failure.kind, Kind::Permanent | Kind::Token | Kind::Window)
        && failure.code != 190
    {
        // The app may lack the Human Agent feature; within the window nothing needs the tag.
        tracing::info!(integration = integration.id, %failure, "the tag HUMAN_AGENT is refused: sending without it");
        sent = gateway.graph.send(access, &body(&row, &part, false)).await;
    }
    match sent {
        Ok(Some(mid)) => {
            change(gateway, &row, move |tx, scene, now| delivery::part_sent(tx, scene, now, &mid, false))
                .await?;
            if integration.doc.text("status") == "error" {
                connect::note_status(gateway, &integration.app_id, &integration.id, "active").await;
            }
            Ok(())
        }
        // An answer of success without an id.
        Ok(None) => unclear(gateway, &row).await,
        Err(failure) => failed(gateway, row, integration, failure).await,
    }
}

/// Nobody knows what came of it: it is looked for.
async fn unclear(gateway: &Arc<Gateway>, row: &Outgoing) -> Result<()> {
    change(gateway, row, |tx, _, mut now| {
        now.state = State::Unclear;
        now.looks = 0;
        now.next_at = after(&LOOKS, 0, tx.now());
        outgoing::update(tx, &now)
    })
    .await
}

async fn failed(
    gateway: &Arc<Gateway>,
    row: Outgoing,
    integration: &Integration,
    failure: Failure,
) -> Result<()> {
    if failure.kind == Kind::Token && failure.code == 190 {
        connect::note_status(gateway, &integration.app_id, &integration.id, "error").await;
    }
    let is_too_old = gateway.clock.now().since(row.made_at) > TRIED_FOR;
    match failure.kind {
        Kind::Unclear => unclear(gateway, &row).await,
        _ if failure.is_worth_another_try() && !is_too_old => {
            change(gateway, &row, |tx, _, mut now| {
                now.state = State::Waiting;
                now.next_at = after(&BACKOFF, now.attempts - 1, tx.now());
                // It is known that nothing was done: an echo cannot be that of this try.
                now.began_at = Micros(0);
                outgoing::update(tx, &now)
            })
            .await
        }
        _ => give_up(gateway, &row, delivery::error_of(gateway, &failure)).await,
    }
}

/// Looks in the conversation at Instagram whether the part is there.
async fn look(
    gateway: &Arc<Gateway>,
    row: Outgoing,
    integration: &Integration,
    access: &Access,
) -> Result<()> {
    let looked = gateway.graph.newest_messages(access, &integration.business_id, &row.igsid).await;
    let is_too_old = gateway.clock.now().since(row.made_at) > TRIED_FOR;
    let seen = match looked {
        Ok(seen) => seen,
        Err(_) if is_too_old => {
            let error = json!({
                "code": "uncategorized_error",
                "message": "The outcome is unknown: Instagram did not say whether the message was delivered",
            });
            return give_up(gateway, &row, error).await;
        }
        Err(failure) => {
            tracing::info!(%failure, "a conversation cannot be looked into: trying again");
            return change(gateway, &row, |tx, _, mut now| {
                now.state = State::Unclear;
                // A look that told nothing counts for the delay, not for what is known.
                now.next_at = after(&LOOKS, 3, tx.now());
                outgoing::update(tx, &now)
            })
            .await;
        }
    };
    let integration_id = integration.id.clone();
    change(gateway, &row, move |tx, scene, mut now| {
        if let Some(mid) = find(tx, &integration_id, &now, &seen)? {
            return delivery::part_sent(tx, scene, now, &mid, false);
        }
        now.looks += 1;
        if now.looks >= IN_VAIN {
            // It is not there: this one goes again.
            now.state = State::Waiting;
            now.next_at = Micros(0);
        } else {
            now.state = State::Unclear;
            now.next_at = after(&LOOKS, now.looks, tx.now());
        }
        outgoing::update(tx, &now)
    })
    .await
}

/// The oldest message of the account that says what the part says, was written since it was first tried, and is not known
/// as another one.
fn find(
    tx: &mut storage::Tx<'_>,
    integration_id: &str,
    row: &Outgoing,
    seen: &[Seen],
) -> Result<Option<String>> {
    let Some(part) = row.current() else { return Ok(None) };
    let since = row.began_at.minus(SKEW);
    for message in seen.iter().rev() {
        let is_it = message.from_account
            && message.at >= since
            && mapping::is_seen_as(part, &message.text, message.attachments);
        if is_it && !delivery::is_known(tx, integration_id, &row.conversation_id, &message.mid)? {
            return Ok(Some(message.mid.clone()));
        }
    }
    Ok(None)
}
