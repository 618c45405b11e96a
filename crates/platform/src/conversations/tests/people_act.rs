//! What people do with messages, and what the app hears of it.

use super::{heard, thread};
use serde_json::{Value, json};
use testkit::Sandbox;

async fn refused(sandbox: &Sandbox, act: &str, body: Value) -> u16 {
    sandbox.post(&format!("/sim/people/ana.customer/{act}")).json(&body).send().await.status
}

async fn send(sandbox: &Sandbox, text: &str) -> String {
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": text}});
    let answer = sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await;
    answer.json()["message_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_edit_an_unsend_and_their_events() {
    let (sandbox, receiver) = heard().await;
    let mid = sandbox.person_writes("IG_USERNAME", "helo").await;
    receiver.next().await;
    sandbox.advance("1m").await;
    sandbox.sim("people/ana.customer/edit", json!({"mid": mid, "text": "hello"})).await;
    let edit = receiver.next().await.event();
    assert_eq!(edit["message_edit"], json!({"mid": mid, "text": "hello", "num_edit": 1}));
    let message = thread(&sandbox).await["messages"][1].clone();
    assert_eq!((&message["text"], &message["edited"]), (&json!("hello"), &json!(true)));
    sandbox.sim("people/ana.customer/unsend", json!({"mid": mid})).await;
    assert_eq!(receiver.next().await.event()["message"], json!({"mid": mid, "is_deleted": true}));
    let message = thread(&sandbox).await["messages"][1].clone();
    assert_eq!((message.get("text"), &message["is_deleted"]), (None, &json!(true)));
    // What is gone cannot be changed, and an event tells no window to open.
    assert_eq!(refused(&sandbox, "edit", json!({"mid": mid, "text": "x"})).await, 409);
    assert_eq!(refused(&sandbox, "react", json!({"mid": mid})).await, 409);
}

#[tokio::test]
async fn edits_end_after_a_quarter_of_an_hour_and_after_five() {
    let sandbox = Sandbox::start().await;
    let mid = sandbox.person_writes("IG_USERNAME", "0").await;
    for n in 1..=5 {
        sandbox.sim("people/ana.customer/edit", json!({"mid": mid, "text": n.to_string()})).await;
    }
    assert_eq!(refused(&sandbox, "edit", json!({"mid": mid, "text": "6"})).await, 409);
    let mid = sandbox.person_writes("IG_USERNAME", "0").await;
    sandbox.advance("15m1s").await;
    assert_eq!(refused(&sandbox, "edit", json!({"mid": mid, "text": "x"})).await, 409);
    let theirs = send(&sandbox, "mine").await;
    assert_eq!(refused(&sandbox, "edit", json!({"mid": theirs, "text": "x"})).await, 409);
    assert_eq!(refused(&sandbox, "unsend", json!({"mid": theirs})).await, 409);
    assert_eq!(refused(&sandbox, "edit", json!({"mid": "aWdf", "text": "x"})).await, 404);
    // Another's message.
    let body = json!({"mid": theirs, "text": "x"});
    assert_eq!(sandbox.post("/sim/people/ben.customer/edit").json(&body).send().await.status, 404);
}

#[tokio::test]
async fn a_reaction_is_told_and_opens_the_window() {
    let (sandbox, receiver) = heard().await;
    let mid = send(&sandbox, "Done").await;
    receiver.next().await;
    sandbox.advance("23h").await;
    sandbox.sim("people/ana.customer/react", json!({"mid": mid, "reaction": "👍"})).await;
    let told = receiver.next().await.event();
    assert_eq!(told["reaction"], json!({"mid": mid, "action": "react", "reaction": "like", "emoji": "👍"}));
    // Again the same: nothing happens.
    sandbox.sim("people/ana.customer/react", json!({"mid": mid, "reaction": "like"})).await;
    sandbox.advance("2h").await;
    send(&sandbox, "The window is open").await;
    receiver.next().await;
    sandbox.sim("people/ana.customer/unreact", json!({"mid": mid})).await;
    assert_eq!(receiver.next().await.event()["reaction"], json!({"mid": mid, "action": "unreact"}));
    assert_eq!(refused(&sandbox, "unreact", json!({"mid": mid})).await, 409);
    // Taking a reaction back opens nothing.
    sandbox.advance("23h").await;
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "x"}});
    let late = sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await;
    assert_eq!(late.error(), (403, 10, 2_534_022));
}

