//! What is done to what events say, before they are stored: a retry and a replay say the same.

use super::{Fault, Faults, What};
use crate::subscriptions::CHANGES;
use clock::Micros;
use graph_api::{php_json, spaced_json, time};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use storage::Tx;
use webhooks::Event;

/// Changes of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alteration {
    /// Keys that are left out, wherever they stand.
    pub(crate) missing: Vec<String>,
    /// Another form of `timestamp`.
    pub(crate) timestamp: Option<Stamp>,
    /// The type of every attachment; a text becomes an attachment of it, without a payload.
    pub(crate) attachment: Option<String>,
    /// The key that tells the event's kind.
    pub(crate) kind: Option<String>,
    /// How characters are escaped.
    pub(crate) escapes: Option<Escapes>,
}

/// A form of `timestamp`, which is a number of milliseconds (reference of the webhooks, 7 and 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// The same number as a string, as in dashboard tests.
    Text,
    /// A number of seconds.
    Seconds,
    /// `2021-09-08T06:34:04+0000`.
    Iso,
}

/// How characters are escaped, if not as captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// `<`, `%` and `@` too, as an older page of Messenger's has it (unconfirmed).
    Legacy,
    /// None but those of JSON: as a proxy sends it that writes the body anew.
    Utf8,
}

/// An edit that is none: `message_edit` with `num_edit` 0 and no text (cap: five projects, since 2025-10).
#[derive(Clone, Debug)]
pub(crate) struct Phantom {
    /// Where it stands.
    pub(crate) place: Beside,
    /// Keys that it lacks: in one of its two forms, `sender` and `recipient`.
    pub(crate) missing: Vec<String>,
}

/// Where a phantom edit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    Before,
    After,
    /// The message's own event is not sent.
    Instead,
}

/// The number of a fault in [`Event::channel`], above that of the sender.
const SHIFT: u32 = 8;

/// The number of the sender among the dialect's.
pub(crate) const fn sender_of(channel: i64) -> i64 {
    channel & ((1 << SHIFT) - 1)
}

/// The number of the fault that made or changed the event.
pub(crate) const fn fault_of(channel: i64) -> Option<i64> {
    match channel >> SHIFT {
        0 => None,
        fault => Some(fault),
    }
}

/// The channel of an event that a fault made or changed.
pub(crate) fn marked(channel: i64, fault: u64) -> i64 {
    sender_of(channel) | (fault.cast_signed() << SHIFT)
}

impl Faults {
    /// Whether events are changed, or phantoms made.
    pub(crate) fn on_content(&self) -> bool {
        self.are_set(What::CONTENT | What::PHANTOM)
    }

    /// Changes an event that is about to be stored, if a fault says so.
    pub(crate) fn alter(self: &Arc<Self>, tx: &mut Tx<'_>, event: &mut Event) {
        let struck = self.strike(What::CONTENT, |fault| match &fault.what {
            What::Content(alteration) if fault.only.fits_event(event) => {
                alteration.of(&event.body, sender_of(event.channel)).filter(|_| fault.is_likely())
            }
            _ => None,
        });
        if let Some((fault, body)) = struck {
            event.body = body.into();
            event.channel = marked(event.channel, fault.id);
            self.tell_at_end(tx, &fault, format!("changed the event {}", event.id()));
        }
    }

    /// The phantom edit that goes with a message of that person to that account, if a fault says so.
    pub(crate) fn phantom(
        self: &Arc<Self>,
        tx: &mut Tx<'_>,
        account: i64,
        user_no: i64,
    ) -> Option<(Arc<Fault>, Phantom)> {
        let struck = self.strike(What::PHANTOM, |fault| match &fault.what {
            What::Phantom(phantom) => {
                (fault.only.fits_message(account, user_no) && fault.is_likely()).then(|| phantom.clone())
            }
            _ => None,
        });
        if let Some((fault, phantom)) = &struck {
            let place = match phantom.place {
                Beside::Before => "before",
                Beside::After => "after",
                Beside::Instead => "instead of",
            };
            self.tell_at_end(tx, fault, format!("sent a phantom edit {place} a message"));
        }
        struck
    }
}

