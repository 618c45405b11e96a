//! Walks the table of operations: each row, on each host and kind of node where it stands, must refuse whoever may not.
//!
//! A row without a sample request here fails the test, so none can be added without its authorisation cases.

use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, Verb, all};
use graph_api::Host;
use graph_api::ids::{ConversationKey, MessageKey};
use serde_json::{Value, json};
use testkit::{Answer, Sandbox};

/// A body with which the right caller succeeds. `None`: the row has none yet, which fails the test.
fn sample(operation: &Operation, sandbox: &Sandbox, kind: NodeType) -> Option<Value> {
    let igsid = sandbox.env(if kind == NodeType::Page { "PAGE_IGSID" } else { "IGSID" });
    Some(match operation.name().as_str() {
        "GET account" | "GET page" | "GET user" | "GET media" => json!({}),
        "GET account/conversations" | "GET conversation" | "GET conversation/messages" | "GET message" => {
            json!({})
        }
        "POST account/messages" => json!({"recipient": {"id": igsid}, "message": {"text": "hi"}}),
        // A field that needs no further permission.
        "POST account/subscribed_apps" => {
            json!({"subscribed_fields": if kind == NodeType::Page { "feed" } else { "mentions" }})
        }
        "GET account/subscribed_apps" | "DELETE account/subscribed_apps" => json!({}),
        // Nobody listens there; the handshake comes after the authorisation.
        "POST app/subscriptions" => json!({"object": "instagram", "callback_url": "http://127.0.0.1:9/"}),
        "GET app/subscriptions" | "DELETE app/subscriptions" => json!({}),
        _ => return None,
    })
}

/// One row in one place.
struct Place<'a> {
    operation: &'static Operation,
    host: Host,
    kind: NodeType,
    sandbox: &'a Sandbox,
}

impl Place<'_> {
    fn account(&self) -> &str {
        self.sandbox.env(if self.host == Host::Instagram { "IG_USERNAME" } else { "PAGE_IG_USERNAME" })
    }

    fn node(&self) -> String {
        let sandbox = self.sandbox;
        match (self.kind, self.host) {
            (NodeType::Account, Host::Instagram) => sandbox.env("IG_ID").to_owned(),
            (NodeType::Account, Host::Facebook) => sandbox.env("PAGE_IG_ID").to_owned(),
            (NodeType::Page, _) => sandbox.env("PAGE_ID").to_owned(),
            (NodeType::App, Host::Facebook) => sandbox.env("APP_ID").to_owned(),
            (NodeType::App, Host::Instagram) => sandbox.env("INSTAGRAM_APP_ID").to_owned(),
            (NodeType::User, _) => "me".to_owned(),
            (NodeType::Conversation, host) => self.thread(host).id(),
            (NodeType::Message, host) => {
                let ConversationKey { account, igsid } = self.thread(host);
                // The demo person's greeting is the first thing that ever happened.
                MessageKey { account, igsid, at: testkit::START }.mid()
            }
            (NodeType::Media, Host::Instagram) => sandbox.env("IG_MEDIA_ID").to_owned(),
            (NodeType::Media, Host::Facebook) => sandbox.env("PAGE_MEDIA_ID").to_owned(),
        }
    }

    fn thread(&self, host: Host) -> ConversationKey {
        let [account, igsid] = match host {
            Host::Instagram => ["IG_ID", "IGSID"],
            Host::Facebook => ["PAGE_IG_ID", "PAGE_IGSID"],
        };
        let number = |name| self.sandbox.env(name).parse().unwrap();
        ConversationKey { account: number(account), igsid: number(igsid) }
    }

    fn right_token(&self) -> String {
        let name = match (self.kind, self.host) {
            (NodeType::App, _) => "APP_ACCESS_TOKEN",
            (NodeType::User, _) => "USER_ACCESS_TOKEN",
            (_, Host::Instagram) => "IG_ACCESS_TOKEN",
            (_, Host::Facebook) => "PAGE_ACCESS_TOKEN",
        };
        self.sandbox.env(name).to_owned()
    }

    async fn call(&self, node: &str, token: Option<&str>) -> Answer {
        let edge = self.operation.edge.map(|edge| format!("/{edge}")).unwrap_or_default();
        let path = format!("/v25.0/{node}{edge}");
        let body = sample(self.operation, self.sandbox, self.kind);
        let body = body.unwrap_or_else(|| panic!("{} has no authorisation cases", self.operation.name()));
        let mut call = self.sandbox.call(self.operation.verb.name(), &path).host(self.host.name());
        if self.operation.verb != Verb::Get {
            call = call.json(&body);
        }
        if let Some(token) = token {
            call = call.token(token);
        }
        call.send().await
    }

    async fn minted(&self, body: Value) -> String {
        self.sandbox.sim("tokens", body).await["access_token"].as_str().unwrap().to_owned()
    }

    fn describe(&self, case: &str) -> String {
        format!("{} on {:?} at {}: {case}", self.operation.name(), self.kind, self.host)
    }
}

