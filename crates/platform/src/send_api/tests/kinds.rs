//! Every kind of message: the person sees it, the app gets its echo, and what the person taps comes back.

use super::{heard, seen, send, sent};
use serde_json::json;
use testkit::Sandbox;

#[tokio::test]
async fn quick_replies_are_seen_and_tapped() {
    let (sandbox, receiver) = heard().await;
    let mid = sent(
        &sandbox,
        &json!({"text": "Open?", "quick_replies": [
            {"content_type": "text", "title": "Yes please, and a title over the limit", "payload": "YES"},
            {"content_type": "user_phone_number"}]}),
    )
    .await;
    // Doc: titles are cut at 20 characters. The echo shows the text alone.
    let shown = seen(&sandbox, &mid).await;
    assert_eq!(
        shown["quick_replies"],
        json!([{"content_type": "text", "title": "Yes please, and a ti", "payload": "YES"},
            {"content_type": "user_phone_number"}])
    );
    assert_eq!(
        receiver.next().await.event()["message"],
        json!({"mid": mid, "text": "Open?", "is_echo": true})
    );
    for (tap, text, payload) in [
        (json!({"mid": mid, "quick_reply": 0}), "Yes please, and a ti", "YES"),
        (json!({"mid": mid, "quick_reply": 1, "text": "+491700"}), "+491700", "+491700"),
    ] {
        let tapped = sandbox.sim("people/ana.customer/tap", tap).await;
        let heard = receiver.next().await.event();
        assert_eq!(heard["sender"]["id"], sandbox.env("IGSID"));
        assert_eq!(
            heard["message"],
            json!({"mid": tapped["mid"], "text": text, "quick_reply": {"payload": payload}})
        );
    }
    let wrong = sandbox
        .post("/sim/people/ana.customer/tap")
        .json(&json!({"mid": mid, "quick_reply": 2}))
        .send()
        .await;
    assert_eq!(wrong.status, 404);
}

#[tokio::test]
async fn templates_are_seen_and_their_buttons_tapped() {
    let (sandbox, receiver) = heard().await;
    let buttons = json!([{"type": "web_url", "url": "https://shop.test/", "title": "Shop"},
        {"type": "postback", "title": "Order", "payload": "ORDER"}]);
    let element = json!({"title": "Mug", "subtitle": "Blue", "buttons": buttons});
    let generic = json!({"template_type": "generic", "elements": [{"title": "A", "subtitle": "b"}, element]});
    let mid = sent(&sandbox, &json!({"attachment": {"type": "template", "payload": generic}})).await;
    assert_eq!(seen(&sandbox, &mid).await["attachments"], json!([{"type": "template", "payload": generic}]));
    let echo = receiver.next().await.event()["message"].clone();
    assert_eq!(
        echo["attachments"],
        json!([{"type": "template", "payload": {"generic": {"elements": generic["elements"]}}}])
    );
    let tap = json!({"mid": mid, "element": 1, "button": 1});
    let tapped = sandbox.sim("people/ana.customer/tap", tap).await;
    let heard = receiver.next().await.event();
    assert_eq!(heard["postback"], json!({"mid": tapped["mid"], "title": "Order", "payload": "ORDER"}));
    assert_eq!(heard.get("message"), None);
    // The tap stands in the thread as what the person said.
    assert_eq!(seen(&sandbox, tapped["mid"].as_str().unwrap()).await["text"], "Order");
    // A link opens a page, and nobody is told.
    let opened = sandbox.sim("people/ana.customer/tap", json!({"mid": mid, "element": 1, "button": 0})).await;
    assert_eq!(opened["url"], "https://shop.test/");

    let payload = json!({"template_type": "button", "text": "What now?", "buttons": buttons});
    let mid = sent(&sandbox, &json!({"attachment": {"type": "template", "payload": payload}})).await;
    let shown = seen(&sandbox, &mid).await;
    assert_eq!((&shown["attachments"][0]["payload"], &shown["buttons"]), (&payload, &buttons));
    receiver.next().await.event();
    sandbox.sim("people/ana.customer/tap", json!({"mid": mid, "button": 1})).await;
    assert_eq!(receiver.next().await.event()["postback"]["payload"], "ORDER");
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
}

