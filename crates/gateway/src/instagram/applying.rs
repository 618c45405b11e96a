//! What an event means: messages, conversations, reads, and the events of Sunshine that tell of them.

use super::contact::{self, Contact};
use super::reading::{Told, What, Written, story_mention};
use super::{delivery, echoes};
use crate::Gateway;
use crate::integrations::Integration;
use crate::messages::{self, Message};
use clock::Micros;
use graph_api::limits;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::{Result, Tx};

/// Deals with an event, in the transaction that notes that it is dealt with.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    gateway: &Arc<Gateway>,
    integration: &Integration,
    told: &Told,
    profile: Option<&Map<String, Value>>,
) -> Result<()> {
    let is_known = contact::is_known(tx, integration, &told.person)?;
    if !is_known && !begins(tx, integration, told)? {
        return Ok(());
    }
    let contact = contact::meet(tx, gateway, integration, &told.person, told.at, profile)?;
    let Contact { mut scene, client, is_new } = contact;
    if told.opens_window() && told.at > scene.conversation.inbound_at {
        let window = if told.is_from_ad() { limits::AD_WINDOW } else { limits::STANDARD_WINDOW };
        let conversation = &mut scene.conversation;
        conversation.inbound_at = told.at;
        conversation.window_until = conversation.window_until.max(told.at.plus(window));
    }
    let mut contact = Contact { scene, client, is_new };
    match &told.what {
        What::Message(written) if told.is_echo => {
            echoes::message(tx, integration, &mut contact, written, told.at)?;
        }
        _ if told.is_echo => {}
        What::Message(written) => message(tx, integration, &mut contact, written, told.at)?,
        What::Unsent { mid } => unsent(tx, &mut contact, mid)?,
        What::Edited { mid, text, count } => edited(tx, &mut contact, mid, text, *count)?,
        What::Reaction { mid, body } => reaction(tx, &mut contact, mid, body)?,
        What::Postback { mid, title, payload, referral } => {
            create(tx, &mut contact, "startConversation", referral.as_ref())?;
            let referral = referral.as_ref().filter(|_| !contact.is_new);
            if let Some(referral) = referral {
                refer(tx, &mut contact, referral)?;
            }
            postback(tx, &mut contact, (mid, title, payload), told.at)?;
        }
        What::Read { mid } => read(tx, &mut contact, mid, told.at)?,
        What::Referral(referral) => referred(tx, &mut contact, referral)?,
    }
    contact.scene.save(tx)
}

/// Whether an event of a person without a conversation begins one.
fn begins(tx: &mut Tx<'_>, integration: &Integration, told: &Told) -> Result<bool> {
    let is_message = match &told.what {
        What::Message(written) => match written.story_mention() {
            Some(_) if !integration.doc.flag("storyMentionsEnabled", true) => return Ok(false),
            Some(_) => false,
            None => written.story.is_none() || integration.doc.flag("storyRepliesEnabled", true),
        },
        What::Postback { .. } | What::Referral(_) => false,
        What::Unsent { .. } | What::Edited { .. } | What::Reaction { .. } | What::Read { .. } => {
            return Ok(false);
        }
    };
    if is_message {
        return Ok(true);
    }
    let app = crate::apps::store::app(tx, &integration.app_id)?.unwrap_or_default();
    let settings = app.0.get("settings");
    Ok(settings.and_then(|all| all.get("ignoreAutoConversationStart")) != Some(&true.into()))
}

/// Tells of a conversation that has just begun.
pub(super) fn create(
    tx: &mut Tx<'_>,
    contact: &mut Contact,
    reason: &str,
    referral: Option<&Value>,
) -> Result<()> {
    if !contact.is_new {
        return Ok(());
    }
    let client = contact.client.clone();
    contact.scene.emit(tx, "conversation:create", |scene, detail| {
        let mut payload = json!({
            "conversation": scene.in_event(),
            "creationReason": reason,
            "source": scene.source(&client, None, detail),
            "user": scene.user_in_event(detail),
        });
        if let Some(referral) = referral {
            payload["referral"] = referral.clone();
        }
        payload
    })
}

fn refer(tx: &mut Tx<'_>, contact: &mut Contact, referral: &Value) -> Result<()> {
    let client = contact.client.clone();
    contact.scene.emit(tx, "conversation:referral", |scene, detail| {
        json!({
            "conversation": scene.in_event(),
            "user": scene.user_in_event(detail),
            "source": scene.source(&client, None, detail),
            "referral": referral,
        })
    })
}

