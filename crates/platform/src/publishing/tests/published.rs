//! What is published, of every kind: its node, its lists, and what becomes of it.

use super::{Author, both};
use graph_api::Host;
use serde_json::json;

#[tokio::test]
async fn a_post_has_its_fields() {
    for author in both().await {
        let person = author.sandbox.env("PERSON_USERNAME").to_owned();
        let id = author
            .published(json!({
                "image_url": author.picture(), "caption": "Mugs for @ana.customer #mugs", "alt_text": "A mug",
                "user_tags": [{"username": person, "x": 0.25, "y": 0.5}], "is_ai_generated": true,
            }))
            .await;
        let fields = "caption,media_type,media_product_type,media_url,permalink,shortcode,timestamp,username,owner,\
                      like_count,comments_count,is_comment_enabled,alt_text,is_ai_generated,legacy_instagram_media_id,\
                      thumbnail_url,is_shared_to_feed,media_audio_type,children";
        let post = author.read(&format!("{id}?fields={fields}")).await;
        let code = post["shortcode"].as_str().unwrap();
        let expected = json!({
            "caption": "Mugs for @ana.customer #mugs", "media_type": "IMAGE", "media_product_type": "FEED",
            "media_url": post["media_url"], "permalink": format!("http://127.0.0.1:8430/p/{code}/"),
            "shortcode": code, "timestamp": "2026-03-02T09:00:05+0000", "username": author.username(),
            "owner": {"id": author.id()}, "like_count": 0, "comments_count": 0, "is_comment_enabled": true,
            "alt_text": "A mug", "is_ai_generated": true,
            "legacy_instagram_media_id": post["legacy_instagram_media_id"], "id": id,
        });
        assert_eq!(post, expected, "what does not apply is left out");
        let url = post["media_url"].as_str().unwrap();
        let path = &url[url.find("/ig_messaging_cdn").unwrap()..];
        let file = author.sandbox.get(path).ok().await;
        assert_eq!(file.header("content-type"), "image/jpeg");
        // Its page, and not another's.
        let page = author.sandbox.get(&format!("/p/{code}/")).ok().await;
        assert!(page.text().contains("Mugs for @ana.customer #mugs"));
        assert!(page.text().contains("alt=\"A mug\""));
        assert_eq!(author.sandbox.get("/p/BBBB/").send().await.status, 404);
        let copyright = author.get(&format!("{id}?fields=copyright_check_information")).await;
        assert_eq!(copyright.error(), (400, 9005, 1_452_042));
        // The counters are Facebook Login's.
        let counters =
            "reposts_count,saved_count,shares_count,total_like_count,total_comments_count,boost_ads_list";
        let shown = author.get(&format!("{id}?fields={counters}")).await;
        let views = author.get(&format!("{id}?fields=view_count")).await;
        if author.host == Host::Facebook {
            assert_eq!(shown.json()["saved_count"], 0);
            assert_eq!(views.error(), (400, 36_104, 0));
        } else {
            assert_eq!(shown.error(), (400, 100, 0));
            assert_eq!(views.error(), (400, 100, 0));
        }
    }
}

