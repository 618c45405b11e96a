//! A world for tests: the platform and the gateway behind one listener on loopback, on one clock that stands still, and a
//! bot that hears of everything.

mod api;
mod closed_loop;
mod control;
mod files;
mod receiving;
mod sending;

use crate::{Adopted, Gateway, Parts, Settings};
use clock::{Clock, MovableClock as _, SeededChance};
use graph_api::Host;
use graph_client::{Access, Client, Hosts};
use http::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use storage::{Blobs, Database};
use testkit::{Answer, Call, Receiver, Sandbox};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Every trigger that there is.
pub(crate) fn all_triggers() -> Vec<&'static str> {
    sunco_api::triggers::ALL.iter().chain(sunco_api::triggers::EXTENSIONS).copied().collect()
}

/// A world.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) bot: Receiver,
    pub(crate) base: String,
    pub(crate) app: String,
    /// The integration of the account with a page, and of the other one.
    pub(crate) page: String,
    pub(crate) instagram: String,
    /// The bot's integration.
    pub(crate) custom: String,
    key: (String, String),
    account_key: (String, String),
    _ends: oneshot::Sender<()>,
    /// Goes last.
    _place: Option<testkit::Place>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let sandbox = Sandbox::start().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let clock = Arc::clone(&sandbox.clock) as Arc<dyn Clock>;
        let http = net::Client::new(net::AddressPolicy::AllowPrivate);
        let (db, place) = testkit::database(Arc::clone(&clock));
        let parts = Parts {
            db,
            blobs: Blobs::in_memory(),
            clock,
            chance: Arc::new(SeededChance::new(2)),
            key: [9; 32],
            client: http.clone(),
            graph: Client::new(http, Hosts::at(&base)),
            public_url: base.clone(),
            settings,
        };
        let gateway = Gateway::start(parts).await.unwrap();
        let (ends, ended) = oneshot::channel();
        let (platform, served) = (Arc::clone(&sandbox.platform), Arc::clone(&gateway));
        let service = move |request: http::Request<_>, _: SocketAddr| {
            let (platform, gateway) = (Arc::clone(&platform), Arc::clone(&served));
            async move {
                use http_body_util::BodyExt;
                match Gateway::serves(request.uri().path()) {
                    true => gateway.handle(request).await.map(BodyExt::boxed_unsync),
                    false => {
                        let answer = platform.handle(request).await;
                        answer.map(|body| body.map_err(|error| error.to_string()).boxed_unsync())
                    }
                }
            }
        };
        tokio::spawn(net::serve(listener, net::Limits::default(), service, async move {
            let _ = ended.await;
        }));
        let first = gateway.bootstrap().await.unwrap();
        let bot = Receiver::start("unused").await;
        let mut world = Self {
            sandbox,
            gateway,
            bot,
            base,
            app: first.app_id,
            page: String::new(),
            instagram: String::new(),
            custom: String::new(),
            key: (first.app_key.id, first.app_key.secret),
            account_key: (first.account_key.id, first.account_key.secret),
            _ends: ends,
            _place: place,
        };
        world.connect().await;
        world
    }

    /// Connects both accounts through the API, as a customer would, and makes the bot's integration.
    async fn connect(&mut self) {
        let env = |name: &str| self.sandbox.env(name).to_owned();
        let page = json!({
            "type": "instagram", "pageAccessToken": env("PAGE_ACCESS_TOKEN"), "appId": env("APP_ID"),
            "appSecret": env("APP_SECRET"),
        });
        let instagram = json!({
            "type": "instagram", "instagramAccessToken": env("IG_ACCESS_TOKEN"), "appId": env("INSTAGRAM_APP_ID"),
            "appSecret": env("INSTAGRAM_APP_SECRET"),
        });
        let custom = json!({
            "type": "custom", "displayName": "bot",
            "webhooks": [{ "target": self.bot.url, "triggers": all_triggers(), "includeFullUser": false }],
        });
        let path = format!("/v2/apps/{}/integrations", self.app);
        let id = |answer: Value| answer["integration"]["id"].as_str().unwrap().to_owned();
        self.page = id(self.made(&path, &page).await);
        self.instagram = id(self.made(&path, &instagram).await);
        self.custom = id(self.made(&path, &custom).await);
        for product in ["INSTAGRAM_APP_ID", "APP_ID"] {
            let token = self.sandbox.env("APP_ACCESS_TOKEN");
            let client = &self.gateway.graph;
            let (callback, word) = (self.gateway.callback_url(), self.gateway.verify_token());
            client.set_callback(self.sandbox.env(product), token, &callback, &word).await.unwrap();
        }
        // What follows is later than what was there before.
        self.sandbox.clock.advance(Duration::from_secs(1));
    }

    /// A request to the API, with the app's key. `path` begins with `/v2`.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        self.call_as(&self.key, method, path)
    }

    /// A request with another key.
    pub(crate) fn call_as(&self, key: &(String, String), method: &str, path: &str) -> Call {
        self.bare(method, path).header("authorization", &basic(key))
    }

    /// A request with the account's key.
    pub(crate) fn call_as_account(&self, method: &str, path: &str) -> Call {
        self.call_as(&self.account_key, method, path)
    }

    /// A request without credentials.
    pub(crate) fn bare(&self, method: &str, path: &str) -> Call {
        let client = net::Client::new(net::AddressPolicy::AllowPrivate);
        Call::over_http(
            client,
            &format!("{}/sc", self.base),
            Method::from_bytes(method.as_bytes()).unwrap(),
            path,
        )
    }

    /// Posts what must be made.
    pub(crate) async fn made(&self, path: &str, body: &Value) -> Value {
        let answer = self.call("POST", path).json(body).send().await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer.json()
    }

    /// A path below the app.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v2/apps/{}/{rest}", self.app)
    }

    /// A key of the app.
    pub(crate) fn key(&self) -> &(String, String) {
        &self.key
    }

    /// Returns when nothing is under way, on either side.
    pub(crate) async fn settle(&self) {
        let settled = async {
            for _ in 0..4 {
                self.sandbox.deliver().await;
                self.gateway.settled().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), settled).await.expect("it ends");
    }

    /// Moves the clock of both.
    pub(crate) async fn advance(&self, span: &str) {
        self.sandbox.advance(span).await;
        self.gateway.clock_moved().await;
    }

    /// What the bot has heard since it was last asked: kinds and payloads.
    pub(crate) async fn heard(&self) -> Vec<(String, Value)> {
        self.settle().await;
        let mut heard = Vec::new();
        for received in self.bot.rest().await {
            for event in received.json()["events"].as_array().unwrap() {
                heard.push((event["type"].as_str().unwrap().to_owned(), event["payload"].clone()));
            }
        }
        heard
    }

    /// The kinds of what the bot has heard.
    pub(crate) async fn heard_kinds(&self) -> Vec<String> {
        self.heard().await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// The demo person writes to the account with a page; answers the conversation's id, and the user's. What the bot
    /// heard of it is dropped.
    pub(crate) async fn met(&self) -> (String, String) {
        self.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
        let heard = self.heard().await;
        let payload = &heard.first().expect("the bot hears of it").1;
        let id = |of: &str| payload[of]["id"].as_str().unwrap().to_owned();
        (id("conversation"), id("user"))
    }

    /// Posts a text of the business.
    pub(crate) async fn says(&self, conversation: &str, text: &str) -> Value {
        self.posts(conversation, json!({ "type": "text", "text": text })).await
    }

    /// Posts a content of the business; answers the message.
    pub(crate) async fn posts(&self, conversation: &str, content: Value) -> Value {
        let body = json!({ "author": { "type": "business" }, "content": content });
        let path = self.path(&format!("conversations/{conversation}/messages"));
        self.made(&path, &body).await["messages"][0].clone()
    }

    /// The texts of the account with a page, as the demo person sees them.
    pub(crate) async fn seen(&self) -> Vec<String> {
        let own = self.sandbox.env("PAGE_IG_USERNAME");
        let inbox = self.sandbox.inbox("PAGE_IG_USERNAME").await;
        inbox.into_iter().filter(|(from, _)| from == own).map(|(_, text)| text).collect()
    }

    /// The texts of a conversation, as the API lists them.
    pub(crate) async fn listed(&self, conversation: &str) -> Vec<String> {
        let path = self.path(&format!("conversations/{conversation}/messages"));
        let list = self.call("GET", &path).ok().await.json();
        let text = |message: &Value| message["content"]["text"].as_str().unwrap_or_default().to_owned();
        list["messages"].as_array().unwrap().iter().map(text).collect()
    }
}

