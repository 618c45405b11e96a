use super::{end, fault, heard, message, set, texts};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Answer, Sandbox};

async fn send(sandbox: &Sandbox, text: &str) -> Answer {
    sandbox
        .post("/v25.0/me/messages")
        .token(sandbox.env("IG_ACCESS_TOKEN"))
        .json(&message(sandbox, text))
        .send()
        .await
}

/// What the log of requests says of the newest one.
async fn logged(sandbox: &Sandbox) -> Value {
    sandbox.get("/sim/requests?limit=1").ok().await.json()["requests"][0].clone()
}

#[tokio::test]
async fn an_error_is_answered_so_often_with_the_text_of_the_table() {
    let sandbox = Sandbox::start().await;
    let id = set(&sandbox, json!({"on": "POST /*/messages", "error": 613, "times": 2})).await;
    for left in [1, 0] {
        let answer = send(&sandbox, "hi").await;
        assert_eq!(answer.error(), (400, 613, 2_534_040));
        assert_eq!(answer.message(), "Calls to this api have exceeded the rate limit.");
        assert_eq!(answer.json()["error"]["type"], "IGApiException");
        let shown = fault(&sandbox, &id).await;
        assert_eq!((&shown["times"], &shown["struck"]), (&json!(left), &json!(2 - left)));
    }
    let entry = logged(&sandbox).await;
    assert_eq!(entry["fault"], "fault 1: answered SendLimitReached without doing it");
    assert_eq!(entry["error"], "SendLimitReached");
    assert_eq!(send(&sandbox, "hi").await.status, 200);
    assert_eq!(logged(&sandbox).await["fault"], Value::Null);
    assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), 2, "what was refused was not done");
}

/// The host's own dialect: prefix, type, and where they differ, code and text.
#[tokio::test]
async fn each_host_answers_in_its_own_words() {
    let sandbox = Sandbox::start().await;
    set(&sandbox, json!({"on": "* /**", "error": {"code": 10, "subcode": 2_534_022}})).await;
    for (host, token, kind, text) in [
        ("graph.instagram.com", "IG_ACCESS_TOKEN", "IGApiException", "This message is sent"),
        ("graph.facebook.com", "PAGE_ACCESS_TOKEN", "OAuthException", "(#10) This message is sent"),
    ] {
        let answer = sandbox.get("/me").host(host).token(sandbox.env(token)).send().await;
        assert_eq!(answer.error(), (403, 10, 2_534_022));
        assert_eq!(answer.json()["error"]["type"], kind);
        assert!(answer.message().starts_with(text), "{}", answer.message());
        assert_eq!(answer.json()["error"]["fbtrace_id"], answer.header("x-fb-trace-id"));
    }
}

/// The 500 that delivered.
#[tokio::test]
async fn an_error_after_the_effect() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "POST /*/messages", "error": "TryAgain", "apply": "after", "times": 1})).await;
    let refused = sandbox
        .post("/v25.0/me/messages")
        .token(sandbox.env("IG_ACCESS_TOKEN"))
        .json(&json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": " "}}))
        .send()
        .await;
    assert_eq!(refused.error(), (400, 100, 2_534_052), "it had no effect, so its own error is answered");
    let lost = send(&sandbox, "hello").await;
    assert_eq!((lost.error(), &lost.json()["error"]["is_transient"]), ((500, 2, 0), &json!(true)));
    let entry = logged(&sandbox).await;
    assert_eq!(entry["fault"], "fault 1: answered TryAgain after it was done");
    assert_eq!(entry["operation"], "POST account/messages");
    assert_eq!(send(&sandbox, "again").await.status, 200);
    assert_eq!(texts(&sandbox, &receiver).await, ["hello", "again"]);
    assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), 3);
}

#[tokio::test]
async fn the_connection_breaks_before_or_after() {
    let sandbox = Sandbox::start().await;
    for (apply, there) in [("before", 1), ("after", 2)] {
        set(&sandbox, json!({"on": "POST /*/messages", "drop": 1, "apply": apply, "times": 1})).await;
        let body = message(&sandbox, "hi");
        let lost =
            sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).try_send().await;
        assert!(lost.is_err(), "{apply}");
        assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), there, "{apply}");
        assert!(logged(&sandbox).await["fault"].as_str().unwrap().contains("broke the connection"));
    }
}

/// Over a socket, nothing that could be taken for an answer arrives.
#[tokio::test]
async fn a_broken_connection_gives_no_answer_at_all() {
    let sandbox = Sandbox::start().await;
    set(&sandbox, json!({"on": "GET /me", "drop": 1})).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let platform = std::sync::Arc::clone(&sandbox.platform);
    let service = move |request: http::Request<hyper::body::Incoming>, _: std::net::SocketAddr| {
        let platform = std::sync::Arc::clone(&platform);
        async move { platform.handle(request).await }
    };
    let server = tokio::spawn(net::serve(listener, net::Limits::default(), service, std::future::pending()));
    let call = |path: &str| {
        let client = net::Client::new(net::AddressPolicy::AllowPrivate);
        testkit::Call::over_http(client, &base, http::Method::GET, path).token(sandbox.env("IG_ACCESS_TOKEN"))
    };
    assert!(matches!(call("/me").try_send().await, Err(net::ClientError::Protocol(_))));
    assert_eq!(call("/me/conversations").send().await.status, 200);
    server.abort();
}

