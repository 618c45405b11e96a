use serde_json::{Value, json};
use testkit::{Receiver, Sandbox};

async fn sandbox(switch_off: bool) -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let settings = json!({ "webhook_switch_off": switch_off });
    let set = sandbox.call("PATCH", "/sim/settings").json(&settings).ok().await.json();
    assert_eq!(set["webhook_switch_off"], switch_off);
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    (sandbox, receiver)
}

/// Moves the clock in steps, so that every attempt is made when it falls due.
async fn pass(sandbox: &Sandbox, minutes: u32) {
    for _ in 0..minutes / 5 {
        sandbox.advance("5m").await;
        sandbox.deliver().await;
    }
}

async fn deliveries(sandbox: &Sandbox, state: &str) -> Vec<Value> {
    let listed = sandbox.get(&format!("/sim/deliveries?state={state}")).ok().await.json();
    listed["deliveries"].as_array().unwrap().clone()
}

async fn subscribed(sandbox: &Sandbox) -> usize {
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let listed = sandbox.get("/me/subscribed_apps").token(token).ok().await.json();
    listed["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_hour_of_failures_ends_the_subscription_and_loses_nothing() {
    let (sandbox, receiver) = sandbox(true).await;
    receiver.answer_with(500);
    let first = sandbox.person_writes("IG_USERNAME", "one").await;
    sandbox.deliver().await;
    pass(&sandbox, 50).await;
    sandbox.person_writes("IG_USERNAME", "two").await;
    sandbox.deliver().await;
    assert_eq!(subscribed(&sandbox).await, 1, "not yet");
    pass(&sandbox, 60).await;
    let told = sandbox.get("/sim/events?type=incident&wait=20s").ok().await.json()["events"][0].clone();
    assert_eq!(
        (&told["incident"], &told["account_id"]),
        (&json!("webhooks_disabled"), &json!(sandbox.env("IG_ID")))
    );
    assert_eq!(told["app_id"], sandbox.env("APP_ID"));
    assert!(told["detail"].as_str().unwrap().contains("subscribed_apps"));
    assert_eq!(subscribed(&sandbox).await, 0);
    let dead = deliveries(&sandbox, "dead").await;
    assert_eq!(dead.len(), 2);
    assert!(dead.iter().all(|d| d["reason"].as_str().unwrap().starts_with("switched off")));
    assert!(
        deliveries(&sandbox, "pending").await.is_empty() && deliveries(&sandbox, "retrying").await.is_empty()
    );
    // What happens now is not sent, with its reason; what was given up can be replayed.
    receiver.answer_with(200);
    receiver.rest().await;
    sandbox.person_writes("IG_USERNAME", "three").await;
    pass(&sandbox, 60).await;
    assert!(receiver.rest().await.is_empty());
    assert!(
        deliveries(&sandbox, "suppressed").await[0]["reason"].as_str().unwrap().contains("not subscribed")
    );
    sandbox.post(&format!("/sim/deliveries/{}/replay", dead[1]["id"].as_str().unwrap())).ok().await;
    assert_eq!(receiver.next().await.event()["message"]["mid"], first);
    let again = json!({"subscribed_fields": "messages"});
    sandbox.post("/me/subscribed_apps").token(sandbox.env("IG_ACCESS_TOKEN")).json(&again).ok().await;
    sandbox.person_writes("IG_USERNAME", "four").await;
    assert_eq!(receiver.next().await.event()["message"]["text"], "four");
}

/// A success begins the hour anew, and without the setting nothing ends.
#[tokio::test]
async fn a_success_or_no_setting_ends_nothing() {
    let (sandbox, receiver) = sandbox(true).await;
    for _ in 0..3 {
        receiver.answer_with(500);
        sandbox.person_writes("IG_USERNAME", "fails").await;
        sandbox.deliver().await;
        pass(&sandbox, 50).await;
        receiver.answer_with(200);
        pass(&sandbox, 60).await;
    }
    assert_eq!(subscribed(&sandbox).await, 1);
    sandbox.sim("reset", json!({})).await;
    assert_eq!(sandbox.get("/sim/settings").ok().await.json()["webhook_switch_off"], false);
    sandbox.set_callback("IG", &receiver.url).await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "fails").await;
    sandbox.deliver().await;
    pass(&sandbox, 120).await;
    assert_eq!(subscribed(&sandbox).await, 1);
    assert_eq!(deliveries(&sandbox, "retrying").await.len(), 1);
}

/// The other account's events at the same endpoint go on.
#[tokio::test]
async fn only_the_account_that_fails_is_switched_off() {
    let (sandbox, receiver) = sandbox(true).await;
    let world = sandbox.get("/sim/world").ok().await.json();
    let cafe =
        world["accounts"].as_array().unwrap().iter().find(|a| a["username"] == "posthaste.cafe").unwrap();
    let token = cafe["tokens"]["instagram"].as_str().unwrap();
    sandbox
        .post("/me/subscribed_apps")
        .token(token)
        .json(&json!({"subscribed_fields": "messages"}))
        .ok()
        .await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "fails").await;
    sandbox.deliver().await;
    pass(&sandbox, 60).await;
    sandbox.person_writes("PAGE_IG_USERNAME", "waits").await;
    pass(&sandbox, 60).await;
    sandbox.get("/sim/events?type=incident&wait=20s").ok().await;
    assert_eq!(subscribed(&sandbox).await, 0);
    receiver.rest().await;
    receiver.answer_with(200);
    pass(&sandbox, 60).await;
    let come: Vec<Value> = receiver.rest().await.iter().map(testkit::Received::event).collect();
    assert_eq!(come.len(), 1);
    assert_eq!(come[0]["message"]["text"], "waits");
}