fn referred(tx: &mut Tx<'_>, contact: &mut Contact, referral: &Value) -> Result<()> {
    match contact.is_new {
        true => create(tx, contact, "startConversation", Some(referral)),
        false => refer(tx, contact, referral),
    }
}

/// The person waits from now on, if they do not already.
fn waits(contact: &mut Contact, at: Micros) {
    let conversation = &mut contact.scene.conversation;
    if conversation.unanswered_at.0 == 0 {
        conversation.unanswered_at = at;
    }
}

fn message(
    tx: &mut Tx<'_>,
    integration: &Integration,
    contact: &mut Contact,
    written: &Written,
    at: Micros,
) -> Result<()> {
    if let Some(url) = written.story_mention() {
        if integration.doc.flag("storyMentionsEnabled", true) {
            waits(contact, at);
            referred(tx, contact, &story_mention(&url))?;
        }
        return Ok(());
    }
    if written.story.is_some() && !integration.doc.flag("storyRepliesEnabled", true) {
        return Ok(());
    }
    create(tx, contact, "message", written.referral.as_ref())?;
    if let Some(referral) = written.referral.as_ref().filter(|_| !contact.is_new) {
        refer(tx, contact, referral)?;
    }
    waits(contact, at);
    let user = &contact.scene.user;
    let mut author = json!({ "type": "user", "userId": user.id });
    if let Some(name) = user.display_name() {
        author["displayName"] = name.into();
    }
    if let Some(picture) = user.avatar() {
        author["avatarUrl"] = picture.into();
    }
    import(tx, contact, written, &author, at)
}

/// Stores what was written on Instagram, by whomever.
pub(super) fn import(
    tx: &mut Tx<'_>,
    contact: &mut Contact,
    written: &Written,
    author: &Value,
    at: Micros,
) -> Result<()> {
    let gateway = Arc::clone(&contact.scene.gateway);
    let conversation_id = contact.scene.conversation.id.clone();
    if !messages::store::with_mid(tx, &conversation_id, &written.mid)?.is_empty() {
        return Ok(());
    }
    let quoted = quoted(tx, &conversation_id, written)?;
    for (mut content, about) in written.contents() {
        let id = gateway.new_id();
        if let Some(url) = content["mediaUrl"].as_str().map(str::to_owned) {
            // The address of a file at Instagram ends: the gateway's own streams from there (Meta: not to be kept).
            let media = format!("{}{}", gateway.new_id(), gateway.new_id());
            messages::store::add_media(tx, &media, &conversation_id, &id, &url)?;
            content["mediaUrl"] = format!("{}/sc/media/{media}", gateway.public_url).into();
        }
        let source = json!({
            "type": "instagram",
            "integrationId": contact.client.integration_id,
            "originalMessageId": written.mid,
            "originalMessageTimestamp": crate::time(at),
        });
        let mut message = Message::new(&conversation_id, id, (at, tx.now()), author, &content, &source);
        message.doc.set("metadata", (!about.is_empty()).then(|| about.into()));
        message.doc.set("quotedMessage", quoted.clone());
        contact.scene.add_message(tx, message)?;
    }
    Ok(())
}

/// The message that is answered, if it is known; else its id.
fn quoted(tx: &mut Tx<'_>, conversation_id: &str, written: &Written) -> Result<Option<Value>> {
    let Some(mid) = &written.reply_to else { return Ok(None) };
    let known = messages::store::with_mid(tx, conversation_id, mid)?.into_iter().next();
    Ok(Some(match known {
        Some(mut known) => {
            // One message in another is enough.
            known.doc.set("quotedMessage", None);
            json!({ "type": "message", "message": known.doc.value() })
        }
        None => json!({ "type": "externalMessageId", "externalMessageId": mid }),
    }))
}

