//! Webhook notifications of both senders (reference of the webhooks, sections 3 to 5).
//!
//! What is stored of an event is its final inner text; the envelope is put around it for each attempt, because
//! `entry.time` is stamped anew and the signature with it.

mod attachment;
mod change;
mod dashboard;
mod event;
mod fields;

#[cfg(test)]
mod tests;

pub use attachment::{Attachment, Elements, Payload};
pub use change::{Change, CommentAuthor, CommentChange, CommentedAd, CommentedMedia, MentionChange};
pub use dashboard::{DashboardTest, dashboard_test};
pub use event::{
    AdsContext, ControlMoved, ControlRequested, EventKind, MessageEdit, MessagePart, MessagingEvent, Party,
    Postback, QuickReplyPart, ReactionPart, Read, Referral, ReplyTo, StoryPart,
};
pub use fields::{
    APP_FIELDS, COMMENT_FIELDS, INSTAGRAM_ACCOUNT_FIELDS, MESSAGING_FIELDS, PAGE_FIELDS, comes_as_change,
    normal_field,
};

use clock::Micros;

/// The field of events for apps that do not have the conversation (doc: Conversation Routing; Webhooks, standby). An
/// entry has `standby` instead of `messaging` then.
pub const STANDBY: &str = "standby";

/// The body of one POST: an object with one entry for each event, in the key order of the messaging sender.
/// `entries` are `(account id, field, event text)`; `now` becomes every `entry.time`, in milliseconds.
pub fn messaging_body<'a>(
    now: Micros,
    entries: impl IntoIterator<Item = (i64, &'a str, &'a [u8])>,
) -> Vec<u8> {
    let mut body = Vec::with_capacity(512);
    body.extend_from_slice(br#"{"object":"instagram","entry":["#);
    for (at, (account, field, event)) in entries.into_iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        let array = if field == STANDBY { STANDBY } else { "messaging" };
        let head = format!(r#"{{"time":{},"id":"{account}","{array}":["#, now.millis());
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(event);
        body.extend_from_slice(b"]}");
    }
    body.extend_from_slice(b"]}");
    body
}

/// The body of one POST of the sender of `changes`: `entries` are `(account id, text of an element)`; `now` becomes every
/// `entry.time`, in seconds. Cap: key order and spaces of a published delivery.
pub fn changes_body<'a>(now: Micros, entries: impl IntoIterator<Item = (i64, &'a [u8])>) -> Vec<u8> {
    let mut body = Vec::with_capacity(512);
    body.extend_from_slice(br#"{"entry": ["#);
    for (at, (account, change)) in entries.into_iter().enumerate() {
        if at > 0 {
            body.extend_from_slice(b", ");
        }
        let head = format!(r#"{{"id": "{account}", "time": {}, "changes": ["#, now.secs());
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(change);
        body.extend_from_slice(b"]}");
    }
    body.extend_from_slice(br#"], "object": "instagram"}"#);
    body
}