#[tokio::test]
async fn a_heart_and_a_post_of_ones_own() {
    let (sandbox, receiver) = heard().await;
    let mid = sent(&sandbox, &json!({"attachment": {"type": "like_heart"}})).await;
    assert_eq!(seen(&sandbox, &mid).await["attachments"], json!([{"type": "like_heart"}]));
    assert_eq!(
        receiver.next().await.event()["message"],
        json!({"mid": mid, "attachments": [{"type": "like_heart"}], "is_echo": true})
    );
    let post = sandbox.env("IG_MEDIA_ID");
    let mid = sent(&sandbox, &json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": post}}})).await;
    let shown = seen(&sandbox, &mid).await["attachments"][0].clone();
    assert_eq!((&shown["type"], &shown["payload"]["media_id"]), (&json!("share"), &json!(post)));
    let echo = receiver.next().await.event()["message"]["attachments"][0].clone();
    assert_eq!(echo["type"], "ig_post");
    assert_eq!(echo["payload"]["ig_post_media_id"], post);
    assert_eq!(echo["payload"]["title"], "Our new mug is here");
    let picture =
        sandbox.get(echo["payload"]["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:8430").unwrap());
    assert_eq!(picture.ok().await.header("content-type"), "image/jpeg");
    // Another account's, and a story.
    for id in [sandbox.env("PAGE_MEDIA_ID"), sandbox.env("STORY_ID"), "17900000000099999", "shoes"] {
        let message = json!({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": id}}});
        assert_eq!(send(&sandbox, &json!({"message": message})).await.error(), (400, 100, 2_018_074), "{id}");
    }
}

#[tokio::test]
async fn an_answer_names_what_it_answers() {
    let (sandbox, receiver) = heard().await;
    let asked = sandbox.person_writes("IG_USERNAME", "Which colour?").await;
    receiver.next().await.event();
    let body = json!({"message": {"text": "Blue"}, "reply_to": {"mid": asked}});
    let answered = send(&sandbox, &body).await.json()["message_id"].as_str().unwrap().to_owned();
    assert_eq!(seen(&sandbox, &answered).await["reply_to"], json!({"mid": asked}));
    assert_eq!(
        receiver.next().await.event()["message"],
        json!({"mid": answered, "text": "Blue", "reply_to": {"mid": asked}, "is_echo": true})
    );
    // Of another thread, of no thread, and one that was taken back.
    let elsewhere = sandbox.person_writes("PAGE_IG_USERNAME", "Hello?").await;
    for mid in [elsewhere.as_str(), "aWdf", ""] {
        let body = json!({"message": {"text": "x"}, "reply_to": {"mid": mid}});
        assert_eq!(send(&sandbox, &body).await.error(), (400, 100, 2_534_015), "{mid}");
    }
    sandbox.sim("people/ana.customer/unsend", json!({"mid": asked})).await;
    let body = json!({"message": {"text": "x"}, "reply_to": {"mid": asked}});
    assert_eq!(send(&sandbox, &body).await.error(), (400, 9_000_001, 0));
}

/// Nothing is fetched for a message that is refused anyway.
#[tokio::test]
async fn a_shut_window_is_told_before_anything_is_fetched() {
    let sandbox = Sandbox::start().await;
    sandbox.advance("25h").await;
    let attachment = json!({"type": "image", "payload": {"url": "http://127.0.0.1:9/never.png"}});
    let body = json!({"message": {"attachment": attachment}});
    assert_eq!(send(&sandbox, &body).await.error(), (403, 10, 2_534_022));
}
