//! Switchboards, control, and activities.

use super::{World, all_triggers, error};
use serde_json::{Value, json};
use testkit::Receiver;

/// A switchboard with the bot first and a human after it.
struct Board {
    world: World,
    human: Receiver,
    human_integration: String,
    bot: String,
    desk: String,
    path: String,
}

impl Board {
    async fn start() -> Self {
        let world = World::start().await;
        let human = Receiver::start("unused").await;
        let hook = json!({"target": human.url, "triggers": all_triggers()});
        let made =
            world.made(&world.path("integrations"), &json!({"type": "custom", "webhooks": [hook]})).await;
        let human_integration = made["integration"]["id"].as_str().unwrap().to_owned();
        let boards = world.path("switchboards");
        let board = world.made(&boards, &json!({})).await["switchboard"].clone();
        assert_eq!(board["enabled"], false);
        let path = format!("{boards}/{}", board["id"].as_str().unwrap());
        let entries = format!("{path}/switchboardIntegrations");
        let entry = async |name: &str, integration: &str| {
            let body = json!({"name": name, "integrationId": integration, "deliverStandbyEvents": false});
            let made = world.made(&entries, &body).await;
            made["switchboardIntegration"]["id"].as_str().unwrap().to_owned()
        };
        let (bot, desk) = (entry("bot", &world.custom).await, entry("desk", &human_integration).await);
        let next = json!({"nextSwitchboardIntegrationId": desk});
        world.call("PATCH", &format!("{entries}/{bot}")).json(&next).ok().await;
        let early = world.call("PATCH", &path).json(&json!({"enabled": true})).send().await;
        assert_eq!(error(&early).1, "switchboard_integration_not_found");
        let body = json!({"enabled": true, "defaultSwitchboardIntegrationId": bot});
        world.call("PATCH", &path).json(&body).ok().await;
        Self { world, human, human_integration, bot, desk, path }
    }

    async fn human_heard(&self) -> Vec<(String, Value)> {
        self.world.settle().await;
        let mut heard = Vec::new();
        for received in self.human.rest().await {
            let event = received.json()["events"][0].clone();
            heard.push((event["type"].as_str().unwrap().to_owned(), event["payload"].clone()));
        }
        heard
    }

    async fn act(&self, conversation: &str, act: &str, body: Value) -> u16 {
        let path = self.world.path(&format!("conversations/{conversation}/{act}"));
        self.world.call("POST", &path).json(&body).send().await.status
    }
}

#[tokio::test]
async fn control_goes_from_the_bot_to_the_human_and_back() {
    let board = Board::start().await;
    let world = &board.world;
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    let heard = world.heard().await;
    let shown = &heard[1].1["conversation"];
    assert_eq!(shown["activeSwitchboardIntegration"]["name"], "bot");
    let id = shown["id"].as_str().unwrap().to_owned();
    assert_eq!(board.human_heard().await, []);

    let body = json!({"switchboardIntegration": "next", "metadata": {"reason": "help"}});
    assert_eq!(board.act(&id, "passControl", body.clone()).await, 200);
    let heard = board.human_heard().await;
    assert_eq!(heard[0].0, "switchboard:passControl");
    assert_eq!(heard[0].1["metadata"], json!({"reason": "help"}));
    assert_eq!(heard[0].1["conversation"]["activeSwitchboardIntegration"]["id"], board.desk.as_str());
    world.heard().await;
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Anybody?").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new(), "the bot is on standby");
    assert_eq!(board.human_heard().await[0].0, "conversation:message");

    // To whoever has it: nothing happens.
    assert_eq!(board.act(&id, "passControl", json!({"switchboardIntegration": "desk"})).await, 200);
    assert_eq!(board.human_heard().await, []);
    // What fails is told, not answered.
    assert_eq!(board.act(&id, "passControl", json!({"switchboardIntegration": "nobody"})).await, 200);
    let heard = board.human_heard().await;
    assert_eq!(
        (heard[0].0.as_str(), &heard[0].1["error"]["code"]),
        ("switchboard:passControl:failure", &json!("switchboard_invalid_target"))
    );
    assert_eq!(board.act(&id, "acceptControl", json!({})).await, 200);
    let heard = board.human_heard().await;
    assert_eq!(heard[0].1["error"]["message"], "There is no pendingSwitchboardIntegration");
    assert_eq!(board.act(&id, "offerControl", json!({"switchboardIntegration": "desk"})).await, 200);
    let heard = board.human_heard().await;
    assert_eq!(heard[0].1["error"]["message"], "Cannot offer control to the active switchboard integration.");

    assert_eq!(board.act(&id, "offerControl", json!({"switchboardIntegration": board.bot})).await, 200);
    let heard = world.heard().await;
    assert_eq!(heard[0].0, "switchboard:offerControl", "whom it is offered to hears of it");
    assert_eq!(heard[0].1["conversation"]["pendingSwitchboardIntegration"]["name"], "bot");
    assert_eq!(board.act(&id, "acceptControl", json!({})).await, 200);
    assert_eq!(world.heard_kinds().await, ["switchboard:acceptControl"]);
    assert_eq!(board.act(&id, "releaseControl", json!({})).await, 200);
    let shown = world.call("GET", &world.path(&format!("conversations/{id}"))).ok().await.json();
    assert!(shown["conversation"].get("activeSwitchboardIntegration").is_none());
    world.heard().await;
    // The next activity assigns the default again.
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello again").await;
    let heard = world.heard().await;
    assert_eq!(heard[0].1["conversation"]["activeSwitchboardIntegration"]["name"], "bot");
}

