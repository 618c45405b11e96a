//! Walks the table of operations: each row, on each host and kind of node where it stands, must refuse whoever may not.
//!
//! A row without a sample request here fails the test, so none can be added without its authorisation cases.

use crate::graph::node::NodeType;
use crate::graph::operations::{Operation, TakenTokens, Verb, all};
use graph_api::Host;
use graph_api::ids::{ConversationKey, MessageKey};
use serde_json::{Value, json};
use testkit::{Answer, Sandbox};

/// The ids of what [`prepared`] makes: the first of their kinds.
const AD_ACCOUNT: &str = "act_1300000000000001";
const AD_SET: &str = "120210000000000001";
const AD_CREATIVE: &str = "120220000000000001";
const AD: &str = "120230000000000001";

/// A sandbox in which everything exists that a path or sample names.
async fn prepared() -> Sandbox {
    let sandbox = Sandbox::start().await;
    let ad = sandbox.sim("ads", json!({"account": sandbox.env("PAGE_IG_USERNAME")})).await;
    assert_eq!(ad["id"], AD);
    for token in ["IG_ACCESS_TOKEN", "PAGE_ACCESS_TOKEN", "PAGE_ACCESS_TOKEN"] {
        let call = sandbox.post("/v25.0/me/welcome_message_flows").token(sandbox.env(token));
        call.json(&new_flow()).ok().await;
    }
    sandbox
}

fn new_flow() -> Value {
    json!({
        "name": "Welcome", "eligible_platforms": ["instagram"],
        "welcome_message_flow": [{"message": {"text": "Hi"}}],
    })
}

/// A body with which the right caller succeeds. `None`: the row has none yet, which fails the test.
fn sample(operation: &Operation, sandbox: &Sandbox, (host, kind): (Host, NodeType)) -> Option<Value> {
    let igsid = sandbox.env(if kind == NodeType::Page { "PAGE_IGSID" } else { "IGSID" });
    Some(match operation.name().as_str() {
        "GET account" | "GET page" | "GET user" | "GET media" => json!({}),
        "GET person" | "GET user/adaccounts" | "GET ad_account/adsets" | "GET ad_account/adcreatives" => {
            json!({})
        }
        "GET ad_account/ads" | "GET ad_creative" | "GET ad" | "DELETE ad" => json!({}),
        "POST ad" => json!({"status": "PAUSED"}),
        "POST ad_account/adcreatives" => {
            json!({"name": "Mugs", "object_story_spec": {"page_id": sandbox.env("PAGE_ID")}})
        }
        "POST ad_account/ads" => json!({
            "name": "Mugs", "adset_id": AD_SET, "status": "PAUSED", "creative": {"creative_id": AD_CREATIVE},
        }),
        "POST account/messenger_profile" => {
            json!({"platform": "instagram", "ice_breakers": [{"question": "Open?", "payload": "OPEN"}]})
        }
        "GET account/messenger_profile" | "DELETE account/messenger_profile" => {
            json!({"platform": "instagram", "fields": "ice_breakers"})
        }
        "POST account/welcome_message_flows" => new_flow(),
        "GET account/welcome_message_flows" => json!({}),
        "DELETE account/welcome_message_flows" => {
            // One for each place, since it is gone afterwards.
            json!({"flow_id": match (host, kind) {
                (Host::Instagram, _) => "2100000000000001",
                (Host::Facebook, NodeType::Page) => "2100000000000002",
                (Host::Facebook, _) => "2100000000000003",
            }})
        }
        "POST account/message_attachments" => json!({"platform": "instagram"}),
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
            (NodeType::Person, Host::Instagram) => sandbox.env("IGSID").to_owned(),
            (NodeType::Person, Host::Facebook) => sandbox.env("PAGE_IGSID").to_owned(),
            (NodeType::AdAccount, _) => AD_ACCOUNT.to_owned(),
            (NodeType::AdCreative, _) => AD_CREATIVE.to_owned(),
            (NodeType::Ad, _) => AD.to_owned(),
            (NodeType::Flow | NodeType::AdSet, _) => unreachable!("no path names one"),
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
        let body = sample(self.operation, self.sandbox, (self.host, self.kind));
        let body = body.unwrap_or_else(|| panic!("{} has no authorisation cases", self.operation.name()));
        let mut call = self.sandbox.call(self.operation.verb.name(), &path).host(self.host.name());
        if self.operation.edge == Some("message_attachments") {
            call = call.body("multipart/form-data; boundary=b", upload());
        } else if self.operation.verb != Verb::Get || body != json!({}) {
            call = call.json(&body);
        }
        if let Some(token) = token {
            call = call.token(token);
        }
        call.send().await
    }

    /// A token for the place, as the sim is asked for it.
    fn wanted_token(&self) -> Value {
        let app = self.sandbox.env("APP_ID");
        match (self.kind, self.host) {
            (NodeType::User, _) => json!({"app": app, "user": "120000000000001"}),
            (_, Host::Instagram) => json!({"app": app, "account": self.account(), "kind": "instagram"}),
            (_, Host::Facebook) => json!({"app": app, "account": self.account(), "kind": "page"}),
        }
    }

    async fn minted(&self, body: Value) -> String {
        self.sandbox.sim("tokens", body).await["access_token"].as_str().unwrap().to_owned()
    }

    fn describe(&self, case: &str) -> String {
        format!("{} on {:?} at {}: {case}", self.operation.name(), self.kind, self.host)
    }
}

/// A small picture from disk.
fn upload() -> Vec<u8> {
    let head = "--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.png\"\r\n\r\n";
    let message = r#"{"attachment": {"type": "image", "payload": {"is_reusable": true}}}"#;
    let texts = [("message", message), ("platform", "instagram")].map(|(name, text)| {
        format!("\r\n--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}")
    });
    let png = testkit::media::files::png(3, 2);
    [head.as_bytes(), &png, texts.concat().as_bytes(), b"\r\n--b--\r\n"].concat()
}

fn places(sandbox: &Sandbox) -> Vec<Place<'_>> {
    all()
        .flat_map(|operation| operation.at.iter().map(move |(host, kind)| (operation, *host, *kind)))
        .map(|(operation, host, kind)| Place { operation, host, kind, sandbox })
        .collect()
}

