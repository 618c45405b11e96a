use super::{deliveries, end, fault, heard, message, set, texts};
use graph_api::signature;
use serde_json::{Value, json};
use testkit::{Received, Receiver, Sandbox};

/// Ana writes to the shop.
async fn ana(sandbox: &Sandbox, text: &str) -> String {
    sandbox.person_writes("IG_USERNAME", text).await
}

#[tokio::test]
async fn what_is_dropped_never_comes_and_the_log_says_why() {
    let (sandbox, receiver) = heard().await;
    let id = set(&sandbox, json!({"on": "webhook", "drop": 1, "times": 1})).await;
    ana(&sandbox, "lost").await;
    ana(&sandbox, "found").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["found"]);
    let dropped = deliveries(&sandbox, "dropped").await;
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0]["state"], "dropped");
    assert_eq!(dropped[0]["event"]["message"]["text"], "lost");
    assert_eq!(dropped[0]["attempts"][0]["fault"], "fault 1: dropped");
    assert_eq!(dropped[0]["attempts"][0]["status"], Value::Null);
    assert_eq!(deliveries(&sandbox, "delivered").await.len(), 1);
    assert_eq!(deliveries(&sandbox, "pending").await.len(), 0);
    assert_eq!(fault(&sandbox, &id).await["times"], 0);
    let told = sandbox.get("/sim/events?type=delivery").ok().await.json();
    let dropped_event = &told["events"][0];
    assert_eq!(
        (&dropped_event["state"], &dropped_event["detail"]),
        (&json!("dropped"), &json!("fault 1: dropped"))
    );
    // It can be sent late.
    let path = format!("/sim/deliveries/{}/replay", dropped[0]["id"].as_str().unwrap());
    sandbox.post(&path).ok().await;
    assert_eq!(texts(&sandbox, &receiver).await, ["lost"]);
}

/// What one person does is never told, in either direction; everybody else is heard.
#[tokio::test]
async fn one_person_can_be_blackholed() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"name": "blackhole", "person": "ana.customer"})).await;
    ana(&sandbox, "unheard").await;
    let body = message(&sandbox, "echo unheard");
    sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await;
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "heard"})).await;
    assert_eq!(texts(&sandbox, &receiver).await, ["heard"]);
    assert_eq!(deliveries(&sandbox, "dropped").await.len(), 2);
}

#[tokio::test]
async fn a_fault_is_narrowed_by_field_account_endpoint_and_echo() {
    let (sandbox, receiver) = heard().await;
    let mid = ana(&sandbox, "one").await;
    let react = async || {
        sandbox.sim("people/ana.customer/react", json!({"mid": mid, "reaction": "love"})).await;
        sandbox.sim("people/ana.customer/unreact", json!({"mid": mid})).await;
    };
    sandbox.deliver().await;
    receiver.rest().await;
    set(&sandbox, json!({"on": "webhook", "field": "message_reactions", "drop": 1})).await;
    react().await;
    ana(&sandbox, "two").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["two"]);
    end(&sandbox).await;
    set(&sandbox, json!({"on": "webhook", "account": "posthaste.cafe", "drop": 1})).await;
    sandbox.person_writes("PAGE_IG_USERNAME", "to the café").await;
    ana(&sandbox, "to the shop").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["to the shop"]);
    end(&sandbox).await;
    set(&sandbox, json!({"on": "webhook", "echo": true, "drop": 1})).await;
    let body = message(&sandbox, "an echo");
    sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await;
    ana(&sandbox, "no echo").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["no echo"]);
    end(&sandbox).await;
    let endpoint = deliveries(&sandbox, "delivered").await[0]["endpoint"].clone();
    set(&sandbox, json!({"on": "webhook", "endpoint": endpoint, "drop": 1})).await;
    sandbox.person_writes("PAGE_IG_USERNAME", "by the other endpoint").await;
    ana(&sandbox, "by this one").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["by the other endpoint"]);
}

