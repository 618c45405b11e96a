//! Echoes: what the account wrote, as Instagram tells it. Ours are known by their ids, or, before the answer to a send has
//! come, by being what is under way; the rest the owner wrote in the Instagram app.

use super::applying;
use super::contact::Contact;
use super::delivery;
use super::mapping;
use super::outgoing;
use super::reading::Written;
use crate::integrations::Integration;
use clock::Micros;
use serde_json::json;
use storage::{Result, Tx};

/// Deals with an echo.
pub(super) fn message(
    tx: &mut Tx<'_>,
    integration: &Integration,
    contact: &mut Contact,
    written: &Written,
    at: Micros,
) -> Result<()> {
    if delivery::echoed(tx, &mut contact.scene, integration, &written.mid)? {
        return Ok(());
    }
    let under_way = outgoing::first(tx, &contact.scene.conversation.id)?;
    if let Some(row) = under_way.filter(|row| row.integration_id == integration.id && row.was_tried())
        && row.current().is_some_and(|part| {
            mapping::is_seen_as(part, written.text.as_deref().unwrap_or_default(), written.attachments.len())
        })
    {
        return delivery::part_sent(tx, &mut contact.scene, row, &written.mid, true);
    }
    let gateway = &contact.scene.gateway;
    if !integration.imports_echoes(gateway) {
        return Ok(());
    }
    let mut author = json!({ "type": "business" });
    let name = integration.doc.text("businessName");
    if !name.is_empty() {
        author["displayName"] = name.into();
    }
    applying::create(tx, contact, "message", None)?;
    contact.scene.conversation.unread += 1;
    contact.scene.conversation.unanswered_at = Micros(0);
    applying::import(tx, contact, written, &author, at)
}
