//! Looking for what was never told: a notification can be lost for good (Instagram keeps trying for a while only, and has had
//! outages). Every minute each account is asked which of its conversations have changed, and what is not known of them
//! is dealt with as if it had been told. One call for each account, if nothing is missing.

use super::receiving::{self, Arriving};
use crate::integrations::{self, Integration};
use crate::{Gateway, schema};
use clock::Micros;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use storage::{Result, Tx, params};

/// How often is looked: Instagram shows the twenty newest messages of a conversation only.
const EVERY: Duration = Duration::from_secs(60);
/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(30);
/// How much earlier than the last look is looked: times of conversations are in seconds, and clocks differ.
const MARGIN: Duration = Duration::from_secs(60);

/// When was last looked.
#[derive(Debug, Default)]
pub(crate) struct Looked(AtomicI64);

/// Runs until the gateway stops or is gone.
pub(crate) async fn run(gateway: Weak<Gateway>) {
    loop {
        let Some(this) = gateway.upgrade() else { return };
        let rest = this.work.rest(TICK);
        due(&this).await;
        drop(this);
        if rest.await {
            return;
        }
    }
}

/// Looks, if it is time to.
pub(crate) async fn due(gateway: &Arc<Gateway>) {
    let now = gateway.clock.now();
    let is_due = |last: i64| (last == 0 || now.since(Micros(last)) >= EVERY || now.0 < last).then_some(now.0);
    if gateway.looked.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_due).is_err() {
        return;
    }
    gateway.work.begin();
    if let Err(error) = look(gateway).await {
        tracing::error!(%error, "what was never told cannot be looked for now");
    }
    gateway.work.end();
}

async fn look(gateway: &Arc<Gateway>) -> Result<()> {
    let all = gateway.db.read(|db| integrations::store::of_instagram(db)).await?;
    for integration in all.iter().filter(|one| one.doc.text("status") == "active") {
        let (name, now) = (format!("looked {}", integration.id), gateway.clock.now());
        let asked = name.clone();
        let last = gateway.db.read(move |db| schema::setting(db, &asked)).await?;
        let last = last.and_then(|last| last.parse::<i64>().ok()).map(Micros);
        // What was before the account was connected is none of ours.
        let Some(last) = last else { continue };
        if !of_account(gateway, integration, last.minus(MARGIN)).await? {
            continue;
        }
        gateway.db.write(move |tx| schema::set(tx, &name, &now.0.to_string())).await?;
    }
    Ok(())
}

/// From now on an account is looked after.
pub(crate) fn begin(tx: &mut Tx<'_>, integration_id: &str) -> Result<()> {
    let from = tx.now().plus(MARGIN).0.to_string();
    schema::set(tx, &format!("looked {integration_id}"), &from)
}

/// Finds what one account has had since; whether it could be asked.
async fn of_account(gateway: &Arc<Gateway>, integration: &Integration, since: Micros) -> Result<bool> {
    let access = integration.access(gateway)?;
    let changed = match gateway.graph.conversations(&access, &integration.business_id, since).await {
        Ok(changed) => changed,
        Err(failure) => {
            tracing::info!(integration = integration.id, %failure, "an account's conversations cannot be listed now");
            return Ok(false);
        }
    };
    for igsid in changed {
        let newest = gateway.graph.newest_messages(&access, &integration.business_id, &igsid).await;
        let Ok(newest) = newest else { return Ok(false) };
        let mut missing = Vec::new();
        // The oldest first.
        for message in newest.into_iter().rev().filter(|message| message.at > since) {
            let (id, mid) = (integration.id.clone(), message.mid.clone());
            let known = gateway
                .db
                .read(move |db| {
                    db.one::<i64>(
                        "SELECT echoed FROM sent_part WHERE integration_id = $1 AND mid = $2",
                        params![&id, &mid],
                    )
                })
                .await?;
            if known.is_none() {
                missing.push(Arriving::new(integration, &event(&integration.business_id, &igsid, &message)));
            }
        }
        receiving::take_in(gateway, missing).await?;
    }
    Ok(true)
}

/// A message of the Conversations API, as a notification would have told it.
fn event(account: &str, igsid: &str, message: &graph_client::Seen) -> Value {
    let (sender, recipient) = if message.from_account { (account, igsid) } else { (igsid, account) };
    let mut told = json!({ "mid": message.mid });
    if !message.text.is_empty() {
        told["text"] = message.text.as_str().into();
    }
    if !message.files.is_empty() {
        let each = message.files.iter().map(|(kind, url)| json!({ "type": kind, "payload": { "url": url } }));
        told["attachments"] = each.collect();
    }
    if message.from_account {
        told["is_echo"] = true.into();
    }
    json!({
        "sender": { "id": sender }, "recipient": { "id": recipient }, "timestamp": message.at.millis(),
        "message": told,
    })
}
