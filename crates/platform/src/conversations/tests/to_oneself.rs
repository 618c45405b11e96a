//! An account writes to itself, and to another account (doc: Self Messaging).

use super::heard;
use serde_json::json;
use testkit::Sandbox;

async fn own_igsid(sandbox: &Sandbox) -> String {
    let sent =
        sandbox.sim("people/posthaste.shop/send", json!({"to": "posthaste.shop", "text": "Test"})).await;
    sent["igsid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_hears_only_an_echo_and_may_then_write_at_any_time() {
    let (sandbox, receiver) = heard().await;
    let igsid = own_igsid(&sandbox).await;
    let heard = receiver.next().await.event();
    assert_eq!(
        (&heard["sender"]["id"], &heard["recipient"]["id"]),
        (&json!(sandbox.env("IG_ID")), &json!(igsid))
    );
    assert_eq!(
        heard["message"],
        json!({"mid": heard["message"]["mid"], "text": "Test", "is_echo": true, "is_self": true})
    );
    sandbox.advance("3000h").await;
    let token = sandbox.sim("tokens", json!({"app": "Demo app", "account": "posthaste.shop"})).await;
    let token = token["access_token"].as_str().unwrap();
    let send = |message| {
        let body = json!({"recipient": {"id": igsid}, "message": message});
        sandbox.post("/me/messages").token(token).json(&body).send()
    };
    let template = json!({"template_type": "button", "text": "?", "buttons": [{"type": "postback", "title": "Start", "payload": "GO"}]});
    let sent = send(json!({"attachment": {"type": "template", "payload": template}})).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let echo = receiver.next().await.event();
    assert_eq!(
        (&echo["message"]["is_self"], &echo["sender"]["id"]),
        (&json!(true), &json!(sandbox.env("IG_ID")))
    );
    let mid = sent.json()["message_id"].clone();
    sandbox.sim("people/posthaste.shop/tap", json!({"mid": mid, "button": 0})).await;
    let tapped = receiver.next().await.event();
    assert_eq!((&tapped["is_self"], &tapped["sender"]["id"]), (&json!(true), &json!(sandbox.env("IG_ID"))));
    assert_eq!(tapped["postback"]["payload"], "GO");
    let replies =
        json!({"text": "x", "quick_replies": [{"content_type": "text", "title": "a", "payload": "b"}]});
    assert_eq!(send(replies).await.error(), (400, 100, 2_534_015));
}

#[tokio::test]
async fn before_it_has_written_to_itself_it_is_unknown() {
    let sandbox = Sandbox::start().await;
    let other = Sandbox::start().await;
    let body = json!({"recipient": {"id": own_igsid(&other).await}, "message": {"text": "x"}});
    let answer = sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await;
    assert_eq!(answer.error(), (400, 100, 2_534_014));
}

#[tokio::test]
async fn an_account_writes_to_another_as_a_person_does() {
    let (sandbox, receiver) = heard().await;
    let sent =
        sandbox.sim("people/posthaste.cafe/send", json!({"to": "posthaste.shop", "text": "Hi, shop"})).await;
    let heard = receiver.next().await.event();
    assert_eq!((&heard["sender"]["id"], &heard["message"]["text"]), (&sent["igsid"], &json!("Hi, shop")));
    assert_eq!(heard["message"].get("is_self"), None);
    let body = json!({"recipient": {"id": sent["igsid"]}, "message": {"text": "Hi, café"}});
    sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await;
    let inbox = sandbox.get("/sim/people/posthaste.cafe/inbox").ok().await.json();
    assert_eq!(inbox["conversations"][0]["messages"][1]["text"], "Hi, café");
}
