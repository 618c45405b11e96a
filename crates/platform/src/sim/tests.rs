//! The sim, through the public interface.

use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Receiver, Sandbox};

async fn refused(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> (u16, String) {
    let answer = sandbox.call(method, path).json(body).send().await;
    let parameter = answer.json()["error"]["parameter"].as_str().unwrap_or_default().to_owned();
    assert!(!answer.json()["error"]["message"].as_str().unwrap().is_empty());
    (answer.status, parameter)
}

#[tokio::test]
async fn the_world_shows_what_the_environment_names() {
    let sandbox = Sandbox::start().await;
    let world = sandbox.get("/sim/world").ok().await.json();
    let app = &world["apps"][0];
    assert_eq!(app["id"], sandbox.env("APP_ID"));
    assert_eq!(app["secret"], sandbox.env("APP_SECRET"));
    assert_eq!(app["instagram_app_id"], sandbox.env("INSTAGRAM_APP_ID"));
    assert_eq!(app["instagram_app_secret"], sandbox.env("INSTAGRAM_APP_SECRET"));
    assert_eq!((&app["mode"], &app["human_agent"]), (&json!("live"), &json!(true)));
    assert_eq!(world["apps"][1]["mode"], "development");
    let account = |username: &str| {
        let accounts = world["accounts"].as_array().unwrap();
        accounts.iter().find(|a| a["username"] == username).unwrap().clone()
    };
    let (shop, cafe) = (account(sandbox.env("IG_USERNAME")), account(sandbox.env("PAGE_IG_USERNAME")));
    assert_eq!(shop["id"], sandbox.env("IG_ID"));
    assert_eq!(shop["page_id"], Value::Null);
    assert_eq!(shop["tokens"]["instagram"], sandbox.env("IG_ACCESS_TOKEN"));
    assert_eq!(cafe["page_id"], sandbox.env("PAGE_ID"));
    assert_eq!(cafe["tokens"]["page"], sandbox.env("PAGE_ACCESS_TOKEN"));
    assert_eq!(cafe["tokens"][sandbox.env("APP_ID")]["page"], sandbox.env("PAGE_ACCESS_TOKEN"));
    assert_eq!(world["people"].as_array().unwrap().len(), 3);
    let ana = &world["people"][0];
    assert_eq!(ana["username"], sandbox.env("PERSON_USERNAME"));
    assert_eq!(ana["igsids"]["posthaste.shop"], sandbox.env("IGSID"));
    assert_eq!(ana["igsids"]["posthaste.cafe"], sandbox.env("PAGE_IGSID"));
    assert_eq!(world["conversations"].as_array().unwrap().len(), 2);
    assert!(sandbox.env("IG_ACCESS_TOKEN").starts_with("IGAA"));
    assert!(sandbox.env("PAGE_ACCESS_TOKEN").starts_with("EAA"));
    assert!(sandbox.env("USER_ACCESS_TOKEN").starts_with("EAA"));
}

#[tokio::test]
async fn apps_accounts_and_people_are_made_and_work_at_once() {
    let sandbox = Sandbox::start().await;
    let app = sandbox.sim("apps", json!({"name": "Second app", "mode": "development"})).await;
    assert_eq!((&app["mode"], &app["human_agent"]), (&json!("development"), &json!(false)));
    assert!(app["tokens"]["posthaste.cafe"]["page"].is_string());
    assert_eq!(app["tokens"]["posthaste.shop"].get("page"), None);
    let account = sandbox.sim("accounts", json!({"username": "New.Shop", "page": true})).await;
    assert_eq!(account["username"], "new.shop");
    let person = sandbox.sim("people", json!({"username": "dora", "name": "Dora"})).await;
    let igsid = person["igsids"]["new.shop"].as_str().unwrap();
    let sent = sandbox.sim("people/dora/send", json!({"to": "new.shop", "text": "hi"})).await;
    assert_eq!(sent["igsid"], igsid);
    assert!(sent["conversation_id"].as_str().unwrap().starts_with("aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ6"));
    let token = account["tokens"][app["id"].as_str().unwrap()]["instagram"].as_str().unwrap();
    let answer = json!({"recipient": {"id": igsid}, "message": {"text": "hello"}});
    sandbox.post("/me/messages").token(token).json(&answer).ok().await;
    let inbox = sandbox.get("/sim/people/dora/inbox").ok().await.json();
    let texts: Vec<&Value> =
        inbox["conversations"][0]["messages"].as_array().unwrap().iter().map(|m| &m["text"]).collect();
    assert_eq!(texts, ["hi", "hello"]);
    let path = format!("/sim/apps/{}", app["id"].as_str().unwrap());
    let changed =
        sandbox.call("PATCH", &path).json(&json!({"mode": "live", "human_agent": true})).ok().await.json();
    assert_eq!((&changed["mode"], &changed["human_agent"]), (&json!("live"), &json!(true)));
}

/// A parameter that is misspelt or not served is never silently ignored.
#[tokio::test]
async fn what_is_wrong_is_refused_by_name() {
    let sandbox = Sandbox::start().await;
    for (method, path, body, status, parameter) in [
        ("POST", "/sim/people/ana.customer/send", json!({"to": "posthaste.shop"}), 400, "text"),
        ("POST", "/sim/people/ana.customer/send", json!({"text": "x"}), 400, "to"),
        ("POST", "/sim/people/ana.customer/send", json!({"to": "nobody", "text": "x"}), 400, "to"),
        ("POST", "/sim/people/ana.customer/send", json!({"to": "posthaste.shop", "text": " "}), 400, "text"),
        (
            "POST",
            "/sim/people/ana.customer/send",
            json!({"to": "posthaste.shop", "text": "a\u{0}"}),
            400,
            "text",
        ),
        (
            "POST",
            "/sim/people/ana.customer/send",
            json!({"to": "posthaste.shop", "text": "x", "sticker": true}),
            400,
            "sticker",
        ),
        ("POST", "/sim/people/nobody/send", json!({"to": "posthaste.shop", "text": "x"}), 404, ""),
        ("POST", "/sim/people", json!({"username": "ana.customer"}), 409, "username"),
        ("POST", "/sim/people", json!({"username": "with space"}), 400, "username"),
        ("POST", "/sim/people", json!({"username": "12345"}), 400, "username"),
        ("POST", "/sim/people", json!({"name": "x"}), 400, "username"),
        ("POST", "/sim/accounts", json!({"username": "posthaste.shop"}), 409, "username"),
        ("POST", "/sim/accounts", json!({"username": "ben.customer"}), 409, "username"),
        ("POST", "/sim/apps", json!({"name": "x", "mode": "sleeping"}), 400, "mode"),
        ("PATCH", "/sim/apps/1500000000000001", json!({"access": "some"}), 400, "access"),
        ("PATCH", "/sim/apps/1500000000000001", json!({"roles": ["nobody"]}), 400, "roles"),
        (
            "PATCH",
            "/sim/apps/1500000000000001",
            json!({"roles": [{"user": "ana.customer", "role": "owner"}]}),
            400,
            "role",
        ),
        ("PATCH", "/sim/apps/1500000000000001", json!({"roles": {}}), 400, "roles"),
        (
            "PATCH",
            "/sim/apps/1500000000000001",
            json!({"redirect_uris": ["javascript:x"]}),
            400,
            "redirect_uris",
        ),
        (
            "PATCH",
            "/sim/apps/1500000000000001",
            json!({"deauthorize_callback": "x"}),
            400,
            "deauthorize_callback",
        ),
        ("PATCH", "/sim/apps/15", json!({"mode": "live"}), 404, ""),
        ("PATCH", "/sim/settings", json!({"rate_limits": 1}), 400, "rate_limits"),
        ("PATCH", "/sim/settings", json!({"rate_multiplier": 0}), 400, "rate_multiplier"),
        ("PATCH", "/sim/settings", json!({"code_exchange": "round"}), 400, "code_exchange"),
        ("POST", "/sim/users", json!({}), 400, "name"),
        ("POST", "/sim/users", json!({"name": "x", "pages": [{"account": "posthaste.shop"}]}), 400, "pages"),
        ("PATCH", "/sim/users/12", json!({"pages": []}), 404, ""),
        ("POST", "/sim/tokens", json!({"app": "1", "account": "posthaste.shop"}), 400, "app"),
        ("POST", "/sim/tokens", json!({"app": "Demo app", "account": "nobody"}), 400, "account"),
        ("POST", "/sim/tokens", json!({"app": "Demo app"}), 400, "account"),
        (
            "POST",
            "/sim/tokens",
            json!({"app": "Demo app", "account": "posthaste.shop", "kind": "page"}),
            400,
            "account",
        ),
        (
            "POST",
            "/sim/tokens",
            json!({"app": "Demo app", "account": "posthaste.shop", "scopes": ["shoes"]}),
            400,
            "scopes",
        ),
        ("POST", "/sim/tokens", json!({"app": "Demo app", "user": "5"}), 400, "user"),
        ("POST", "/sim/clock", json!({}), 400, "advance"),
        ("POST", "/sim/clock", json!({"advance": "1h", "reset": true}), 400, "advance"),
        ("POST", "/sim/clock", json!({"advance": "-1h"}), 400, "advance"),
        ("POST", "/sim/clock", json!({"set": "tomorrow"}), 400, "set"),
        ("POST", "/sim/clock", json!({"set": "9999-12-31T00:00:00Z"}), 400, "set"),
        ("POST", "/sim/clock", json!({"advance": "3000000d"}), 400, "advance"),
        ("GET", "/sim/people/%00/inbox", json!({}), 400, ""),
        ("GET", "/sim/deliveries?before=x", json!({}), 400, "before"),
        ("GET", "/sim/deliveries?state=lost", json!({}), 400, "state"),
        ("GET", "/sim/events?wait=long", json!({}), 400, "wait"),
        ("GET", "/sim/nothing", json!({}), 404, ""),
        ("DELETE", "/sim/world", json!({}), 404, ""),
    ] {
        let got = refused(&sandbox, method, path, &body).await;
        assert_eq!(got, (status, parameter.to_owned()), "{method} {path} {body}");
    }
    let broken = sandbox.post("/sim/clock").body("application/json", "{").send().await;
    assert_eq!(broken.status, 400);
}

#[tokio::test]
async fn the_clock_moves_and_comes_back() {
    let sandbox = Sandbox::start().await;
    let now = |value: &Value| value["now"].as_str().unwrap().to_owned();
    assert_eq!(now(&sandbox.get("/sim/clock").ok().await.json()), "2026-03-02T09:00:00.000Z");
    let moved = sandbox.sim("clock", json!({"advance": "25h"})).await;
    assert_eq!((now(&moved).as_str(), &moved["offset_ms"]), ("2026-03-03T10:00:00.000Z", &json!(90_000_000)));
    assert_eq!(
        now(&sandbox.sim("clock", json!({"set": "2026-01-01T00:00:00Z"})).await),
        "2026-01-01T00:00:00.000Z"
    );
    assert_eq!(now(&sandbox.sim("clock", json!({"reset": true})).await), "2026-03-02T09:00:00.000Z");
}

#[tokio::test]
async fn a_reset_gives_the_same_ids_and_tokens() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    let before = sandbox.get("/sim/world").ok().await.json();
    sandbox.set_callback("IG", &receiver.url).await;
    sandbox.sim("people", json!({"username": "dora"})).await;
    sandbox.sim("apps", json!({"name": "Second"})).await;
    sandbox.sim("tokens", json!({"app": "Demo app", "account": "posthaste.shop"})).await;
    receiver.answer_with(500);
    sandbox.person_writes("IG_USERNAME", "hi").await;
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 1);
    sandbox.advance("25h").await;
    sandbox.deliver().await;
    receiver.rest().await;
    assert_eq!(sandbox.sim("reset", json!({})).await, json!({}));
    assert_eq!(sandbox.get("/sim/world").ok().await.json(), before);
    let env: std::collections::HashMap<_, _> =
        sandbox.platform.sandbox_env().await.unwrap().into_iter().collect();
    assert_eq!(env["IG_ACCESS_TOKEN"], sandbox.env("IG_ACCESS_TOKEN"));
    // The old token works, the old callback and what waited for it are gone.
    sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    assert_eq!(sandbox.get("/sim/deliveries").ok().await.json(), json!({"deliveries": []}));
    sandbox.advance("48h").await;
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
}

