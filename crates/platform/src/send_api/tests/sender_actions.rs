//! Typing, seen and reactions of the account.

use super::{heard, seen, send, sent};
use serde_json::{Value, json};
use testkit::Sandbox;

async fn act(sandbox: &Sandbox, body: &Value) {
    let answer = send(sandbox, body).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({"recipient_id": sandbox.env("IGSID")})),
        "{body}"
    );
}

async fn is_typing(sandbox: &Sandbox) -> bool {
    let inbox = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let shop = inbox["conversations"].as_array().unwrap().iter().find(|c| c["with"] == "posthaste.shop");
    shop.unwrap()["typing"] == true
}

#[tokio::test]
async fn typing_shows_until_it_ends() {
    let sandbox = Sandbox::start().await;
    act(&sandbox, &json!({"sender_action": "typing_on"})).await;
    assert!(is_typing(&sandbox).await);
    act(&sandbox, &json!({"sender_action": "typing_off"})).await;
    assert!(!is_typing(&sandbox).await);
    // By itself after 20 seconds, and with a message.
    act(&sandbox, &json!({"sender_action": "TYPING_ON"})).await;
    sandbox.advance("21s").await;
    assert!(!is_typing(&sandbox).await);
    act(&sandbox, &json!({"sender_action": "typing_on"})).await;
    sent(&sandbox, &json!({"text": "Here I am"})).await;
    assert!(!is_typing(&sandbox).await);
}

/// Doc: a request is not marked as seen before it is accepted; here, answered.
#[tokio::test]
async fn seen_shows_unless_it_is_a_request() {
    let sandbox = Sandbox::start().await;
    let mid = sandbox.person_writes("IG_USERNAME", "Anyone?").await;
    act(&sandbox, &json!({"sender_action": "mark_seen"})).await;
    assert_eq!(seen(&sandbox, &mid).await.get("seen"), None);
    sent(&sandbox, &json!({"text": "Yes"})).await;
    assert_eq!(seen(&sandbox, &mid).await.get("seen"), None, "an answer over the API does not mark as seen");
    act(&sandbox, &json!({"sender_action": "mark_seen"})).await;
    assert_eq!(seen(&sandbox, &mid).await["seen"], true);
}

/// Doc: no webhook tells of the account's own reactions.
#[tokio::test]
async fn reactions_come_change_and_go_without_an_echo() {
    let (sandbox, receiver) = heard().await;
    let own = sent(&sandbox, &json!({"text": "Hello"})).await;
    receiver.next().await;
    let theirs = sandbox.person_writes("IG_USERNAME", "Hi").await;
    receiver.next().await;
    let react = |mid: &str, reaction: &str| json!({"sender_action": "react", "payload": {"message_id": mid, "reaction": reaction}});
    for mid in [&own, &theirs] {
        for (reaction, name, emoji) in [("love", "love", "❤\u{fe0f}"), ("🔥", "other", "🔥")] {
            act(&sandbox, &react(mid, reaction)).await;
            let expected = json!([{"from": "posthaste.shop", "reaction": name, "emoji": emoji}]);
            assert_eq!(seen(&sandbox, mid).await["reactions"], expected);
        }
        act(&sandbox, &json!({"sender_action": "unreact", "payload": {"message_id": mid}})).await;
        assert_eq!(seen(&sandbox, mid).await["reactions"], json!([]));
    }
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
    let elsewhere = sandbox.person_writes("PAGE_IG_USERNAME", "Hi").await;
    assert_eq!(send(&sandbox, &react(&elsewhere, "love")).await.error(), (400, 100, 2_534_015));
    assert_eq!(send(&sandbox, &react(&own, "hm")).await.error(), (400, 100, 0));
}

#[tokio::test]
async fn they_keep_to_the_window_and_to_who_is_known() {
    let sandbox = Sandbox::start().await;
    let stranger = json!({"recipient": {"id": "1000000000000001"}, "sender_action": "typing_on"});
    assert_eq!(send(&sandbox, &stranger).await.error(), (400, 100, 2_534_014));
    sandbox.advance("25h").await;
    assert_eq!(send(&sandbox, &json!({"sender_action": "typing_on"})).await.error(), (403, 10, 2_534_022));
}
