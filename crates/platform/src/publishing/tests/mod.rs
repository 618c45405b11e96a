//! Publishing, through the public interface.

mod containers;
mod nodes;
mod published;
mod specifications;
mod uploads;

use graph_api::Host;
use serde_json::{Value, json};
use testkit::media::MediaServer;
use testkit::{Answer, Sandbox};

/// An account over one of the logins, with a server that has its pictures.
struct Author {
    sandbox: Sandbox,
    media: MediaServer,
    host: Host,
}

impl Author {
    async fn new(host: Host) -> Self {
        Self { sandbox: Sandbox::start().await, media: MediaServer::start().await, host }
    }

    fn token(&self) -> &str {
        self.sandbox.env(if self.host == Host::Instagram { "IG_ACCESS_TOKEN" } else { "PAGE_ACCESS_TOKEN" })
    }

    fn id(&self) -> &str {
        self.sandbox.env(if self.host == Host::Instagram { "IG_ID" } else { "PAGE_IG_ID" })
    }

    fn username(&self) -> &str {
        self.sandbox.env(if self.host == Host::Instagram { "IG_USERNAME" } else { "PAGE_IG_USERNAME" })
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.sandbox
            .post(&format!("/v25.0/{path}"))
            .host(self.host.name())
            .token(self.token())
            .json(&body)
            .send()
            .await
    }

    async fn get(&self, path: &str) -> Answer {
        self.sandbox.get(&format!("/v25.0/{path}")).host(self.host.name()).token(self.token()).send().await
    }

    async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    async fn create(&self, body: Value) -> Answer {
        self.post(&format!("{}/media", self.id()), body).await
    }

    /// The id of a container that must be made.
    async fn container(&self, body: Value) -> String {
        let answer = self.create(body.clone()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn publish(&self, container: &str) -> Answer {
        self.post(&format!("{}/media_publish", self.id()), json!({"creation_id": container})).await
    }

    /// The id of the medium that a container becomes, once it is processed.
    async fn published(&self, body: Value) -> String {
        let container = self.container(body).await;
        self.sandbox.advance("5s").await;
        let answer = self.publish(&container).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn status(&self, container: &str) -> (String, String) {
        let shown = self.read(&format!("{container}?fields=status_code,status")).await;
        let text = |name: &str| shown[name].as_str().unwrap().to_owned();
        (text("status_code"), text("status"))
    }

    async fn set(&self, settings: Value) {
        self.sandbox.call("PATCH", "/sim/settings").json(&settings).ok().await;
    }

    fn picture(&self) -> String {
        self.media.url("/picture/1080x1080/a.jpg")
    }

    fn movie(&self) -> String {
        self.media.url("/movie/10/720x1280/a.mp4")
    }
}

async fn both() -> [Author; 2] {
    [Author::new(Host::Instagram).await, Author::new(Host::Facebook).await]
}
