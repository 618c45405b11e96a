//! What the business sends, and what is told of it.

use super::World;
use crate::{HumanAgentTag, Settings};
use serde_json::{Value, json};

fn of<'a>(heard: &'a [(String, Value)], kind: &str) -> Vec<&'a Value> {
    heard.iter().filter(|(known, _)| known == kind).map(|(_, payload)| payload).collect()
}

const CHANNEL: &str = "conversation:message:delivery:channel";
const USER: &str = "conversation:message:delivery:user";
const FAILURE: &str = "conversation:message:delivery:failure";

#[tokio::test]
async fn a_message_is_answered_sent_and_its_delivery_told() {
    let world = World::start().await;
    let (conversation, user) = world.met().await;
    let message = world.says(&conversation, "Hi Ana").await;
    assert_eq!(message["author"], json!({"type": "business"}));
    assert_eq!(message["source"], json!({"type": "api:conversations"}));
    let heard = world.heard().await;
    let kinds: Vec<&str> = heard.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["conversation:message", CHANNEL, USER], "the echo is not a message of its own");
    for kind in [CHANNEL, USER] {
        let payload = of(&heard, kind)[0];
        assert_eq!(payload["message"], json!({"id": message["id"]}));
        assert_eq!(payload["user"]["id"], user.as_str());
        assert_eq!(payload["destination"], json!({"type": "instagram", "integrationId": world.page}));
        assert_eq!(payload["externalMessages"].as_array().map(Vec::len), Some(1));
        assert_eq!(payload["isFinalEvent"], kind == USER);
    }
    assert_eq!(world.seen().await, ["Hi Ana"]);
    assert_eq!(world.listed(&conversation).await, ["Hello", "Hi Ana"]);
}

#[tokio::test]
async fn long_texts_go_in_parts_and_in_order() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let long = (0..400).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    world.says(&conversation, &long).await;
    for n in 0..5 {
        world.says(&conversation, &n.to_string()).await;
    }
    let heard = world.heard().await;
    assert_eq!(of(&heard, CHANNEL)[0]["externalMessages"].as_array().map(Vec::len), Some(4));
    assert_eq!((of(&heard, CHANNEL).len(), of(&heard, USER).len(), of(&heard, FAILURE).len()), (6, 6, 0));
    let seen = world.seen().await;
    assert_eq!(seen[..4].join(" "), long);
    assert_eq!(seen[4..], ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_500_that_delivered_is_not_sent_again() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    // No echo comes that could tell: it must be looked for.
    world.sandbox.sim("faults", json!({"on": "webhook", "drop": 1})).await;
    world
        .sandbox
        .sim("faults", json!({"on": "POST /*/messages", "error": 2, "times": 1, "apply": "after"}))
        .await;
    world.says(&conversation, "Once").await;
    world.settle().await;
    assert_eq!(world.seen().await, ["Once"]);
    world.advance("2s").await;
    let heard = world.heard().await;
    assert_eq!((of(&heard, CHANNEL).len(), of(&heard, FAILURE).len()), (1, 0), "{heard:?}");
    world.advance("1m").await;
    world.settle().await;
    assert_eq!(world.seen().await, ["Once"]);
}

#[tokio::test]
async fn an_echo_settles_what_is_unclear() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    world
        .sandbox
        .sim("faults", json!({"on": "POST /*/messages", "error": 2, "times": 1, "apply": "after"}))
        .await;
    world.says(&conversation, "Once").await;
    let heard = world.heard().await;
    let kinds: Vec<&str> = heard.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["conversation:message", CHANNEL, USER], "without the clock moving");
    assert_eq!(world.seen().await, ["Once"]);
    assert_eq!(world.listed(&conversation).await, ["Hello", "Once"], "its echo is not imported");
}

#[tokio::test]
async fn a_500_that_delivered_nothing_is_sent_again() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    world
        .sandbox
        .sim("faults", json!({"on": "POST /*/messages", "error": 2, "times": 1, "apply": "before"}))
        .await;
    world.says(&conversation, "First").await;
    world.says(&conversation, "Second").await;
    world.settle().await;
    assert_eq!(world.seen().await, Vec::<String>::new());
    for _ in 0..3 {
        world.advance("5s").await;
        world.settle().await;
    }
    assert_eq!(world.seen().await, ["First", "Second"]);
}

#[tokio::test]
async fn limits_are_waited_for() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    world.sandbox.sim("faults", json!({"on": "POST /*/messages", "error": 613, "times": 2})).await;
    world.says(&conversation, "Patience").await;
    world.settle().await;
    for _ in 0..3 {
        world.advance("3s").await;
        world.settle().await;
    }
    assert_eq!(world.seen().await, ["Patience"]);
    assert_eq!(of(&world.heard().await, FAILURE).len(), 0);
}

