//! Containers: their states on the world's clock, their limits, and what is refused.

use super::{Author, both};
use clock::Clock as _;
use graph_api::Host;
use serde_json::{Value, json};
use testkit::media::{Served, files};

#[tokio::test]
async fn a_picture_is_processed_published_and_gone() {
    for author in both().await {
        let container = author.container(json!({"image_url": author.picture(), "caption": "Hi"})).await;
        assert_eq!(author.read(&container).await, json!({"id": container}));
        assert_eq!(author.status(&container).await.0, "IN_PROGRESS");
        let early = author.publish(&container).await;
        assert_eq!(early.error(), (400, 9007, 2_207_027));
        assert_eq!(early.json()["error"]["is_transient"], false);
        author.sandbox.advance("1s").await;
        let (code, text) = author.status(&container).await;
        assert_eq!(code, "FINISHED");
        assert_eq!(text, "Finished: Media has been uploaded and it is ready to be published.");
        let media = author.publish(&container).await;
        let media = media.json()["id"].as_str().unwrap().to_owned();
        assert_ne!(media, container);
        assert_eq!(author.status(&container).await.0, "PUBLISHED");
        let again = author.publish(&container).await;
        assert_eq!(again.error(), (400, 24, 2_207_006));
        assert_eq!(
            again.json()["error"]["error_user_msg"],
            format!("The media with {container} cannot be found")
        );
        author.set(json!({"lenient_republishing": true})).await;
        assert_eq!(author.publish(&container).await.json(), json!({"id": media}));
    }
}

#[tokio::test]
async fn a_container_lives_for_a_day() {
    let author = Author::new(Host::Instagram).await;
    let container = author.container(json!({"image_url": author.picture()})).await;
    author.sandbox.advance("23h59m").await;
    assert_eq!(author.status(&container).await.0, "FINISHED");
    author.sandbox.advance("1m").await;
    assert_eq!(author.status(&container).await.0, "EXPIRED");
    assert_eq!(author.publish(&container).await.error(), (400, -2, 2_207_020));
    // Its file goes when the next one is made, and its state stays.
    author.container(json!({"image_url": author.picture()})).await;
    assert_eq!(author.status(&container).await.0, "EXPIRED");
}

