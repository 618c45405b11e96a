//! Walks the table of operations: each row, on each host and kind of node where it stands, must refuse whoever may not.
//!
//! A row without a sample request here fails the test, so none can be added without its authorisation cases.

mod rights;
mod sample;
mod tokens;

use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, Verb, all};
use graph_api::Host;
use graph_api::ids::{ConversationKey, MessageKey};
use sample::{prepared, sample};
use serde_json::{Value, json};
use testkit::browser::{Browser, Login, told};
use testkit::{Answer, Sandbox};

/// Where codes go.
const CALLBACK: &str = "http://127.0.0.1:9/cb";

/// One row in one place.
struct Place {
    operation: &'static Operation,
    host: Host,
    kind: NodeType,
}

impl Place {
    fn account<'a>(&self, sandbox: &'a Sandbox) -> &'a str {
        sandbox.env(if self.host == Host::Instagram { "IG_USERNAME" } else { "PAGE_IG_USERNAME" })
    }

    fn node(&self, sandbox: &Sandbox) -> String {
        match (self.kind, self.host) {
            (NodeType::Account, Host::Instagram) => sandbox.env("IG_ID").to_owned(),
            (NodeType::Account, Host::Facebook) => sandbox.env("PAGE_IG_ID").to_owned(),
            (NodeType::Page, _) => sandbox.env("PAGE_ID").to_owned(),
            (NodeType::App, Host::Facebook) => sandbox.env("APP_ID").to_owned(),
            (NodeType::App, Host::Instagram) => sandbox.env("INSTAGRAM_APP_ID").to_owned(),
            (NodeType::User, _) => "me".to_owned(),
            (NodeType::Conversation, host) => thread(sandbox, host).id(),
            (NodeType::Message, host) => {
                let ConversationKey { account, igsid } = thread(sandbox, host);
                // The demo person's greeting is the first thing that ever happened.
                MessageKey { account, igsid, at: testkit::START }.mid()
            }
            (NodeType::Person, Host::Instagram) => sandbox.env("IGSID").to_owned(),
            (NodeType::Person, Host::Facebook) => sandbox.env("PAGE_IGSID").to_owned(),
            (NodeType::AdAccount, _) => sample::AD_ACCOUNT.to_owned(),
            (NodeType::AdCreative, _) => sample::AD_CREATIVE.to_owned(),
            (NodeType::Ad, _) => sample::AD.to_owned(),
            (NodeType::Container, Host::Instagram) => sample::SHOP_CONTAINER.to_owned(),
            (NodeType::Container, Host::Facebook) => sample::CAFE_CONTAINER.to_owned(),
            (NodeType::Hashtag, _) => sample::HASHTAG.to_owned(),
            (NodeType::Flow | NodeType::AdSet | NodeType::PublishingLimit, _) => {
                unreachable!("no path names one")
            }
            (NodeType::Comment, host) => sample::comment(host, self.operation.verb).to_owned(),
            (NodeType::Media, Host::Instagram) => sandbox.env("IG_MEDIA_ID").to_owned(),
            // Not what the other operations are called on.
            (NodeType::Media, Host::Facebook) if self.operation.verb == Verb::Delete => {
                sample::POST.to_owned()
            }
            (NodeType::Media, Host::Facebook) => sandbox.env("PAGE_MEDIA_ID").to_owned(),
            (NodeType::Root, _) => String::new(),
        }
    }

    fn needs_app(&self) -> bool {
        self.kind == NodeType::App || self.operation.name() == "GET /debug_token"
    }

    fn shows_secret(&self) -> bool {
        self.operation.tokens == TakenTokens::ClientSecret
    }

    async fn right_token(&self, sandbox: &Sandbox) -> String {
        if self.operation.name() == "GET /access_token" {
            let body =
                json!({"app": sandbox.env("APP_ID"), "account": self.account(sandbox), "long_lived": false});
            return minted(sandbox, body).await;
        }
        let name = match (self.kind, self.host) {
            _ if self.needs_app() => "APP_ACCESS_TOKEN",
            (NodeType::User, _) => "USER_ACCESS_TOKEN",
            (_, Host::Instagram) => "IG_ACCESS_TOKEN",
            (_, Host::Facebook) => "PAGE_ACCESS_TOKEN",
        };
        sandbox.env(name).to_owned()
    }

    /// A token of the right kind that somebody else's settings went into.
    async fn minted(&self, sandbox: &Sandbox, more: Value) -> String {
        let mut body = match self.kind {
            NodeType::User => json!({"user": user_id(sandbox).await}),
            _ => json!({
                "account": self.account(sandbox),
                "kind": if self.host == Host::Instagram { "instagram" } else { "page" },
            }),
        };
        let members = body.as_object_mut().unwrap();
        members.insert("app".to_owned(), sandbox.env("APP_ID").into());
        members.insert("long_lived".to_owned(), (self.operation.name() != "GET /access_token").into());
        members.extend(more.as_object().unwrap().clone());
        minted(sandbox, body).await
    }

    async fn call(&self, sandbox: &Sandbox, node: &str, token: Option<&str>) -> Answer {
        let sample = sample(self.operation, sandbox, (self.host, self.kind));
        let sample = sample.unwrap_or_else(|| panic!("{} has no authorisation cases", self.operation.name()));
        self.send(sandbox, node, token, &sample).await
    }

    async fn send(&self, sandbox: &Sandbox, node: &str, token: Option<&str>, sample: &Value) -> Answer {
        if self.operation.section == "Conversation Routing" {
            sample::arrange(sandbox, self).await;
        }
        let edge = self.operation.edge.map(|edge| edge.replace('*', "instagram_basic")).unwrap_or_default();
        let path = match self.kind {
            NodeType::Root => format!("/v25.0/{edge}"),
            _ => format!("/v25.0/{node}/{edge}").trim_end_matches('/').to_owned(),
        };
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in sample.as_object().unwrap() {
            form.append_pair(name, value.as_str().unwrap_or_default());
        }
        let form = form.finish();
        let verb = self.operation.verb.name();
        let mut call = match (self.operation.verb, self.shows_secret()) {
            (Verb::Get, _) => sandbox.call(verb, &format!("{path}?{form}")),
            // As at Meta, a form: JSON is refused there.
            (_, true) => sandbox.call(verb, &path).form(&form),
            _ if self.operation.edge == Some("message_attachments") => {
                sandbox.call(verb, &path).body("multipart/form-data; boundary=b", sample::upload(sample))
            }
            _ => sandbox.call(verb, &path).json(sample),
        };
        call = call.host(self.host.name());
        if let Some(token) = token {
            call = call.token(token);
        }
        call.send().await
    }

    fn describe(&self, case: &str) -> String {
        format!("{} on {:?} at {}: {case}", self.operation.name(), self.kind, self.host)
    }
}

