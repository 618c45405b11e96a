//! Subscriptions and the webhooks that follow from them, through the public interface.

use graph_api::signature;
use serde_json::{Value, json};
use testkit::{Answer, Call, Receiver, Sandbox};

async fn start() -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    (sandbox, receiver)
}

fn callback(sandbox: &Sandbox, product: &str, body: &Value) -> Call {
    let path = format!("/v25.0/{}/subscriptions", sandbox.env(product));
    sandbox.post(&path).token(sandbox.env("APP_ACCESS_TOKEN")).json(body)
}

fn instagram(url: &str, verify_token: &str) -> Value {
    json!({"object": "instagram", "callback_url": url, "verify_token": verify_token})
}

async fn deliveries(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let answer = sandbox.get(&format!("/sim/deliveries{query}")).ok().await.json();
    answer["deliveries"].as_array().unwrap().clone()
}

/// The walk of the README: a person writes, the app hears, the app answers, the person sees it.
#[tokio::test]
async fn a_message_in_and_an_answer_out() {
    let (sandbox, receiver) = start().await;
    sandbox.set_callback("IG", &receiver.url).await;
    let mid = sandbox.person_writes("IG_USERNAME", "olá 👑 a/b").await;
    let heard = receiver.next().await;
    let event = heard.event();
    let (account, igsid) = (sandbox.env("IG_ID"), sandbox.env("IGSID"));
    let timestamp = event["timestamp"].as_i64().unwrap();
    // Byte for byte as the messaging sender writes: compact, slashes and everything outside ASCII escaped.
    let expected = format!(
        r#"{{"object":"instagram","entry":[{{"time":{time},"id":"{account}","messaging":[{{"sender":{{"id":"{igsid}"}},"recipient":{{"id":"{account}"}},"timestamp":{timestamp},"message":{{"mid":"{mid}","text":"ol\u00e1 \ud83d\udc51 a\/b"}}}}]}}]}}"#,
        time = testkit::START.millis(),
    );
    assert_eq!(String::from_utf8_lossy(&heard.body), expected);
    let secret = sandbox.env("INSTAGRAM_APP_SECRET");
    assert!(signature::verify(secret, &heard.body, heard.header("x-hub-signature-256")));
    assert_eq!(heard.header("x-hub-signature"), signature::sha1(secret, &heard.body));
    for (name, value) in [
        ("user-agent", "facebookexternalua"),
        ("accept", "*/*"),
        ("accept-encoding", "deflate, gzip"),
        ("content-type", "application/json"),
        ("facebook-api-version", "v25.0"),
    ] {
        assert_eq!(heard.header(name), value);
    }
    let answer = json!({"recipient": event["sender"], "message": {"text": "Hello!"}});
    let sent =
        sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&answer).ok().await;
    let echo = receiver.next().await.event();
    assert_eq!(echo["message"], json!({"mid": sent.json()["message_id"], "text": "Hello!", "is_echo": true}));
    assert_eq!((&echo["sender"]["id"], &echo["recipient"]["id"]), (&json!(account), &json!(igsid)));
    assert_eq!(
        sandbox.inbox("IG_USERNAME").await.last().unwrap(),
        &("posthaste.shop".to_owned(), "Hello!".to_owned())
    );
}

#[tokio::test]
async fn each_product_hears_its_own_accounts_and_signs_with_its_own_secret() {
    let (sandbox, instagram) = start().await;
    let facebook = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &instagram.url).await;
    sandbox.set_callback("PAGE", &facebook.url).await;
    sandbox.person_writes("IG_USERNAME", "to the shop").await;
    sandbox.person_writes("PAGE_IG_USERNAME", "to the café").await;
    for (receiver, text, secret, account) in [
        (&instagram, "to the shop", "INSTAGRAM_APP_SECRET", "IG_ID"),
        (&facebook, "to the café", "APP_SECRET", "PAGE_IG_ID"),
    ] {
        let heard = receiver.next().await;
        assert_eq!(heard.event()["message"]["text"], text);
        // The id is the account's in both variants, never the page's.
        assert_eq!(heard.json()["entry"][0]["id"], sandbox.env(account));
        assert!(signature::verify(sandbox.env(secret), &heard.body, heard.header("x-hub-signature-256")));
    }
    sandbox.deliver().await;
    assert!(instagram.rest().await.is_empty() && facebook.rest().await.is_empty());
}

