//! The nodes `/me`, `/{ig-id}` and `/{page-id}`, through the public interface.

use serde_json::json;
use testkit::Sandbox;

#[tokio::test]
async fn an_account_over_instagram_login() {
    let sandbox = Sandbox::start().await;
    let (token, id) = (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("IG_ID"));
    let me =
        sandbox.get("/v25.0/me?fields=user_id,username,name,account_type").token(token).ok().await.json();
    let scoped = me["id"].as_str().unwrap().to_owned();
    assert_eq!(
        me,
        json!({"user_id": id, "username": "posthaste.shop", "name": "Posthaste Shop", "account_type": "BUSINESS", "id": scoped})
    );
    assert_ne!(scoped, id, "the app-scoped id is another number than the id of webhooks");
    // Without fields, the id alone; by either id, the same account.
    for node in ["me", id, &scoped] {
        assert_eq!(sandbox.get(&format!("/{node}")).token(token).ok().await.json(), json!({"id": scoped}));
    }
    // Another app sees another app-scoped id.
    let app = sandbox.sim("apps", json!({"name": "Second"})).await;
    let other = app["tokens"]["posthaste.shop"]["instagram"].as_str().unwrap();
    let seen = sandbox.get("/me?fields=id,user_id").token(other).ok().await.json();
    assert_eq!(seen["user_id"], id);
    assert_ne!(seen["id"], scoped);
}

#[tokio::test]
async fn a_page_and_its_account_over_facebook_login() {
    let sandbox = Sandbox::start().await;
    let (token, page, id) =
        (sandbox.env("PAGE_ACCESS_TOKEN"), sandbox.env("PAGE_ID"), sandbox.env("PAGE_IG_ID"));
    assert_eq!(
        sandbox.get("/me").token(token).ok().await.json(),
        json!({"name": "Posthaste Café", "id": page})
    );
    let fields = "instagram_business_account{id,username},name";
    let node = sandbox.get(&format!("/v25.0/{page}?fields={fields}")).token(token).ok().await.json();
    assert_eq!(
        node,
        json!({"instagram_business_account": {"username": "posthaste.cafe", "id": id}, "name": "Posthaste Café", "id": page})
    );
    let account = sandbox.get(&format!("/{id}?fields=[\"username\"]")).token(token).ok().await.json();
    assert_eq!(account, json!({"username": "posthaste.cafe", "id": id}));
    let user = sandbox.get("/me").token(sandbox.env("USER_ACCESS_TOKEN")).ok().await.json();
    assert_eq!(user["name"], "Demo Owner");
}

#[tokio::test]
async fn unknown_fields_are_named_with_the_type_of_node() {
    let sandbox = Sandbox::start().await;
    let ig = sandbox.get("/me?fields=id,shoe_size").token(sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(ig.error(), (400, 100, 0));
    assert_eq!(ig.message(), "Tried accessing nonexisting field (shoe_size) on node type (IGUser)");
    let page = sandbox.get("/me?fields=shoe_size").token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await;
    assert_eq!(page.message(), "(#100) Tried accessing nonexisting field (shoe_size) on node type (Page)");
    // `account_type` belongs to the Instagram host alone.
    let path = format!("/{}?fields=account_type", sandbox.env("PAGE_IG_ID"));
    let account = sandbox.get(&path).token(sandbox.env("PAGE_ACCESS_TOKEN")).send().await;
    assert_eq!(
        account.message(),
        "(#100) Tried accessing nonexisting field (account_type) on node type (IGUser)"
    );
    let broken = sandbox.get("/me?fields=id,name{").token(sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(broken.error().1, 2500);
}
