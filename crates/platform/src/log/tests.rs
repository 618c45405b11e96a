//! What followed from what: the feed, the logs of requests and deliveries, and handshakes, put together by their causes.

use serde_json::{Value, json};
use testkit::{Receiver, Sandbox};

async fn newest(sandbox: &Sandbox) -> String {
    let feed = sandbox.get("/sim/events?after=newest").ok().await.json();
    feed["cursor"].as_str().unwrap().to_owned()
}

async fn since(sandbox: &Sandbox, cursor: &str) -> Vec<Value> {
    let feed = sandbox.get(&format!("/sim/events?after={cursor}")).ok().await.json();
    feed["events"].as_array().unwrap().clone()
}

fn of_type<'a>(events: &'a [Value], kind: &str) -> &'a Value {
    events.iter().find(|event| event["type"] == kind).unwrap_or_else(|| panic!("no {kind} in {events:?}"))
}

#[tokio::test]
async fn an_act_its_message_and_its_webhook_belong_together() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let start = newest(&sandbox).await;
    let mid = sandbox.person_writes("IG_USERNAME", "hi").await;
    sandbox.person_writes("PAGE_IG_USERNAME", "and you").await;
    receiver.next().await;
    sandbox.deliver().await;
    let events = since(&sandbox, &start).await;
    let message = of_type(&events, "message");
    let act = of_type(&events, "act");
    assert_eq!(message["mid"], mid);
    assert_eq!(act["path"], "/sim/people/ana.customer/send");
    assert_eq!((&act["method"], &act["status"]), (&json!("POST"), &json!(200)));
    assert_eq!(act["response"]["mid"], mid);
    assert!(act["cause"].is_string());
    assert_eq!(act["cause"], message["cause"]);
    assert_eq!(message.get("attachments"), None);
    assert_eq!((&message["folder"], message["window_until"].is_string()), (&json!("requests"), true));
    // The delivery is told later, by the endpoint's own task: the event's name leads to it, and to no other's.
    let name = message["event"].as_str().unwrap();
    let found = sandbox.get(&format!("/sim/deliveries?event={name}")).ok().await.json();
    let [delivery] = &found["deliveries"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!((&delivery["state"], &delivery["topic"]), (&json!("delivered"), &json!("messages")));
    assert!(delivery["id"].as_str().unwrap().ends_with(name));
    assert_eq!(delivery["attempts"][0]["status"], 200);
    // The second message went nowhere, for want of a callback, and its act says so by the same cause.
    // The first one's delivery may have been told before it.
    let unsent = events.iter().find(|event| event["type"] == "delivery" && event["state"] == "suppressed");
    let unsent = unsent.unwrap_or_else(|| panic!("nothing was suppressed: {events:?}"));
    let second = events.iter().filter(|event| event["type"] == "message").nth(1).unwrap();
    assert_eq!(unsent["cause"], second["cause"]);
    assert_ne!(second["cause"], message["cause"]);
    let name = second["event"].as_str().unwrap();
    let found = sandbox.get(&format!("/sim/deliveries?event={name}")).ok().await.json();
    assert_eq!(found["deliveries"][0]["state"], "suppressed");
    let wrong = sandbox.get("/sim/deliveries?event=x").send().await;
    assert_eq!((wrong.status, &wrong.json()["error"]["parameter"]), (400, &json!("event")));
}

#[tokio::test]
async fn a_request_is_the_cause_of_what_it_stores_and_is_found_by_its_trace_id() {
    let sandbox = Sandbox::start().await;
    let start = newest(&sandbox).await;
    let send = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "Hello"}});
    sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&send).ok().await;
    sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    let events = since(&sandbox, &start).await;
    let (request, message) = (of_type(&events, "request"), of_type(&events, "message"));
    assert_eq!(request["operation"], "POST account/messages");
    assert_eq!(request["cause"], message["cause"]);
    assert!(request["cause"].is_string());
    let trace = request["trace_id"].as_str().unwrap();
    let found = sandbox.get(&format!("/sim/requests?trace_id={trace}")).ok().await.json();
    let [logged] = &found["requests"].as_array().unwrap()[..] else { panic!("{found}") };
    assert_eq!((&logged["trace_id"], &logged["cause"]), (&request["trace_id"], &request["cause"]));
    let start = newest(&sandbox).await;
    sandbox.sim("people/ana.customer/send", json!({"to": "posthaste.shop", "like_heart": true})).await;
    assert_eq!(of_type(&since(&sandbox, &start).await, "message")["attachments"], json!(["like_heart"]));
    // What only looks at the sim causes nothing, and what is refused is an act too.
    let start = newest(&sandbox).await;
    sandbox.get("/sim/world").ok().await;
    sandbox.post("/sim/people/nobody/send").json(&json!({"to": "posthaste.shop", "text": "x"})).send().await;
    let events = since(&sandbox, &start).await;
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["type"], &events[0]["status"]), (&json!("act"), &json!(404)));
}

#[tokio::test]
async fn a_handshake_is_told_with_its_question_and_its_answer() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    let start = newest(&sandbox).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let events = since(&sandbox, &start).await;
    let (handshake, request) = (of_type(&events, "handshake"), of_type(&events, "request"));
    assert_eq!(handshake["cause"], request["cause"]);
    assert_eq!((&handshake["ok"], &handshake["status"]), (&json!(true), &json!(200)));
    assert_eq!(handshake["body"], handshake["challenge"]);
    let asked = handshake["url"].as_str().unwrap();
    assert!(asked.starts_with(&receiver.url) && asked.contains("hub.mode=subscribe"), "{asked}");
    assert!(!asked.contains(sandbox.env("VERIFY_TOKEN")), "{asked}");
    // A callback with another word in mind.
    let start = newest(&sandbox).await;
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    let form = format!("object=instagram&callback_url={}&verify_token=wrong", receiver.url);
    sandbox.post(&path).token(sandbox.env("APP_ACCESS_TOKEN")).form(&form).send().await;
    let events = since(&sandbox, &start).await;
    let handshake = of_type(&events, "handshake");
    assert_eq!(handshake["ok"], false);
    assert!(handshake["error"].is_string());
    // The world shows what is set, and who is subscribed.
    let world = sandbox.get("/sim/world").ok().await.json();
    let callbacks = world["apps"][0]["callbacks"].as_array().unwrap();
    assert_eq!(callbacks.len(), 1);
    assert_eq!(
        (&callbacks[0]["login"], &callbacks[0]["callback_url"]),
        (&json!("instagram"), &json!(receiver.url))
    );
    assert_eq!(callbacks[0]["product_id"], sandbox.env("INSTAGRAM_APP_ID"));
    let subscribed = &world["accounts"][0]["subscribed_apps"][0];
    assert_eq!(
        (&subscribed["app_id"], &subscribed["login"]),
        (&json!(sandbox.env("APP_ID")), &json!("instagram"))
    );
    let picture = world["accounts"][0]["media"][0]["url"].as_str().unwrap();
    assert!(picture.contains("/ig_messaging_cdn/"), "{picture}");
}
