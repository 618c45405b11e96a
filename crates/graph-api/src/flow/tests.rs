use super::*;

fn params(body: &Value) -> Params {
    let mut params = Params::default();
    params.add_json(body.to_string().as_bytes()).unwrap();
    params
}

fn new(body: &Value) -> Result<FlowChange> {
    FlowChange::read_new(&params(body), Host::Instagram)
}

fn told(body: &Value) -> String {
    let text = new(body).unwrap_err().message(Host::Instagram);
    text.strip_prefix("(#100) ").map_or(text.clone(), str::to_owned)
}

fn flow(messages: &Value) -> Value {
    json!({"name": "N", "eligible_platforms": ["instagram"], "welcome_message_flow": messages})
}

/// The published body and the published answer to it.
#[test]
fn the_captured_flow_comes_back_as_captured() {
    let reply =
        |title: &str, payload: &str| json!({"content_type": "text", "title": title, "payload": payload});
    let body = flow(&json!([{"message": {"text": "Learn more about our summer sale!", "quick_replies": [
        reply("I am interested!", "summer-sale-interest"),
        reply("I have another question.", "another-question")]}}]));
    let change = new(&body).unwrap();
    assert_eq!(change.eligible_platforms.unwrap(), ["INSTAGRAM"]);
    assert_eq!(
        write(&change.messages.unwrap()),
        r#"[{"message":{"text":"Learn more about our summer sale!","quick_replies":[{"title":"I am interested!","content_type":"text","payload":"summer-sale-interest"},{"title":"I have another quest...","content_type":"text","payload":"another-question"}]}}]"#
    );
}

/// What is written reads back as the same messages.
#[test]
fn every_kind_of_message_is_written_as_it_is_read() {
    let kinds = json!([
        {"message": {"text": "Hi"}, "receiving_app_id": "1", "receiving_app_control_expiration": 7},
        {"message": {"attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png"}}}},
        {"message": {"attachments": [
            {"type": "image", "payload": {"url": "https://shop.example/a.png"}},
            {"type": "image", "payload": {"attachment_id": "1900000000000001"}}]}},
        {"message": {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [
            {"title": "Mug", "subtitle": "Blue", "buttons": [
                {"type": "postback", "title": "Buy", "payload": "BUY"},
                {"type": "web_url", "url": "https://shop.example", "title": "Look"}]}]}}}},
        {"message": {"attachment": {"type": "template", "payload":
            {"template_type": "button", "text": "Well?", "buttons": [{"type": "postback", "title": "Yes", "payload": "Y"}]}}}},
        {"message": {"attachment": {"type": "like_heart"}}},
        {"message": {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "17900000000000001"}}}},
        {"message": {"text": "Call you?", "quick_replies": [{"content_type": "user_phone_number"}]}}
    ]);
    let messages = new(&flow(&kinds)).unwrap().messages.unwrap();
    let written = write(&messages);
    let again: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(new(&flow(&again)).unwrap().messages.unwrap(), messages, "{written}");
    assert_eq!(again, kinds);
    // Inside the message the members of routing mean the same.
    let inside =
        json!([{"message": {"text": "Hi", "receiving_app_id": "1", "receiving_app_control_expiration": 7}}]);
    assert_eq!(new(&flow(&inside)).unwrap().messages.unwrap(), messages[..1]);
}

#[test]
fn a_flow_says_which_app_gets_the_conversation_and_for_how_long() {
    let told = |days: Value| {
        let entry = json!({"message": {"text": "Hi"}, "receiving_app_id": 15, "receiving_app_control_expiration": days});
        receiving(&write(
            &new(&flow(&json!([{"message": {"text": "Hi"}}, entry]))).unwrap().messages.unwrap(),
        ))
    };
    for (days, kept) in [
        (json!(1), 1),
        (json!(30), 30),
        (json!("4"), 4),
        // Doc: an invalid number is one day.
        (json!(0), 1),
        (json!(31), 1),
        (json!(-3), 1),
        (json!("a week"), 1),
        (Value::Null, 1),
    ] {
        assert_eq!(told(days.clone()), Some(Receiving { app_id: 15, days: kept }), "{days}");
    }
    let none = new(&flow(&json!([{"message": {"text": "Hi"}}]))).unwrap().messages.unwrap();
    assert_eq!(receiving(&write(&none)), None);
}