impl Alteration {
    /// Whether it changes anything at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.missing.is_empty()
            && self.timestamp.is_none()
            && self.attachment.is_none()
            && self.kind.is_none()
            && self.escapes.is_none()
    }

    /// The event's text with the changes; `None` if they do not apply to it. Of what the sender of changes sends, keys can
    /// be missing; it has no time, no attachments and no key for its kind, and escapes differently.
    fn of(&self, body: &[u8], sender: i64) -> Option<Vec<u8>> {
        let Ok(Value::Object(mut event)) = serde_json::from_slice(body) else { return None };
        let mut changed = leave_out(&mut event, &self.missing);
        if sender == CHANGES {
            return match self.escapes {
                Some(Escapes::Utf8) => serde_json::to_vec(&event).ok(),
                _ => changed.then(|| spaced_json::to_vec(&event)),
            };
        }
        if let Some(form) = self.timestamp
            && let Some(stamp) = event.get_mut("timestamp")
            && let Some(millis) = stamp.as_i64()
        {
            *stamp = form.of(millis);
            changed = true;
        }
        if let Some(kind) = &self.attachment
            && let Some(Value::Object(message)) = event.get_mut("message")
        {
            changed |= attach(message, kind);
        }
        if let Some(kind) = &self.kind {
            let known = ["sender", "recipient", "timestamp", "is_self"];
            let renamed = |(key, value): (String, Value)| match known.contains(&key.as_str()) {
                true => (key, value),
                false => (kind.clone(), value),
            };
            event = event.into_iter().map(renamed).collect();
            changed = true;
        }
        match self.escapes {
            None if !changed => None,
            None => Some(php_json::to_vec(&event)),
            Some(Escapes::Utf8) => {
                let text = serde_json::to_vec(&event).ok()?;
                (changed || text != body).then_some(text)
            }
            Some(Escapes::Legacy) => {
                let text = legacy(&php_json::to_vec(&event));
                (changed || text != body).then_some(text)
            }
        }
    }
}

/// An event's text without those keys.
pub(crate) fn without(body: Vec<u8>, missing: &[String]) -> Vec<u8> {
    let Ok(Value::Object(mut event)) = serde_json::from_slice(&body) else { return body };
    match leave_out(&mut event, missing) {
        true => php_json::to_vec(&event),
        false => body,
    }
}

/// Leaves keys out: of the event, of what happened, and of its attachments. Answers whether one was there.
fn leave_out(event: &mut Map<String, Value>, missing: &[String]) -> bool {
    let mut found = false;
    for key in missing {
        found |= event.shift_remove(key).is_some();
    }
    for (_, part) in event.iter_mut() {
        let Value::Object(part) = part else { continue };
        for key in missing {
            found |= part.shift_remove(key).is_some();
        }
        let attachments = part.get_mut("attachments").and_then(Value::as_array_mut);
        for attachment in attachments.into_iter().flatten().filter_map(Value::as_object_mut) {
            for key in missing {
                found |= attachment.shift_remove(key).is_some();
            }
        }
    }
    found
}

/// Makes a message one of attachments of that type. Answers whether it could be.
fn attach(message: &mut Map<String, Value>, kind: &str) -> bool {
    if let Some(attachments) = message.get_mut("attachments").and_then(Value::as_array_mut) {
        for attachment in attachments.iter_mut().filter_map(Value::as_object_mut) {
            attachment.insert("type".to_owned(), kind.into());
        }
        return true;
    }
    if !message.contains_key("text") {
        return false;
    }
    *message = std::mem::take(message)
        .into_iter()
        .map(|(key, value)| match key.as_str() {
            "text" => ("attachments".to_owned(), json!([{ "type": kind }])),
            _ => (key, value),
        })
        .collect();
    true
}

impl Stamp {
    fn of(self, millis: i64) -> Value {
        match self {
            Self::Text => millis.to_string().into(),
            Self::Seconds => millis.div_euclid(1000).into(),
            Self::Iso => time::graph(Micros(millis.saturating_mul(1000))).into(),
        }
    }
}