#[tokio::test]
async fn requests_are_logged_whole_with_secrets_masked() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "shown"}, "access_token": token});
    sandbox.post("/v25.0/me/messages").json(&body).ok().await;
    sandbox.get(&format!("/me?access_token={token}&fields=shoes")).send().await;
    sandbox.get("/v25.0/me").token(token).ok().await;
    let log = sandbox.get("/sim/requests").ok().await;
    assert!(!log.text().contains(&token[..20]), "a token is shown");
    let log = log.json();
    let entries = log["requests"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[2]["operation"], "POST account/messages");
    assert!(entries[2]["body"].as_str().unwrap().contains("shown"));
    assert!(entries[2]["response"]["message_id"].is_string());
    assert_eq!(entries[1]["query"], "access_token=***&fields=shoes");
    assert_eq!(
        (&entries[1]["host"], &entries[1]["error"]),
        (&json!("graph.instagram.com"), &json!("UnknownField"))
    );
    assert_eq!(entries[2]["error"], json!(null));
    assert_eq!(entries[1]["trace_id"], entries[1]["response"]["error"]["fbtrace_id"]);
    let count = |query: &str| {
        let call = sandbox.get(&format!("/sim/requests{query}"));
        async move { call.ok().await.json()["requests"].as_array().unwrap().len() }
    };
    assert_eq!(count("?status=400").await, 1);
    assert_eq!(count("?path=messages").await, 1);
    assert_eq!(count("?since=2026-03-02T09:00:01Z").await, 0);
    let page = sandbox.get("/sim/requests?limit=2").ok().await.json();
    let older =
        sandbox.get(&format!("/sim/requests?before={}", page["before"].as_str().unwrap())).ok().await.json();
    assert_eq!(older["requests"][0], entries[2]);
    assert_eq!(older.get("before"), None);
}