#[tokio::test]
async fn reels_have_covers_and_thumbnails() {
    for author in both().await {
        let fields = "media_type,media_product_type,thumbnail_url,is_shared_to_feed,copyright_check_information,\
                      media_audio_type,permalink";
        let reel = json!({"media_type": "REELS", "video_url": author.movie(), "share_to_feed": false});
        let id = author.published(reel.clone()).await;
        let shown = author.read(&format!("{id}?fields={fields},shortcode,media_url")).await;
        assert_eq!(shown["media_type"], "VIDEO");
        assert_eq!(shown["media_product_type"], "REELS");
        assert_eq!(shown["is_shared_to_feed"], false);
        assert_eq!(
            shown["copyright_check_information"],
            json!({"status": {"status": "completed", "matches_found": false}})
        );
        let code = shown["shortcode"].as_str().unwrap();
        assert_eq!(shown["permalink"], format!("http://127.0.0.1:8430/reel/{code}/"));
        let page = author.sandbox.get(&format!("/reel/{code}/")).ok().await;
        assert!(page.text().contains("<video "));
        let file = async |url: &serde_json::Value| {
            let url = url.as_str().unwrap().to_owned();
            author.sandbox.get(&url[url.find("/ig_messaging_cdn").unwrap()..]).ok().await
        };
        let video = file(&shown["media_url"]).await;
        assert_eq!(video.header("content-type"), "video/mp4");
        let drawn = file(&shown["thumbnail_url"]).await;
        let mut probe = graph_api::media::Probe::default();
        probe.feed(&drawn.body);
        let size = probe.image_size().unwrap();
        assert_eq!((size.width, size.height), (360, 640), "in the video's proportions");
        // A cover takes its place.
        let mut covered = reel;
        covered["cover_url"] = author.media.url("/picture/111x222/a.jpg").into();
        let id = author.published(covered.clone()).await;
        let shown = author.read(&format!("{id}?fields=thumbnail_url")).await;
        let mut probe = graph_api::media::Probe::default();
        probe.feed(&file(&shown["thumbnail_url"]).await.body);
        assert_eq!(probe.image_size().unwrap().width, 111);
        covered["cover_url"] = author.media.url("/a.png").into();
        assert_eq!(author.create(covered).await.error(), (400, 36_001, 2_207_005));
    }
}

#[tokio::test]
async fn albums_show_their_parts_in_order() {
    for author in both().await {
        let picture = json!({
            "image_url": author.picture(), "is_carousel_item": true, "alt_text": "First",
            "user_tags": [{"username": author.sandbox.env("IG_USERNAME"), "x": 0, "y": 1}],
        });
        let movie = json!({"video_url": author.movie(), "media_type": "VIDEO", "is_carousel_item": true});
        let (first, second) = (author.container(picture).await, author.container(movie).await);
        author.sandbox.advance("3s").await;
        let children = format!("{second},{first}");
        let album = json!({"media_type": "CAROUSEL", "children": children, "caption": "Both"});
        let id = author.published(album).await;
        let limit = author.read(&format!("{}/content_publishing_limit", author.id())).await;
        assert_eq!(limit["data"][0]["quota_usage"], 1, "an album counts once");
        let shown = author
            .read(&format!(
                "{id}?fields=media_type,media_url,permalink,children{{media_type,alt_text,permalink,caption}}"
            ))
            .await;
        assert_eq!(shown["media_type"], "CAROUSEL_ALBUM");
        let parts = shown["children"]["data"].as_array().unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0]["media_type"], "VIDEO");
        assert_eq!(parts[1]["alt_text"], "First");
        assert_eq!(parts[1]["permalink"], shown["permalink"]);
        assert!(parts[1].get("caption").is_none());
        let listed = author.read(&format!("{id}/children")).await;
        assert_eq!(listed, json!({"data": [{"id": parts[0]["id"]}, {"id": parts[1]["id"]}]}));
        let part = parts[0]["id"].as_str().unwrap();
        let own = author.read(&format!("{part}?fields=like_count,is_comment_enabled,media_type")).await;
        assert_eq!(own, json!({"media_type": "VIDEO", "id": part}));
        // Lists have the album and not its parts.
        let media = author.read(&format!("{}/media?fields=media_type", author.id())).await;
        assert_eq!(media["data"].as_array().unwrap().len(), 2, "the demo world's and the album");
        // A picture that is no album has no parts.
        let first = media["data"][1]["id"].as_str().unwrap();
        assert_eq!(author.read(&format!("{first}/children")).await, json!({"data": []}));
        // Who is tagged in a part is tagged in the album.
        if author.host == Host::Facebook {
            let token = author.sandbox.env("IG_ACCESS_TOKEN");
            let tags =
                author.sandbox.get("/me/tags?fields=username,media_type").token(token).ok().await.json();
            let expected = json!([{"username": author.username(), "media_type": "CAROUSEL_ALBUM", "id": id}]);
            assert_eq!(tags["data"], expected);
            assert!(tags["paging"].get("next").is_none());
            assert_eq!(
                author
                    .sandbox
                    .call("DELETE", &format!("/{part}"))
                    .host(author.host.name())
                    .token(author.token())
                    .send()
                    .await
                    .error(),
                (400, -1, 2_207_073)
            );
        }
    }
}

