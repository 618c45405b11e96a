//! Faults, through the public interface.

mod content;
mod deliveries;
mod requests;
mod setting;

use serde_json::{Value, json};
use testkit::{Receiver, Sandbox};

/// A sandbox whose demo app hears of everything over both logins.
async fn heard() -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    sandbox.set_callback("PAGE", &receiver.url).await;
    (sandbox, receiver)
}

/// Sets a fault; answers its id.
async fn set(sandbox: &Sandbox, fault: Value) -> String {
    sandbox.sim("faults", fault).await["id"].as_str().unwrap().to_owned()
}

/// A fault as it is now.
async fn fault(sandbox: &Sandbox, id: &str) -> Value {
    sandbox.get(&format!("/sim/faults/{id}")).ok().await.json()
}

/// Removes all faults.
async fn end(sandbox: &Sandbox) {
    sandbox.call("DELETE", "/sim/faults").ok().await;
}

/// The texts of the events that have come, in order.
async fn texts(sandbox: &Sandbox, receiver: &Receiver) -> Vec<String> {
    sandbox.deliver().await;
    let come = receiver.rest().await;
    let text = |event: &Value| event["message"]["text"].as_str().unwrap_or_default().to_owned();
    come.iter().map(|received| text(&received.event())).collect()
}

/// The deliveries that the sim lists, the newest first.
async fn deliveries(sandbox: &Sandbox, state: &str) -> Vec<Value> {
    let listed = sandbox.get(&format!("/sim/deliveries?state={state}")).ok().await.json();
    listed["deliveries"].as_array().unwrap().clone()
}

/// A message of the shop to the demo person.
fn message(sandbox: &Sandbox, text: &str) -> Value {
    json!({ "recipient": { "id": sandbox.env("IGSID") }, "message": { "text": text } })
}