#[tokio::test]
async fn events_are_waited_for_and_not_missed() {
    let sandbox = Arc::new(Sandbox::start().await);
    let start = sandbox.get("/sim/events?after=newest").ok().await.json();
    assert_eq!(start["events"], json!([]));
    let path = format!("/sim/events?wait=20s&type=message&after={}", start["cursor"].as_str().unwrap());
    let waiting = tokio::spawn(sandbox.get(&path).ok());
    sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    let mid = sandbox.person_writes("IG_USERNAME", "hi").await;
    let events = waiting.await.unwrap().json();
    assert_eq!(events["events"].as_array().unwrap().len(), 1);
    let event = &events["events"][0];
    assert_eq!(
        (&event["type"], &event["mid"], &event["text"]),
        (&json!("message"), &json!(mid), &json!("hi"))
    );
    assert_eq!(event["from"], "person");
    // Everything from a cursor on, requests included; nothing after the newest.
    let all =
        sandbox.get(&format!("/sim/events?after={}", start["cursor"].as_str().unwrap())).ok().await.json();
    let types: Vec<&str> =
        all["events"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["request", "delivery", "message", "act"]);
    let after =
        sandbox.get(&format!("/sim/events?after={}", all["cursor"].as_str().unwrap())).ok().await.json();
    assert_eq!(after["events"], json!([]));
}

