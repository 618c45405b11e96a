//! Sends, through the public interface.

mod kinds;
mod media;
mod sender_actions;
mod text;

use serde_json::{Value, json};
use testkit::{Answer, Receiver, Sandbox};

/// A send to the demo person over Instagram Login.
async fn send(sandbox: &Sandbox, body: &Value) -> Answer {
    let mut body = body.clone();
    if body.get("recipient").is_none() {
        body["recipient"] = json!({ "id": sandbox.env("IGSID") });
    }
    sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await
}

/// A message to the demo person; answers its `mid`.
async fn sent(sandbox: &Sandbox, message: &Value) -> String {
    let answer = send(sandbox, &json!({ "message": message })).await;
    assert_eq!(answer.status, 200, "{message}: {}", answer.text());
    assert_eq!(answer.json()["recipient_id"], sandbox.env("IGSID"));
    answer.json()["message_id"].as_str().unwrap().to_owned()
}

/// What the person sees of a message.
async fn seen(sandbox: &Sandbox, mid: &str) -> Value {
    let inbox = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let mut all =
        inbox["conversations"].as_array().unwrap().iter().flat_map(|c| c["messages"].as_array().unwrap());
    all.find(|message| message["mid"] == mid).cloned().unwrap()
}

/// A sandbox whose demo app hears of everything.
async fn heard() -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    (sandbox, receiver)
}