/// A broken video is told by the container, and never by the call that made it.
#[tokio::test]
async fn what_is_wrong_with_a_video_the_container_tells() {
    let author = Author::new(Host::Facebook).await;
    for (url, subcode) in [
        (author.media.url("/a.png"), 2_207_026),
        (author.media.url("/a.mp4"), 2_207_026),
        (author.media.url("/a.webm"), 2_207_026),
        (author.media.url("/movie/2/720x1280/a.mp4"), 2_207_026),
        (author.media.url("/movie/10/2000x1280/a.mp4"), 2_207_026),
        (author.media.url("/status/404"), 2_207_076),
        (author.media.url("/moved?nowhere"), 2_207_076),
    ] {
        let container = author.container(json!({"media_type": "REELS", "video_url": url})).await;
        assert_eq!(author.status(&container).await.0, "IN_PROGRESS", "{url}");
        author.sandbox.advance("3s").await;
        let (code, text) = author.status(&container).await;
        assert_eq!(code, "ERROR", "{url}");
        assert_eq!(text, format!("Error: Media upload has failed with error code {subcode}"), "{url}");
        assert_eq!(author.publish(&container).await.error(), (400, 9007, 2_207_027));
        let path = format!("/sim/accounts/{}/containers", author.username());
        let shown = author.sandbox.get(&path).ok().await.json();
        assert_eq!(shown["containers"][0]["id"], container);
        assert!(!shown["containers"][0]["reason"].as_str().unwrap().is_empty(), "{url}");
    }
    let nowhere = author.create(json!({"media_type": "REELS", "video_url": "nowhere"})).await;
    assert_eq!(nowhere.error(), (400, 9004, 2_207_052));
    for offset in [-1, 10_000] {
        let body = json!({"media_type": "REELS", "video_url": author.movie(), "thumb_offset": offset});
        let refused = author.create(body).await;
        assert_eq!(refused.error(), (400, 1, 2_207_057));
        let told = refused.json()["error"]["error_user_msg"].as_str().unwrap().to_owned();
        assert!(told.ends_with("i.e. 10000"), "{told}");
    }
    author.container(json!({"media_type": "REELS", "video_url": author.movie(), "thumb_offset": 9999})).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_picture_is_told_at_once() {
    let author = Author::new(Host::Instagram).await;
    let mpo = files::jpeg_with(1080, 1080, &[(0xe2, b"MPF\0II*\0".to_vec())]);
    let jps = files::jpeg_with(1080, 1080, &[(0xe3, b"_JPSJPS_\0\x08".to_vec())]);
    // A colour profile is a segment of the same kind, and harmless.
    let coloured = files::jpeg_with(1080, 1080, &[(0xe2, b"ICC_PROFILE\0\x01\x01".to_vec())]);
    let served = |name: &str, file| author.media.serve(name, Served::File(file));
    let url = |path: &str| author.media.url(path);
    for (url, error) in [
        (url("/picture/1080x1080/a.png"), Some((36_001, 2_207_005))),
        (url("/a.webp"), Some((36_001, 2_207_005))),
        (url("/a.gif"), Some((36_001, 2_207_005))),
        (served("/mpo.jpg", mpo), Some((36_001, 2_207_005))),
        (served("/jps.jpg", jps), Some((36_001, 2_207_005))),
        (served("/icc.jpg", coloured), None),
        (url("/sized/8388609/a.jpg"), Some((36_000, 2_207_004))),
        (url("/picture/1080x1351/a.jpg"), None),
        (url("/picture/1080x1360/a.jpg"), Some((36_003, 2_207_009))),
        (url("/picture/1080x566/a.jpg"), None),
        (url("/picture/1080x560/a.jpg"), Some((36_003, 2_207_009))),
        // A width outside 320 to 1440 is none (doc: it is scaled).
        (url("/picture/100x100/a.jpg"), None),
        (url("/picture/3000x3000/a.jpg"), None),
        (url("/a.html"), Some((9004, 2_207_052))),
        (url("/a.mp4"), Some((9004, 2_207_052))),
        (url("/status/500"), Some((9004, 2_207_052))),
        ("ftp://example.com/a.jpg".to_owned(), Some((9004, 2_207_052))),
    ] {
        let answer = author.create(json!({"image_url": url})).await;
        match error {
            Some((code, subcode)) => {
                assert_eq!(answer.error(), (400, code, subcode), "{url}: {}", answer.text());
            }
            None => assert_eq!(answer.status, 200, "{url}: {}", answer.text()),
        }
    }
    let told = author.create(json!({"image_url": url("/picture/900x1600/a.jpg")})).await;
    let told = told.json()["error"]["error_user_msg"].as_str().unwrap().to_owned();
    assert!(told.contains("('0.5625')"), "{told}");
    // A story may have any shape.
    author.container(json!({"image_url": url("/picture/900x1600/a.jpg"), "media_type": "STORIES"})).await;
    author.set(json!({"lenient_image_formats": true})).await;
    author.container(json!({"image_url": url("/picture/1080x1080/a.png")})).await;
    author.container(json!({"image_url": url("/a.webp")})).await;
}

/// A carousel waits for its children, and fails with them.
#[tokio::test]
async fn carousels_are_as_good_as_their_children() {
    let author = Author::new(Host::Facebook).await;
    let picture = json!({"image_url": author.picture(), "is_carousel_item": true});
    let movie = |url: String| json!({"video_url": url, "media_type": "VIDEO", "is_carousel_item": true});
    let first = author.container(picture.clone()).await;
    let second = author.container(movie(author.movie())).await;
    let broken = author.container(movie(author.media.url("/a.png"))).await;
    let alone = author.container(json!({"image_url": author.picture()})).await;
    let carousel = |children: Value| json!({"media_type": "CAROUSEL", "children": children});
    let good = author.container(carousel(json!(format!("{first}, {second}")))).await;
    let bad = author.container(carousel(json!([first, broken]))).await;
    author.sandbox.advance("1s").await;
    assert_eq!(author.status(&good).await.0, "IN_PROGRESS", "the video is still processed");
    author.sandbox.advance("2s").await;
    assert_eq!(author.status(&good).await.0, "FINISHED");
    assert_eq!(author.status(&bad).await.0, "ERROR");
    for wrong in [json!([first, alone]), json!([first, first]), json!([first, "1"]), json!([first, good])] {
        assert_eq!(author.create(carousel(wrong.clone())).await.error(), (400, 100, 0), "{wrong}");
    }
    assert_eq!(author.publish(&first).await.error(), (400, 100, 0), "a child alone");
    assert_eq!(author.publish(&good).await.status, 200);
    // The children went with it.
    assert_eq!(author.status(&bad).await.0, "ERROR");
    assert_eq!(author.create(carousel(json!([first, second]))).await.error(), (400, 100, 0));
}

#[tokio::test]
async fn containers_and_publications_are_counted_by_the_moving_day() {
    for author in both().await {
        author.set(json!({"quota_total": 2, "container_quota": 5, "image_processing": 0})).await;
        let body = json!({"image_url": author.picture()});
        let mut containers = Vec::new();
        for _ in 0..4 {
            containers.push(author.container(body.clone()).await);
        }
        let limit = format!("{}/content_publishing_limit", author.id());
        assert_eq!(author.read(&limit).await, json!({"data": [{"quota_usage": 0}]}));
        assert_eq!(author.publish(&containers[0]).await.status, 200);
        author.sandbox.advance("1h").await;
        assert_eq!(author.publish(&containers[1]).await.status, 200);
        assert_eq!(author.publish(&containers[2]).await.error(), (400, 9, 2_207_042));
        let shown = author.read(&format!("{limit}?fields=quota_usage,config")).await;
        let config = json!({"quota_total": 2, "quota_duration": 86_400});
        assert_eq!(shown, json!({"data": [{"quota_usage": 2, "config": config}]}));
        let now = author.sandbox.clock.now().secs();
        let since = author.read(&format!("{limit}?since={}", now - 60)).await;
        assert_eq!(since, json!({"data": [{"quota_usage": 1}]}));
        for wrong in [(now - 90_000).to_string(), "yesterday".to_owned()] {
            assert_eq!(author.get(&format!("{limit}?since={wrong}")).await.error(), (400, 100, 0));
        }
        assert_eq!(author.get(&format!("{limit}?fields=rate_limit_settings")).await.error(), (400, 100, 0));
        author.container(body.clone()).await;
        let over = author.create(body.clone()).await;
        assert_eq!(over.error(), (400, 9, 2_207_042));
        // The first publication is a day old: another one fits.
        author.sandbox.advance("22h30m").await;
        assert_eq!(author.publish(&containers[2]).await.error(), (400, 9, 2_207_042));
        author.sandbox.advance("29m59s").await;
        assert_eq!(author.publish(&containers[2]).await.error(), (400, 9, 2_207_042));
    }
}

/// What one app made, another does not see; nor does another account.
#[tokio::test]
async fn a_container_is_its_apps_and_its_accounts() {
    let author = Author::new(Host::Instagram).await;
    let container = author.container(json!({"image_url": author.picture()})).await;
    author.sandbox.advance("1s").await;
    let app = author.sandbox.sim("apps", json!({"name": "Second"})).await;
    let other = app["tokens"][author.username()]["instagram"].as_str().unwrap();
    let read = author.sandbox.get(&format!("/v25.0/{container}")).token(other).send().await;
    assert_eq!(read.error(), (400, 100, 33));
    let path = format!("/v25.0/{}/media_publish?creation_id={container}", author.id());
    let refused = author.sandbox.post(&path).token(other).send().await;
    assert_eq!(refused.error(), (400, 24, 2_207_008));
    let page = author.sandbox.env("PAGE_ACCESS_TOKEN");
    let path = format!("/v25.0/{}/media_publish?creation_id={container}", author.sandbox.env("PAGE_IG_ID"));
    assert_eq!(author.sandbox.post(&path).token(page).send().await.error(), (400, 24, 2_207_008));
    for named in ["", "0", "1", "12345678901234567890123"] {
        let answer = author.publish(named).await;
        let wanted = if named.is_empty() { (400, 100, 0) } else { (400, 24, 2_207_008) };
        assert_eq!(answer.error(), wanted, "{named}");
    }
    let unknown = author.get(&format!("{container}?fields=permalink")).await;
    assert_eq!(unknown.error(), (400, 100, 0));
    assert!(unknown.message().contains("Tried accessing nonexisting field (permalink)"));
}

#[tokio::test]
async fn people_places_and_stories_that_cannot_be() {
    let author = Author::new(Host::Facebook).await;
    let body = |more: Value| {
        let mut body = json!({"image_url": author.picture()});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let person = author.sandbox.env("PERSON_USERNAME").to_owned();
    let tag = |name: &str| json!({"user_tags": [{"username": name, "x": 0.5, "y": 0.5}]});
    assert_eq!(author.create(body(tag("nobody"))).await.error(), (400, 100, 0));
    assert_eq!(author.create(body(json!({"collaborators": ["nobody"]}))).await.error(), (400, 100, 0));
    author.container(body(tag(&person))).await;
    author.sandbox.call("PATCH", &format!("/sim/people/{person}")).json(&json!({"private": true})).ok().await;
    assert_eq!(author.create(body(tag(&person))).await.error(), (400, 100, 0));
    let place = author.create(body(json!({"location_id": "1"}))).await;
    assert!(place.message().contains("INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID"));
    author.container(body(json!({"location_id": author.sandbox.env("PAGE_ID")}))).await;
    let account = format!("/sim/accounts/{}", author.username());
    author.sandbox.call("PATCH", &account).json(&json!({"kind": "creator"})).ok().await;
    author.container(body(json!({"media_type": "STORIES"}))).await;
    author.set(json!({"stories_for_business_only": true})).await;
    assert_eq!(author.create(body(json!({"media_type": "STORIES"}))).await.error(), (400, 100, 0));
    author.sandbox.call("PATCH", &account).json(&json!({"kind": "business"})).ok().await;
    author.container(body(json!({"media_type": "STORIES"}))).await;
}

#[tokio::test]
async fn settings_of_publishing_are_kept_and_bounded() {
    let author = Author::new(Host::Instagram).await;
    author.set(json!({"container_ttl": "2h", "image_processing": "1500ms", "quota_total": 25})).await;
    let shown = author.sandbox.get("/sim/settings").ok().await.json();
    assert_eq!(shown["container_ttl"], 7200);
    assert_eq!(shown["image_processing"], 1.5);
    assert_eq!(shown["quota_total"], 25);
    assert_eq!(shown["container_quota"], 400);
    assert_eq!(shown["tags_on_instagram_host"], true);
    for wrong in [
        json!({"quota_total": 0}),
        json!({"quota_total": 1_000_000}),
        json!({"container_ttl": "soon"}),
        json!({"image_processing": "48h"}),
        json!({"lenient_image_formats": "yes"}),
    ] {
        let answer = author.sandbox.call("PATCH", "/sim/settings").json(&wrong).send().await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.json()["error"]["parameter"], *wrong.as_object().unwrap().keys().next().unwrap());
    }
    author.sandbox.sim("reset", json!({})).await;
    assert_eq!(author.sandbox.get("/sim/settings").ok().await.json()["container_ttl"], 86_400);
}

/// Whoever comes at the same time: a container is published once, and no quota is passed.
#[tokio::test]
async fn what_is_done_at_once_is_counted_once() {
    let author = Author::new(Host::Facebook).await;
    author.set(json!({"image_processing": 0, "container_quota": 6, "quota_total": 3})).await;
    let body = json!({"image_url": author.picture()});
    let made = futures_util::future::join_all((0..9).map(|_| author.create(body.clone()))).await;
    let (good, bad): (Vec<_>, Vec<_>) = made.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 6);
    assert!(bad.iter().all(|answer| answer.error() == (400, 9, 2_207_042)));
    let ids: Vec<String> = good.iter().map(|one| one.json()["id"].as_str().unwrap().to_owned()).collect();
    let same = futures_util::future::join_all((0..5).map(|_| author.publish(&ids[0]))).await;
    let (good, bad): (Vec<_>, Vec<_>) = same.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 1);
    assert!(bad.iter().all(|answer| answer.error() == (400, 24, 2_207_006)));
    let others = futures_util::future::join_all(ids[1..].iter().map(|id| author.publish(id))).await;
    assert_eq!(others.iter().filter(|answer| answer.status == 200).count(), 2);
    let media = author.read(&format!("{}/media", author.id())).await;
    assert_eq!(media["data"].as_array().unwrap().len(), 4, "three, and the demo world's");
}