/// A restart on the same database keeps ids, tokens, the clock, and what was not delivered.
#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = std::env::temp_dir().join(format!("posthaste-restart-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let open = |clock: Arc<clock::ManualClock>| {
        storage::Database::open(&folder.join("posthaste.db"), clock, storage::Options::default()).unwrap()
    };
    let clock = Arc::new(clock::ManualClock::new(testkit::START));
    let db = open(Arc::clone(&clock));
    let sandbox = Sandbox::start_on(db.clone(), storage::Blobs::in_memory(), clock).await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    receiver.answer_with(503);
    sandbox.person_writes("IG_USERNAME", "before the restart").await;
    sandbox.deliver().await;
    receiver.rest().await;
    sandbox.advance("2h").await;
    sandbox.deliver().await;
    receiver.rest().await;
    let before = sandbox.get("/sim/world").ok().await.json();
    sandbox.platform.stop().await;
    drop(sandbox);
    db.close().await.unwrap();
    drop(db);

    let clock = Arc::new(clock::ManualClock::new(testkit::START));
    let db = open(Arc::clone(&clock));
    let sandbox = Sandbox::start_on(db.clone(), storage::Blobs::in_memory(), clock).await;
    assert_eq!(sandbox.get("/sim/world").ok().await.json(), before);
    receiver.answer_with(200);
    sandbox.advance("1h").await;
    sandbox.deliver().await;
    assert_eq!(receiver.next().await.event()["message"]["text"], "before the restart");
    sandbox.platform.stop().await;
    drop(sandbox);
    db.close().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn health_and_counters_are_there_for_machines() {
    let sandbox = Sandbox::start().await;
    assert_eq!(sandbox.get("/healthz").ok().await.json(), json!({"status": "ok"}));
    let units = |text: String| {
        let line =
            text.lines().find_map(|line| line.strip_prefix("posthaste_units_total ").map(str::to_owned));
        line.unwrap().parse::<u64>().unwrap()
    };
    let before = units(sandbox.get("/metrics").ok().await.text());
    sandbox.person_writes("IG_USERNAME", "hi").await;
    assert_eq!(units(sandbox.get("/metrics").ok().await.text()), before + 1);
}

