use super::*;
use crate::media::AttachmentKind;
use serde_json::{Value, json};

fn read(body: &Value) -> Result<SendRequest> {
    let mut params = Params::default();
    params.add_json(body.to_string().as_bytes())?;
    SendRequest::read(&params)
}

fn message(message: &Value) -> Result<Message> {
    match read(&json!({"recipient": {"id": "1"}, "message": message}))?.action {
        Action::Message { message, .. } => message.check().map(|()| message),
        Action::Sender(_) => unreachable!("a message was sent"),
    }
}

/// The error's text on the Instagram host.
fn told(wrong: &Value) -> String {
    message(wrong).unwrap_err().message(crate::Host::Instagram)
}

#[test]
fn ids_come_as_strings_and_as_numbers() {
    for id in [json!("1012345678901234"), json!(1_012_345_678_901_234_i64)] {
        let send = read(
            &json!({"recipient": {"id": id}, "message": {"text": "hi"}, "notification_type": "REGULAR"}),
        );
        assert_eq!(send.unwrap().recipient, Recipient::Person("1012345678901234".into()));
    }
}

#[test]
fn the_first_fault_in_the_documented_order_is_told() {
    let person = json!({"id": "1"});
    let text = json!({"text": "hi"});
    for (body, name) in [
        (json!({}), ErrorName::ParameterRequired),
        (json!({"recipient": person}), ErrorName::ParameterRequired),
        (json!({"recipient": {"name": "x"}, "message": text}), ErrorName::ParameterRequired),
        (json!({"recipient": {}, "message": text}), ErrorName::ParameterEmpty),
        (json!({"recipient": person, "message": {}}), ErrorName::ParameterEmpty),
        (json!({"recipient": "x", "message": text}), ErrorName::ParameterInvalid),
        (json!({"recipient": {"id": {}}, "message": text}), ErrorName::ParameterInvalid),
        (json!({"recipient": {"id": "1", "comment_id": "2"}, "message": text}), ErrorName::ParameterInvalid),
        (
            json!({"recipient": person, "message": text, "sender_action": "typing_on"}),
            ErrorName::MessageAndSenderAction,
        ),
        (
            json!({"recipient": person, "message": text, "messaging_type": "NEWS"}),
            ErrorName::ParameterNotOneOf,
        ),
        (
            json!({"recipient": person, "message": text, "messaging_type": "MESSAGE_TAG"}),
            ErrorName::TagNotSupported,
        ),
        (json!({"recipient": person, "message": text, "tag": "ACCOUNT_UPDATE"}), ErrorName::TagNotSupported),
        (json!({"recipient": person, "message": text, "tag": "SOMETHING"}), ErrorName::ParameterNotOneOf),
        (json!({"recipient": person, "message": {"text": ["hi"]}}), ErrorName::ParameterInvalid),
        (json!({"recipient": person, "message": {"text": null}}), ErrorName::ParameterRequired),
        (
            json!({"recipient": person, "message": {"text": "a", "reply_to": {"mid": "m"}}}),
            ErrorName::InvalidKeys,
        ),
        (
            json!({"recipient": person, "message": text, "reply_to": {"id": "m"}}),
            ErrorName::ParameterRequired,
        ),
        (json!({"recipient": person, "sender_action": "wave"}), ErrorName::ParameterNotOneOf),
        (json!({"recipient": person, "sender_action": "react"}), ErrorName::ParameterRequired),
        (
            json!({"recipient": person, "sender_action": "react", "payload": {"message_id": "m"}}),
            ErrorName::ParameterRequired,
        ),
        (
            json!({"recipient": person, "sender_action": "react", "payload": {"message_id": "m", "reaction": "x"}}),
            ErrorName::ParameterInvalid,
        ),
    ] {
        assert_eq!(read(&body).unwrap_err().name, name, "{body}");
    }
    assert_eq!(
        read(&json!({"recipient": person, "message": text, "tag": "HUMAN_AGENT"})).unwrap().tag,
        Some(Tag::HumanAgent)
    );
}

