//! Rights: permissions, tasks on the page, what was given, roles on the app, the account owner's switch.

use super::sample::prepared;
use super::{Place, patch, places_by_token, user_id};
use crate::graph::node::NodeType;
use crate::graph::operations::{UseCase, Verb};
use graph_api::Host;
use graph_api::scopes::{Scope, ScopeSet};
use graph_api::tasks::Task;
use serde_json::json;
use testkit::Sandbox;

/// The code of the error for a permission.
fn code_of_missing(scope: Scope) -> i64 {
    let of_pages = ["pages_", "ads_"].iter().any(|start| scope.name().starts_with(start));
    if of_pages { 200 } else { 10 }
}

#[tokio::test]
async fn each_missing_permission_is_refused() {
    let sandbox = prepared().await;
    for place in places_by_token().filter(|place| !place.needs_app()) {
        let needed = place.operation.scopes(place.host);
        for missing in needed.iter() {
            let left: Vec<&str> = needed.iter().filter(|s| *s != missing).map(|s| s.name()).collect();
            let token = place.minted(&sandbox, json!({"scopes": left})).await;
            let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
            let code = code_of_missing(missing);
            assert_eq!(answer.error(), (403, code, 0), "{}", place.describe(missing.name()));
        }
    }
}

/// A permission that is taken back counts at once, for tokens that were made before.
#[tokio::test]
async fn a_permission_that_was_taken_back_is_missing() {
    // What lacks a permission is refused before anything is done: one world for each permission will do.
    for missing in Scope::ALL {
        let needs = |place: &Place| {
            let is_there = place.host == Host::Facebook && !place.needs_app();
            is_there && place.operation.scopes(place.host).has(*missing)
        };
        let places: Vec<Place> = places_by_token().filter(needs).collect();
        if places.is_empty() {
            continue;
        }
        let sandbox = prepared().await;
        let path = format!("/v25.0/me/permissions/{}", missing.name());
        sandbox.call("DELETE", &path).token(sandbox.env("USER_ACCESS_TOKEN")).ok().await;
        for place in places {
            let token = place.right_token(&sandbox).await;
            let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
            let code = code_of_missing(*missing);
            assert_eq!(answer.error(), (403, code, 0), "{}", place.describe(missing.name()));
        }
    }
}

/// The demo user gets these tasks on the page, and no others.
async fn give_tasks(sandbox: &Sandbox, names: Vec<&str>) {
    let (account, user) = (sandbox.env("PAGE_IG_USERNAME").to_owned(), user_id(sandbox).await);
    let body = json!({"pages": [{"account": account, "tasks": names}]});
    patch(sandbox, &format!("users/{user}"), body).await;
}

#[tokio::test]
async fn each_missing_task_is_refused() {
    let sandbox = prepared().await;
    for place in places_by_token().filter(|place| place.host == Host::Facebook && !place.needs_app()) {
        let needed = place.operation.tasks;
        if needed.is_empty() {
            continue;
        }
        let others = Task::ALL.iter().filter(|task| !needed.has(**task)).map(|task| task.name()).collect();
        give_tasks(&sandbox, others).await;
        let (node, token) = (place.node(&sandbox), place.right_token(&sandbox).await);
        let answer = place.call(&sandbox, &node, Some(&token)).await;
        assert_eq!(answer.error(), (403, 200, 0), "{}", place.describe("no task"));
        assert!(answer.message().contains("does not have sufficient administrative permission"));
        // One of them is enough.
        for task in needed.iter() {
            let sandbox = prepared().await;
            give_tasks(&sandbox, vec![task.name()]).await;
            let (node, token) = (place.node(&sandbox), place.right_token(&sandbox).await);
            let answer = place.call(&sandbox, &node, Some(&token)).await;
            assert_eq!(answer.status, 200, "{}: {}", place.describe(task.name()), answer.text());
        }
    }
}

/// A Facebook user's token reaches the accounts and pages that the user gave to the app, and no others.
#[tokio::test]
async fn what_the_app_was_not_given_is_unknown() {
    let sandbox = prepared().await;
    let other = sandbox.sim("accounts", json!({"username": "other.shop", "page": true})).await;
    let body = json!({
        "app": sandbox.env("APP_ID"), "user": user_id(&sandbox).await, "accounts": ["other.shop"],
    });
    let token = sandbox.sim("tokens", body).await["access_token"].as_str().unwrap().to_owned();
    let of_accounts = |place: &Place| {
        place.host == Host::Facebook && !matches!(place.kind, NodeType::App | NodeType::Root | NodeType::User)
    };
    for place in places_by_token().filter(of_accounts) {
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
        // The ad account is the user's own.
        let is_own = place.kind == NodeType::AdAccount && place.operation.verb == Verb::Get;
        // A hashtag is everybody's; its media are for accounts that were given.
        let is_everybodys = place.operation.name() == "GET hashtag";
        let is_shut = !is_own && !is_everybodys;
        let wanted = match place.kind {
            NodeType::AdAccount => (400, 100, 0),
            // People are known to pages only, whatever a user was given.
            NodeType::Person => (400, 190, 2_069_032),
            _ => (400, 100, 33),
        };
        if is_shut {
            assert_eq!(answer.error(), wanted, "{}", place.describe("not given"));
        }
        // Its page's token ended with that.
        let page = sandbox.env("PAGE_ACCESS_TOKEN");
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(page)).await;
        assert_eq!(answer.error(), (400, 190, 458), "{}", place.describe("page not given"));
    }
    let listed = sandbox.get("/v25.0/me/accounts?fields=id").token(&token).ok().await.json();
    assert_eq!(listed["data"], json!([{"id": other["page_id"]}]));
}

