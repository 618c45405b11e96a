//! Ads and the advertiser's page, through the public interface. The Marketing API has its scenarios.

use serde_json::{Value, json};
use testkit::{Answer, Receiver, Sandbox};

async fn new_flow(sandbox: &Sandbox, name: &str, messages: &Value) -> String {
    let body = json!({"name": name, "eligible_platforms": ["instagram"], "welcome_message_flow": messages});
    let call = sandbox.post("/v25.0/me/welcome_message_flows").token(sandbox.env("IG_ACCESS_TOKEN"));
    call.json(&body).ok().await.json()["flow_id"].as_str().unwrap().to_owned()
}

async fn page(sandbox: &Sandbox, query: &str) -> String {
    let answer = sandbox.get(&format!("/adsmanager{query}")).ok().await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(!answer.text().contains("<script"), "it works without scripts");
    answer.text()
}

async fn post(sandbox: &Sandbox, path: &str, form: &str) -> Answer {
    sandbox.post(path).form(form).header("origin", "http://127.0.0.1:8430").send().await
}

/// What an advertiser does, form by form.
#[tokio::test]
async fn an_advertiser_chooses_app_and_flow_sees_the_preview_and_publishes() {
    let sandbox = Sandbox::start().await;
    let (shop, app) = (sandbox.env("IG_ID"), sandbox.env("APP_ID"));
    let begin = page(&sandbox, "").await;
    assert!(begin.contains(&format!("<option value=\"{shop}\">posthaste.shop</option>")));
    assert!(!begin.contains("name=\"app\""), "the account comes first");

    let empty = page(&sandbox, &format!("?account={shop}")).await;
    assert!(empty.contains("No app has made a welcome message flow for this account yet"));

    let messages = json!([
        {"message": {"text": "Hi <b>you</b> & welcome", "quick_replies": [
            {"content_type": "text", "title": "Menu", "payload": "MENU"}]}},
        {"message": {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": sandbox.env("IG_MEDIA_ID")}}}},
        {"message": {"attachment": {"type": "template", "payload": {"template_type": "button",
            "text": "Well?", "buttons": [{"type": "postback", "title": "Yes", "payload": "Y"}]}}}}]);
    let flow = new_flow(&sandbox, "Sommer \"26\"", &messages).await;
    let with_account = page(&sandbox, &format!("?account={shop}")).await;
    assert!(with_account.contains(&format!("<option value=\"{app}\">Demo app</option>")));
    assert!(with_account.contains("boosted in the Instagram app"), "the account has no page");
    let with_app = page(&sandbox, &format!("?account={shop}&app={app}")).await;
    assert!(with_app.contains(&format!("<option value=\"{flow}\">Sommer &quot;26&quot;</option>")));
    assert!(!with_app.contains("aria-label=\"Preview\""));

    let chosen = page(&sandbox, &format!("?account={shop}&app={app}&flow={flow}")).await;
    assert!(chosen.contains("<p class=\"bubble\">Hi &lt;b&gt;you&lt;/b&gt; &amp; welcome</p>"));
    assert!(chosen.contains("<li>Menu</li>") && chosen.contains("<span class=\"button\">Yes</span>"));
    let picture = chosen.split("src=\"http://127.0.0.1:8430").nth(1).unwrap().split('"').next().unwrap();
    let picture = sandbox.get(&picture.replace("&amp;", "&")).ok().await;
    assert_eq!(picture.header("content-type"), "image/jpeg");

    let form =
        format!("account={shop}&flow={flow}&title=Summer&photo_url=https://shop.example/a.jpg&ref=june");
    let published = post(&sandbox, "/adsmanager/ads", &form).await;
    assert_eq!(published.status, 303, "{}", published.text());
    let next = published.header("location").strip_prefix("/adsmanager").unwrap().to_owned();
    let ad = next.rsplit('=').next().unwrap().to_owned();
    assert!(page(&sandbox, &next).await.contains(&format!("<tr class=\"new\"><td>Summer</td><td>{ad}</td>")));

    let tap = json!({"to": "posthaste.shop", "ad": ad});
    let shown = sandbox.sim("people/ben.customer/tap", tap.clone()).await;
    assert_eq!(shown["shown"].as_array().unwrap().len(), 3);
    for (status, taps) in [("PAUSED", 409), ("ACTIVE", 200), ("DELETED", 409)] {
        let answer = post(&sandbox, &format!("/adsmanager/ads/{ad}"), &format!("status={status}")).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, &*format!("/adsmanager?account={shop}"))
        );
        let tapped = sandbox.post("/sim/people/ben.customer/tap").json(&tap).send().await;
        assert_eq!(tapped.status, taps, "{status}");
    }
    assert!(page(&sandbox, &format!("?account={shop}")).await.contains("There are none."));
}