#[tokio::test]
async fn stories_end_after_a_day() {
    for author in both().await {
        let before = author.read(&format!("{}/stories", author.id())).await;
        let before = before["data"].as_array().unwrap().len();
        author.sandbox.advance("1h").await;
        let story = json!({"media_type": "STORIES", "image_url": author.picture()});
        let id = author.published(story).await;
        let path = format!("{}/stories?fields=media_product_type,permalink", author.id());
        let shown = author.read(&path).await;
        assert_eq!(shown["data"].as_array().unwrap().len(), before + 1);
        assert_eq!(shown["data"][0]["media_product_type"], "STORY");
        let link = shown["data"][0]["permalink"].as_str().unwrap().to_owned();
        assert_eq!(link, format!("http://127.0.0.1:8430/stories/{}/{id}/", author.username()));
        let page = link.strip_prefix("http://127.0.0.1:8430").unwrap();
        author.sandbox.get(page).ok().await;
        // No story is among the media.
        let media = author.read(&format!("{}/media", author.id())).await;
        assert!(!media["data"].to_string().contains(&id));
        let feed = format!("/sim/people/{}/feed", author.sandbox.env("PERSON_USERNAME"));
        let seen = author.sandbox.get(&feed).ok().await.json();
        assert_eq!(seen["stories"][0]["id"], id);
        assert_eq!(seen["stories"][0]["account"], author.username());
        author.sandbox.advance("24h").await;
        assert_eq!(author.read(&path).await, json!({"data": []}));
        assert_eq!(author.get(&id).await.error(), (400, 100, 33));
        assert_eq!(author.sandbox.get(page).send().await.status, 404);
        let seen = author.sandbox.get(&feed).ok().await.json();
        assert_eq!(seen["stories"], json!([]));
        // A video as a story.
        let movie = json!({"media_type": "STORIES", "video_url": author.movie()});
        let id = author.published(movie).await;
        let shown = author.read(&format!("{id}?fields=media_type,media_product_type")).await;
        assert_eq!(shown, json!({"media_type": "VIDEO", "media_product_type": "STORY", "id": id}));
        let long = author.media.url("/movie/61/720x1280/a.mp4");
        let container = author.container(json!({"media_type": "STORIES", "video_url": long})).await;
        author.sandbox.advance("3s").await;
        assert_eq!(author.status(&container).await.0, "ERROR");
    }
}

#[tokio::test]
async fn broadcasts_are_there_while_they_last() {
    for author in both().await {
        let live = format!("accounts/{}/live", author.username());
        let path = format!("{}/live_media?fields=media_type,media_product_type,media_url", author.id());
        assert_eq!(author.read(&path).await, json!({"data": []}));
        let started = author.sandbox.sim(&live, json!({"start": true})).await;
        let id = started["media_id"].as_str().unwrap();
        let shown = author.read(&path).await;
        let entry = json!({"media_type": "BROADCAST", "media_product_type": "LIVE", "id": id});
        assert_eq!(shown["data"], json!([entry]));
        let page = format!("/{}/live/", author.username());
        assert!(author.sandbox.get(&page).ok().await.text().contains("LIVE"));
        assert_eq!(author.post(id, json!({"comment_enabled": false})).await.error(), (400, 100, 33));
        let world = author.sandbox.get("/sim/world").ok().await.json();
        let of_account = |a: &&serde_json::Value| a["id"] == author.id();
        let account = world["accounts"].as_array().unwrap().iter().find(of_account).unwrap();
        assert_eq!(account["live"]["id"], id);
        assert!(!account["media"].to_string().contains(id));
        let twice = author.sandbox.post(&format!("/sim/{live}")).json(&json!({"start": true})).send().await;
        assert_eq!(twice.status, 409);
        let media = author.read(&format!("{}/media", author.id())).await;
        assert!(!media["data"].to_string().contains(id));
        assert_eq!(author.sandbox.sim(&live, json!({"end": true})).await, started);
        assert_eq!(author.read(&path).await, json!({"data": []}));
        assert_eq!(author.get(id).await.error(), (400, 100, 33));
        assert_eq!(author.sandbox.get(&page).send().await.status, 404);
        for wrong in [json!({}), json!({"start": true, "end": true}), json!({"begin": true})] {
            let answer = author.sandbox.post(&format!("/sim/{live}")).json(&wrong).send().await;
            assert_eq!(answer.status, 400, "{wrong}");
        }
    }
}