#[test]
fn the_limits_of_a_text() {
    let check = |text: &str| message(&json!({"text": text})).map(|_| ()).map_err(|e| e.name);
    assert_eq!(check(&"a".repeat(1000)), Ok(()));
    assert_eq!(check(&"é".repeat(500)), Ok(()));
    assert_eq!(check(&"a".repeat(1001)), Err(ErrorName::MessageInvalid));
    assert_eq!(check(&"é".repeat(501)), Err(ErrorName::MessageInvalid));
    assert_eq!(check(&"👑".repeat(2000)), Err(ErrorName::MessageInvalid));
    assert_eq!(check(&"a".repeat(2001)), Err(ErrorName::ParameterTooLong));
    for blank in ["", " ", "\n\t \u{a0}"] {
        assert_eq!(check(blank), Err(ErrorName::TextEmpty));
    }
}

#[test]
fn media_by_url_by_id_and_by_upload() {
    let one = |attachment: Value| match message(&json!({"attachment": attachment})).unwrap() {
        Message::Media(mut media) if media.len() == 1 => media.remove(0),
        other => panic!("{other:?}"),
    };
    for (attachment, kind, source, is_reusable) in [
        (
            json!({"type": "image", "payload": {"url": "u"}}),
            Some(AttachmentKind::Image),
            Source::Url("u".into()),
            false,
        ),
        (
            json!({"type": "VIDEO", "payload": {"attachment_id": 12}}),
            Some(AttachmentKind::Video),
            Source::Stored("12".into()),
            false,
        ),
        (json!({"type": "audio"}), Some(AttachmentKind::Audio), Source::Upload, false),
        (
            json!({"type": "file", "payload": {"is_reusable": "true"}}),
            Some(AttachmentKind::File),
            Source::Upload,
            true,
        ),
        (
            json!({"type": "file", "payload": {"url": "u"}, "is_reusable": true}),
            Some(AttachmentKind::File),
            Source::Url("u".into()),
            true,
        ),
        (
            json!({"type": "MEDIA_SHARE", "payload": {"attachment_id": "12"}}),
            None,
            Source::Stored("12".into()),
            false,
        ),
    ] {
        assert_eq!(one(attachment), MediaAttachment { kind, source, is_reusable });
    }
    assert_eq!(message(&json!({"attachment": {"type": "like_heart"}})), Ok(Message::LikeHeart));
    let post = json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": 179}}});
    assert_eq!(message(&post), Ok(Message::Post("179".into())));
}

#[test]
fn several_images() {
    let image = |n: usize| json!({"type": "image", "payload": {"url": format!("u{n}")}});
    let images = |n: usize| json!({"attachments": (0..n).map(image).collect::<Vec<_>>()});
    assert!(matches!(message(&images(10)), Ok(Message::Media(media)) if media.len() == 10));
    // One picture as an object, as the Instagram page shows it.
    assert!(
        matches!(message(&json!({"attachments": image(0)})), Ok(Message::Media(media)) if media.len() == 1)
    );
    assert_eq!(told(&images(11)), "param message[attachments] has too many elements.");
    let mixed = json!({"attachments": [image(0), {"type": "video", "payload": {"url": "v"}}]});
    assert_eq!(message(&mixed).unwrap_err().name, ErrorName::MessageInvalid);
    assert_eq!(message(&json!({"attachments": []})).unwrap_err().name, ErrorName::ParameterEmpty);
}

#[test]
fn what_is_no_attachment() {
    for (wrong, name) in [
        (json!({"attachment": {"payload": {"url": "u"}}}), ErrorName::ParameterRequired),
        (json!({"attachment": {"type": "image", "payload": "u"}}), ErrorName::ParameterInvalid),
        (json!({"attachment": {"type": "sticker"}}), ErrorName::MessageInvalid),
        (json!({"attachment": {"type": "hologram"}}), ErrorName::ParameterNotOneOf),
        (json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"x": 1}}}), ErrorName::ParameterRequired),
        (json!({"attachment": {"type": "template"}}), ErrorName::ParameterRequired),
        (json!({"attachment": {"type": "like_heart"}, "text": "x"}), ErrorName::MessageInvalid),
        (
            json!({"attachment": {"type": "image", "payload": {"url": "u", "attachment_id": "1"}}}),
            ErrorName::ParameterInvalid,
        ),
    ] {
        assert_eq!(message(&wrong).unwrap_err().name, name, "{wrong}");
    }
}