fn places(sandbox: &Sandbox) -> Vec<Place<'_>> {
    all()
        .flat_map(|operation| operation.at.iter().map(move |(host, kind)| (operation, *host, *kind)))
        .map(|(operation, host, kind)| Place { operation, host, kind, sandbox })
        .collect()
}

#[tokio::test]
async fn the_right_caller_is_let_in() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        let answer = place.call(&place.node(), Some(&place.right_token())).await;
        let handshake_failed = answer.status == 400 && answer.error().1 == 2200;
        assert!(answer.status == 200 || handshake_failed, "{}: {}", place.describe("right"), answer.text());
    }
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        let answer = place.call(&place.node(), None).await;
        let wanted = match (place.host, place.kind) {
            (Host::Instagram, _) => (400, 190, 0),
            // Facebook has an error of its own for `/me`, by which the user is addressed here.
            (Host::Facebook, NodeType::User) => (400, 2500, 0),
            (Host::Facebook, _) => (400, 104, 0),
        };
        assert_eq!(answer.error(), wanted, "{}", place.describe("no token"));
        let garbage = place.call(&place.node(), Some("IGAAgarbage")).await;
        let wanted = if place.host == Host::Instagram { (400, 190, 0) } else { (401, 190, 0) };
        assert_eq!(garbage.error(), wanted, "{}", place.describe("garbage"));
    }
}

#[tokio::test]
async fn a_token_of_the_other_host_cannot_be_parsed() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        let foreign = if place.host == Host::Instagram { "PAGE_ACCESS_TOKEN" } else { "IG_ACCESS_TOKEN" };
        let answer = place.call(&place.node(), Some(sandbox.env(foreign))).await;
        let wanted = if place.host == Host::Instagram { 400 } else { 401 };
        assert_eq!(answer.error(), (wanted, 190, 0), "{}", place.describe("other host"));
        assert_eq!(answer.message(), "Invalid OAuth access token - Cannot parse access token");
    }
}

#[tokio::test]
async fn an_expired_token_says_when() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        if matches!(place.kind, NodeType::App | NodeType::User) {
            continue;
        }
        let kind = if place.host == Host::Instagram { "instagram" } else { "page" };
        let body =
            json!({"app": sandbox.env("APP_ID"), "account": place.account(), "kind": kind, "expires_in": 60});
        let token = place.minted(body).await;
        assert_ne!(
            place.call(&place.node(), Some(&token)).await.error().1,
            190,
            "{}",
            place.describe("not yet")
        );
        sandbox.advance("61s").await;
        let answer = place.call(&place.node(), Some(&token)).await;
        assert_eq!(answer.error(), (400, 190, 463), "{}", place.describe("expired"));
        assert!(answer.message().starts_with("Error validating access token: Session has expired on "));
    }
}

