//! Mentions through the public interface: what scenarios cannot say.

use serde_json::json;
use testkit::{Receiver, Sandbox};

/// A comment under one's own post that mentions oneself is a comment, and several mentions of one account are one.
#[tokio::test]
async fn one_comment_is_one_event() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("PAGE", &receiver.url).await;
    let (own, other) = (sandbox.env("PAGE_MEDIA_ID"), sandbox.env("IG_MEDIA_ID"));
    for (media, text, field) in [
        (own, "@posthaste.cafe hi", "comments"),
        (other, "@posthaste.cafe @Posthaste.Cafe @nobody", "mentions"),
    ] {
        let body = json!({"media_id": media, "text": text});
        sandbox.sim("people/ana.customer/comment", body).await;
        assert_eq!(receiver.next().await.json()["entry"][0]["changes"][0]["field"], field);
    }
    sandbox.deliver().await;
    assert!(receiver.rest().await.is_empty());
}

/// What an account publishes in the app mentions others as well; it stays its own.
#[tokio::test]
async fn an_accounts_own_post_mentions_another() {
    let sandbox = Sandbox::start().await;
    let post = sandbox.sim("people/posthaste.shop/mention", json!({"to": "posthaste.cafe"})).await;
    let id = post["id"].as_str().unwrap();
    let own =
        sandbox.get(&format!("/v25.0/{id}?fields=caption,username")).token(sandbox.env("IG_ACCESS_TOKEN"));
    assert_eq!(
        own.ok().await.json(),
        json!({"caption": "@posthaste.cafe", "username": "posthaste.shop", "id": id})
    );
    let path = format!(
        "/v25.0/{}?fields=mentioned_media.media_id({id}){{caption,owner}}",
        sandbox.env("PAGE_IG_ID")
    );
    let seen = sandbox.get(&path).token(sandbox.env("PAGE_ACCESS_TOKEN")).ok().await.json();
    let owner = json!({"id": sandbox.env("IG_ID")});
    assert_eq!(seen["mentioned_media"], json!({"caption": "posthaste.cafe", "owner": owner, "id": id}));
}