/// On a clock that stands still, the answer comes when the sim has moved it.
#[tokio::test]
async fn latency_runs_on_the_worlds_clock() {
    let sandbox = Sandbox::start().await;
    set(&sandbox, json!({"on": "GET /me", "latency": "10s"})).await;
    let call = sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN"));
    let answer = tokio::spawn(async move { call.ok().await });
    let struck = sandbox.get("/sim/events?type=fault&wait=20s").ok().await.json();
    assert_eq!(struck["events"][0]["did"], "fault 1: 10000 ms later");
    sandbox.advance("9s").await;
    assert!(!answer.is_finished());
    sandbox.advance("1s").await;
    let answer = tokio::time::timeout(Duration::from_secs(20), answer).await.unwrap().unwrap();
    assert_eq!(answer.json()["id"].as_str().map(str::is_empty), Some(false));
    // A reset keeps nobody waiting.
    let call = sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN"));
    let answer = tokio::spawn(async move { call.ok().await });
    let after = struck["cursor"].as_str().unwrap();
    sandbox.get(&format!("/sim/events?type=fault&wait=20s&after={after}")).ok().await;
    sandbox.sim("reset", json!({})).await;
    tokio::time::timeout(Duration::from_secs(20), answer).await.unwrap().unwrap();
}

/// The echo is there before the call that caused it has its answer.
#[tokio::test]
async fn the_echo_comes_before_the_answer() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "POST /*/messages", "reorder": true})).await;
    let mid = send(&sandbox, "hi").await.json()["message_id"].clone();
    let come = receiver.rest().await;
    assert_eq!(come.len(), 1, "without waiting for anything");
    assert_eq!(come[0].event()["message"]["mid"], mid);
    assert!(logged(&sandbox).await["fault"].as_str().unwrap().contains("its webhooks first"));
}

#[tokio::test]
async fn a_fault_is_narrowed_by_account_app_and_host() {
    let sandbox = Sandbox::start().await;
    let call = async |token: &str, host: &str| {
        sandbox.get("/me").host(host).token(sandbox.env(token)).send().await.status
    };
    let both = async || {
        (
            call("IG_ACCESS_TOKEN", "graph.instagram.com").await,
            call("PAGE_ACCESS_TOKEN", "graph.facebook.com").await,
        )
    };
    for (only, statuses) in [
        (json!({"account": "posthaste.shop"}), (400, 200)),
        (json!({"account": sandbox.env("PAGE_IG_ID")}), (200, 400)),
        (json!({"host": "facebook"}), (200, 400)),
        (json!({"host": "graph.instagram.com"}), (400, 200)),
        (json!({"app": sandbox.env("APP_ID")}), (400, 400)),
        (json!({"app": 999_999}), (200, 200)),
    ] {
        let mut wanted = json!({"on": "GET /me", "error": "TokenRevoked"});
        wanted.as_object_mut().unwrap().extend(only.as_object().unwrap().clone());
        set(&sandbox, wanted).await;
        assert_eq!(both().await, statuses, "{only}");
        end(&sandbox).await;
    }
    assert_eq!(both().await, (200, 200));
}

/// A fault comes first: also where the token is bad, or the path leads nowhere.
#[tokio::test]
async fn known_faults_have_names() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("IG_ACCESS_TOKEN");
    set(&sandbox, json!({"name": "outage"})).await;
    for (method, verb) in [("GET", "get"), ("POST", "post"), ("DELETE", "delete")] {
        let answer = sandbox.call(method, "/v25.0/nothing").token("rubbish").send().await;
        assert_eq!(answer.error(), (400, 100, 0));
        assert_eq!(answer.message(), format!("Unsupported request - method type: {verb}"));
    }
    end(&sandbox).await;
    set(&sandbox, json!({"name": "token_death", "account": "posthaste.shop"})).await;
    let dead = sandbox.get("/me").token(token).send().await;
    assert_eq!(
        (dead.error(), dead.json()["error"]["type"].as_str()),
        ((400, 190, 467), Some("OAuthException"))
    );
    assert!(dead.header("www-authenticate").contains("invalid_token"));
    end(&sandbox).await;
    set(&sandbox, json!({"name": "lost_answer"})).await;
    assert_eq!(send(&sandbox, "hi").await.status, 500);
    assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), 2);
}

