//! Hashtag search, through the public interface.

use serde_json::{Value, json};
use testkit::media::MediaServer;
use testkit::{Answer, Sandbox};

async fn publish(sandbox: &Sandbox, media: &MediaServer, caption: &str) -> String {
    let call = |edge: &str, body: Value| {
        let path = format!("/v25.0/{}/{edge}", sandbox.env("PAGE_IG_ID"));
        sandbox.post(&path).token(sandbox.env("PAGE_ACCESS_TOKEN")).json(&body)
    };
    let url = media.url("/picture/320x320/a.jpg");
    let made = call("media", json!({"image_url": url, "caption": caption})).ok().await.json();
    let media = call("media_publish", json!({"creation_id": made["id"]})).ok().await.json();
    media["id"].as_str().unwrap().to_owned()
}

async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    sandbox.get(&format!("/v25.0/{path}")).token(sandbox.env("USER_ACCESS_TOKEN")).send().await
}

async fn search(sandbox: &Sandbox, tag: &str) -> Answer {
    get(sandbox, &format!("ig_hashtag_search?user_id={}&q={tag}", sandbox.env("PAGE_IG_ID"))).await
}

async fn prepared() -> (Sandbox, MediaServer) {
    let (sandbox, media) = (Sandbox::start().await, MediaServer::start().await);
    let settings = json!({"image_processing": 0, "container_quota": 1000, "quota_total": 1000});
    sandbox.call("PATCH", "/sim/settings").json(&settings).ok().await;
    (sandbox, media)
}

#[tokio::test]
async fn media_are_found_by_their_hashtags() {
    let (sandbox, media) = prepared().await;
    let first = publish(&sandbox, &media, "One #Mug and #pizza").await;
    sandbox.advance("25h").await;
    let second = publish(&sandbox, &media, "#MUG #mug again").await;
    let found = search(&sandbox, "mug").await.json();
    let id = found["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(search(&sandbox, "%23MUG").await.json(), found);
    assert_eq!(get(&sandbox, &format!("{id}?fields=name")).await.json(), json!({"name": "mug", "id": id}));
    let list = async |edge: &str, more: &str| {
        get(&sandbox, &format!("{id}/{edge}?user_id={}{more}", sandbox.env("PAGE_IG_ID"))).await
    };
    let recent = list("recent_media", "&fields=caption,permalink,timestamp,like_count").await.json();
    assert_eq!(recent["data"].as_array().unwrap().len(), 1, "of the last day");
    assert_eq!(recent["data"][0]["id"], second);
    let top = list("top_media", "&limit=1").await.json();
    assert_eq!(top["data"], json!([{"id": second}]));
    let after = top["paging"]["cursors"]["after"].as_str().unwrap();
    let rest = list("top_media", &format!("&after={after}")).await.json();
    assert_eq!(rest["data"], json!([{"id": first}]));
    // Whose they are is not told.
    for field in ["username", "owner", "thumbnail_url", "alt_text"] {
        assert_eq!(list("top_media", &format!("&fields={field}")).await.error(), (400, 100, 0), "{field}");
    }
    let searched = get(&sandbox, &format!("{}/recently_searched_hashtags", sandbox.env("PAGE_IG_ID"))).await;
    assert_eq!(searched.json()["data"], json!([{"id": id}]));
    assert_eq!(get(&sandbox, &format!("{id}/recent_media")).await.error(), (400, 100, 0), "user_id");
    let foreign = format!("{id}/recent_media?user_id={}", sandbox.env("IG_ID"));
    assert_eq!(get(&sandbox, &foreign).await.error(), (400, 100, 33));
    // What is deleted is found no more.
    let path = format!("/v25.0/{second}");
    sandbox.call("DELETE", &path).token(sandbox.env("PAGE_ACCESS_TOKEN")).ok().await;
    assert_eq!(list("recent_media", "").await.json(), json!({"data": []}));
}

#[tokio::test]
async fn thirty_hashtags_in_seven_days() {
    let (sandbox, media) = prepared().await;
    for half in 0..2 {
        let tags: Vec<String> = (0..16).map(|n| format!("#tag{half}x{n}")).collect();
        publish(&sandbox, &media, &tags.join(" ")).await;
    }
    let name = |n: usize| format!("tag{}x{}", n / 16, n % 16);
    for n in 0..30 {
        assert_eq!(search(&sandbox, &name(n)).await.status, 200);
        sandbox.advance("1m").await;
    }
    let over = search(&sandbox, &name(30)).await;
    assert_eq!(over.error(), (400, 18, 2_207_034));
    // One that was looked for does not count again.
    assert_eq!(search(&sandbox, &name(7)).await.status, 200);
    let path = format!("{}/recently_searched_hashtags?limit=100", sandbox.env("PAGE_IG_ID"));
    let searched = get(&sandbox, &path).await.json();
    assert_eq!(searched["data"].as_array().unwrap().len(), 30);
    // Seven days after the first, another one fits.
    sandbox.advance("167h30m").await;
    assert_eq!(search(&sandbox, &name(30)).await.status, 200);
    assert_eq!(search(&sandbox, &name(31)).await.error(), (400, 18, 2_207_034));
    for (query, error) in [("nothing", (400, 24, 2_207_024)), ("", (400, 100, 0)), ("a%20b", (400, 100, 0))] {
        assert_eq!(search(&sandbox, query).await.error(), error, "{query}");
    }
}