fn signed_by(received: &Received, secret: &str) -> bool {
    signature::verify(secret, &received.body, received.header(signature::SHA256_HEADER))
}

#[tokio::test]
async fn duplicates_are_the_same_bytes_or_stamped_anew() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "duplicate": 1, "times": 1})).await;
    ana(&sandbox, "twice").await;
    sandbox.deliver().await;
    let same = receiver.rest().await;
    assert_eq!(same.len(), 2);
    assert_eq!(same[0].body, same[1].body);
    set(&sandbox, json!({"on": "webhook", "duplicate": 3, "restamp": true, "times": 1})).await;
    ana(&sandbox, "four times").await;
    sandbox.deliver().await;
    let anew = receiver.rest().await;
    assert_eq!(anew.len(), 4);
    let times: std::collections::BTreeSet<i64> =
        anew.iter().map(|received| received.json()["entry"][0]["time"].as_i64().unwrap()).collect();
    assert_eq!(times.len(), 4);
    for received in &anew {
        assert_eq!(received.event(), anew[0].event());
        assert!(signed_by(received, sandbox.env("INSTAGRAM_APP_SECRET")));
    }
    let attempts = deliveries(&sandbox, "delivered").await[0]["attempts"].clone();
    assert_eq!(attempts.as_array().unwrap().len(), 4);
    assert!(attempts.as_array().unwrap().iter().all(|a| a["fault"] == "fault 2: sent 4 times"));
}

#[tokio::test]
async fn what_is_delayed_comes_on_the_worlds_clock_and_keeps_its_own_time() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "delay": "20m", "duplicate": 1, "times": 1})).await;
    ana(&sandbox, "late").await;
    ana(&sandbox, "in time").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["in time"]);
    let held = deliveries(&sandbox, "retrying").await;
    assert_eq!(
        (held[0]["attempt_count"].clone(), held[0]["next_attempt_at"].clone()),
        (json!(0), json!("2026-03-02T09:20:00.000Z"))
    );
    assert_eq!(held[0]["reason"], "fault 1: held back until 2026-03-02T09:20:00.000Z");
    sandbox.advance("19m59s").await;
    assert!(texts(&sandbox, &receiver).await.is_empty());
    sandbox.advance("1s").await;
    sandbox.deliver().await;
    let late = receiver.rest().await;
    assert_eq!(late.len(), 2, "and twice, as the same fault says");
    let entry = late[0].json()["entry"][0].clone();
    let (stamped, happened) =
        (entry["time"].as_i64().unwrap(), late[0].event()["timestamp"].as_i64().unwrap());
    assert_eq!(stamped - happened, 20 * 60 * 1000);
    assert!(deliveries(&sandbox, "retrying").await.is_empty());
}

/// A delay past the age at which retries end.
#[tokio::test]
async fn what_is_delayed_for_two_days_still_comes() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "delay": "2d", "times": 1})).await;
    ana(&sandbox, "late").await;
    sandbox.deliver().await;
    sandbox.advance("48h").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["late"]);
}

#[tokio::test]
async fn the_next_event_of_the_conversation_comes_first() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "reorder": true, "person": "ana.customer", "times": 1})).await;
    let mid = ana(&sandbox, "first").await;
    sandbox.sim("people/ben.customer/send", json!({"to": "posthaste.shop", "text": "of another"})).await;
    assert_eq!(texts(&sandbox, &receiver).await, ["of another"], "that is another conversation");
    sandbox.sim("people/ana.customer/edit", json!({"mid": mid, "text": "second"})).await;
    sandbox.deliver().await;
    let come = receiver.rest().await;
    assert_eq!(come[0].event()["message_edit"]["text"], "second");
    assert_eq!(come[1].event()["message"]["text"], "first");
    // If nothing follows, it comes by itself.
    set(&sandbox, json!({"on": "webhook", "reorder": true, "times": 1})).await;
    ana(&sandbox, "alone").await;
    assert!(texts(&sandbox, &receiver).await.is_empty());
    sandbox.advance("10s").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["alone"]);
}

