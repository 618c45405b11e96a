//! Webhook notifications of the messaging sender (reference of the webhooks, sections 3 to 5).
//!
//! What is stored of an event is its final inner text; the envelope is put around it for each attempt, because
//! `entry.time` is stamped anew and the signature with it.

use crate::php_json;
use clock::Micros;
use serde::{Serialize, Serializer};

/// The fields that an app can subscribe to for messaging, as the app's `instagram` object names them.
pub const MESSAGING_FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "message_reactions",
    "message_edit",
    "messaging_handover",
    "messaging_optins",
    "standby",
];

/// The names that `/{ig-id}/subscribed_apps` accepts on the Instagram host, in the order in which the real validator's
/// error lists them (rep: two independent projects, 2026).
pub const INSTAGRAM_ACCOUNT_FIELDS: &[&str] = &[
    "agent_messages",
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_handover",
    "messaging_referral",
    "messaging_optins",
    "message_reactions",
    "message_edit",
    "standby",
    "comments",
    "live_comments",
    "mentions",
    "story_insights",
    "creator_marketplace_projects",
    "creator_marketplace_invited_creator_onboarding",
    "delta",
    "story_reactions",
    "onboarding_welcome_message_series",
    "follow",
    "comment_poll_response",
    "story_poll_response",
    "share_to_story",
];

/// The names that `/{page-id}/subscribed_apps` accepts: those of the Page object (rep: restfb 1210 prints the
/// beginning of the real list; the rest, and its order, is the part that messaging programs use: unconfirmed).
pub const PAGE_FIELDS: &[&str] = &[
    "feed",
    "mention",
    "name",
    "message_deliveries",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "messages",
    "messaging_account_linking",
    "messaging_handovers",
    "messaging_optins",
    "messaging_optouts",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referrals",
    "response_feedback",
    "standby",
];

/// The names that the app's `instagram` object accepts (doc: Webhooks reference, Instagram, and the fields tables).
pub const APP_FIELDS: &[&str] = &[
    "comments",
    "live_comments",
    "mentions",
    "message_edit",
    "message_reactions",
    "messages",
    "messaging_handover",
    "messaging_optins",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "response_feedback",
    "standby",
    "story_insights",
];

/// The spelling under which a field is kept: the Instagram pages also print two names in another form.
pub fn normal_field(name: &str) -> &str {
    match name {
        "messaging_referrals" => "messaging_referral",
        "messaging_handovers" => "messaging_handover",
        other => other,
    }
}

/// One element of `entry[].messaging[]`. Ids are strings, `timestamp` is a number of milliseconds, keys come in this
/// order, and what does not apply is absent, never null or false.
#[derive(Clone, Debug, Serialize)]
pub struct MessagingEvent<'a> {
    /// Who acted: the person (IGSID) or, in an echo, the account.
    pub sender: Party,
    /// The other one.
    pub recipient: Party,
    /// When the person or the account acted, in milliseconds.
    pub timestamp: i64,
    /// The message.
    pub message: MessagePart<'a>,
}

/// `{"id": "…"}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Party {
    #[serde(serialize_with = "as_text")]
    id: i64,
}

impl Party {
    /// The party with that id.
    pub const fn new(id: i64) -> Self {
        Self { id }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn as_text<S: Serializer>(id: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// The `message` of an event.
#[derive(Clone, Debug, Serialize)]
pub struct MessagePart<'a> {
    /// Its id.
    pub mid: &'a str,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// There and true if the account wrote it, over the API or in the Instagram app.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_echo: bool,
}

impl MessagingEvent<'_> {
    /// The event's text as it is stored and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        php_json::to_vec(self)
    }
}

/// The body of one POST: an object with one entry for each event, in the key order of the messaging sender.
/// `entries` are `(account id, event text)`; `now` becomes every `entry.time`, in milliseconds.
pub fn messaging_body<'a>(now: Micros, entries: impl IntoIterator<Item = (i64, &'a [u8])>) -> Vec<u8> {
    let mut body = Vec::with_capacity(512);
    body.extend_from_slice(br#"{"object":"instagram","entry":["#);
    for (at, (account, event)) in entries.into_iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        let head = format!(r#"{{"time":{},"id":"{account}","messaging":["#, now.millis());
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(event);
        body.extend_from_slice(b"]}");
    }
    body.extend_from_slice(b"]}");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published test vector, made from its parts.
    #[test]
    fn a_message_byte_for_byte() {
        let event = MessagingEvent {
            sender: Party::new(1_000_000_000_000_001),
            recipient: Party::new(17_841_400_000_000_001),
            timestamp: 1_762_020_315_339,
            message: MessagePart { mid: "MID_1", text: Some("café 👑 a/b"), is_echo: false },
        };
        let body =
            messaging_body(Micros(1_762_021_299_932_000), [(17_841_400_000_000_001, &*event.to_bytes())]);
        assert_eq!(
            String::from_utf8(body).unwrap(),
            r#"{"object":"instagram","entry":[{"time":1762021299932,"id":"17841400000000001","messaging":[{"sender":{"id":"1000000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1762020315339,"message":{"mid":"MID_1","text":"caf\u00e9 \ud83d\udc51 a\/b"}}]}]}"#
        );
    }

    #[test]
    fn an_echo_says_so_last() {
        let event = MessagingEvent {
            sender: Party::new(1),
            recipient: Party::new(2),
            timestamp: 3,
            message: MessagePart { mid: "m", text: Some("x"), is_echo: true },
        };
        assert_eq!(
            event.to_bytes(),
            br#"{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":3,"message":{"mid":"m","text":"x","is_echo":true}}"#
        );
    }

    #[test]
    fn a_batch_adds_entries() {
        let body = messaging_body(Micros(5000), [(1, &b"{}"[..]), (2, &b"{}"[..])]);
        assert_eq!(
            String::from_utf8(body).unwrap(),
            r#"{"object":"instagram","entry":[{"time":5,"id":"1","messaging":[{}]},{"time":5,"id":"2","messaging":[{}]}]}"#
        );
    }
}
