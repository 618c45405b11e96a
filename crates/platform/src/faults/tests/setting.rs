use super::{end, fault, set};
use serde_json::{Value, json};
use testkit::Sandbox;

#[tokio::test]
async fn faults_are_listed_shown_and_removed() {
    let sandbox = Sandbox::start().await;
    let asked = json!({"on": "POST /*/messages", "error": {"code": 10, "subcode": 2_534_022}, "latency": "5s", "times": 3});
    let made = sandbox.sim("faults", asked.clone()).await;
    let mut shown = json!({"id": "1"});
    shown.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
    shown["struck"] = json!(0);
    assert_eq!(made, shown);
    let second = set(&sandbox, json!({"on": "webhook", "drop": 0.1})).await;
    assert_eq!(fault(&sandbox, "1").await, made);
    let list = async || sandbox.get("/sim/faults").ok().await.json()["faults"].as_array().unwrap().len();
    assert_eq!(list().await, 2);
    let one = format!("/sim/faults/{second}");
    assert_eq!(sandbox.call("DELETE", &one).ok().await.json(), json!({}));
    assert_eq!(sandbox.call("DELETE", &one).send().await.status, 404);
    assert_eq!(sandbox.get(&one).send().await.status, 404);
    assert_eq!(list().await, 1);
    end(&sandbox).await;
    assert_eq!(list().await, 0);
    assert_eq!(set(&sandbox, json!({"on": "webhook", "drop": 1})).await, "3", "numbers are not used twice");
}

#[tokio::test]
async fn a_reset_removes_faults_and_counts_anew() {
    let sandbox = Sandbox::start().await;
    set(&sandbox, json!({"name": "outage"})).await;
    sandbox.sim("reset", json!({})).await;
    assert_eq!(sandbox.get("/sim/faults").ok().await.json(), json!({"faults": []}));
    sandbox.get("/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    assert_eq!(set(&sandbox, json!({"on": "webhook", "drop": 1})).await, "1");
}

/// What is wrong, or means nothing, is refused by name; nothing is set then.
#[tokio::test]
async fn what_is_wrong_is_refused_by_name() {
    let sandbox = Sandbox::start().await;
    for (fault, parameter) in [
        (json!({}), "on"),
        (json!({"on": "POST"}), "on"),
        (json!({"on": "PUT /me", "error": 1}), "on"),
        (json!({"on": "GET /me"}), "on"),
        (json!({"on": "webhook"}), "on"),
        (json!({"on": "webhook", "drop": 0}), "on"),
        (json!({"on": "file"}), "on"),
        (json!({"name": "meltdown"}), "name"),
        (json!({"on": "GET /me", "error": 1, "times": 0}), "times"),
        (json!({"on": "GET /me", "error": 1, "times": -1}), "times"),
        (json!({"on": "GET /me", "error": 1, "probability": 2}), "probability"),
        (json!({"on": "GET /me", "error": 1, "apply": "later"}), "apply"),
        (json!({"on": "GET /me", "error": "Nonsense"}), "error"),
        (json!({"on": "GET /me", "error": 424_242}), "error"),
        (json!({"on": "GET /me", "error": {"code": 10, "subcode": 1}}), "error"),
        (json!({"on": "GET /me", "error": {"message": "x"}}), "error"),
        (json!({"on": "GET /me", "error": "ParameterRequired"}), "error"),
        (json!({"on": "GET /me", "error": {"code": 1, "status": 200}}), "status"),
        (json!({"on": "GET /me", "error": {"code": 1, "colour": "red"}}), "colour"),
        (json!({"on": "GET /me", "error": [1]}), "error"),
        (json!({"on": "GET /me", "latency": "soon"}), "latency"),
        (json!({"on": "POST /*/messages", "error": 1, "reorder": 1}), "reorder"),
        (json!({"on": "GET /me", "error": 1, "delay": "5s"}), "delay"),
        (json!({"on": "GET /me", "error": 1, "host": "example.com"}), "host"),
        (json!({"on": "GET /me", "error": 1, "account": "nobody"}), "account"),
        (json!({"on": "webhook", "drop": 1.5}), "drop"),
        (json!({"on": "webhook", "drop": "often"}), "drop"),
        (json!({"on": "webhook", "drop": 1, "error": 1}), "error"),
        (json!({"on": "webhook", "drop": 1, "person": "nobody"}), "person"),
        (json!({"on": "webhook", "drop": 1, "field": "nothing"}), "field"),
        (json!({"on": "webhook", "drop": 1, "endpoint": "nowhere"}), "endpoint"),
        (json!({"on": "webhook", "duplicate": 1000}), "duplicate"),
        (json!({"on": "webhook", "drop": 1, "restamp": true}), "restamp"),
        (json!({"on": "webhook", "drop": 1, "apply": "after"}), "apply"),
        (json!({"on": "webhook", "status": 42}), "status"),
        (json!({"on": "webhook", "status": "never"}), "status"),
        (json!({"on": "webhook", "bad_signature": "scribbled"}), "bad_signature"),
        (json!({"on": "webhook", "batch": 1}), "batch"),
        (json!({"on": "webhook", "batch": 3, "person": "ana.customer"}), "batch"),
        (json!({"on": "webhook", "envelope": "box"}), "envelope"),
        (json!({"on": "webhook", "missing": ["everything"]}), "missing"),
        (json!({"on": "webhook", "missing": ["sender"], "drop": 1}), "on"),
        (json!({"on": "webhook", "timestamp": "roman"}), "timestamp"),
        (json!({"on": "webhook", "escapes": "none"}), "escapes"),
        (json!({"on": "webhook", "phantom_edit": "somewhere"}), "phantom_edit"),
        (json!({"on": "webhook", "phantom_edit": "after", "field": "messages"}), "phantom_edit"),
        (json!({"on": "webhook", "phantom_edit": "after", "drop": 1}), "drop"),
        (json!({"on": "file", "status": "gone"}), "status"),
    ] {
        let answer = sandbox.post("/sim/faults").json(&fault).send().await;
        let told = answer.json()["error"].clone();
        assert_eq!((answer.status, told["parameter"].as_str()), (400, Some(parameter)), "{fault}: {told}");
        assert!(told["message"].as_str().is_some_and(|text| text.len() > 5), "{fault}");
    }
    assert_eq!(sandbox.get("/sim/faults").ok().await.json()["faults"], Value::Array(Vec::new()));
}
