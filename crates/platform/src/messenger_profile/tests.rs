//! Messenger profiles, through the public interface. Shapes and limits have their scenarios.

use serde_json::{Value, json};
use testkit::Sandbox;

const PATH: &str = "/v25.0/me/messenger_profile?platform=instagram&fields=ice_breakers,persistent_menu";

fn breakers(question: &str) -> Value {
    json!([{"question": question, "payload": "P"}])
}

async fn set(sandbox: &Sandbox, token: &str, body: &Value) {
    sandbox
        .post("/v25.0/me/messenger_profile?platform=instagram")
        .token(sandbox.env(token))
        .json(body)
        .ok()
        .await;
}

async fn get(sandbox: &Sandbox, token: &str) -> Value {
    sandbox.get(PATH).token(sandbox.env(token)).ok().await.json()["data"].clone()
}

#[tokio::test]
async fn each_account_has_its_own_and_a_reset_takes_them() {
    let sandbox = Sandbox::start().await;
    set(&sandbox, "IG_ACCESS_TOKEN", &json!({"ice_breakers": breakers("Shop?")})).await;
    set(&sandbox, "PAGE_ACCESS_TOKEN", &json!({"ice_breakers": breakers("Café?")})).await;
    assert_eq!(get(&sandbox, "IG_ACCESS_TOKEN").await[0]["call_to_actions"][0]["question"], "Shop?");
    assert_eq!(get(&sandbox, "PAGE_ACCESS_TOKEN").await[0]["call_to_actions"][0]["question"], "Café?");
    let world = sandbox.get("/sim/world").ok().await.json();
    assert_eq!(world["accounts"][0]["ice_breakers"][0]["call_to_actions"][0]["question"], "Shop?");
    sandbox.sim("reset", json!({})).await;
    assert_eq!(get(&sandbox, "IG_ACCESS_TOKEN").await, json!([]));
}

/// Setting one property leaves the other, also when both are set at once by two requests.
#[tokio::test]
async fn the_properties_do_not_take_each_other_away() {
    let sandbox = Sandbox::start().await;
    let menu = json!([{"call_to_actions": [{"type": "postback", "title": "Help", "payload": "HELP"}]}]);
    for round in 0..10 {
        let question = format!("Question {round}?");
        let (one, other) = (json!({"ice_breakers": breakers(&question)}), json!({"persistent_menu": menu}));
        tokio::join!(set(&sandbox, "IG_ACCESS_TOKEN", &one), set(&sandbox, "IG_ACCESS_TOKEN", &other));
        let data = get(&sandbox, "IG_ACCESS_TOKEN").await;
        assert_eq!(data[0]["call_to_actions"][0]["question"], question);
        assert_eq!(data[1]["persistent_menu"][0]["call_to_actions"][0]["title"], "Help");
    }
}

#[tokio::test]
async fn people_see_what_is_offered_in_their_language() {
    let sandbox = Sandbox::start().await;
    let body = json!({
        "ice_breakers": [{"call_to_actions": [{"question": "Open?", "payload": "OPEN"}]},
            {"call_to_actions": [{"question": "Offen?", "payload": "OFFEN"}], "locale": "de_DE"}],
        "persistent_menu": [{"call_to_actions": [{"type": "postback", "title": "Help", "payload": "HELP"}]}]});
    set(&sandbox, "IG_ACCESS_TOKEN", &body).await;
    let patch = sandbox.call("PATCH", "/sim/people/ana.customer").json(&json!({"locale": "de_DE"}));
    assert_eq!(patch.ok().await.json()["locale"], "de_DE");
    let inbox = sandbox.get("/sim/people/ana.customer/inbox").ok().await.json();
    let shop =
        inbox["conversations"].as_array().unwrap().iter().find(|c| c["with"] == "posthaste.shop").unwrap();
    assert_eq!(shop["ice_breakers"], json!([{"question": "Offen?", "payload": "OFFEN"}]));
    assert_eq!(shop["menu"], json!([{"type": "postback", "title": "Help", "payload": "HELP"}]));
    for wrong in ["German", "de-DE", "DE_de"] {
        let refused =
            sandbox.call("PATCH", "/sim/people/ana.customer").json(&json!({"locale": wrong})).send().await;
        assert_eq!(
            (refused.status, &refused.json()["error"]["parameter"]),
            (400, &json!("locale")),
            "{wrong}"
        );
    }
}

/// What a tap may name, and what the sim says of the rest.
#[tokio::test]
async fn one_tap_taps_one_thing() {
    let sandbox = Sandbox::start().await;
    let tap = |body: Value| sandbox.post("/sim/people/ana.customer/tap").json(&body);
    let to = "posthaste.shop";
    for (body, parameter) in [
        (json!({}), "mid"),
        (json!({"ice_breaker": 0}), "to"),
        (json!({"to": to, "ice_breaker": 0, "menu": [0]}), "to"),
        (json!({"to": to, "ice_breaker": 0, "quick_reply": 0}), "quick_reply"),
        (json!({"to": to, "ad": 1, "mid": "x"}), "mid"),
        (json!({"to": to, "menu": [0, 1]}), "menu"),
        (json!({"to": to, "menu": []}), "menu"),
        (json!({"to": to, "ad": "summer"}), "ad"),
        (json!({"to": to, "ad": "120230000000000999"}), "ad"),
        (json!({"to": to, "flow": "2100000000000999"}), "flow"),
        (json!({"to": "nobody", "ice_breaker": 0}), "to"),
        (json!({"to": to, "ref": "x".repeat(2084)}), "ref"),
    ] {
        let refused = tap(body.clone()).send().await;
        assert!(matches!(refused.status, 400 | 404), "{body}: {}", refused.text());
        assert_eq!(refused.json()["error"]["parameter"], parameter, "{body}: {}", refused.text());
    }
    // A blocked account offers nothing.
    set(&sandbox, "IG_ACCESS_TOKEN", &json!({"ice_breakers": breakers("Open?")})).await;
    sandbox.sim("people/ana.customer/block", json!({"to": to})).await;
    assert_eq!(tap(json!({"to": to, "ice_breaker": 0})).send().await.status, 409);
}