#[tokio::test]
async fn the_right_caller_is_let_in() {
    let sandbox = prepared().await;
    for place in places(&sandbox) {
        let answer = place.call(&place.node(), Some(&place.right_token())).await;
        let handshake_failed = answer.status == 400 && answer.error().1 == 2200;
        assert!(answer.status == 200 || handshake_failed, "{}: {}", place.describe("right"), answer.text());
    }
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let sandbox = prepared().await;
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
    let sandbox = prepared().await;
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
    let sandbox = prepared().await;
    for place in places(&sandbox) {
        if place.kind == NodeType::App {
            continue;
        }
        let mut body = place.wanted_token();
        body["expires_in"] = 60.into();
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
    let sandbox = prepared().await;
    for place in places(&sandbox) {
        let needed = place.operation.scopes(place.host);
        for missing in needed.iter() {
            let left: Vec<&str> = needed.iter().filter(|s| *s != missing).map(|s| s.name()).collect();
            let mut body = place.wanted_token();
            body["scopes"] = json!(left);
            let token = place.minted(body).await;
            let answer = place.call(&place.node(), Some(&token)).await;
            let code =
                if ["pages_", "ads_"].iter().any(|of| missing.name().starts_with(of)) { 200 } else { 10 };
            assert_eq!(answer.error(), (403, code, 0), "{}", place.describe(missing.name()));
        }
    }
}

#[tokio::test]
async fn somebody_elses_node_is_unknown() {
    let sandbox = prepared().await;
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
            NodeType::Person => "1000000000000999",
            NodeType::AdAccount => "act_1300000000000999",
            NodeType::AdCreative => "120220000000000999",
            NodeType::Ad => "120230000000000999",
            NodeType::Flow | NodeType::AdSet => unreachable!("no path names one"),
            NodeType::Conversation => &thread.id(),
            NodeType::Message => {
                &MessageKey { account: thread.account, igsid: thread.igsid, at: testkit::START }.mid()
            }
        };
        let answer = place.call(foreign, Some(&place.right_token())).await;
        let wanted = match (place.kind, place.host) {
            // These two have an error of their own.
            (NodeType::Person, Host::Instagram) => (400, 9010, 0),
            (NodeType::AdAccount, _) => (403, 200, 0),
            _ => (400, 100, 33),
        };
        assert_eq!(answer.error(), wanted, "{}", place.describe("foreign node"));
        if wanted.1 != 100 {
            continue;
        }
        let verb = place.operation.verb.lower();
        assert!(
            answer.message().starts_with(&format!("Unsupported {verb} request. Object with ID '{foreign}'"))
        );
    }
}

/// Tokens of the right host and app, but for something else.
#[tokio::test]
async fn the_wrong_kind_of_token_is_refused() {
    let sandbox = prepared().await;
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
                let wanted = if kind == NodeType::AdAccount { (403, 200, 0) } else { (400, 100, 33) };
                assert_eq!(answer.error(), wanted, "{}", place.describe("app token"));
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