#[tokio::test]
async fn a_person_is_found_by_any_of_their_ids() {
    let sandbox = Sandbox::start().await;
    let by_name = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    for id in ["IGSID", "PAGE_IGSID"] {
        let by_id = sandbox.get(&format!("/sim/people/{}/inbox", sandbox.env(id))).ok().await.json();
        assert_eq!(by_id, by_name);
    }
}

/// Several apps hear of one message at the same microsecond: pages of any size show each delivery once.
#[tokio::test]
async fn pages_of_deliveries_neither_lose_nor_repeat() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let second = sandbox.sim("apps", json!({"name": "Second"})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let token = text(&second["tokens"]["posthaste.shop"]["instagram"]);
    sandbox.post("/me/subscribed_apps?subscribed_fields=messages").token(&token).ok().await;
    let path = format!("/{}/subscriptions", text(&second["instagram_app_id"]));
    let body = json!({"object": "instagram", "callback_url": receiver.url, "verify_token": sandbox.env("VERIFY_TOKEN")});
    sandbox.post(&path).token(&text(&second["app_access_token"])).json(&body).ok().await;
    for n in 0..6 {
        receiver.answer_with(if n % 2 == 0 { 200 } else { 500 });
        sandbox.person_writes("IG_USERNAME", &n.to_string()).await;
        sandbox.deliver().await;
        sandbox.person_writes("PAGE_IG_USERNAME", "nobody hears").await;
    }
    for query in
        ["", "&state=retrying", "&state=delivered", "&state=suppressed", "&endpoint=1", "&endpoint=127.0.0.1"]
    {
        let list = |query: String| {
            let call = sandbox.get(&format!("/sim/deliveries?{query}"));
            async move { call.ok().await.json() }
        };
        let whole = list(format!("limit=500{query}")).await;
        assert_eq!(whole.get("before"), None);
        let whole = whole["deliveries"].as_array().unwrap().clone();
        assert!(whole.len() >= 6, "{query}: {}", whole.len());
        let mut paged = Vec::new();
        let mut before = String::new();
        loop {
            let page = list(format!("limit=1{query}{before}")).await;
            paged.extend(page["deliveries"].as_array().unwrap().iter().cloned());
            let Some(next) = page["before"].as_str() else { break };
            before = format!("&before={next}");
        }
        assert_eq!(paged, whole, "{query}");
    }
}

/// A cursor of another process, or of before a reset of time, makes nobody wait for ever.
#[tokio::test]
async fn a_cursor_from_nowhere_starts_over() {
    let sandbox = Sandbox::start().await;
    sandbox.person_writes("IG_USERNAME", "hi").await;
    let far = sandbox.get("/sim/events?after=9223372036854775807").ok().await.json();
    assert!(!far["events"].as_array().unwrap().is_empty());
    assert_ne!(far["cursor"], "9223372036854775807");
    let accept = |path: &str| sandbox.get(path).header("accept", "text/event-stream");
    assert_eq!(accept("/sim/events?after=abc").send().await.status, 400);
    // The stream ends when the platform is told to close, so that a stop waits for nobody.
    sandbox.platform.close();
    let stream = accept("/sim/events").header("last-event-id", "1").ok().await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert!(stream.text().contains("\ndata: {\"cursor\":"), "{}", stream.text());
}

/// A call may come as a form with parts, in which a file could be; objects and lists are JSON in it.
#[tokio::test]
async fn a_call_may_come_in_parts() {
    let sandbox = Sandbox::start().await;
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let send = |parts: &[String]| {
        let body = parts.concat() + "--b--\r\n";
        sandbox.post("/sim/people/ana.customer/send").body("multipart/form-data; boundary=b", body)
    };
    send(&[part("to", "posthaste.shop"), part("text", "[1, 2]")]).ok().await;
    let last = sandbox.inbox("IG_USERNAME").await.pop().unwrap();
    assert_eq!(last.1, "[1, 2]");
    let unknown = send(&[part("to", "posthaste.shop"), part("text", "hi"), part("txet", "hi")]).send().await;
    assert_eq!((unknown.status, unknown.json()["error"]["parameter"].clone()), (400, json!("txet")));
    let broken = send(&[part("to", "posthaste.shop"), "--b\r\nno header".to_owned()]).send().await;
    assert_eq!(broken.status, 400, "{}", broken.text());
    let large = send(&[part("to", "posthaste.shop"), part("text", &"x".repeat(400 << 10))]).send().await;
    assert_eq!(large.status, 413, "{}", large.text());
}