#[tokio::test]
async fn the_handshake_must_succeed_each_time() {
    let (sandbox, receiver) = start().await;
    let verify_token = sandbox.env("VERIFY_TOKEN");
    let wrong = callback(&sandbox, "APP_ID", &instagram(&receiver.url, "wrong & strange=ö")).send().await;
    assert_eq!(wrong.error(), (400, 2200, 0));
    assert_eq!(
        wrong.message(),
        "(#2200) Callback verification failed with the following errors: HTTP Status Code = 403; HTTP Message = Forbidden"
    );
    let nobody = callback(&sandbox, "APP_ID", &instagram("http://127.0.0.1:9/", verify_token)).send().await;
    assert_eq!(nobody.error(), (400, 2200, 0));
    assert!(nobody.message().contains("curl_errno = 7"), "{}", nobody.message());
    // Nothing of that was kept.
    let list = |product: &str| {
        let path = format!("/{}/subscriptions", sandbox.env(product));
        sandbox.get(&path).token(sandbox.env("APP_ACCESS_TOKEN")).ok()
    };
    assert_eq!(list("APP_ID").await.json(), json!({"data": []}));
    let with_query = format!("{}?tenant=7", receiver.url);
    let body = instagram(&with_query, verify_token);
    assert_eq!(callback(&sandbox, "APP_ID", &body).ok().await.json(), json!({"success": true}));
    let shown = list("APP_ID").await.json();
    assert_eq!(shown["data"][0]["callback_url"], with_query);
    assert_eq!(shown["data"][0]["active"], true);
    assert_eq!(shown["data"][0]["object"], "instagram");
    let names: Vec<&str> =
        shown["data"][0]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"messages") && names.contains(&"messaging_referral"));
    assert_eq!(shown["data"][0]["fields"][0]["version"], "v25.0");
    assert_eq!(list("INSTAGRAM_APP_ID").await.json(), json!({"data": []}), "each product has its own");
    sandbox.person_writes("PAGE_IG_USERNAME", "hi").await;
    assert_eq!(receiver.next().await.target, "/hook?tenant=7");
}

#[tokio::test]
async fn what_a_callback_may_be() {
    let (sandbox, receiver) = start().await;
    let url = receiver.url.as_str();
    for (body, parameter) in [
        (json!({"callback_url": url}), "object"),
        (json!({"object": "page", "callback_url": url}), "object"),
        (json!({"object": "instagram"}), "callback_url"),
        (json!({"object": "instagram", "callback_url": "/hook"}), "callback_url"),
        (json!({"object": "instagram", "callback_url": "ftp://127.0.0.1/"}), "callback_url"),
        (json!({"object": "instagram", "callback_url": "http://["}), "callback_url"),
        (json!({"object": "instagram", "callback_url": url, "fields": "messages,shoes"}), "fields[1]"),
    ] {
        let answer = callback(&sandbox, "APP_ID", &body).send().await;
        assert_eq!(answer.error(), (400, 100, 0), "{body}");
        assert!(answer.message().contains(parameter), "{body}: {}", answer.message());
    }
}

#[tokio::test]
async fn fields_of_the_callback_decide_and_can_be_taken_away() {
    let (sandbox, receiver) = start().await;
    let mut body = instagram(&receiver.url, sandbox.env("VERIFY_TOKEN"));
    body["fields"] = json!("messaging_postbacks, messaging_referrals");
    callback(&sandbox, "INSTAGRAM_APP_ID", &body).ok().await;
    sandbox.person_writes("IG_USERNAME", "unheard").await;
    let unsent = deliveries(&sandbox, "?state=suppressed").await;
    assert!(unsent[0]["reason"].as_str().unwrap().contains("not for the field messages"), "{}", unsent[0]);
    body["fields"] = json!(["messages", "messaging_postbacks"]);
    callback(&sandbox, "INSTAGRAM_APP_ID", &body).ok().await;
    sandbox.person_writes("IG_USERNAME", "heard").await;
    assert_eq!(receiver.next().await.event()["message"]["text"], "heard");
    let path = format!("/{}/subscriptions", sandbox.env("INSTAGRAM_APP_ID"));
    let delete =
        |body: Value| sandbox.call("DELETE", &path).token(sandbox.env("APP_ACCESS_TOKEN")).json(&body).ok();
    delete(json!({"object": "instagram", "fields": "messages"})).await;
    sandbox.person_writes("IG_USERNAME", "unheard again").await;
    delete(json!({})).await;
    sandbox.person_writes("IG_USERNAME", "no callback").await;
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
    let unsent = deliveries(&sandbox, "?state=suppressed").await;
    assert!(unsent[0]["reason"].as_str().unwrap().contains("has no callback"), "{}", unsent[0]);
}