#[tokio::test]
async fn wrong_signatures_of_every_kind() {
    let (sandbox, receiver) = heard().await;
    let (own, other) = (sandbox.env("INSTAGRAM_APP_SECRET"), sandbox.env("APP_SECRET"));
    for kind in [
        "wrong_secret",
        "unsigned",
        "sha1_only",
        "sha256_only",
        "other_product",
        "upper_case",
        "reserialised",
    ] {
        set(&sandbox, json!({"on": "webhook", "bad_signature": kind, "times": 1})).await;
        ana(&sandbox, "é/").await;
        sandbox.deliver().await;
        let received = receiver.next().await;
        let (newer, older) =
            (received.header(signature::SHA256_HEADER), received.header(signature::SHA1_HEADER));
        let right = (signature::sha256(own, &received.body), signature::sha1(own, &received.body));
        match kind {
            "unsigned" => assert_eq!((newer, older), ("", "")),
            "sha1_only" => assert_eq!((newer, older), ("", &*right.1)),
            "sha256_only" => assert_eq!((newer, older), (&*right.0, "")),
            "other_product" => assert!(signed_by(&received, other) && !older.is_empty()),
            "upper_case" => {
                assert_ne!(newer, right.0);
                assert_eq!(newer.to_ascii_lowercase(), right.0);
                assert!(newer.starts_with("sha256=") && older.starts_with("sha1="));
            }
            "reserialised" => {
                assert!(!signed_by(&received, own));
                let rewritten = received.json().to_string();
                assert_eq!(newer, signature::sha256(own, rewritten.as_bytes()));
            }
            _ => assert!(
                newer.len() == right.0.len() && !signed_by(&received, own) && !signed_by(&received, other)
            ),
        }
        let attempt = deliveries(&sandbox, "delivered").await[0]["attempts"][0]["fault"].clone();
        assert!(attempt.as_str().unwrap().ends_with(&format!("signed wrongly ({kind})")), "{attempt}");
    }
    set(&sandbox, json!({"on": "webhook", "bad_signature": 1, "times": 1})).await;
    ana(&sandbox, "number").await;
    assert!(!signed_by(&receiver.next().await, own));
    ana(&sandbox, "right again").await;
    assert!(signed_by(&receiver.next().await, own));
}

/// Three attempts fail as if the endpoint had answered so; the fourth is real.
#[tokio::test]
async fn the_endpoint_is_taken_to_have_failed() {
    let (sandbox, receiver) = heard().await;
    for status in [json!(500), json!("timeout"), json!("reset")] {
        set(&sandbox, json!({"on": "webhook", "status": status, "times": 1})).await;
    }
    ana(&sandbox, "at last").await;
    for wait in ["1s", "10s", "1m"] {
        assert!(texts(&sandbox, &receiver).await.is_empty());
        assert_eq!(deliveries(&sandbox, "retrying").await.len(), 1);
        sandbox.advance(wait).await;
    }
    assert_eq!(texts(&sandbox, &receiver).await, ["at last"]);
    let attempts = deliveries(&sandbox, "delivered").await[0]["attempts"].clone();
    assert_eq!(attempts[0]["status"], 500);
    assert_eq!(
        (&attempts[1]["error"], &attempts[2]["error"]),
        (&json!("no answer in time"), &json!("the connection was reset"))
    );
    assert_eq!(attempts[0]["fault"], "fault 1: taken as answered 500, not sent");
    assert_eq!((&attempts[3]["fault"], &attempts[3]["number"]), (&Value::Null, &json!(4)));
}

/// The receiver has it, but the answer is lost: it comes again.
#[tokio::test]
async fn the_endpoints_answer_is_lost() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "status": 502, "apply": "after", "times": 1})).await;
    ana(&sandbox, "twice").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["twice"]);
    sandbox.advance("1s").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["twice"]);
    assert!(deliveries(&sandbox, "retrying").await.is_empty());
}

