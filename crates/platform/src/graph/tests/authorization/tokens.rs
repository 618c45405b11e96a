//! The token: none, garbage, of the other host, expired, ended, of the wrong kind; and the secret that stands for one.

use super::sample::{comment, prepared, sample};
use super::{Place, patch, places, places_by_token, user_id};
use crate::graph::node::NodeType;
use crate::graph::operations::{TakenTokens, Verb};
use graph_api::Host;
use graph_api::ids::{ConversationKey, MessageKey};
use serde_json::json;
use testkit::browser::Browser;

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let sandbox = prepared().await;
    for place in places_by_token() {
        let node = place.node(&sandbox);
        let answer = place.call(&sandbox, &node, None).await;
        let wanted = match (place.host, place.kind) {
            (Host::Instagram, _) => (400, 190, 0),
            // Facebook has an error of its own for `/me`, by which the user is addressed here.
            (Host::Facebook, NodeType::User) => (400, 2500, 0),
            (Host::Facebook, _) => (400, 104, 0),
        };
        assert_eq!(answer.error(), wanted, "{}", place.describe("no token"));
        let garbage = place.call(&sandbox, &node, Some("IGAAgarbage")).await;
        let wanted = if place.host == Host::Instagram { (400, 190, 0) } else { (401, 190, 0) };
        assert_eq!(garbage.error(), wanted, "{}", place.describe("garbage"));
    }
}

#[tokio::test]
async fn a_token_of_the_other_host_cannot_be_parsed() {
    let sandbox = prepared().await;
    for place in places_by_token() {
        let foreign = if place.host == Host::Instagram { "PAGE_ACCESS_TOKEN" } else { "IG_ACCESS_TOKEN" };
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(sandbox.env(foreign))).await;
        let wanted = if place.host == Host::Instagram { 400 } else { 401 };
        assert_eq!(answer.error(), (wanted, 190, 0), "{}", place.describe("other host"));
        assert_eq!(answer.message(), "Invalid OAuth access token - Cannot parse access token");
    }
}

#[tokio::test]
async fn an_expired_token_says_when() {
    let sandbox = prepared().await;
    for place in places_by_token().filter(|place| !place.needs_app()) {
        let (node, token) = (place.node(&sandbox), place.minted(&sandbox, json!({"expires_in": 60})).await);
        sandbox.advance("61s").await;
        let answer = place.call(&sandbox, &node, Some(&token)).await;
        assert_eq!(answer.error(), (400, 190, 463), "{}", place.describe("expired"));
        assert!(answer.message().starts_with("Error validating access token: Session has expired on "));
    }
}

/// Revoking is what the page of the business integrations does.
#[tokio::test]
async fn a_token_ends_with_the_access_that_it_was_given() {
    let sandbox = prepared().await;
    let mut browser = Browser::new(&sandbox);
    let mut page = browser.open("/settings?tab=business_tools").await;
    for (step, user) in
        [("facebook", user_id(&sandbox).await), ("instagram", sandbox.env("IG_USERNAME").to_owned())]
    {
        let mut form = page.form(step).unwrap();
        form.set("user", &user);
        page = browser.press(&form, "choose").await;
    }
    for login in ["facebook", "instagram"] {
        let of_app = |form: &&testkit::browser::Form| {
            form.value("login") == Some(login) && form.value("app") == Some(sandbox.env("APP_ID"))
        };
        let form = page.forms.iter().find(of_app).unwrap().clone();
        page = browser.press(&form, "remove").await;
    }
    for place in places_by_token().filter(|place| !place.needs_app()) {
        let token = match place.operation.name().as_str() {
            "GET /access_token" => sandbox.env("IG_ACCESS_TOKEN").to_owned(),
            _ => place.right_token(&sandbox).await,
        };
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
        assert_eq!(answer.error(), (400, 190, 458), "{}", place.describe("removed"));
        let id = if place.host == Host::Instagram { "INSTAGRAM_APP_ID" } else { "APP_ID" };
        let wanted = format!(
            "Error validating access token: The user has not authorized application {}.",
            sandbox.env(id)
        );
        assert_eq!(answer.message(), wanted);
    }
}

#[tokio::test]
async fn a_page_token_ends_with_its_users_role() {
    let sandbox = prepared().await;
    let (account, user) = (sandbox.env("PAGE_IG_USERNAME"), user_id(&sandbox).await);
    patch(&sandbox, &format!("users/{user}"), json!({"pages": [{"account": account, "tasks": []}]})).await;
    let of_pages =
        |place: &Place| place.host == Host::Facebook && !place.needs_app() && place.kind != NodeType::User;
    for place in places_by_token().filter(of_pages) {
        let token = sandbox.env("PAGE_ACCESS_TOKEN");
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(token)).await;
        assert_eq!(answer.error(), (400, 190, 492), "{}", place.describe("role lost"));
    }
}