fn subscribed_apps(sandbox: &Sandbox, method: &str, variant: &str, query: &str) -> Call {
    let (node, token) =
        if variant == "IG" { ("IG_ID", "IG_ACCESS_TOKEN") } else { ("PAGE_ID", "PAGE_ACCESS_TOKEN") };
    let path = format!("/v25.0/{}/subscribed_apps{query}", sandbox.env(node));
    sandbox.call(method, &path).token(sandbox.env(token))
}

#[tokio::test]
async fn subscribed_apps_in_both_variants() {
    let (sandbox, _receiver) = start().await;
    let ok = json!({"success": true});
    assert_eq!(
        subscribed_apps(&sandbox, "POST", "IG", "?subscribed_fields=comments,messages").ok().await.json(),
        ok
    );
    let shown = subscribed_apps(&sandbox, "GET", "IG", "").ok().await.json();
    assert_eq!(shown["data"][0]["subscribed_fields"], json!(["comments", "messages"]));
    assert_eq!(shown["data"][0].as_object().unwrap().len(), 2);
    let id = shown["data"][0]["id"].as_str().unwrap();
    assert_eq!(id.len(), 17);
    assert_ne!(id, sandbox.env("INSTAGRAM_APP_ID"));
    // A later list replaces the earlier one; a JSON array does as well.
    let body = json!({"subscribed_fields": ["messages"]});
    subscribed_apps(&sandbox, "POST", "IG", "").json(&body).ok().await;
    let shown = subscribed_apps(&sandbox, "GET", "IG", "").ok().await.json();
    assert_eq!(shown["data"][0]["subscribed_fields"], json!(["messages"]));
    assert_eq!(subscribed_apps(&sandbox, "DELETE", "IG", "").ok().await.json(), ok);
    assert_eq!(subscribed_apps(&sandbox, "GET", "IG", "").ok().await.json(), json!({"data": []}));
    // On a page, the page's names, echoes among them, and another shape of the list.
    let query = "?subscribed_fields=messages,message_echoes";
    assert_eq!(subscribed_apps(&sandbox, "POST", "PAGE", query).ok().await.json(), ok);
    let shown = subscribed_apps(&sandbox, "GET", "PAGE", "").ok().await.json();
    assert_eq!(
        shown,
        json!({"data": [{"name": "Demo app", "id": sandbox.env("APP_ID"), "subscribed_fields": ["messages", "message_echoes"]}]})
    );
    // The account's id takes a user's token as well, the page's does not.
    let path = format!("/{}/subscribed_apps?subscribed_fields=comments", sandbox.env("PAGE_IG_ID"));
    sandbox.post(&path).token(sandbox.env("USER_ACCESS_TOKEN")).ok().await;
    assert_eq!(subscribed_apps(&sandbox, "POST", "PAGE", query).ok().await.json(), ok);
    subscribed_apps(&sandbox, "DELETE", "PAGE", "?subscribed_fields=messages").ok().await;
    let shown = subscribed_apps(&sandbox, "GET", "PAGE", "").ok().await.json();
    assert_eq!(shown["data"][0]["subscribed_fields"], json!(["message_echoes"]));
}

