//! Access that is given and taken back: what the app is told of it.

use graph_api::signature::read_signed_request;
use serde_json::{Value, json};
use testkit::browser::Browser;
use testkit::{Received, Receiver, Sandbox};

/// What a callback's `signed_request` says; it is signed by that secret.
fn said(received: &Received, secret: &str) -> Value {
    assert_eq!(received.header("content-type"), "application/x-www-form-urlencoded");
    let body = String::from_utf8(received.body.to_vec()).unwrap();
    let signed = body.strip_prefix("signed_request=").unwrap();
    read_signed_request(secret, signed).expect("signed by this secret")
}

async fn with_callbacks() -> (Sandbox, Receiver) {
    let (sandbox, receiver) = (Sandbox::start().await, Receiver::start("").await);
    let path = format!("/sim/apps/{}", sandbox.env("APP_ID"));
    let body = json!({"deauthorize_callback": receiver.url, "data_deletion_callback": receiver.url});
    sandbox.call("PATCH", &path).json(&body).ok().await;
    (sandbox, receiver)
}

#[tokio::test]
async fn an_app_hears_that_a_user_removed_it() {
    let (sandbox, receiver) = with_callbacks().await;
    let token = sandbox.env("USER_ACCESS_TOKEN");
    let user = sandbox.get("/v25.0/me").token(token).ok().await.json();
    sandbox.call("DELETE", "/v25.0/me/permissions").token(token).ok().await;
    let told = said(&receiver.next().await, sandbox.env("APP_SECRET"));
    assert_eq!(
        told,
        json!({"user_id": user["id"], "algorithm": "HMAC-SHA256", "issued_at": testkit::START.secs()})
    );
    // Nothing was given any more: nobody is told again.
    sandbox.call("DELETE", "/v25.0/me/permissions").token(token).send().await;
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
}

/// Over Instagram Login the app knows the account by an id of its own, and the product's secret signs.
#[tokio::test]
async fn an_app_is_asked_to_delete_what_it_knows() {
    let (sandbox, receiver) = with_callbacks().await;
    let me = sandbox.get("/v25.0/me").token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
    let mut browser = Browser::new(&sandbox);
    let page = browser.open("/settings?tab=business_tools").await;
    let mut form = page.form("instagram").unwrap();
    form.set("user", sandbox.env("IG_USERNAME"));
    let page = browser.press(&form, "choose").await;
    let mut form = page.form("remove").unwrap();
    form.tick("delete_data", "1");
    let page = browser.press(&form, "remove").await;
    assert!(page.text().contains("Its data deletion callback answered 200"), "{}", page.text());
    for _ in ["data deletion", "deauthorize"] {
        let told = said(&receiver.next().await, sandbox.env("INSTAGRAM_APP_SECRET"));
        assert_eq!(told["user_id"], me["id"]);
    }
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
}

/// What the callback answers has no say: access is gone.
#[tokio::test]
async fn a_callback_that_fails_changes_nothing() {
    let (sandbox, receiver) = with_callbacks().await;
    receiver.answer_with(500);
    let token = sandbox.env("USER_ACCESS_TOKEN");
    sandbox.call("DELETE", "/v25.0/me/permissions").token(token).ok().await;
    receiver.next().await;
    let answer = sandbox.get("/v25.0/me").token(token).send().await;
    assert_eq!(answer.error(), (400, 190, 458));
}

/// Taking a permission back and giving others at the same time keeps both.
#[tokio::test]
async fn decisions_at_the_same_time_all_count() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("USER_ACCESS_TOKEN");
    let take_back = |scope: &str| {
        let path = format!("/v25.0/me/permissions/{scope}");
        sandbox.call("DELETE", &path).token(token).ok()
    };
    tokio::join!(take_back("pages_messaging"), take_back("instagram_basic"), take_back("pages_show_list"));
    let listed = sandbox.get("/v25.0/me/permissions").token(token).ok().await.json();
    let declined: Vec<&str> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["status"] == "declined")
        .map(|entry| entry["permission"].as_str().unwrap())
        .collect();
    assert_eq!(declined.len(), 3, "{declined:?}");
}