/// The storm's headers say what production's would.
#[tokio::test]
async fn limits_show_in_the_headers_too() {
    let sandbox = Sandbox::start().await;
    let regain = |answer: &Answer| {
        let usage: Value = serde_json::from_str(answer.header("x-business-use-case-usage")).unwrap();
        let of = usage.as_object().unwrap().values().next().unwrap()[0].clone();
        (of["call_count"].as_i64().unwrap(), of["estimated_time_to_regain_access"].as_i64().unwrap())
    };
    assert_eq!(regain(&send(&sandbox, "hi").await), (0, 0));
    set(&sandbox, json!({"name": "rate_limit_storm", "times": 3})).await;
    let full = send(&sandbox, "hi").await;
    assert_eq!((full.error(), regain(&full)), ((400, 613, 2_534_040), (100, 1)));
    assert!(full.header("x-app-usage").contains("\"call_count\":100"));
    assert_eq!(full.header("retry-after"), "", "the real server sends none");
    let reads = sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(reads.error(), (400, 80_002, 0));
    let page = sandbox.get("/me").token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await;
    assert_eq!(page.error(), (400, 80_001, 0));
    assert_eq!(send(&sandbox, "hi").await.status, 200, "the storm is over");
}

#[tokio::test]
async fn an_error_of_ones_own_is_answered_as_it_is_told() {
    let sandbox = Sandbox::start().await;
    let own = json!({"status": 503, "code": 4242, "subcode": 7, "message": "(#4242) Boo", "type": "OddException",
        "is_transient": true, "error_user_title": "T", "error_user_msg": "M"});
    set(&sandbox, json!({"on": "GET /me", "error": own, "times": 1})).await;
    let answer = sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(answer.status, 503);
    let mut error = answer.json()["error"].clone();
    error.as_object_mut().unwrap().shift_remove("fbtrace_id");
    assert_eq!(
        error,
        json!({"message": "(#4242) Boo", "type": "OddException", "code": 4242, "error_subcode": 7,
            "is_transient": true, "error_user_title": "T", "error_user_msg": "M"})
    );
    // What is not said is as the table has it; gaps are filled from the request or by hand.
    let ask = async |error: Value| {
        set(&sandbox, json!({"on": "GET /me", "error": error, "times": 1})).await;
        sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).send().await
    };
    let other = ask(json!({"name": "WindowClosed", "status": 400})).await;
    assert_eq!(
        (other.error(), other.message()),
        ((400, 10, 2_534_022), "This message is sent outside of allowed window.".into())
    );
    let expired = ask(json!("TokenExpired")).await;
    assert_eq!(
        expired.message(),
        "Error validating access token: Session has expired on Monday, 02-Mar-26 00:00:00 PST. The current time is Monday, 02-Mar-26 01:00:00 PST."
    );
    let named = ask(json!({"name": "ParameterRequired", "values": ["recipient"]})).await;
    assert_eq!(named.message(), "The parameter recipient is required");
    assert_eq!(ask(json!(100)).await.message(), "Invalid parameter");
    assert_eq!(ask(json!({"code": 77, "message": "x"})).await.error(), (400, 77, 0));
}

/// Every error of the table can be asked for by its name, on both hosts.
#[tokio::test]
async fn every_error_of_the_table_can_be_asked_for() {
    let sandbox = Sandbox::start().await;
    for name in graph_api::ErrorName::ALL {
        let values: Vec<String> = (0..name.gaps()).map(|n| format!("value{n}")).collect();
        set(
            &sandbox,
            json!({"on": "GET /me", "error": {"name": format!("{name:?}"), "values": values}, "times": 2}),
        )
        .await;
        for (host, token) in [
            (graph_api::Host::Instagram, "IG_ACCESS_TOKEN"),
            (graph_api::Host::Facebook, "PAGE_ACCESS_TOKEN"),
        ] {
            let answer = sandbox.get("/me").token(sandbox.env(token)).send().await;
            let expected = graph_api::GraphError::filled(*name, values.clone()).on(host);
            assert_eq!(answer.status, expected.status, "{name:?}");
            assert_eq!(answer.json(), expected.body(answer.header("x-fb-trace-id")), "{name:?}");
        }
    }
}

/// Attachments, pictures and media: dead, late, broken off, or said to be something else.
#[tokio::test]
async fn files_can_be_struck() {
    let (sandbox, receiver) = heard().await;
    let story =
        json!({"to": "posthaste.shop", "text": "wow", "reply_to": {"story": sandbox.env("STORY_ID")}});
    sandbox.sim("people/ana.customer/send", story).await;
    let event = receiver.next().await.event();
    let url = event["message"]["reply_to"]["story"]["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://127.0.0.1:8430").unwrap();
    let whole = sandbox.get(path).ok().await;
    set(&sandbox, json!({"on": "file", "status": 404, "times": 1})).await;
    assert_eq!(sandbox.get(path).send().await.status, 404);
    set(&sandbox, json!({"on": "file", "content_type": "text/html", "times": 1})).await;
    let odd = sandbox.get(path).ok().await;
    assert_eq!((odd.header("content-type"), &odd.body), ("text/html", &whole.body));
    set(&sandbox, json!({"on": "file", "drop": 1, "times": 1})).await;
    assert!(sandbox.get(path).try_send().await.is_err());
    assert_eq!(sandbox.get(path).ok().await.body, whole.body);
}
