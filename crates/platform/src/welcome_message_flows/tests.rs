//! Flows and their files, through the public interface. Shapes and limits have their scenarios.

use serde_json::{Value, json};
use testkit::media::MediaServer;
use testkit::{Answer, Sandbox};

struct World {
    sandbox: Sandbox,
    media: MediaServer,
}

impl World {
    async fn start() -> Self {
        Self { sandbox: Sandbox::start().await, media: MediaServer::start().await }
    }

    fn picture(&self, name: &str) -> Value {
        json!([{"message": {"attachment": {"type": "image", "payload": {"url": self.media.url(name)}}}}])
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let call = self.sandbox.post(&format!("/v25.0/me/{path}")).token(self.sandbox.env("IG_ACCESS_TOKEN"));
        call.json(body).send().await
    }

    async fn new_flow(&self, messages: &Value) -> String {
        let body =
            json!({"name": "N", "eligible_platforms": ["instagram"], "welcome_message_flow": messages});
        let answer = self.post("welcome_message_flows", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["flow_id"].as_str().unwrap().to_owned()
    }

    /// What a new person is shown of a flow: the addresses of its files.
    async fn shown(&self, person: &str, flow: &str) -> Vec<String> {
        self.sandbox.sim("people", json!({"username": person})).await;
        let tap = json!({"to": "posthaste.shop", "flow": flow});
        let shown = self.sandbox.sim(&format!("people/{person}/tap"), tap).await;
        let files =
            shown["shown"].as_array().unwrap().iter().flat_map(|m| m["attachments"].as_array().unwrap());
        files.map(|file| file["url"].as_str().unwrap().to_owned()).collect()
    }

    async fn status(&self, url: &str) -> u16 {
        self.sandbox.get(url.strip_prefix("http://127.0.0.1:8430").unwrap()).send().await.status
    }
}

/// What one person was shown stays theirs, whatever becomes of the flow and of what others were shown.
#[tokio::test]
async fn files_of_a_flow_go_with_it_and_those_in_threads_stay() {
    let world = World::start().await;
    let flow = world.new_flow(&world.picture("/a.png")).await;
    let [of_dora, of_emil] =
        [world.shown("dora", &flow).await, world.shown("emil", &flow).await].map(|mut files| files.remove(0));
    assert_ne!(of_dora, of_emil);
    let change = json!({"flow_id": flow, "welcome_message_flow": world.picture("/a.gif")});
    assert_eq!(world.post("welcome_message_flows", &change).await.status, 200);
    assert_eq!((world.status(&of_dora).await, world.status(&of_emil).await), (200, 200));
    let of_fay = world.shown("fay", &flow).await.remove(0);
    let path = format!("/v25.0/me/welcome_message_flows?flow_id={flow}");
    world.sandbox.call("DELETE", &path).token(world.sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    // Dora writes, so that it comes into her thread; Fay is shown another flow instead.
    world.sandbox.sim("people/dora/send", json!({"to": "posthaste.shop", "text": "Hi"})).await;
    let other = world.new_flow(&json!([{"message": {"text": "Hello"}}])).await;
    world.sandbox.sim("people/fay/tap", json!({"to": "posthaste.shop", "flow": other})).await;
    assert_eq!(
        (world.status(&of_dora).await, world.status(&of_emil).await, world.status(&of_fay).await),
        (200, 200, 404)
    );
}

/// An upload for one send is used up by a flow as by a message.
#[tokio::test]
async fn uploads_in_flows() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for is_reusable in [true, false] {
        let payload = json!({"url": world.media.url("/a.png"), "is_reusable": is_reusable});
        let body = json!({"message": {"attachment": {"type": "image", "payload": payload}}});
        let id = world.post("message_attachments", &body).await.json()["attachment_id"].clone();
        ids.push(id.as_str().unwrap().to_owned());
    }
    for (id, again) in ids.iter().zip([200, 400]) {
        let messages =
            json!([{"message": {"attachment": {"type": "image", "payload": {"attachment_id": id}}}}]);
        let flow = world.new_flow(&messages).await;
        assert_eq!(world.shown(&format!("of.{flow}"), &flow).await.len(), 1);
        let body =
            json!({"name": "N", "eligible_platforms": ["instagram"], "welcome_message_flow": messages});
        assert_eq!(world.post("welcome_message_flows", &body).await.status, again, "{id}");
    }
}

/// A change that is refused changes nothing: not the messages before the one that is wrong, and no file of theirs goes.
#[tokio::test]
async fn a_refused_change_leaves_the_flow() {
    let world = World::start().await;
    let flow = world.new_flow(&world.picture("/a.png")).await;
    let missing = json!({"message": {"attachment": {"type": "image", "payload": {"attachment_id": "1900000000099999"}}}});
    let change = json!({"flow_id": flow, "name": "Changed", "welcome_message_flow": [{"message": {"text": "Hi"}}, missing]});
    assert_eq!(world.post("welcome_message_flows", &change).await.error(), (400, 100, 2_018_074));
    let listed =
        world.sandbox.get("/v25.0/me/welcome_message_flows").token(world.sandbox.env("IG_ACCESS_TOKEN"));
    assert_eq!(listed.ok().await.json()["data"][0]["name"], "N");
    let file = world.shown("dora", &flow).await.remove(0);
    assert_eq!(world.status(&file).await, 200);
}

/// What is shown and not answered is in no thread: the API does not list it, the person sees it after a restart of the app.
#[tokio::test]
async fn what_is_shown_is_in_no_thread() {
    let world = World::start().await;
    let flow = world.new_flow(&json!([{"message": {"text": "Hello"}}])).await;
    let tap = json!({"to": "posthaste.shop", "flow": flow});
    let mid = world.sandbox.sim("people/ana.customer/tap", tap).await["shown"][0]["mid"].clone();
    let mid = mid.as_str().unwrap();
    let node =
        world.sandbox.get(&format!("/v25.0/{mid}")).token(world.sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(node.error(), (400, 100, 33));
    let inbox = world.sandbox.inbox("IG_USERNAME").await;
    assert_eq!(inbox.last().unwrap().1, "Hello");
    for (act, body) in [("react", json!({"mid": mid})), ("unsend", json!({"mid": mid}))] {
        let refused = world.sandbox.post(&format!("/sim/people/ana.customer/{act}")).json(&body).send().await;
        assert_eq!(refused.status, 404, "{act}");
    }
    world.sandbox.person_writes("IG_USERNAME", "Hi").await;
    let node = world
        .sandbox
        .get(&format!("/v25.0/{mid}?fields=message"))
        .token(world.sandbox.env("IG_ACCESS_TOKEN"));
    assert_eq!(node.ok().await.json()["message"], "Hello");
}