/// `Authorization` of a key.
pub(crate) fn basic((id, secret): &(String, String)) -> String {
    format!("Basic {}", base64(format!("{id}:{secret}").as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |n, b| (n << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            match at <= chunk.len() {
                true => text.push(char::from(ALPHABET[(number >> (18 - 6 * at)) as usize & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

/// Status, code and title of an error.
pub(crate) fn error(answer: &Answer) -> (u16, String, String) {
    let body = answer.json();
    let of = |name: &str| body["errors"][0][name].as_str().unwrap_or_default().to_owned();
    (answer.status, of("code"), of("title"))
}

#[tokio::test]
async fn an_adopted_account_is_made_once() {
    let world = World::start().await;
    let access = Access { host: Host::Facebook, token: "EAA1".to_owned(), app_secret: "secret".to_owned() };
    let adopted = Adopted {
        name: "page".to_owned(),
        app_id: world.app.clone(),
        meta_app_id: "1".to_owned(),
        access,
        business_id: "2".to_owned(),
        username: "u".to_owned(),
        display_name: "U".to_owned(),
        page_id: Some("3".to_owned()),
    };
    let id = world.gateway.adopt(adopted.clone()).await.unwrap();
    assert_eq!(world.gateway.adopt(adopted).await.unwrap(), id);
    world.met().await;
    world.gateway.reset().await.unwrap();
    let all = world.call("GET", &world.path("integrations")).ok().await.json();
    let ids: Vec<&str> =
        all["integrations"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [id], "what was adopted stays, and the keys");
}

/// What a strict gateway answers to a webhook with a trigger of our own.
pub(crate) async fn strict_answer(settings: Settings) -> String {
    let clock = Arc::new(clock::ManualClock::new(testkit::START)) as Arc<dyn Clock>;
    let http = net::Client::new(net::AddressPolicy::AllowPrivate);
    let parts = Parts {
        db: Database::in_memory(Arc::clone(&clock)).unwrap(),
        blobs: Blobs::in_memory(),
        clock,
        chance: Arc::new(SeededChance::new(3)),
        key: [9; 32],
        client: http.clone(),
        graph: Client::new(http, Hosts::at("http://127.0.0.1:9")),
        public_url: "http://127.0.0.1:9".to_owned(),
        settings,
    };
    let gateway = Gateway::start(parts).await.unwrap();
    let first = gateway.bootstrap().await.unwrap();
    let body = json!({"type": "custom", "webhooks": [
        {"target": "http://127.0.0.1:9/", "triggers": ["instagram:message:edit"]},
    ]});
    let request = http::Request::post(format!("/sc/v2/apps/{}/integrations", first.app_id))
        .header("authorization", basic(&(first.app_key.id, first.app_key.secret)))
        .body(http_body_util::Full::new(bytes::Bytes::from(body.to_string())))
        .unwrap();
    let answer = gateway.handle(request).await;
    assert_eq!(answer.status(), 400);
    let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}