fn postback(
    tx: &mut Tx<'_>,
    contact: &mut Contact,
    (mid, title, payload): (&str, &str, &str),
    at: Micros,
) -> Result<()> {
    waits(contact, at);
    let client = contact.client.clone();
    contact.scene.emit(tx, "conversation:postback", |scene, detail| {
        json!({
            "postback": { "payload": payload },
            "conversation": scene.in_event(),
            "user": scene.user_in_event(detail),
            "source": scene.source(&client, Some((mid, at)), detail),
        })
    })?;
    if contact.scene.setting("echoPostback") {
        let written = Written {
            mid: mid.to_owned(),
            text: Some(title.to_owned()).filter(|title| !title.is_empty()),
            payload: Some(payload.to_owned()),
            ..Written::default()
        };
        let author = json!({ "type": "user", "userId": contact.scene.user.id });
        import(tx, contact, &written, &author, at)?;
    }
    Ok(())
}

fn read(tx: &mut Tx<'_>, contact: &mut Contact, mid: &str, at: Micros) -> Result<()> {
    contact.scene.conversation.unread = 0;
    contact.scene.conversation.last_read = contact.scene.conversation.last_read.max(at);
    let client = contact.client.clone();
    contact.scene.emit(tx, "conversation:read", |scene, detail| {
        json!({
            "conversation": scene.in_event(),
            "activity": {
                "type": "conversation:read",
                "author": { "type": "user", "userId": scene.user.id, "user": scene.user_in_event(detail) },
                "source": scene.source(&client, None, detail),
            },
        })
    })?;
    delivery::seen(tx, &mut contact.scene, &client, mid, at)
}

/// The person took a message back: a placeholder stays, its media go (Meta's rule).
fn unsent(tx: &mut Tx<'_>, contact: &mut Contact, mid: &str) -> Result<()> {
    for mut message in messages::store::with_mid(tx, &contact.scene.conversation.id, mid)? {
        messages::store::forget_media(tx, &message)?;
        message.doc.set("content", Some(json!({ "type": "text", "text": "" })));
        message.doc.set("deleted", Some(true.into()));
        message.doc.set("metadata", None);
        messages::store::update(tx, &message)?;
        extension(tx, contact, "instagram:message:unsend", &message, &json!({}))?;
    }
    Ok(())
}

/// The message says something else now; what it said before is kept.
fn edited(tx: &mut Tx<'_>, contact: &mut Contact, mid: &str, text: &str, count: i64) -> Result<()> {
    for mut message in messages::store::with_mid(tx, &contact.scene.conversation.id, mid)? {
        let Some(content) = message.doc.0.get("content").filter(|content| content["type"] == "text") else {
            continue;
        };
        let before = content.clone();
        messages::store::keep_earlier(tx, &message, &before)?;
        let mut after = before;
        let cut: String = text.chars().take(sunco_api::limits::TEXT).collect();
        after["text"] = cut.into();
        message.doc.set("content", Some(after));
        messages::store::update(tx, &message)?;
        extension(tx, contact, "instagram:message:edit", &message, &json!({ "edits": count }))?;
    }
    Ok(())
}

fn reaction(tx: &mut Tx<'_>, contact: &mut Contact, mid: &str, body: &Value) -> Result<()> {
    let known = messages::store::with_mid(tx, &contact.scene.conversation.id, mid)?.into_iter().next();
    let id = match known {
        Some(message) => Some(message.id),
        None => delivery::message_of(tx, &contact.scene.conversation.id, mid)?,
    };
    if contact.scene.gateway.settings.strict {
        return Ok(());
    }
    let client = contact.client.clone();
    contact.scene.emit(tx, "instagram:message:reaction", |scene, detail| {
        json!({
            "conversation": scene.in_event(),
            "user": scene.user_in_event(detail),
            "source": scene.source(&client, None, detail),
            "message": id.as_ref().map(|id| json!({ "id": id })),
            "reaction": body,
        })
    })
}

/// An event of our own about a message, for which Sunshine has no word.
fn extension(
    tx: &mut Tx<'_>,
    contact: &mut Contact,
    kind: &str,
    message: &Message,
    more: &Value,
) -> Result<()> {
    if contact.scene.gateway.settings.strict {
        return Ok(());
    }
    let client = contact.client.clone();
    contact.scene.emit(tx, kind, |scene, detail| {
        let mut payload = json!({
            "conversation": scene.in_event(),
            "user": scene.user_in_event(detail),
            "source": scene.source(&client, None, detail),
            "message": message.doc.value(),
        });
        if let (Some(payload), Some(more)) = (payload.as_object_mut(), more.as_object()) {
            payload.extend(more.clone());
        }
        payload
    })
}