#[tokio::test]
async fn each_missing_permission_is_refused() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        let needed = place.operation.scopes(place.host);
        for missing in needed.iter() {
            let left: Vec<&str> = needed.iter().filter(|s| *s != missing).map(|s| s.name()).collect();
            let kind = if place.host == Host::Instagram { "instagram" } else { "page" };
            let body = json!({"app": sandbox.env("APP_ID"), "account": place.account(), "kind": kind, "scopes": left});
            let token = place.minted(body).await;
            let answer = place.call(&place.node(), Some(&token)).await;
            let code = if missing.name().starts_with("pages_") { 200 } else { 10 };
            assert_eq!(answer.error(), (403, code, 0), "{}", place.describe(missing.name()));
        }
    }
}

#[tokio::test]
async fn somebody_elses_node_is_unknown() {
    let sandbox = Sandbox::start().await;
    let other = sandbox.sim("accounts", json!({"username": "other.shop", "page": true})).await;
    let other_app = sandbox.sim("apps", json!({"name": "Other"})).await;
    let account = other["id"].as_str().unwrap().parse().unwrap();
    let thread = ConversationKey { account, igsid: 1_000_000_000_000_001 };
    for place in places(&sandbox) {
        let foreign = match place.kind {
            NodeType::Account => other["id"].as_str().unwrap(),
            NodeType::Page => other["page_id"].as_str().unwrap(),
            NodeType::App => other_app["id"].as_str().unwrap(),
            NodeType::User => "120000000000999",
            NodeType::Media => "17900000000000999",
            NodeType::Conversation => &thread.id(),
            NodeType::Message => {
                &MessageKey { account: thread.account, igsid: thread.igsid, at: testkit::START }.mid()
            }
        };
        let answer = place.call(foreign, Some(&place.right_token())).await;
        assert_eq!(answer.error(), (400, 100, 33), "{}", place.describe("foreign node"));
        let verb = place.operation.verb.lower();
        assert!(
            answer.message().starts_with(&format!("Unsupported {verb} request. Object with ID '{foreign}'"))
        );
    }
}

/// Tokens of the right host and app, but for something else.
#[tokio::test]
async fn the_wrong_kind_of_token_is_refused() {
    let sandbox = Sandbox::start().await;
    for place in places(&sandbox) {
        let call = |name: &str| {
            let (node, token) = (place.node(), sandbox.env(name).to_owned());
            let place = &place;
            async move { place.call(&node, Some(&token)).await }
        };
        match (place.operation.tokens, place.host, place.kind) {
            (TakenTokens::App, host, _) => {
                let name = if host == Host::Instagram { "IG_ACCESS_TOKEN" } else { "PAGE_ACCESS_TOKEN" };
                assert_eq!(call(name).await.error(), (400, 15, 0), "{}", place.describe("no app token"));
                if host == Host::Facebook {
                    let answer = call("USER_ACCESS_TOKEN").await;
                    assert_eq!(answer.error(), (400, 15, 0), "{}", place.describe("user token"));
                }
            }
            // The node of an account, page or user is none that an app's own token sees.
            (_, _, kind) => {
                let answer = call("APP_ACCESS_TOKEN").await;
                assert_eq!(answer.error(), (400, 100, 33), "{}", place.describe("app token"));
                if place.host == Host::Facebook && kind != NodeType::User {
                    let answer = call("USER_ACCESS_TOKEN").await;
                    match (place.operation.tokens, kind) {
                        (TakenTokens::AccountOrPage, kind) if kind != NodeType::Account => {
                            assert_eq!(
                                answer.error(),
                                (400, 190, 2_069_032),
                                "{}",
                                place.describe("user token")
                            );
                        }
                        _ => assert_eq!(
                            answer.status,
                            200,
                            "{}: {}",
                            place.describe("user token"),
                            answer.text()
                        ),
                    }
                }
            }
        }
        let wrong_secret = format!("{}|{}", sandbox.env("APP_ID"), "0".repeat(32));
        let answer = place.call(&place.node(), Some(&wrong_secret)).await;
        assert_eq!(answer.error(), (400, 190, 0), "{}", place.describe("wrong secret"));
    }
}
