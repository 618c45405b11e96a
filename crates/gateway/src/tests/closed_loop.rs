//! Person, platform, gateway, bot, and back, while things go wrong.

use super::World;
use serde_json::json;

/// The bot answers what it hears, as a real one does: it deduplicates by the event's id.
async fn answer_all(world: &World, answered: &mut Vec<String>) {
    for received in world.bot.rest().await {
        for event in received.json()["events"].as_array().unwrap() {
            let payload = &event["payload"];
            let is_person = payload["message"]["author"]["type"] == "user";
            let text = payload["message"]["content"]["text"].as_str().unwrap_or_default().to_owned();
            if event["type"] == "conversation:message" && is_person && !answered.contains(&text) {
                answered.push(text.clone());
                let conversation = payload["conversation"]["id"].as_str().unwrap().to_owned();
                world.says(&conversation, &format!("re: {text}")).await;
            }
        }
    }
}

/// The texts of the person's messages that the gateway lists, in order.
async fn listed(world: &World, conversation: &str) -> Vec<String> {
    let all = world.listed(conversation).await;
    all.into_iter().filter(|text| text.starts_with("question")).collect()
}

#[tokio::test]
async fn nothing_is_lost_doubled_or_out_of_order_while_things_go_wrong() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    for fault in [
        json!({"on": "webhook", "drop": 0.2}),
        json!({"on": "webhook", "duplicate": 0.3}),
        json!({"on": "webhook", "reorder": 0.2}),
        json!({"on": "webhook", "status": 500, "times": 3}),
        json!({"on": "POST /*/messages", "error": 2, "apply": "after", "times": 4}),
        json!({"on": "POST /*/messages", "error": 613, "times": 2}),
    ] {
        world.sandbox.sim("faults", fault).await;
    }
    let mut answered = Vec::new();
    let mut said = Vec::new();
    for n in 0..20 {
        let text = format!("question {n}");
        world.sandbox.person_writes("PAGE_IG_USERNAME", &text).await;
        said.push(text);
        world.settle().await;
        answer_all(&world, &mut answered).await;
        // Slower than twenty messages a minute: Instagram shows no more of a conversation.
        world.advance("12s").await;
    }
    // The outage: for ten minutes nothing comes of any call.
    let outage = world.sandbox.sim("faults", json!({"on": "* /*", "error": 2, "apply": "before"})).await;
    for n in 20..25 {
        let text = format!("question {n}");
        world.sandbox.person_writes("PAGE_IG_USERNAME", &text).await;
        said.push(text);
        world.settle().await;
        answer_all(&world, &mut answered).await;
        world.advance("2m").await;
    }
    let path = format!("/sim/faults/{}", outage["id"].to_string().trim_matches('"'));
    world.sandbox.call("DELETE", &path).ok().await;
    for _ in 0..60 {
        world.advance("20s").await;
        world.settle().await;
        answer_all(&world, &mut answered).await;
    }
    let mut once = answered.clone();
    once.sort();
    let mut wanted = said.clone();
    wanted.sort();
    assert_eq!(once, wanted, "each was heard, whatever was dropped");
    let replies: Vec<String> = answered.iter().map(|text| format!("re: {text}")).collect();
    assert_eq!(world.seen().await, replies, "each answer is there once, in the order of posting");
    assert_eq!(listed(&world, &conversation).await, said, "the conversation is in Instagram's order");
}

#[tokio::test]
async fn what_was_never_told_is_found_by_looking() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    world.sandbox.sim("faults", json!({"on": "webhook", "drop": 1})).await;
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Lost?").await;
    world.sandbox.person_writes("IG_USERNAME", "A first message").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
    world.advance("6m").await;
    let mut kinds = world.heard_kinds().await;
    kinds.sort();
    assert_eq!(kinds, ["conversation:create", "conversation:message", "conversation:message"]);
    assert_eq!(world.listed(&conversation).await, ["Hello", "Lost?"]);
    world.advance("6m").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new(), "once");
}