/// An app that is not open to everybody works for accounts of its own business, and for those that accepted a role.
#[tokio::test]
async fn an_account_without_an_accepted_role_is_shut_out() {
    let sandbox = prepared().await;
    let id = sandbox.env("APP_ID");
    let invite = |username: &str, accepted: bool| json!([{"user": username, "role": "instagram_tester", "accepted": accepted}]);
    for closed in [json!({"access": "standard"}), json!({"access": "advanced", "mode": "development"})] {
        patch(&sandbox, &format!("apps/{id}"), json!({"access": "advanced", "mode": "live", "roles": []}))
            .await;
        patch(&sandbox, &format!("apps/{id}"), closed).await;
        for place in places_by_token().filter(|place| place.host == Host::Instagram && !place.needs_app()) {
            let (node, token) = (place.node(&sandbox), place.right_token(&sandbox).await);
            for (accepted, is_out) in [(false, true), (true, false)] {
                let roles = invite(place.account(&sandbox), accepted);
                patch(&sandbox, &format!("apps/{id}"), json!({"roles": roles})).await;
                let answer = place.call(&sandbox, &node, Some(&token)).await;
                let wanted = format!("Unsupported request - method type: {}", place.operation.verb.lower());
                let message = answer.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
                assert_eq!(message == wanted, is_out, "{}: {}", place.describe("tester"), answer.text());
            }
            patch(&sandbox, &format!("apps/{id}"), json!({"roles": []})).await;
        }
    }
}

/// Over Facebook Login such an app has of everybody else what needs no review.
#[tokio::test]
async fn a_user_without_a_role_has_given_nothing_that_needs_review() {
    let sandbox = prepared().await;
    let (id, user) = (sandbox.env("APP_ID"), user_id(&sandbox).await);
    let role = json!([{"user": user, "role": "tester", "accepted": false}]);
    patch(&sandbox, &format!("apps/{id}"), json!({"access": "standard", "roles": role})).await;
    let free = ScopeSet::of(&[Scope::PublicProfile]);
    for place in places_by_token().filter(|place| place.host == Host::Facebook && !place.needs_app()) {
        let needed = place.operation.scopes(place.host).without(free);
        if needed.is_empty() {
            continue;
        }
        let token = place.right_token(&sandbox).await;
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
        assert!(
            matches!(answer.error(), (403, 10 | 200, 0)),
            "{}: {}",
            place.describe("no role"),
            answer.text()
        );
    }
}

/// People without a role are out of reach of an app with Standard Access, and so is what they wrote.
#[tokio::test]
async fn strangers_are_out_of_reach_with_standard_access() {
    let sandbox = prepared().await;
    let id = sandbox.env("APP_ID");
    let about_people = |place: &Place| {
        matches!(place.operation.use_case, UseCase::Send | UseCase::Conversations | UseCase::Profiles)
    };
    for place in places_by_token().filter(about_people) {
        patch(&sandbox, &format!("apps/{id}"), json!({"access": "standard", "roles": []})).await;
        let (node, token) = (place.node(&sandbox), place.right_token(&sandbox).await);
        let answer = place.call(&sandbox, &node, Some(&token)).await;
        match place.kind {
            // A list leaves them out.
            NodeType::Account | NodeType::Page if place.operation.edge == Some("conversations") => {
                assert_eq!(answer.json(), json!({"data": []}), "{}", place.describe("stranger"));
            }
            _ => assert_eq!(answer.error(), (403, 200, 2_534_048), "{}", place.describe("stranger")),
        }
        let roles = json!([sandbox.env("PERSON_USERNAME")]);
        patch(&sandbox, &format!("apps/{id}"), json!({"roles": roles})).await;
        let answer = place.call(&sandbox, &node, Some(&token)).await;
        assert_eq!(answer.status, 200, "{}: {}", place.describe("tester"), answer.text());
        assert_ne!(answer.json(), json!({"data": []}), "{}", place.describe("tester"));
    }
}

#[tokio::test]
async fn the_owners_switch_shuts_connected_tools_out_of_messages() {
    let sandbox = prepared().await;
    for name in ["IG_USERNAME", "PAGE_IG_USERNAME"] {
        let path = format!("accounts/{}", sandbox.env(name));
        patch(&sandbox, &path, json!({"message_access": false})).await;
    }
    for place in places_by_token().filter(|place| place.operation.use_case.needs_message_access()) {
        let token = place.right_token(&sandbox).await;
        let answer = place.call(&sandbox, &place.node(&sandbox), Some(&token)).await;
        assert_eq!(answer.error(), (403, 200, 2_534_041), "{}", place.describe("switched off"));
    }
}