#[test]
fn a_new_flow_needs_everything_and_a_change_something() {
    let whole = flow(&json!([{"message": {"text": "Hi"}}]));
    for name in ["name", "eligible_platforms", "welcome_message_flow"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(name);
        assert_eq!(told(&body), format!("The parameter {name} is required"));
        let part = json!({ name: whole[name] });
        assert!(FlowChange::read_update(&params(&part), Host::Instagram).is_ok(), "{name}");
    }
    let nothing = FlowChange::read_update(&params(&json!({"flow_id": "1"})), Host::Instagram);
    assert_eq!(nothing.unwrap_err().name, ErrorName::ParameterRequired);
    // The document's prose has these names.
    let prose = json!({"welcome_message": [{"message": {"text": "Hi"}}], "platforms": ["instagram"]});
    let change = FlowChange::read_update(&params(&prose), Host::Instagram).unwrap();
    assert!(change.messages.is_some() && change.eligible_platforms.is_some());
    // Query parameters, as the document's sample of an update has them.
    let mut query = Params::default();
    query.add_form(b"flow_id=1&name=New").unwrap();
    assert_eq!(FlowChange::read_update(&query, Host::Instagram).unwrap().name.unwrap(), "New");
}

#[test]
fn what_is_refused_says_where() {
    let with = |name: &str, value: Value| {
        let mut body = flow(&json!([{"message": {"text": "Hi"}}]));
        body[name] = value;
        body
    };
    for (body, text) in [
        (with("name", json!(" ")), "param name must be non-empty."),
        (with("name", json!("n".repeat(401))), "Length of param name must be less than or equal to 400"),
        (with("eligible_platforms", json!([])), "param eligible_platforms must be non-empty."),
        (
            with("eligible_platforms", json!(["instagram", "messenger"])),
            "Param eligible_platforms[1] must be one of {instagram} - got \"messenger\".",
        ),
        (with("welcome_message_flow", json!([])), "param welcome_message_flow must be non-empty."),
        (with("welcome_message_flow", json!("Hi")), "Param welcome_message_flow must be an array"),
        (
            with("welcome_message_flow", json!([{"text": "Hi"}])),
            "Invalid keys \"text\" were found in param \"welcome_message_flow[0]\".",
        ),
        (
            with("welcome_message_flow", json!([{}])),
            "The parameter welcome_message_flow[0][message] is required",
        ),
        (
            with("welcome_message_flow", json!([{"message": {"attachment": {"type": "image"}}}])),
            "The parameter welcome_message_flow[0][message][attachment][payload][url] is required",
        ),
        (
            with("welcome_message_flow", json!(vec![json!({"message": {"text": "Hi"}}); 11])),
            "param welcome_message_flow has too many elements.",
        ),
    ] {
        assert_eq!(told(&body), text, "{body}");
    }
    // Limits of content are looked at in a step of their own.
    let long = new(&flow(&json!([{"message": {"text": "x".repeat(1001)}}]))).unwrap();
    assert_eq!(long.check().unwrap_err().name, ErrorName::MessageInvalid);
}

#[test]
fn on_the_facebook_host_messenger_may_stand_beside_instagram() {
    let platforms = |words: Value| {
        let body = json!({"eligible_platforms": words});
        FlowChange::read_update(&params(&body), Host::Facebook).map(|change| change.eligible_platforms)
    };
    assert_eq!(platforms(json!("messenger,instagram")).unwrap().unwrap(), ["MESSENGER", "INSTAGRAM"]);
    let alone = platforms(json!(["messenger"])).unwrap_err();
    assert_eq!(
        alone.message(Host::Facebook),
        "(#100) Param eligible_platforms must be a list with instagram in it"
    );
}
