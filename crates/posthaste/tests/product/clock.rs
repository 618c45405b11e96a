//! A clock that is set back, as a system's clock can be: ids only grow, order holds, nothing is lost.

use crate::process::{Folder, Running};
use serde_json::json;
use std::collections::HashSet;
use testkit::Receiver;

#[tokio::test]
async fn a_clock_that_is_set_back_loses_nothing() {
    let folder = Folder::new();
    let receiver = Receiver::start("t").await;
    let mut sandbox = Running::start(&folder.0, &[]);
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    let callback = json!({"object": "instagram", "callback_url": receiver.url, "verify_token": "t"});
    sandbox.call("POST", &path).token(sandbox.env("APP_ACCESS_TOKEN")).json(&callback).ok().await;
    let (mut texts, mut mids) = (Vec::new(), Vec::new());
    // Now; a year ago; the same after a kill; ten years ago; as it is; and after a clean restart.
    for step in 0..6 {
        match step {
            1 => set(&sandbox, &json!({"set": "2025-01-01T00:00:00Z"})).await,
            3 => set(&sandbox, &json!({"set": "2015-01-01T00:00:00Z"})).await,
            4 => set(&sandbox, &json!({"reset": true})).await,
            2 => {
                sandbox.program.kill();
                sandbox = Running::start(&folder.0, &[]);
            }
            5 => {
                assert!(sandbox.program.terminate());
                sandbox = Running::start(&folder.0, &[]);
            }
            _ => {}
        }
        for n in 0..3 {
            let text = format!("step {step}, message {n}");
            let answer = sandbox.send(&text).await;
            assert_eq!(answer.status, 200, "{text}: {}", answer.text());
            texts.push(text);
            mids.push(answer.json()["message_id"].as_str().unwrap().to_owned());
        }
        assert_eq!(sandbox.sent().await, texts, "step {step}");
    }
    assert_eq!(mids.iter().collect::<HashSet<_>>().len(), mids.len(), "no id twice");
    let ats: Vec<i64> = mids.iter().map(|mid| graph_api::ids::MessageKey::parse(mid).unwrap().at.0).collect();
    assert!(ats.is_sorted_by(|a, b| a < b), "ids only grow: {ats:?}");
    // Every event was delivered, and each lane in order.
    let (mut heard, mut missing) = (Vec::new(), mids.iter().cloned().collect::<HashSet<_>>());
    while !missing.is_empty() {
        let event = receiver.next().await.event();
        let mid = event["message"]["mid"].as_str().unwrap_or_default().to_owned();
        if missing.remove(&mid) {
            heard.push(mid);
        }
    }
    assert_eq!(heard, mids, "in their order");
}

async fn set(sandbox: &Running, to: &serde_json::Value) {
    sandbox.call("POST", "/sim/clock").json(to).ok().await;
}