#[tokio::test]
async fn one_bad_name_voids_the_subscription() {
    let (sandbox, _receiver) = start().await;
    subscribed_apps(&sandbox, "DELETE", "IG", "").ok().await;
    let answer =
        subscribed_apps(&sandbox, "POST", "IG", "?subscribed_fields=messages,message_echoes").send().await;
    assert_eq!(answer.error(), (400, 100, 0));
    let message = answer.message();
    assert!(
        message.starts_with("(#100) Param subscribed_fields[1] must be one of {agent_messages, messages,"),
        "{message}"
    );
    assert!(message.ends_with("share_to_story} - got \"message_echoes\"."), "{message}");
    assert_eq!(answer.json()["error"]["type"], "OAuthException");
    assert_eq!(subscribed_apps(&sandbox, "GET", "IG", "").ok().await.json(), json!({"data": []}));
    let page = subscribed_apps(&sandbox, "POST", "PAGE", "?subscribed_fields=messaging_seen").send().await;
    assert!(
        page.message().starts_with("(#100) Param subscribed_fields[0] must be one of {feed, mention, name,")
    );
    for query in ["", "?subscribed_fields=", "?subscribed_fields=,"] {
        let missing = subscribed_apps(&sandbox, "POST", "IG", query).send().await;
        assert_eq!(missing.message(), "The parameter subscribed_fields is required", "{query}");
    }
}

#[tokio::test]
async fn each_field_needs_its_own_permission() {
    let (sandbox, _receiver) = start().await;
    let mint = |kind: &'static str, account: &str, scopes: &[&str]| {
        let body = json!({"app": sandbox.env("APP_ID"), "account": account, "kind": kind, "scopes": scopes});
        sandbox.post("/sim/tokens").json(&body).ok()
    };
    let text = |answer: Answer| answer.json()["access_token"].as_str().unwrap().to_owned();
    let token = text(mint("instagram", "posthaste.shop", &["instagram_business_basic"]).await);
    let refused = sandbox.post("/me/subscribed_apps?subscribed_fields=messages").token(&token).send().await;
    assert_eq!(refused.error(), (403, 10, 0));
    let scopes = ["pages_manage_metadata", "pages_show_list"];
    let token = text(mint("page", "posthaste.cafe", &scopes).await);
    let refused = sandbox.post("/me/subscribed_apps?subscribed_fields=messages").token(&token).send().await;
    assert_eq!(refused.error(), (403, 200, 0));
    assert_eq!(
        refused.message(),
        "(#200) To subscribe to the messages field, one of these permissions is needed: pages_messaging"
    );
    sandbox.post("/me/subscribed_apps?subscribed_fields=feed").token(&token).ok().await;
}

