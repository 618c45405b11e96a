//! The lists of an account, as edges and as fields; what others may see of it.

use super::{Author, both};
use graph_api::Host;
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn media_come_in_pages_and_within_a_span() {
    for author in both().await {
        author.set(json!({"image_processing": 0})).await;
        let mut published = Vec::new();
        for _ in 0..4 {
            author.sandbox.advance("1h").await;
            let container = author.container(json!({"image_url": author.picture()})).await;
            let answer = author.publish(&container).await;
            published.insert(0, answer.json()["id"].as_str().unwrap().to_owned());
        }
        let edge = format!("{}/media", author.id());
        let all = author.read(&edge).await;
        assert_eq!(ids(&all)[..4], published[..], "the newest first");
        assert_eq!(ids(&all).len(), 5, "and the demo world's");
        assert!(all["paging"]["cursors"]["before"].is_string());
        let first = author.read(&format!("{edge}?limit=2&fields=timestamp")).await;
        assert_eq!(ids(&first), published[..2]);
        let next = first["paging"]["next"].as_str().unwrap().to_owned();
        let path = next.strip_prefix("http://127.0.0.1:8430").unwrap().to_owned();
        let second = author.sandbox.get(&path).ok().await.json();
        assert_eq!(ids(&second), published[2..]);
        let previous = second["paging"]["previous"].as_str().unwrap().to_owned();
        let path = previous.strip_prefix("http://127.0.0.1:8430").unwrap().to_owned();
        assert_eq!(author.sandbox.get(&path).ok().await.json()["data"], first["data"]);
        // From 10:30 until before 12:00.
        let since = "2026-03-02T10:30:00Z";
        let within = author.read(&format!("{edge}?since={since}&until=1772452800")).await;
        assert_eq!(ids(&within), [published[2].clone()]);
        assert_eq!(author.read(&format!("{edge}?until=2026-03-02")).await, json!({"data": []}));
        for wrong in ["since=yesterday", "limit=0", "after=x"] {
            assert_eq!(author.get(&format!("{edge}?{wrong}")).await.error(), (400, 100, 0), "{wrong}");
        }
        // As a field of the account, with the page's links.
        let node = author
            .read(&format!("{}?fields=media_count,media.limit(1){{caption,permalink}}", author.id()))
            .await;
        assert_eq!(node["media_count"], 5);
        assert_eq!(ids(&node["media"]), published[..1]);
        let next = node["media"]["paging"]["next"].as_str().unwrap().to_owned();
        let path = next.strip_prefix("http://127.0.0.1:8430").unwrap().to_owned();
        assert_eq!(ids(&author.sandbox.get(&path).ok().await.json()), published[1..2]);
        let stories = author.read(&format!("{}?fields=stories,live_media", author.id())).await;
        assert_eq!(stories["live_media"], json!({"data": []}));
    }
}

#[tokio::test]
async fn the_account_shows_what_its_owner_wrote() {
    let author = Author::new(Host::Facebook).await;
    let account = format!("/sim/accounts/{}", author.username());
    let change = json!({"biography": "Pizza", "website": "https://example.com"});
    author.sandbox.call("PATCH", &account).json(&change).ok().await;
    let fields = "biography,website,has_profile_pic,is_published,legacy_instagram_user_id";
    let shown = author.read(&format!("{}?fields={fields}", author.id())).await;
    assert_eq!((&shown["biography"], &shown["website"]), (&json!("Pizza"), &json!("https://example.com")));
    assert_eq!((&shown["has_profile_pic"], &shown["is_published"]), (&json!(false), &json!(true)));
    let shop = author.get(&format!("{}?fields=shopping_product_tag_eligibility", author.id())).await;
    assert_eq!(shop.error(), (403, 10, 0));
}

#[tokio::test]
async fn others_are_looked_at_by_business_discovery() {
    let author = Author::new(Host::Facebook).await;
    let discover = |rest: &str| format!("{}?fields=business_discovery.{rest}", author.id());
    let path = discover(
        "username(posthaste.shop){followers_count,media_count,media{caption,like_count,view_count}}",
    );
    let shown = author.read(&path).await;
    let found = &shown["business_discovery"];
    assert_eq!(found["media_count"], 1);
    assert_eq!(found["id"], author.sandbox.env("IG_ID"));
    assert_eq!(found["media"]["data"][0]["caption"], "Our new mug is here");
    assert!(found["media"]["data"][0].get("view_count").is_none(), "a picture has no views");
    assert_eq!(shown["id"], author.id());
    let bare = author.read(&discover("username(posthaste.shop)")).await;
    assert_eq!(bare["business_discovery"], json!({"id": author.sandbox.env("IG_ID")}));
    for unknown in ["nobody", "ana.customer"] {
        let answer = author.get(&discover(&format!("username({unknown}){{id}}"))).await;
        assert_eq!(answer.error(), (400, 110, 2_207_013), "{unknown}");
        assert_eq!(answer.json()["error"]["error_user_title"], "Cannot find User");
    }
    assert_eq!(author.get(&discover("username(posthaste.shop){stories}")).await.error(), (400, 100, 0));
    assert_eq!(
        author.get(&format!("{}?fields=business_discovery", author.id())).await.error(),
        (400, 100, 0)
    );
    let instagram = Author::new(Host::Instagram).await;
    let path = "me?fields=business_discovery.username(posthaste.cafe){id}";
    assert_eq!(instagram.get(path).await.error(), (400, 100, 0));
}

#[tokio::test]
async fn tags_over_instagram_login_are_a_setting() {
    let author = Author::new(Host::Instagram).await;
    assert_eq!(author.read("me/tags").await, json!({"data": []}));
    author.set(json!({"tags_on_instagram_host": false})).await;
    assert_eq!(author.get("me/tags").await.error(), (400, 100, 0));
}
