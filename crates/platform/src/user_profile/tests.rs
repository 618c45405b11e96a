//! Profiles, through the public interface. The fields and errors have their scenarios.

use serde_json::{Value, json};
use testkit::Sandbox;

/// The status of the shop's look at a person.
async fn look(sandbox: &Sandbox, igsid: &str) -> u16 {
    sandbox.get(&format!("/v25.0/{igsid}")).token(sandbox.env("IG_ACCESS_TOKEN")).send().await.status
}

async fn new_person(sandbox: &Sandbox, username: &str) -> String {
    let person = sandbox.sim("people", json!({"username": username})).await;
    person["igsids"]["posthaste.shop"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn consent_comes_with_what_is_written_or_tapped_and_with_nothing_else() {
    let sandbox = Sandbox::start().await;
    let set = sandbox.post("/v25.0/me/messenger_profile").token(sandbox.env("IG_ACCESS_TOKEN"));
    let menu = json!({"persistent_menu": [{"call_to_actions": [
        {"type": "postback", "title": "Help", "payload": "HELP"},
        {"type": "web_url", "title": "Shop", "url": "https://shop.example"}]}]});
    set.json(&menu).ok().await;
    let ad = sandbox.sim("ads", json!({"account": "posthaste.shop"})).await["id"].clone();
    let to = "posthaste.shop";
    let acts: Vec<(&str, &str, Value, u16)> = vec![
        ("text", "send", json!({"to": to, "text": "Hi"}), 200),
        ("heart", "send", json!({"to": to, "like_heart": true}), 200),
        ("menu", "tap", json!({"to": to, "menu": [0]}), 200),
        ("page", "tap", json!({"to": to, "menu": [1]}), 403),
        ("link", "tap", json!({"to": to, "ref": "x"}), 403),
        ("ad", "tap", json!({"to": to, "ad": ad}), 403),
        ("follow", "follow", json!({"to": to}), 403),
        ("typing", "typing", json!({"to": to}), 403),
        ("block", "block", json!({"to": to}), 403),
    ];
    for (name, act, body, status) in acts {
        let igsid = new_person(&sandbox, name).await;
        assert_eq!(look(&sandbox, &igsid).await, 403, "{name}: before");
        sandbox.sim(&format!("people/{name}/{act}"), body).await;
        assert_eq!(look(&sandbox, &igsid).await, status, "{name}");
        // One account's consent is no other's.
        let elsewhere = sandbox.get("/sim/world").ok().await.json();
        let person = elsewhere["people"].as_array().unwrap().iter().find(|p| p["username"] == name).unwrap();
        let at_cafe = person["igsids"]["posthaste.cafe"].as_str().unwrap();
        let answer =
            sandbox.get(&format!("/v25.0/{at_cafe}")).token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await;
        assert_eq!(answer.error(), (403, 230, 0), "{name}");
    }
}

#[tokio::test]
async fn a_block_hides_and_gives_back() {
    let sandbox = Sandbox::start().await;
    let igsid = sandbox.env("IGSID").to_owned();
    assert_eq!(look(&sandbox, &igsid).await, 200, "the demo person has written");
    for (act, status) in [("block", 403), ("unblock", 200)] {
        sandbox.sim(&format!("people/ana.customer/{act}"), json!({"to": "posthaste.shop"})).await;
        assert_eq!(look(&sandbox, &igsid).await, status, "{act}");
    }
}

#[tokio::test]
async fn two_changes_of_a_person_at_once_are_both_kept() {
    let sandbox = Sandbox::start().await;
    for round in 0..10 {
        let patch = |body: Value| sandbox.call("PATCH", "/sim/people/ben.customer").json(&body);
        let (name, count) = (format!("Ben {round}"), 100 + round);
        tokio::join!(patch(json!({"name": name})).ok(), patch(json!({"follower_count": count})).ok());
        let world = sandbox.get("/sim/world").ok().await.json();
        let ben =
            world["people"].as_array().unwrap().iter().find(|p| p["username"] == "ben.customer").unwrap();
        assert_eq!((&ben["name"], &ben["follower_count"]), (&json!(name), &json!(count)));
    }
}