#[tokio::test]
async fn each_failure_has_its_code_and_graphs_own_error() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let fail = async |fault: Value| {
        if fault["error"].is_number() || fault["error"].is_object() {
            world.sandbox.sim("faults", fault).await;
        }
        let message = world.says(&conversation, "Hi").await;
        let heard = world.heard().await;
        let failures = of(&heard, FAILURE);
        assert_eq!((failures.len(), of(&heard, CHANNEL).len()), (1, 0), "{heard:?}");
        assert_eq!(
            (&failures[0]["message"]["id"], &failures[0]["isFinalEvent"]),
            (&message["id"], &json!(true))
        );
        failures[0]["error"].clone()
    };
    let on = |error: Value| json!({"on": "POST /*/messages", "error": error, "times": 1});
    let error = fail(on(json!(551))).await;
    assert_eq!((&error["code"], &error["underlyingError"]["code"]), (&json!("forbidden"), &json!(551)));
    let error = fail(on(json!({"status": 400, "code": 100, "subcode": 2_534_014, "message": "The requested user cannot be found"}))).await;
    assert_eq!(error["code"], "not_found");
    let error = fail(on(json!(190))).await;
    assert_eq!(error["code"], "unauthorized");
    let path = world.path(&format!("integrations/{}", world.page));
    let shown = world.call("GET", &path).ok().await.json();
    assert_eq!(shown["integration"]["status"], "error", "the token is not good any more");
    // Eight days later both windows are closed.
    world.advance("8d").await;
    let error = fail(json!({})).await;
    assert_eq!(
        (&error["code"], &error["underlyingError"]["error_subcode"]),
        (&json!("uncategorized_error"), &json!(2_534_022))
    );
}

#[tokio::test]
async fn what_instagram_has_no_form_for_fails_at_once() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let field = json!({"type": "text", "name": "n", "label": "Name"});
    world.posts(&conversation, json!({"type": "form", "fields": [field]})).await;
    let heard = world.heard().await;
    let error = &of(&heard, FAILURE)[0]["error"];
    assert_eq!(error, &json!({"code": "uncategorized_error", "message": "Unsupported message type `form`"}));
}

#[tokio::test]
async fn the_human_agent_tag_follows_the_policy() {
    for (tag, is_bot, wanted) in [
        (HumanAgentTag::Auto, false, true),
        (HumanAgentTag::Auto, true, false),
        (HumanAgentTag::Never, false, false),
        (HumanAgentTag::Always, true, true),
    ] {
        let settings = Settings { human_agent_tag: tag, window_expired_code: true, ..Settings::default() };
        let world = World::with(settings).await;
        let (conversation, _) = world.met().await;
        let author = if is_bot {
            json!({"type": "business", "subtypes": ["AI"]})
        } else {
            json!({"type": "business"})
        };
        let post = async |text: &str| {
            let body = json!({"author": author, "content": {"type": "text", "text": text}});
            world.made(&world.path(&format!("conversations/{conversation}/messages")), &body).await;
            world.settle().await;
        };
        post("today").await;
        world.advance("30h").await;
        world.heard().await;
        post("tomorrow").await;
        let heard = world.heard().await;
        match wanted {
            true => assert_eq!(world.seen().await, ["today", "tomorrow"], "{tag:?} {is_bot}"),
            false => {
                assert_eq!(
                    of(&heard, FAILURE)[0]["error"]["code"],
                    "message_window_expired",
                    "{tag:?} {is_bot}"
                );
                assert_eq!(world.seen().await, ["today"]);
            }
        }
    }
}

#[tokio::test]
async fn without_the_feature_a_tagged_send_within_the_window_goes_untagged() {
    let world = World::with(Settings { human_agent_tag: HumanAgentTag::Always, ..Settings::default() }).await;
    let (conversation, _) = world.met().await;
    let app = world.sandbox.env("APP_ID").to_owned();
    let off = json!({"human_agent": false});
    world.sandbox.call("PATCH", &format!("/sim/apps/{app}")).json(&off).ok().await;
    world.says(&conversation, "Hi").await;
    world.settle().await;
    assert_eq!(world.seen().await, ["Hi"]);
}

#[tokio::test]
async fn silent_messages_go_nowhere_and_unknown_destinations_are_refused() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let path = world.path(&format!("conversations/{conversation}/messages"));
    let body = |destination: Value| json!({"author": {"type": "business"}, "content": {"type": "text", "text": "Note"}, "destination": destination});
    world.made(&path, &body(json!({"integrationType": "none"}))).await;
    assert_eq!(world.heard_kinds().await, ["conversation:message"]);
    world.made(&path, &body(json!({"integrationId": world.page}))).await;
    world.settle().await;
    assert_eq!(world.seen().await, ["Note"]);
    for wrong in [json!({"integrationId": world.instagram}), json!({"integrationType": "line"}), json!({})] {
        assert_eq!(world.call("POST", &path).json(&body(wrong)).send().await.status, 400);
    }
}

#[tokio::test]
async fn rich_content_reaches_the_person_as_instagram_shows_it() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let link = json!({"type": "link", "text": "More", "uri": "https://example.org"});
    let item = json!({"title": "Tacos", "description": "Today", "actions": [link]});
    let carousel = world.posts(&conversation, json!({"type": "carousel", "items": [item, item]})).await;
    assert!(
        carousel["content"]["text"]
            .as_str()
            .unwrap()
            .starts_with("1. Tacos\nToday\nMore: https://example.org")
    );
    let place = json!({"type": "location", "coordinates": {"lat": 1.5, "long": 2}});
    world.posts(&conversation, place).await;
    let heard = world.heard().await;
    assert_eq!(of(&heard, FAILURE).len(), 0, "{heard:?}");
    assert_eq!(of(&heard, CHANNEL).len(), 2);
    let seen = world.seen().await;
    assert_eq!(seen[1], "Location shared:\nhttps://maps.google.com/maps?q=1.5,2");
}
