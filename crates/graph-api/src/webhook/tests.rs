use super::*;
use crate::send::{Button, Element, Reaction};

fn event(kind: EventKind<'_>) -> String {
    let event = MessagingEvent {
        sender: Party::new(1_000_000_000_000_001),
        recipient: Party::new(17_841_400_000_000_001),
        timestamp: 1_762_020_315_339,
        is_self: false,
        kind,
    };
    String::from_utf8(event.to_bytes()).unwrap()
}

/// The part of an event that is not the same in all.
fn inner(kind: EventKind<'_>) -> String {
    let text = event(kind);
    let head = r#"{"sender":{"id":"1000000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1762020315339,"#;
    text.strip_prefix(head).unwrap_or_else(|| panic!("{text}")).strip_suffix('}').unwrap().to_owned()
}

fn message<'a>() -> MessagePart<'a> {
    MessagePart { mid: "MID", ..MessagePart::default() }
}

/// The published test vector, made from its parts.
#[test]
fn a_message_byte_for_byte() {
    let kind = EventKind::Message(MessagePart { mid: "MID_1", text: Some("café 👑 a/b"), ..message() });
    let body =
        messaging_body(Micros(1_762_021_299_932_000), [(17_841_400_000_000_001, event(kind).as_bytes())]);
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r#"{"object":"instagram","entry":[{"time":1762021299932,"id":"17841400000000001","messaging":[{"sender":{"id":"1000000000000001"},"recipient":{"id":"17841400000000001"},"timestamp":1762020315339,"message":{"mid":"MID_1","text":"caf\u00e9 \ud83d\udc51 a\/b"}}]}]}"#
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

/// Every kind, in the bytes of the captures and pages (reference of the webhooks, 5.1 to 5.12).
#[test]
fn every_kind_byte_for_byte() {
    let link = "https://lookaside.fbsbx.com/a";
    let image = [Attachment::url("image", link)];
    let reel = [Attachment {
        kind: "ig_reel",
        payload: Some(Payload::Reel { reel_video_id: "179".into(), title: "T", url: link.into() }),
    }];
    let post = [Attachment {
        kind: "ig_post",
        payload: Some(Payload::Post { ig_post_media_id: "179".into(), title: "T", url: link.into() }),
    }];
    let heart = Reaction::read("love").unwrap();
    let thumb = Reaction::read("👍").unwrap();
    let cards = [Element {
        title: "A".into(),
        subtitle: None,
        image_url: None,
        default_action: None,
        buttons: vec![Button::Postback { title: "Go".into(), payload: "GO".into() }],
    }];
    let template = [Attachment::template(&cards[..])];
    for (kind, bytes) in [
        (
            EventKind::Message(MessagePart {
                text: Some("Yes"),
                quick_reply: Some(QuickReplyPart { payload: "Y" }),
                ..message()
            }),
            r#""message":{"mid":"MID","text":"Yes","quick_reply":{"payload":"Y"}}"#,
        ),
        (
            EventKind::Message(MessagePart { attachments: &image, ..message() }),
            r#""message":{"mid":"MID","attachments":[{"type":"image","payload":{"url":"https:\/\/lookaside.fbsbx.com\/a"}}]}"#,
        ),
        (
            EventKind::Message(MessagePart { attachments: &reel, is_echo: true, ..message() }),
            r#""message":{"mid":"MID","attachments":[{"type":"ig_reel","payload":{"reel_video_id":"179","title":"T","url":"https:\/\/lookaside.fbsbx.com\/a"}}],"is_echo":true}"#,
        ),
        (
            EventKind::Message(MessagePart { attachments: &post, ..message() }),
            r#""message":{"mid":"MID","attachments":[{"type":"ig_post","payload":{"ig_post_media_id":"179","title":"T","url":"https:\/\/lookaside.fbsbx.com\/a"}}]}"#,
        ),
        (
            EventKind::Message(MessagePart { attachments: &[Attachment::bare("ephemeral")], ..message() }),
            r#""message":{"mid":"MID","attachments":[{"type":"ephemeral"}]}"#,
        ),
        (
            EventKind::Message(MessagePart { attachments: &template, is_echo: true, ..message() }),
            r#""message":{"mid":"MID","attachments":[{"type":"template","payload":{"generic":{"elements":[{"title":"A","buttons":[{"type":"postback","title":"Go","payload":"GO"}]}]}}}],"is_echo":true}"#,
        ),
        (
            EventKind::Message(MessagePart {
                text: Some("yes"),
                reply_to: Some(ReplyTo::Message { mid: "PARENT", is_self_reply: false }),
                ..message()
            }),
            r#""message":{"mid":"MID","text":"yes","reply_to":{"mid":"PARENT"}}"#,
        ),
        (
            EventKind::Message(MessagePart {
                text: Some("wow"),
                reply_to: Some(ReplyTo::Story {
                    story: StoryPart { url: "u", id: "17899".into(), link_sticker_url: None },
                }),
                ..message()
            }),
            r#""message":{"mid":"MID","text":"wow","reply_to":{"story":{"url":"u","id":"17899"}}}"#,
        ),
        (
            EventKind::Message(MessagePart { is_deleted: true, ..message() }),
            r#""message":{"mid":"MID","is_deleted":true}"#,
        ),
        (
            EventKind::Message(MessagePart { is_unsupported: true, ..message() }),
            r#""message":{"mid":"MID","is_unsupported":true}"#,
        ),
        (
            EventKind::MessageEdit(MessageEdit { mid: "MID", text: Some("corrected"), num_edit: 1 }),
            r#""message_edit":{"mid":"MID","text":"corrected","num_edit":1}"#,
        ),
        (
            EventKind::Reaction(ReactionPart::new("MID", Some(&thumb))),
            r#""reaction":{"mid":"MID","action":"react","reaction":"like","emoji":"\ud83d\udc4d"}"#,
        ),
        (
            EventKind::Reaction(ReactionPart::new("MID", Some(&heart))),
            r#""reaction":{"mid":"MID","action":"react","reaction":"love","emoji":"\u2764\ufe0f"}"#,
        ),
        (
            EventKind::Reaction(ReactionPart::new("MID", None)),
            r#""reaction":{"mid":"MID","action":"unreact"}"#,
        ),
        (
            EventKind::Postback(Postback {
                mid: "MID",
                title: "Opening hours",
                payload: "HOURS",
                referral: None,
            }),
            r#""postback":{"mid":"MID","title":"Opening hours","payload":"HOURS"}"#,
        ),
        (EventKind::Read(Read { mid: "MID" }), r#""read":{"mid":"MID"}"#),
        (
            EventKind::Referral(Referral {
                reference: "campaign-1",
                ad_id: None,
                source: "https://ig.me/m/shop?ref=campaign-1",
                kind: "OPEN_THREAD",
                ads_context_data: None,
            }),
            r#""referral":{"ref":"campaign-1","source":"https:\/\/ig.me\/m\/shop?ref=campaign-1","type":"OPEN_THREAD"}"#,
        ),
    ] {
        assert_eq!(inner(kind), bytes);
    }
}
