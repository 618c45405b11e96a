//! Conversations, through the public interface.

mod api;
mod folders;
mod people_act;
mod to_oneself;

use serde_json::Value;
use testkit::{Answer, Receiver, Sandbox};

/// A GET over Instagram Login.
async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    sandbox.get(path).token(sandbox.env("IG_ACCESS_TOKEN")).send().await
}

/// The demo person's conversation with the shop, as the person sees it.
async fn thread(sandbox: &Sandbox) -> Value {
    let inbox = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let all = inbox["conversations"].as_array().unwrap();
    all.iter().find(|c| c["with"] == "posthaste.shop").unwrap().clone()
}

/// A sandbox whose demo app hears of everything over Instagram Login.
async fn heard() -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    (sandbox, receiver)
}