/// Nothing arrives, and the log says why.
#[tokio::test]
async fn what_is_not_sent_is_told_with_the_reason() {
    let (sandbox, receiver) = start().await;
    sandbox.person_writes("IG_USERNAME", "before").await;
    sandbox.set_callback("IG", &receiver.url).await;
    subscribed_apps(&sandbox, "DELETE", "IG", "").ok().await;
    sandbox.person_writes("IG_USERNAME", "unsubscribed").await;
    subscribed_apps(&sandbox, "POST", "IG", "?subscribed_fields=messages").ok().await;
    let path = format!("/sim/apps/{}", sandbox.env("APP_ID"));
    sandbox.call("PATCH", &path).json(&json!({"mode": "development"})).ok().await;
    sandbox.person_writes("IG_USERNAME", "in development").await;
    sandbox.call("PATCH", &path).json(&json!({"mode": "live"})).ok().await;
    sandbox.person_writes("IG_USERNAME", "live").await;
    assert_eq!(receiver.next().await.event()["message"]["text"], "live");
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
    let unsent = deliveries(&sandbox, "?state=suppressed").await;
    let reasons: Vec<&str> = unsent.iter().map(|d| d["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].contains("development mode"));
    assert!(reasons[1].contains("is not subscribed to @posthaste.shop"));
    assert!(reasons[2].contains("has no callback"));
    assert_eq!(unsent[1]["event"]["message"]["text"], "unsubscribed");
}

/// The schedule of 36 hours, exact on the world's clock; then the dead letter, and its replay.
#[tokio::test]
async fn retries_until_the_dead_letter_and_a_replay() {
    let (sandbox, receiver) = start().await;
    sandbox.set_callback("IG", &receiver.url).await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "hi").await;
    sandbox.deliver().await;
    let first = receiver.next().await;
    let waits = ["500ms", "10s", "1m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "16h"];
    for (n, wait) in waits.iter().enumerate() {
        let waiting = deliveries(&sandbox, "?state=retrying").await;
        assert_eq!(waiting[0]["attempt_count"], n + 1, "before {wait}");
        sandbox.advance(wait).await;
        sandbox.deliver().await;
        let again = receiver.next().await;
        assert_eq!(again.event(), first.event(), "the event is the same");
        assert_ne!(again.body, first.body, "entry.time is stamped anew");
        let secret = sandbox.env("INSTAGRAM_APP_SECRET");
        assert!(signature::verify(secret, &again.body, again.header("x-hub-signature-256")));
        assert!(receiver.rest().await.is_empty(), "one attempt a step");
    }
    let dead = deliveries(&sandbox, "?state=dead").await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0]["attempts"].as_array().unwrap().len(), 12);
    assert_eq!(dead[0]["attempts"][0]["status"], 500);
    sandbox.advance("100h").await;
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty(), "what is dead stays dead");
    receiver.answer_with(200);
    let path = format!("/sim/deliveries/{}/replay", dead[0]["id"].as_str().unwrap());
    assert_eq!(sandbox.post(&path).ok().await.json()["accepted"], true);
    assert_eq!(receiver.next().await.event(), first.event());
    assert!(deliveries(&sandbox, "?state=dead").await.is_empty());
    // What was delivered can be sent again too.
    assert_eq!(deliveries(&sandbox, "?state=delivered").await[0]["event"], first.event());
    assert_eq!(sandbox.post(&path).ok().await.json()["status"], 200);
    receiver.next().await;
    assert_eq!(sandbox.post("/sim/deliveries/1.2.3/replay").send().await.status, 404);
    assert_eq!(sandbox.post("/sim/deliveries/nonsense/replay").send().await.status, 404);
}

#[tokio::test]
async fn order_per_conversation_and_one_event_per_post() {
    let (sandbox, receiver) = start().await;
    sandbox.set_callback("IG", &receiver.url).await;
    let people: Vec<String> = (0..5).map(|n| format!("person{n}")).collect();
    for person in &people {
        sandbox.sim("people", json!({"username": person})).await;
    }
    for n in 0..20 {
        let sends = people.iter().map(|person| {
            let path = format!("people/{person}/send");
            let body = json!({"to": "posthaste.shop", "text": n.to_string()});
            let sandbox = &sandbox;
            async move { sandbox.sim(&path, body).await }
        });
        futures_util::future::join_all(sends).await;
    }
    let mut heard: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for _ in 0..100 {
        let event = receiver.next().await.event();
        let sender = event["sender"]["id"].as_str().unwrap().to_owned();
        heard.entry(sender).or_default().push(event["message"]["text"].as_str().unwrap().parse().unwrap());
    }
    assert_eq!(heard.len(), 5);
    for texts in heard.values() {
        assert_eq!(*texts, (0..20).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_batch_adds_entries_where_the_setting_says_so() {
    let (sandbox, receiver) = start().await;
    sandbox.set_callback("IG", &receiver.url).await;
    let path = "/sim/settings";
    sandbox.call("PATCH", path).json(&json!({"webhook_batch": 10})).ok().await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "first").await;
    sandbox.deliver().await;
    receiver.answer_with(200);
    for n in 0..8 {
        sandbox.person_writes("IG_USERNAME", &n.to_string()).await;
    }
    sandbox.advance("1s").await;
    sandbox.deliver().await;
    let posts = receiver.rest().await;
    let mut texts = Vec::new();
    for post in &posts {
        for entry in post.json()["entry"].as_array().unwrap() {
            // One event in each entry, as the real senders have it.
            assert_eq!(entry["messaging"].as_array().unwrap().len(), 1);
            texts.push(entry["messaging"][0]["message"]["text"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(texts.iter().filter(|t| *t == "7").count(), 1, "{texts:?}");
    for wrong in [json!(0), json!(1001), json!("x"), json!(-1)] {
        let answer = sandbox.call("PATCH", path).json(&json!({"webhook_batch": wrong})).send().await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}