#[tokio::test]
async fn comments_can_be_shut_and_posts_deleted() {
    for author in both().await {
        let id = author.published(json!({"image_url": author.picture(), "caption": "#gone"})).await;
        assert_eq!(
            author.post(&id, json!({"comment_enabled": "false"})).await.json(),
            json!({"success": true})
        );
        let shown = author.read(&format!("{id}?fields=is_comment_enabled,media_url")).await;
        assert_eq!(shown["is_comment_enabled"], false);
        for wrong in [json!({}), json!({"comment_enabled": "perhaps"})] {
            assert_eq!(author.post(&id, wrong).await.error(), (400, 100, 0));
        }
        let delete = author.sandbox.call("DELETE", &format!("/v25.0/{id}")).host(author.host.name());
        let deleted = delete.token(author.token()).send().await;
        if author.host == Host::Instagram {
            assert_eq!(deleted.error(), (400, 100, 33));
            continue;
        }
        assert_eq!(deleted.json(), json!({"success": true, "deleted_id": id}));
        let gone = author.get(&id).await;
        assert_eq!(gone.error(), (400, 100, 33));
        assert_eq!(gone.json()["error"]["type"], "GraphMethodException");
        let url = shown["media_url"].as_str().unwrap();
        let path = &url[url.find("/ig_messaging_cdn").unwrap()..];
        assert_eq!(author.sandbox.get(path).send().await.status, 404);
        let again = author.sandbox.call("DELETE", &format!("/v25.0/{id}")).token(author.token()).send().await;
        assert_eq!(again.error(), (400, 100, 33));
        // What was published from the container counts all the same.
        let limit = author.read(&format!("{}/content_publishing_limit", author.id())).await;
        assert_eq!(limit["data"][0]["quota_usage"], 1);
    }
}

/// The sim tells of what is published, for those who wait for it.
#[tokio::test]
async fn what_is_published_is_in_the_feed_of_events_and_in_the_world() {
    let author = Author::new(Host::Facebook).await;
    let id =
        author.published(json!({"image_url": author.picture(), "collaborators": ["posthaste.shop"]})).await;
    let events = author.sandbox.get("/sim/events?type=media").ok().await.json();
    let event = &events["events"][0];
    assert_eq!((&event["media_id"], &event["what"]), (&json!(id), &json!("published")));
    let world = author.sandbox.get("/sim/world").ok().await.json();
    let account = world["accounts"].as_array().unwrap().iter().find(|a| a["id"] == author.id()).unwrap();
    assert_eq!(account["media"][0]["id"], id);
    assert_eq!(account["media"][0]["details"]["collaborators"], json!(["posthaste.shop"]));
    assert_eq!(account["containers"][0]["media_id"], id);
    assert_eq!(account["containers"][0]["status_code"], "PUBLISHED");
    let asked = author.read(&format!("{id}/collaborators")).await;
    assert_eq!(asked["data"][0]["username"], "posthaste.shop");
    assert_eq!(asked["data"][0]["invite_status"], "Pending");
    let feed = author.sandbox.get("/sim/people/ben.customer/feed?limit=1").ok().await.json();
    assert_eq!(feed["posts"][0]["id"], id);
    assert_eq!(feed["posts"].as_array().unwrap().len(), 1);
    // A person shares it with the account.
    let share = json!({"to": author.username(), "share": {"media_id": id}});
    author.sandbox.sim("people/ana.customer/send", share).await;
}