#[test]
fn quick_replies() {
    let reply = |title: &str| json!({"content_type": "text", "title": title, "payload": "P"});
    let with = |replies: Vec<Value>| json!({"text": "t", "quick_replies": replies});
    let Ok(Message::Text { quick_replies, .. }) =
        message(&with(vec![reply(&"é".repeat(21)), json!({"content_type": "user_phone_number"})]))
    else {
        panic!("a text with quick replies");
    };
    assert_eq!(quick_replies[0].title, Some("é".repeat(20)), "cut, not refused");
    assert_eq!(
        (quick_replies[1].content_type, &quick_replies[1].title),
        (QuickReplyKind::UserPhoneNumber, &None)
    );
    assert!(message(&with(vec![reply("x"); 13])).is_ok());
    assert_eq!(told(&with(vec![reply("x"); 14])), "param message[quick_replies] has too many elements.");
    let long = json!({"content_type": "text", "title": "x", "payload": "p".repeat(1001)});
    assert_eq!(
        told(&with(vec![long])),
        "Length of param message[quick_replies][0][payload] must be less than or equal to 1000"
    );
    for (wrong, name) in [
        (with(vec![json!({"content_type": "location"})]), ErrorName::ParameterNotOneOf),
        (with(vec![json!({"content_type": "text", "title": "x"})]), ErrorName::ParameterRequired),
        (with(vec![reply(" ")]), ErrorName::ParameterEmpty),
        (with(vec![json!("x")]), ErrorName::ParameterInvalid),
        (
            json!({"attachment": {"type": "like_heart"}, "quick_replies": [reply("x")]}),
            ErrorName::MessageInvalid,
        ),
    ] {
        assert_eq!(message(&wrong).unwrap_err().name, name, "{wrong}");
    }
}

fn generic(elements: &Value) -> Value {
    json!({"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": elements}}})
}

fn buttons(text: &str, buttons: &Value) -> Value {
    json!({"attachment": {"type": "template",
        "payload": {"template_type": "button", "text": text, "buttons": buttons}}})
}

#[test]
fn templates_keep_what_was_sent() {
    let element = json!({"title": "T", "subtitle": "S", "image_url": "https://x.test/a.png",
        "default_action": {"type": "web_url", "url": "https://x.test"},
        "buttons": [{"type": "web_url", "url": "https://x.test", "title": "Open", "webview_height_ratio": "tall"},
            {"type": "postback", "title": "Go", "payload": "GO"}]});
    let Ok(Message::Template(template)) = message(&generic(&json!([element]))) else { panic!("a template") };
    assert_eq!(
        serde_json::to_value(&template).unwrap(),
        json!({"template_type": "generic", "elements": [{"title": "T", "subtitle": "S",
            "image_url": "https://x.test/a.png", "default_action": {"type": "web_url", "url": "https://x.test"},
            "buttons": [{"type": "web_url", "url": "https://x.test", "title": "Open"},
                {"type": "postback", "title": "Go", "payload": "GO"}]}]})
    );
    assert_eq!(
        serde_json::from_value::<Template>(serde_json::to_value(&template).unwrap()).unwrap(),
        template
    );
}

#[test]
fn the_limits_of_templates() {
    let postback = json!({"type": "postback", "title": "Go", "payload": "GO"});
    let card = json!({"title": "T", "subtitle": "S"});
    assert!(message(&generic(&json!(vec![card.clone(); 10]))).is_ok());
    assert!(message(&buttons(&"x".repeat(640), &json!(vec![postback.clone(); 3]))).is_ok());
    for (wrong, text) in [
        (generic(&json!(vec![card; 11])), "param name_placeholder[elements] has too many elements."),
        (
            generic(&json!([{"title": "x".repeat(81), "subtitle": "S"}])),
            "Length of param name_placeholder[elements][0][title] must be less than or equal to 80",
        ),
        (
            generic(&json!([{"title": "x", "subtitle": "S".repeat(81)}])),
            "Length of param name_placeholder[elements][0][subtitle] must be less than or equal to 80",
        ),
        (generic(&json!([{"title": "x"}])), "Invalid message data"),
        (
            generic(&json!([{"title": " ", "subtitle": "s"}])),
            "param name_placeholder[elements][0][title] must be non-empty.",
        ),
        (
            generic(&json!([{"subtitle": "s"}])),
            "The parameter name_placeholder[elements][0][title] is required",
        ),
        (
            generic(&json!([{"title": "x", "image_url": "ftp://x"}])),
            "name_placeholder[elements][0][image_url] should represent a valid URL",
        ),
        (
            generic(&json!([{"title": "x", "buttons": vec![postback.clone(); 4]}])),
            "param name_placeholder[elements][0][buttons] has too many elements.",
        ),
        (
            generic(
                &json!([{"title": "x", "buttons": [{"type": "phone_number", "title": "x", "payload": "1"}]}]),
            ),
            "(#100) Param name_placeholder[elements][0][buttons][0][type] must be one of {web_url, postback} - got \"phone_number\".",
        ),
        (generic(&json!([])), "param name_placeholder[elements] must be non-empty."),
        (
            buttons(&"x".repeat(641), &json!([postback])),
            "Length of param name_placeholder[text] must be less than or equal to 640",
        ),
        (buttons("x", &json!(vec![postback; 4])), "param name_placeholder[buttons] has too many elements."),
        (
            buttons("x", &json!([{"type": "postback", "title": "x".repeat(21), "payload": "p"}])),
            "Length of param name_placeholder[buttons][0][title] must be less than or equal to 20",
        ),
        (
            buttons("x", &json!([{"type": "postback", "title": "x", "payload": "p".repeat(1001)}])),
            "Length of param name_placeholder[buttons][0][payload] must be less than or equal to 1000",
        ),
        (
            buttons("x", &json!([{"type": "web_url", "title": "x", "url": "x.test"}])),
            "name_placeholder[buttons][0][url] should represent a valid URL",
        ),
        (
            json!({"attachment": {"type": "template", "payload": {"template_type": "button", "text": "x"}}}),
            "The parameter name_placeholder[buttons] is required",
        ),
        (
            json!({"attachment": {"type": "template", "payload": {"template_type": "product", "elements": [{"id": 1}]}}}),
            "Invalid product id",
        ),
    ] {
        assert_eq!(told(&wrong), text, "{wrong}");
    }
}