/// The three characters stand in strings only, so the text needs no second reading.
fn legacy(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'<' => out.extend_from_slice(b"\\u003C"),
            b'%' => out.extend_from_slice(b"\\u0025"),
            b'@' => out.extend_from_slice(b"\\u0040"),
            byte => out.push(*byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscriptions::MESSAGING;

    const TEXT: &str = r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315339,"message":{"mid":"M","text":"a@b \u00e9 <\/"}}"#;

    fn changed(alteration: &Alteration, event: &str) -> Option<String> {
        alteration.of(event.as_bytes(), MESSAGING).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn each_change_keeps_the_order_of_the_rest() {
        let nothing = Alteration::default;
        for (alteration, event) in [
            (
                Alteration { missing: vec!["sender".into(), "text".into()], ..nothing() },
                r#"{"recipient":{"id":"2"},"timestamp":1762020315339,"message":{"mid":"M"}}"#,
            ),
            (
                Alteration { timestamp: Some(Stamp::Text), missing: vec!["message".into()], ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":"1762020315339"}"#,
            ),
            (
                Alteration { timestamp: Some(Stamp::Seconds), missing: vec!["message".into()], ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315}"#,
            ),
            (
                Alteration { timestamp: Some(Stamp::Iso), missing: vec!["message".into()], ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":"2025-11-01T18:05:15+0000"}"#,
            ),
            (
                Alteration { attachment: Some("hologram".into()), ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315339,"message":{"mid":"M","attachments":[{"type":"hologram"}]}}"#,
            ),
            (
                Alteration { kind: Some("wave".into()), ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315339,"wave":{"mid":"M","text":"a@b \u00e9 <\/"}}"#,
            ),
            (
                Alteration { escapes: Some(Escapes::Legacy), ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315339,"message":{"mid":"M","text":"a\u0040b \u00e9 \u003C\/"}}"#,
            ),
            (
                Alteration { escapes: Some(Escapes::Utf8), ..nothing() },
                r#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1762020315339,"message":{"mid":"M","text":"a@b é </"}}"#,
            ),
        ] {
            assert_eq!(changed(&alteration, TEXT).as_deref(), Some(event));
        }
    }

    #[test]
    fn payloads_of_attachments_can_be_missing_too() {
        let event = r#"{"sender":{"id":"1"},"message":{"mid":"M","attachments":[{"type":"image","payload":{"url":"u"}}]}}"#;
        let missing = Alteration { missing: vec!["payload".into()], ..Alteration::default() };
        let bare = r#"{"sender":{"id":"1"},"message":{"mid":"M","attachments":[{"type":"image"}]}}"#;
        assert_eq!(changed(&missing, event).as_deref(), Some(bare));
        assert_eq!(changed(&missing, bare), None, "there is nothing to leave out");
        let other = Alteration { attachment: Some("post".into()), ..Alteration::default() };
        assert_eq!(changed(&other, bare).unwrap(), bare.replace("image", "post"));
        assert_eq!(changed(&other, r#"{"read":{"mid":"M"}}"#), None);
    }

    #[test]
    fn comments_keep_their_senders_writing() {
        let event = r#"{"value": {"from": {"id": "1"}, "id": "2", "text": "ol\u00e1"}, "field": "comments"}"#;
        let written = |alteration: &Alteration| {
            alteration.of(event.as_bytes(), CHANGES).map(|body| String::from_utf8(body).unwrap())
        };
        let missing = Alteration { missing: vec!["from".into()], ..Alteration::default() };
        let expected = r#"{"value": {"id": "2", "text": "ol\u00e1"}, "field": "comments"}"#;
        assert_eq!(written(&missing).as_deref(), Some(expected));
        // What it does not have is not changed.
        let other =
            Alteration { kind: Some("x".into()), timestamp: Some(Stamp::Text), ..Alteration::default() };
        assert_eq!(written(&other), None);
    }

    #[test]
    fn a_channel_names_sender_and_fault() {
        let channel = marked(marked(1, 7), 300);
        assert_eq!((sender_of(channel), fault_of(channel)), (1, Some(300)));
        assert_eq!((sender_of(2), fault_of(2)), (2, None));
    }
}
