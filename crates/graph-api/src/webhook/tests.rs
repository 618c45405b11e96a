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

/// The published delivery of a comment, made from its parts: the sender of `changes` writes otherwise.
#[test]
fn changes_byte_for_byte() {
    let comment = crate::spaced_json::to_vec(&serde_json::json!({
        "value": {"from": {"id": "1000000000000001", "username": "fan.one"},
            "media": {"id": "17900000000000001", "media_product_type": "FEED"},
            "id": "17980000000000001", "text": "olá"},
        "field": "comments",
    }));
    let body = changes_body(Micros(1_734_638_812_000_000), [(17_841_400_000_000_001, &comment[..])]);
    assert_eq!(body.len(), 304);
    let signed = "sha256=b34619aa2f01828312e6dbeb6bf3cd14a4b964d2d78dc3ff47604236c4c77c0f";
    assert_eq!(crate::signature::sha256("test-app-secret", &body), signed);
}

#[test]
fn tests_of_the_dashboard_as_published() {
    let Some(DashboardTest::Change(change)) = dashboard_test("messages", true) else { panic!("a change") };
    assert_eq!(
        String::from_utf8(changes_body(Micros::from_secs(1_740_156_774), [(0, &change[..])])).unwrap(),
        r#"{"entry": [{"id": "0", "time": 1740156774, "changes": [{"field": "messages", "value": {"sender": {"id": "12334"}, "recipient": {"id": "23245"}, "timestamp": "1527459824", "message": {"mid": "random_mid", "text": "random_text"}}}]}], "object": "instagram"}"#
    );
    let Some(DashboardTest::Messaging(event)) = dashboard_test("messages", false) else {
        panic!("messaging")
    };
    assert_eq!(
        String::from_utf8(event).unwrap(),
        r#"{"sender":{"id":"12334"},"recipient":{"id":"23245"},"timestamp":"1527459824","message":{"mid":"random_mid","text":"random_text"}}"#
    );
    for field in MESSAGING_FIELDS {
        assert!(dashboard_test(field, true).is_some() && dashboard_test(field, false).is_some(), "{field}");
    }
    assert!(matches!(dashboard_test("comments", false), Some(DashboardTest::Change(_))));
    assert_eq!(dashboard_test("response_feedback", false), None);
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
                reference: Some("campaign-1"),
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

/// The second test vector of the reference: length and key order of a published delivery.
#[test]
fn a_comment_is_written_as_captured() {
    let change = Change {
        value: CommentChange {
            from: CommentAuthor {
                id: "1000000000000001".into(),
                username: "fan.one",
                self_ig_scoped_id: None,
            },
            media: CommentedMedia { id: "17900000000000001".into(), media_product_type: "FEED", ad: None },
            id: "17980000000000001".into(),
            parent_id: None,
            text: "olá",
        },
        field: "comments",
    };
    let body =
        changes_body(Micros::from_secs(1_734_638_812), [(17_841_400_000_000_001, &*change.to_bytes())]);
    let expected = r#"{"entry": [{"id": "17841400000000001", "time": 1734638812, "changes": [{"value": {"from": {"id": "1000000000000001", "username": "fan.one"}, "media": {"id": "17900000000000001", "media_product_type": "FEED"}, "id": "17980000000000001", "text": "ol\u00e1"}, "field": "comments"}]}], "object": "instagram"}"#;
    assert_eq!(String::from_utf8_lossy(&body), expected);
    assert_eq!(body.len(), 304);
}