#[tokio::test]
async fn the_page_is_for_this_machine_and_refuses_what_it_cannot_do() {
    let sandbox = Sandbox::start().await;
    let (shop, cafe) = (sandbox.env("IG_ID"), sandbox.env("PAGE_IG_ID"));
    let flow = new_flow(&sandbox, "N", &json!([{"message": {"text": "Hi"}}])).await;
    let evil = sandbox
        .post("/adsmanager/ads")
        .form(&format!("account={shop}"))
        .header("origin", "https://evil.example");
    assert_eq!(evil.send().await.status, 403);
    let rebound = sandbox.get("/adsmanager").host("evil.example").send().await;
    assert_eq!(rebound.status, 403);
    for (path, form, status, why) in [
        ("/adsmanager/ads", String::new(), 400, "An account is needed."),
        ("/adsmanager/ads", "account=<script>".to_owned(), 400, "This is no id."),
        ("/adsmanager/ads", "account=17841400000000999".to_owned(), 400, "There is no such account."),
        ("/adsmanager/ads", format!("account={shop}&photo_url=a.jpg"), 400, "no URL"),
        (
            "/adsmanager/ads",
            format!("account={shop}&title={}", "t".repeat(401)),
            400,
            "Length of param title",
        ),
        ("/adsmanager/ads", format!("account={cafe}&flow={flow}"), 400, "must be a welcome message flow"),
        ("/adsmanager/ads/120230000000000999", "status=PAUSED".to_owned(), 404, "There is no such ad."),
        ("/adsmanager/ads/me", "status=PAUSED".to_owned(), 404, "There is no such ad."),
        ("/adsmanager/ads/1", "status=GONE".to_owned(), 400, "A status is needed."),
        ("/adsmanager/shoes", String::new(), 404, "There is no such page."),
    ] {
        let answer = post(&sandbox, path, &form).await;
        assert_eq!(answer.status, status, "{path} {form}");
        assert!(answer.text().contains(why), "{path} {form}: {}", answer.text());
        assert!(!answer.text().contains("<script"));
    }
    // What is not there is not chosen.
    let stray = page(&sandbox, "?account=1&app=x&flow=%3Cscript%3E").await;
    assert!(!stray.contains("name=\"app\""));
    assert!(sandbox.get("/adsmanager/style.css").ok().await.text().contains("max-width"));
    let policy = sandbox.get("/adsmanager").ok().await;
    assert!(policy.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
}

/// An ad and the deletion of its flow at the same moment: one of them comes too late.
#[tokio::test]
async fn a_flow_is_not_deleted_under_a_new_ad() {
    let sandbox = Sandbox::start().await;
    for round in 0..20 {
        let flow = new_flow(&sandbox, "N", &json!([{"message": {"text": "Hi"}}])).await;
        let made = sandbox.post("/sim/ads").json(&json!({"account": "posthaste.shop", "flow": flow}));
        let path = format!("/v25.0/me/welcome_message_flows?flow_id={flow}");
        let deleted = sandbox.call("DELETE", &path).token(sandbox.env("IG_ACCESS_TOKEN"));
        let (made, deleted) = match round % 2 {
            0 => tokio::join!(made.send(), deleted.send()),
            _ => {
                let (deleted, made) = tokio::join!(deleted.send(), made.send());
                (made, deleted)
            }
        };
        assert_ne!(made.status == 200, deleted.status == 200, "{} {}", made.text(), deleted.text());
    }
}

/// Two ads one after the other: only what the second showed comes into the thread, with the second's referral.
#[tokio::test]
async fn a_second_tap_replaces_what_was_shown() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let mut ads = Vec::new();
    for name in ["first", "second"] {
        let flow = new_flow(&sandbox, name, &json!([{"message": {"text": name}}])).await;
        let ad = sandbox.sim("ads", json!({"account": "posthaste.shop", "flow": flow, "title": name})).await;
        ads.push(ad["id"].as_str().unwrap().to_owned());
    }
    let mut shown = Vec::new();
    for ad in &ads {
        let tapped = sandbox.sim("people/ben.customer/tap", json!({"to": "posthaste.shop", "ad": ad})).await;
        shown.push(tapped["shown"][0]["mid"].as_str().unwrap().to_owned());
    }
    let gone = json!({"mid": shown[0], "quick_reply": 0});
    assert_eq!(sandbox.post("/sim/people/ben.customer/tap").json(&gone).send().await.status, 404);
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "Hello"})).await;
    let message = receiver.next().await.event()["message"].clone();
    assert_eq!(message["referral"]["ad_id"], ads[1]);
    let inbox = sandbox.get("/sim/people/ben.customer/inbox").ok().await.json();
    let texts: Vec<&str> = inbox["conversations"][0]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["second", "Hello"]);
    // The next message came by nothing.
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "Again"})).await;
    assert!(receiver.next().await.event()["message"].get("referral").is_none());
}

#[tokio::test]
async fn settings_of_the_window_are_kept_or_refused() {
    let sandbox = Sandbox::start().await;
    let patch = |body: Value| {
        let call = sandbox.call("PATCH", "/sim/settings").json(&body);
        async move { call.send().await }
    };
    for wrong in [
        json!({"ad_window_days": 0}),
        json!({"ad_window_days": 8, "webhook_batch": 2}),
        json!({"ad_window_days": "1"}),
    ] {
        let refused = patch(wrong).await;
        assert_eq!(
            (refused.status, refused.json()["error"]["parameter"].clone()),
            (400, json!("ad_window_days"))
        );
    }
    assert_eq!(
        patch(json!({})).await.json(),
        json!({"webhook_batch": 1, "webhook_switch_off": false, "ad_window_days": 7})
    );
    assert_eq!(patch(json!({"ad_window_days": 1})).await.json()["ad_window_days"], 1);
    sandbox.sim("reset", json!({})).await;
    assert_eq!(patch(json!({})).await.json()["ad_window_days"], 7);
}
