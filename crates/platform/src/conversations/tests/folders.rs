//! Folders, and what the owner does in the app (doc: Instagram Messaging overview, the inbox).

use super::{get, heard, thread};
use serde_json::{Value, json};
use testkit::{Answer, Sandbox};

async fn owner(sandbox: &Sandbox, act: &str, body: Value) -> Answer {
    let id = thread(sandbox).await["id"].as_str().unwrap().to_owned();
    sandbox.post(&format!("/sim/accounts/posthaste.shop/inbox/{id}/{act}")).json(&body).send().await
}

async fn folder(sandbox: &Sandbox) -> Value {
    thread(sandbox).await["folder"].clone()
}

async fn answer(sandbox: &Sandbox, igsid: &str) -> Answer {
    let body = json!({"recipient": {"id": igsid}, "message": {"text": "Hello"}});
    sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await
}

#[tokio::test]
async fn followers_begin_in_primary_and_others_in_requests() {
    let sandbox = Sandbox::start().await;
    assert_eq!(folder(&sandbox).await, "requests");
    sandbox.sim("people/ben.customer/follow", json!({"to": "posthaste.shop"})).await;
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "Hi"})).await;
    let inbox = sandbox.get("/sim/people/ben.customer/inbox").ok().await.json();
    assert_eq!(inbox["conversations"][0]["folder"], "primary");
    // Any answer by an app moves the conversation to General, whatever folder it was in.
    let igsid = sandbox.get("/sim/world").ok().await.json()["people"][1]["igsids"]["posthaste.shop"].clone();
    assert_eq!(answer(&sandbox, igsid.as_str().unwrap()).await.status, 200);
    let inbox = sandbox.get("/sim/people/ben.customer/inbox").ok().await.json();
    assert_eq!(inbox["conversations"][0]["folder"], "general");
}

#[tokio::test]
async fn a_request_is_seen_once_it_is_accepted() {
    let sandbox = Sandbox::start().await;
    assert_eq!(owner(&sandbox, "move", json!({"folder": "general"})).await.status, 409);
    assert_eq!(thread(&sandbox).await["messages"][0].get("seen"), None);
    assert_eq!(owner(&sandbox, "accept", json!({})).await.status, 200);
    assert_eq!(folder(&sandbox).await, "primary");
    assert_eq!(thread(&sandbox).await["messages"][0]["seen"], true);
    assert_eq!(owner(&sandbox, "accept", json!({})).await.status, 409);
    assert_eq!(owner(&sandbox, "decline", json!({})).await.status, 409);
    assert_eq!(owner(&sandbox, "move", json!({"folder": "general"})).await.status, 200);
    assert_eq!(folder(&sandbox).await, "general");
    assert_eq!(owner(&sandbox, "move", json!({"folder": "requests"})).await.status, 400);
    assert_eq!(owner(&sandbox, "wave", json!({})).await.status, 404);
}

#[tokio::test]
async fn a_declined_request_cannot_be_answered_until_the_person_writes_again() {
    let sandbox = Sandbox::start().await;
    let id = thread(&sandbox).await["id"].as_str().unwrap().to_owned();
    assert_eq!(owner(&sandbox, "decline", json!({})).await.status, 200);
    assert_eq!(answer(&sandbox, sandbox.env("IGSID")).await.error(), (400, 100, 2_534_001));
    assert_eq!(get(&sandbox, "/me/conversations").await.json()["data"], json!([]));
    assert_eq!(get(&sandbox, &format!("/{id}")).await.error(), (400, 100, 33));
    sandbox.person_writes("IG_USERNAME", "Please?").await;
    assert_eq!(get(&sandbox, "/me/conversations").await.json()["data"][0]["id"], id);
    assert_eq!(answer(&sandbox, sandbox.env("IGSID")).await.status, 200);
}

#[tokio::test]
async fn what_the_owner_writes_in_the_app_is_echoed_and_shows_a_human() {
    let (sandbox, receiver) = heard().await;
    sandbox.advance("48h").await;
    let sent = owner(&sandbox, "send", json!({"text": "Owner here"})).await.json();
    let echo = receiver.next().await.event();
    assert_eq!(echo["message"], json!({"mid": sent["mid"], "text": "Owner here", "is_echo": true}));
    let message = thread(&sandbox).await["messages"][1].clone();
    assert_eq!((&message["sent_by"], folder(&sandbox).await), (&json!("owner"), json!("primary")));
    // It opens no window for the app.
    assert_eq!(answer(&sandbox, sandbox.env("IGSID")).await.error(), (403, 10, 2_534_022));
    sandbox.sim("people/ana.customer/block", json!({"to": "posthaste.shop"})).await;
    assert_eq!(owner(&sandbox, "send", json!({"text": "x"})).await.status, 409);
}

/// Doc: automated experiences disclose themselves; the person sees the account's declaration and who wrote.
#[tokio::test]
async fn an_automated_account_says_so() {
    let sandbox = Sandbox::start().await;
    assert_eq!(thread(&sandbox).await.get("automated"), None);
    let changed =
        sandbox.call("PATCH", "/sim/accounts/posthaste.shop").json(&json!({"automated": true})).ok().await;
    assert_eq!(changed.json()["automated"], true);
    assert_eq!(answer(&sandbox, sandbox.env("IGSID")).await.status, 200);
    let thread = thread(&sandbox).await;
    assert_eq!((&thread["automated"], &thread["messages"][1]["sent_by"]), (&json!(true), &json!("app")));
}

#[tokio::test]
async fn access_and_eligibility_are_the_accounts() {
    let sandbox = Sandbox::start().await;
    let patch = |body: Value| sandbox.call("PATCH", "/sim/accounts/posthaste.shop").json(&body).ok();
    patch(json!({"message_access": false})).await;
    assert_eq!(answer(&sandbox, sandbox.env("IGSID")).await.error(), (403, 200, 2_534_041));
    assert_eq!(get(&sandbox, "/me/conversations").await.error(), (403, 200, 2_534_041));
    patch(json!({"message_access": true, "eligible": false})).await;
    assert_eq!(get(&sandbox, "/me/conversations").await.error(), (400, 36_103, 0));
    let changed = patch(json!({"eligible": true, "kind": "creator", "followers_count": 250})).await.json();
    assert_eq!((&changed["kind"], &changed["followers_count"]), (&json!("creator"), &json!(250)));
    let me = get(&sandbox, "/me?fields=account_type,followers_count,media_count").await.json();
    assert_eq!(
        (&me["account_type"], &me["followers_count"], &me["media_count"]),
        (&json!("MEDIA_CREATOR"), &json!(250), &json!(1))
    );
}