#[tokio::test]
async fn seen_names_the_newest_and_is_told_once() {
    let (sandbox, receiver) = heard().await;
    assert_eq!(refused(&sandbox, "seen", json!({"to": "posthaste.shop"})).await, 409, "nothing to see");
    let (first, second) = (send(&sandbox, "1").await, send(&sandbox, "2").await);
    receiver.next().await;
    receiver.next().await;
    sandbox.sim("people/ana.customer/seen", json!({"mid": first})).await;
    assert_eq!(receiver.next().await.event()["read"], json!({"mid": first}));
    sandbox.sim("people/ana.customer/seen", json!({"to": "posthaste.shop"})).await;
    assert_eq!(receiver.next().await.event()["read"], json!({"mid": second}));
    sandbox.sim("people/ana.customer/seen", json!({"to": "posthaste.shop"})).await;
    // No webhook tells of typing.
    sandbox.sim("people/ana.customer/typing", json!({"to": "posthaste.shop"})).await;
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
    let events = sandbox.get("/sim/events?type=typing&after=0").ok().await.json();
    assert_eq!(events["events"][0]["from"], "person");
}

#[tokio::test]
async fn hearts_shares_replies_and_what_has_no_form() {
    let (sandbox, receiver) = heard().await;
    let story = sandbox.env("STORY_ID").to_owned();
    let first = sandbox.person_writes("IG_USERNAME", "Hi").await;
    receiver.next().await;
    let to = |body: Value| {
        let mut body = body;
        body["to"] = "posthaste.shop".into();
        body
    };
    let send = |body: Value| sandbox.sim("people/ana.customer/send", to(body));
    let sent = send(json!({"like_heart": true})).await;
    let heart = receiver.next().await.event()["message"].clone();
    assert_eq!((&heart["mid"], &heart["attachments"][0]["type"]), (&sent["mid"], &json!("image")));
    let picture = heart["attachments"][0]["payload"]["url"].as_str().unwrap().to_owned();
    let picture = sandbox.get(picture.strip_prefix("http://127.0.0.1:8430").unwrap()).ok().await;
    assert_eq!(picture.header("content-type"), "image/png");
    send(json!({"unsupported": true})).await;
    assert_eq!(receiver.next().await.event()["message"]["is_unsupported"], true);
    send(json!({"disappearing": true})).await;
    assert_eq!(receiver.next().await.event()["message"]["attachments"], json!([{"type": "ephemeral"}]));
    send(json!({"share": {"media_id": sandbox.env("IG_MEDIA_ID")}})).await;
    let shared = receiver.next().await.event()["message"]["attachments"][0].clone();
    assert_eq!(
        (&shared["type"], &shared["payload"]["title"]),
        (&json!("ig_post"), &json!("Our new mug is here"))
    );
    send(json!({"share": {"media_id": story}})).await;
    let shared = receiver.next().await.event()["message"]["attachments"][0].clone();
    assert_eq!((&shared["type"], &shared["payload"]["story_media_id"]), (&json!("ig_story"), &json!(story)));
    send(json!({"text": "Again", "reply_to": {"mid": first}})).await;
    let reply = receiver.next().await.event()["message"].clone();
    assert_eq!(reply["reply_to"], json!({"mid": first, "is_self_reply": true}));
    send(json!({"text": "Wow", "reply_to": {"story": story}})).await;
    let reply = receiver.next().await.event()["message"]["reply_to"]["story"].clone();
    assert_eq!(reply["id"], story);
    // The story's link dies with it, a day after it was published; and nobody can answer it any more.
    let link = reply["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:8430").unwrap().to_owned();
    sandbox.get(&link).ok().await;
    sandbox.advance("24h").await;
    assert_eq!(sandbox.get(&link).send().await.status, 403);
    let late = json!({"to": "posthaste.shop", "text": "x", "reply_to": {"story": story}});
    assert_eq!(refused(&sandbox, "send", late).await, 409);
}

/// Doc: ig.me links. In a thread that exists the app is told at once; a new one tells with its first message.
#[tokio::test]
async fn a_link_tells_where_the_person_came_from() {
    let (sandbox, receiver) = heard().await;
    sandbox.advance("25h").await;
    let opened =
        sandbox.sim("people/ana.customer/tap", json!({"to": "posthaste.shop", "ref": "spring"})).await;
    assert_eq!(opened["igsid"], sandbox.env("IGSID"));
    let link = "https://ig.me/m/posthaste.shop?ref=spring";
    let referral = json!({"ref": "spring", "source": link, "type": "OPEN_THREAD"});
    assert_eq!(receiver.next().await.event()["referral"], referral);
    send(&sandbox, "The window is open").await;
    receiver.next().await;
    // Ben never wrote: the app cannot write to him before he does.
    let opened =
        sandbox.sim("people/ben.customer/tap", json!({"to": "posthaste.shop", "ref": "spring"})).await;
    let body = json!({"recipient": {"id": opened["igsid"]}, "message": {"text": "x"}});
    let early = sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await;
    assert_eq!(early.error(), (400, 100, 2_534_014));
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
    for (text, referral) in [("First", Some(&referral)), ("Second", None)] {
        sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": text})).await;
        assert_eq!(receiver.next().await.event()["message"].get("referral"), referral);
    }
}