fn thread(sandbox: &Sandbox, host: Host) -> ConversationKey {
    let [account, igsid] = match host {
        Host::Instagram => ["IG_ID", "IGSID"],
        Host::Facebook => ["PAGE_IG_ID", "PAGE_IGSID"],
    };
    let number = |name| sandbox.env(name).parse().unwrap();
    ConversationKey { account: number(account), igsid: number(igsid) }
}

async fn minted(sandbox: &Sandbox, body: Value) -> String {
    sandbox.sim("tokens", body).await["access_token"].as_str().unwrap().to_owned()
}

async fn user_id(sandbox: &Sandbox) -> String {
    let world = sandbox.get("/sim/world").ok().await.json();
    world["users"][0]["id"].as_str().unwrap().to_owned()
}

async fn patch(sandbox: &Sandbox, path: &str, body: Value) {
    sandbox.call("PATCH", &format!("/sim/{path}")).json(&body).ok().await;
}

fn places() -> Vec<Place> {
    all()
        .flat_map(|operation| operation.at.iter().map(move |(host, kind)| (operation, *host, *kind)))
        .map(|(operation, host, kind)| Place { operation, host, kind })
        .collect()
}

/// The places that a token leads to.
fn places_by_token() -> impl Iterator<Item = Place> {
    places().into_iter().filter(|place| !place.shows_secret())
}

#[tokio::test]
async fn the_right_caller_is_let_in() {
    for place in places() {
        let sandbox = prepared().await;
        let token = match place.shows_secret() {
            true => None,
            false => Some(place.right_token(&sandbox).await),
        };
        let mut sample = sample(place.operation, &sandbox, (place.host, place.kind))
            .unwrap_or_else(|| panic!("{} has no authorisation cases", place.operation.name()));
        if place.operation.name() == "GET /refresh_access_token" {
            sandbox.advance("24h").await;
        }
        if place.shows_secret() && place.host == Host::Instagram {
            let client = sandbox.env("INSTAGRAM_APP_ID");
            let query = format!("client_id={client}&redirect_uri={CALLBACK}&scope=instagram_business_basic");
            let mut browser = Browser::new(&sandbox);
            let login = Login::allow(sandbox.env("IG_USERNAME"));
            let page = browser.log_in(&format!("/oauth/authorize?{query}"), &login).await;
            sample["code"] = told(&page.location().unwrap(), "code").unwrap().into();
        }
        let answer = place.send(&sandbox, &place.node(&sandbox), token.as_deref(), &sample).await;
        let handshake_failed = answer.status == 400 && answer.error().1 == 2200;
        assert!(answer.status == 200 || handshake_failed, "{}: {}", place.describe("right"), answer.text());
    }
}