fn upload(message: &Value) -> Result<(AttachmentKind, MediaAttachment)> {
    let mut params = Params::default();
    params.add_json(json!({"platform": "instagram", "message": message}).to_string().as_bytes())?;
    read_upload(&params)
}

#[test]
fn uploads_are_reusable_wherever_that_stands() {
    let url = "https://shop.example/a.png";
    let source = || Source::Url(url.to_owned());
    for (message, is_reusable) in [
        (json!({"attachment": {"type": "image", "payload": {"url": url, "is_reusable": true}}}), true),
        (json!({"attachment": {"type": "IMAGE", "payload": {"url": url, "is_reusable": "true"}}}), true),
        (json!({"attachment": {"type": "image", "payload": {"url": url}, "is_reusable": 1}}), true),
        (json!({"attachment": {"type": "image", "payload": {"url": url}}, "is_reusable": true}), true),
        (json!({"attachment": {"type": "image", "payload": {"url": url, "is_reusable": false}}}), false),
        (json!({"attachment": {"type": "image", "payload": {"url": url}}}), false),
    ] {
        let (kind, attachment) = upload(&message).unwrap();
        assert_eq!((kind, &attachment.source), (AttachmentKind::Image, &source()), "{message}");
        assert_eq!(attachment.is_reusable, is_reusable, "{message}");
    }
    let from_disk =
        upload(&json!({"attachment": {"type": "video", "payload": {"is_reusable": true}}})).unwrap();
    assert_eq!(from_disk.1.source, Source::Upload);
}

#[test]
fn an_upload_is_one_file() {
    for (message, text) in [
        (json!({"text": "hi"}), "The parameter message[attachment] is required"),
        (json!({"attachment": {}}), "The parameter message[attachment][type] is required"),
        (
            json!({"attachment": {"type": "template", "payload": {}}}),
            "(#100) Param message[attachment][type] must be one of {image, video, audio, file} - got \"template\".",
        ),
        (
            json!({"attachment": {"type": "image", "payload": {"attachment_id": "1"}}}),
            "The parameter message[attachment][payload][url] is required",
        ),
        (
            json!({"attachment": {"type": "image", "payload": {"url": "https://a/b", "is_reusable": "<IS_REUSABLE?>"}}}),
            "Param message[attachment][payload][is_reusable] must be a boolean",
        ),
    ] {
        assert_eq!(upload(&message).unwrap_err().message(crate::Host::Instagram), text, "{message}");
    }
}

/// Text inside text: what the outer reader cannot see.
#[test]
fn no_nul_comes_in_by_nested_text() {
    let hidden =
        r#"{"type": "template", "payload": {"template_type": "button", "text": "\u0000", "buttons": []}}"#;
    let refused = message(&json!({"attachment": hidden})).unwrap_err();
    assert_eq!(refused.name, ErrorName::ParameterInvalid);
}