#[tokio::test]
async fn somebody_elses_node_is_unknown() {
    let sandbox = prepared().await;
    let other = sandbox.sim("accounts", json!({"username": "other.shop", "page": true})).await;
    let other_app = sandbox.sim("apps", json!({"name": "Other"})).await;
    let account = other["id"].as_str().unwrap().parse().unwrap();
    let thread = ConversationKey { account, igsid: 1_000_000_000_000_001 };
    for place in places_by_token().filter(|place| place.kind != NodeType::Root) {
        let foreign = match place.kind {
            NodeType::Account => other["id"].as_str().unwrap(),
            NodeType::Page => other["page_id"].as_str().unwrap(),
            NodeType::App => other_app["id"].as_str().unwrap(),
            NodeType::User => "120000000000999",
            NodeType::Media => "17900000000000999",
            // The other account's.
            NodeType::Comment => match place.host {
                Host::Instagram => comment(Host::Facebook, Verb::Get),
                Host::Facebook => comment(Host::Instagram, Verb::Get),
            },
            NodeType::Person => "1000000000000999",
            NodeType::AdAccount => "act_1300000000000999",
            NodeType::AdCreative => "120220000000000999",
            NodeType::Ad => "120230000000000999",
            NodeType::Container => "18000000000000999",
            NodeType::Hashtag => "17843000000000999",
            NodeType::Flow | NodeType::AdSet | NodeType::PublishingLimit => unreachable!("no path names one"),
            NodeType::Conversation => &thread.id(),
            NodeType::Message => {
                &MessageKey { account: thread.account, igsid: thread.igsid, at: testkit::START }.mid()
            }
            NodeType::Root => continue,
        };
        let token = place.right_token(&sandbox).await;
        let answer = place.call(&sandbox, foreign, Some(&token)).await;
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
    for place in places_by_token() {
        let sandbox = prepared().await;
        let call = |name: &str| {
            let (node, token) = (place.node(&sandbox), sandbox.env(name).to_owned());
            let (place, sandbox) = (&place, &sandbox);
            async move { place.call(sandbox, &node, Some(&token)).await }
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
            // It asks for an account, which no app's own token was given for.
            (TakenTokens::Any, _, NodeType::Root) if place.operation.edge == Some("ig_hashtag_search") => {
                let answer = call("APP_ACCESS_TOKEN").await;
                assert_eq!(answer.error(), (400, 100, 33), "{}", place.describe("app token"));
            }
            // Who inspects a token must be the app or build it: a page does neither.
            (TakenTokens::Any, _, NodeType::Root) => {
                let answer = call("PAGE_ACCESS_TOKEN").await;
                assert_eq!(answer.error(), (400, 100, 0), "{}", place.describe("page token"));
            }
            (_, _, NodeType::Root) => {
                let answer = call("APP_ACCESS_TOKEN").await;
                assert_eq!(answer.error(), (400, 190, 0), "{}", place.describe("app token"));
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
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(&wrong_secret)).await;
        assert_eq!(answer.error(), (400, 190, 0), "{}", place.describe("wrong secret"));
    }
}

/// Where an app shows its id and secret, those of the other product are as wrong as any.
#[tokio::test]
async fn the_wrong_client_is_refused() {
    let sandbox = prepared().await;
    for place in places().into_iter().filter(Place::shows_secret) {
        let right = sample(place.operation, &sandbox, (place.host, place.kind)).unwrap();
        let other = if place.host == Host::Instagram { "APP" } else { "INSTAGRAM_APP" };
        let (id, secret) =
            (sandbox.env(&format!("{other}_ID")), sandbox.env(&format!("{other}_SECRET")).to_owned());
        let codes = match place.host {
            // The flat envelope says nothing but the status.
            Host::Instagram => [400, 400, 400],
            Host::Facebook => [101, 101, 101],
        };
        for (at, (name, value)) in
            [("client_id", ""), ("client_id", id), ("client_secret", &secret)].into_iter().enumerate()
        {
            let mut wrong = right.clone();
            wrong[name] = value.into();
            let answer = place.send(&sandbox, "", None, &wrong).await;
            let body = answer.json();
            let code = body["error"]["code"].as_i64().or(body["code"].as_i64());
            assert_eq!((answer.status, code), (400, Some(codes[at])), "{}", place.describe(name));
        }
    }
}

#[tokio::test]
async fn a_proof_must_be_right_and_can_be_required() {
    let sandbox = prepared().await;
    for place in places_by_token().filter(|place| !place.needs_app()) {
        let sandbox = match place.kind {
            // The right caller takes back what the others need.
            NodeType::User => &prepared().await,
            _ => &sandbox,
        };
        let (node, token) = (place.node(sandbox), place.right_token(sandbox).await);
        let with = async |proof: &str| {
            let mut right = sample(place.operation, sandbox, (place.host, place.kind)).unwrap();
            right["appsecret_proof"] = proof.into();
            place.send(sandbox, &node, Some(&token), &right).await
        };
        let secret = if place.host == Host::Instagram { "INSTAGRAM_APP_SECRET" } else { "APP_SECRET" };
        let proof = graph_api::signature::appsecret_proof(sandbox.env(secret), &token, None);
        let id = sandbox.env("APP_ID");
        for required in [false, true] {
            patch(sandbox, &format!("apps/{id}"), json!({"require_appsecret_proof": required})).await;
            assert_eq!(
                with(&"0".repeat(64)).await.error(),
                (400, 100, 0),
                "{}",
                place.describe("wrong proof")
            );
        }
        let without = place.call(sandbox, &node, Some(&token)).await;
        assert_eq!(without.error(), (400, 100, 0), "{}", place.describe("no proof"));
        assert_eq!(without.message(), "API calls from the server require an appsecret_proof argument");
        let right = with(&proof).await;
        let too_young = right.message().contains("24 hours old");
        assert!(right.status == 200 || too_young, "{}: {}", place.describe("right proof"), right.text());
        patch(sandbox, &format!("apps/{id}"), json!({"require_appsecret_proof": false})).await;
    }
}