#[tokio::test]
async fn events_are_gathered_into_one_request_of_several_accounts_and_kinds() {
    let (sandbox, receiver) = heard().await;
    // Both accounts through one callback, so that a request can hold entries of both.
    let cafe = sandbox.env("PAGE_IG_ID");
    let world = sandbox.get("/sim/world").ok().await.json();
    let account = world["accounts"].as_array().unwrap().iter().find(|a| a["id"] == cafe).unwrap().clone();
    let token = account["tokens"]["instagram"].as_str().unwrap();
    sandbox
        .post("/me/subscribed_apps")
        .token(token)
        .json(&json!({"subscribed_fields": "messages"}))
        .ok()
        .await;
    let page_token = sandbox.env("PAGE_ACCESS_TOKEN");
    sandbox.call("DELETE", "/me/subscribed_apps").token(page_token).ok().await;
    let id = set(&sandbox, json!({"on": "webhook", "batch": 3, "times": 1})).await;
    let mid = ana(&sandbox, "one").await;
    sandbox.person_writes("PAGE_IG_USERNAME", "two").await;
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
    assert_eq!(deliveries(&sandbox, "pending").await.len(), 2);
    sandbox.sim("people/ana.customer/react", json!({"mid": mid, "reaction": "love"})).await;
    let body = receiver.next().await;
    let entries = body.json()["entry"].as_array().unwrap().clone();
    assert_eq!(entries.len(), 3);
    let accounts: std::collections::BTreeSet<&str> =
        entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(accounts.len(), 2);
    assert!(signed_by(&body, sandbox.env("INSTAGRAM_APP_SECRET")));
    sandbox.deliver().await;
    assert_eq!(fault(&sandbox, &id).await["times"], 0);
    ana(&sandbox, "alone again").await;
    assert_eq!(texts(&sandbox, &receiver).await, ["alone again"]);
    // What waits for others goes when the fault does.
    set(&sandbox, json!({"on": "webhook", "batch": 100})).await;
    ana(&sandbox, "kept waiting").await;
    assert!(texts(&sandbox, &receiver).await.is_empty());
    end(&sandbox).await;
    assert_eq!(texts(&sandbox, &receiver).await, ["kept waiting"]);
}

#[tokio::test]
async fn the_envelope_can_be_a_list() {
    let (sandbox, receiver) = heard().await;
    set(&sandbox, json!({"on": "webhook", "envelope": "array", "times": 1})).await;
    ana(&sandbox, "hi").await;
    let received = receiver.next().await;
    assert_eq!(received.json()[0]["entry"][0]["messaging"][0]["message"]["text"], "hi");
    assert!(signed_by(&received, sandbox.env("INSTAGRAM_APP_SECRET")));
}

async fn which_are_dropped(receiver: &Receiver, sandbox: &Sandbox) -> Vec<String> {
    for n in 0..20 {
        ana(sandbox, &n.to_string()).await;
    }
    texts(sandbox, receiver).await
}

/// What chance does follows from the world's seed, whatever else happens in it.
#[tokio::test]
async fn shares_are_the_same_in_every_run() {
    let mut runs = Vec::new();
    for other_calls in [0, 3] {
        let (sandbox, receiver) = heard().await;
        let id = set(&sandbox, json!({"on": "webhook", "drop": 0.5})).await;
        for _ in 0..other_calls {
            sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
        }
        let come = which_are_dropped(&receiver, &sandbox).await;
        assert!((4..=16).contains(&come.len()), "{come:?}");
        assert_eq!(fault(&sandbox, &id).await["struck"], json!(20 - come.len()));
        runs.push(come);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_probability_counts_only_strikes() {
    let (sandbox, receiver) = heard().await;
    let id = set(&sandbox, json!({"on": "webhook", "drop": 1, "probability": 0.3, "times": 2})).await;
    let come = which_are_dropped(&receiver, &sandbox).await;
    assert_eq!(come.len(), 18);
    assert_eq!(fault(&sandbox, &id).await["times"], 0);
}
