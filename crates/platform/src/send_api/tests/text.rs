//! Texts.

use super::send;
use serde_json::{Value, json};
use testkit::Sandbox;

fn hello(igsid: &str) -> Value {
    json!({ "recipient": { "id": igsid }, "message": { "text": "Hello" } })
}

#[tokio::test]
async fn the_same_send_in_every_form_that_programs_use() {
    let sandbox = Sandbox::start().await;
    let (token, igsid) = (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("IGSID"));
    let recipient = format!("{{\"id\":\"{igsid}\"}}");
    let encoded =
        |text: &str| text.replace('{', "%7B").replace('}', "%7D").replace('"', "%22").replace(':', "%3A");
    let forms = [
        sandbox.post("/me/messages").token(token).json(&json!({"recipient": {"id": igsid}, "message": {"text": "0"}})),
        sandbox.post("/v25.0/me/messages").json(
            &json!({"access_token": token, "recipient": {"id": igsid.parse::<i64>().unwrap()}, "message": {"text": "1"}}),
        ),
        sandbox.post("/v25.0/me/messages/").form(&format!(
            "access_token={token}&recipient={}&message={}",
            encoded(&recipient),
            encoded("{\"text\":\"2\"}")
        )),
        sandbox.post("//v25.0//me/messages").form(&format!("access_token={token}&recipient[id]={igsid}&message[text]=3")),
        sandbox.post(&format!(
            "/v12.0/{}/messages?access_token={token}&recipient={{'id':'{igsid}'}}&message={{'text':'4'}}",
            sandbox.env("IG_ID")
        )),
        sandbox.post("/me/messages").header("authorization", &format!("OAuth {token}")).body(
            "text/plain",
            json!({"recipient": {"id": igsid}, "message": {"text": "5"}, "messaging_type": "RESPONSE", "id": "x"}).to_string(),
        ),
        sandbox
            .post(&format!("/me/messages?access_token={token}"))
            .body("application/json", json!({"recipient": recipient, "message": "{\"text\":6}"}).to_string()),
    ];
    let count = forms.len();
    for form in forms {
        form.ok().await;
    }
    let inbox = sandbox.inbox("IG_USERNAME").await;
    let sent: Vec<&str> = inbox.iter().skip(1).map(|(_, text)| text.as_str()).collect();
    assert_eq!(sent, (0..count).map(|n| n.to_string()).collect::<Vec<_>>());
}

/// Message ids hold the microsecond, so they must grow even where the clock does not, or goes backwards.
#[tokio::test]
async fn messages_keep_their_order_whatever_the_clock_does() {
    let sandbox = Sandbox::start().await;
    let body = hello(sandbox.env("IGSID"));
    let mut mids = Vec::new();
    for step in 0..6 {
        if step == 3 {
            sandbox.sim("clock", json!({"set": "2026-03-02T08:30:00Z"})).await;
        }
        mids.push(send(&sandbox, &body).await.json()["message_id"].as_str().unwrap().to_owned());
    }
    let inbox = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let shop =
        inbox["conversations"].as_array().unwrap().iter().find(|c| c["with"] == "posthaste.shop").unwrap();
    let seen: Vec<&str> =
        shop["messages"].as_array().unwrap().iter().skip(1).map(|m| m["mid"].as_str().unwrap()).collect();
    assert_eq!(seen, mids);
    assert!(mids.iter().all(|mid| mid.len() == 164));
}

/// A refused send leaves nothing behind: no message, no move to another folder, no webhook.
#[tokio::test]
async fn a_refused_send_changes_nothing() {
    let sandbox = Sandbox::start().await;
    let receiver = testkit::Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let before = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let igsid = sandbox.env("IGSID");
    for body in [
        json!({"recipient": {"id": igsid}, "message": {"text": " "}}),
        json!({"recipient": {"id": igsid}, "message": {"text": "a".repeat(1001)}}),
        json!({"recipient": {"id": igsid}, "message": {"attachment": {"type": "image", "payload": {"url": "http://127.0.0.1:9/"}}}}),
        json!({"recipient": {"id": igsid}, "message": {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "1"}}}}),
        json!({"recipient": {"id": igsid}, "message": {"text": "x"}, "reply_to": {"mid": "m"}}),
        json!({"recipient": {"id": igsid}, "sender_action": "react", "payload": {"message_id": "m", "reaction": "love"}}),
    ] {
        assert_eq!(send(&sandbox, &body).await.error().0, 400, "{body}");
    }
    sandbox.advance("25h").await;
    assert_eq!(send(&sandbox, &hello(igsid)).await.error(), (403, 10, 2_534_022));
    assert_eq!(sandbox.get("/sim/people/ana.customer/inbox").ok().await.json(), before);
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
}

#[tokio::test]
async fn concurrent_sends_are_all_there_once() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let sends = (0..50).map(|n| {
        let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": n.to_string()}});
        sandbox.post("/v25.0/me/messages").token(token).json(&body).ok()
    });
    let answers = futures_util::future::join_all(sends).await;
    let mut mids: Vec<String> =
        answers.iter().map(|a| a.json()["message_id"].as_str().unwrap().to_owned()).collect();
    mids.sort();
    mids.dedup();
    assert_eq!(mids.len(), 50);
    let mut texts: Vec<usize> =
        sandbox.inbox("IG_USERNAME").await.iter().filter_map(|(_, text)| text.parse().ok()).collect();
    texts.sort_unstable();
    assert_eq!(texts, (0..50).collect::<Vec<_>>());
}