#[tokio::test]
async fn only_who_is_named_may_accept_and_release() {
    let board = Board::start().await;
    let world = &board.world;
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    let id = world.heard().await[0].1["conversation"]["id"].as_str().unwrap().to_owned();
    let keys = world.path(&format!("integrations/{}/keys", board.human_integration));
    let made = world.made(&keys, &json!({"displayName": "k"})).await;
    let key =
        (made["key"]["id"].as_str().unwrap().to_owned(), made["key"]["secret"].as_str().unwrap().to_owned());
    let path = |act: &str| world.path(&format!("conversations/{id}/{act}"));
    let answer = world.call_as(&key, "POST", &path("releaseControl")).json(&json!({})).send().await;
    assert_eq!((answer.status, error(&answer).1.as_str()), (403, "forbidden"));
    board.act(&id, "offerControl", json!({"switchboardIntegration": "desk"})).await;
    assert_eq!(world.call_as(&key, "POST", &path("acceptControl")).json(&json!({})).send().await.status, 200);
    assert_eq!(
        world.call_as(&key, "POST", &path("releaseControl")).json(&json!({})).send().await.status,
        200
    );
}

#[tokio::test]
async fn a_switchboard_keeps_its_rules() {
    let board = Board::start().await;
    let world = &board.world;
    let again = world.call("POST", &world.path("switchboards")).json(&json!({})).send().await;
    assert_eq!(error(&again).2, "Only one switchboard can be created per app");
    let entries = format!("{}/switchboardIntegrations", board.path);
    let list = world.call("GET", &entries).ok().await.json();
    assert_eq!(list["switchboardIntegrations"].as_array().map(Vec::len), Some(2));
    for id in [&board.bot, &board.desk] {
        assert_eq!(
            world.call("DELETE", &format!("{entries}/{id}")).send().await.status,
            400,
            "default, or next"
        );
    }
    for n in 0..8 {
        world.made(&entries, &json!({"name": format!("n{n}"), "integrationId": world.custom})).await;
    }
    let more = json!({"name": "more", "integrationId": world.custom});
    assert_eq!(
        error(&world.call("POST", &entries).json(&more).send().await).1,
        "too_many_switchboard_integrations"
    );
    assert_eq!(world.call("DELETE", &board.path).ok().await.json(), json!({}));
    assert_eq!(world.call("GET", &world.path("switchboards")).ok().await.json(), json!({"switchboards": []}));
}

#[tokio::test]
async fn activities_become_sender_actions() {
    let world = World::start().await;
    let (id, user) = world.met().await;
    let path = world.path(&format!("conversations/{id}/activity"));
    for kind in ["typing:start", "typing:stop", "conversation:read"] {
        let body = json!({"author": {"type": "business"}, "type": kind});
        assert_eq!(world.call("POST", &path).json(&body).ok().await.json(), json!({}));
    }
    let heard = world.heard_kinds().await;
    assert_eq!(heard, ["conversation:typing", "conversation:typing", "conversation:read"]);
    let shown = world.call("GET", &world.path(&format!("conversations/{id}"))).ok().await.json();
    assert!(shown["conversation"]["businessLastRead"].is_string());
    let user = json!({"author": {"type": "user", "userId": user}, "type": "typing:start"});
    assert_eq!(world.call("POST", &path).json(&user).send().await.status, 400);
}

#[tokio::test]
async fn a_channel_may_have_a_responder_of_its_own() {
    let board = Board::start().await;
    let world = &board.world;
    let path = world.path(&format!("integrations/{}", world.page));
    let shown = world.call("GET", &path).ok().await.json()["integration"]["defaultResponder"].clone();
    assert_eq!((&shown["name"], &shown["inherited"]), (&json!("bot"), &json!(true)));
    let body = json!({"defaultResponderId": board.desk});
    let shown = world.call("PATCH", &path).json(&body).ok().await.json()["integration"].clone();
    assert_eq!(shown["defaultResponder"]["name"], "desk");
    assert_eq!(
        (&shown["defaultResponder"]["inherited"], shown.get("defaultResponderId")),
        (&json!(false), None)
    );
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    assert_eq!(
        board.human_heard().await[0].0,
        "conversation:create",
        "it has the conversation from the beginning"
    );
    assert_eq!(world.heard_kinds().await, Vec::<String>::new());
}
