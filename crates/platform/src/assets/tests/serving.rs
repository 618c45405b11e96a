//! Files over HTTP, by their URLs.

use super::{OWNER, World};
use crate::Body;
use crate::address::CallerAddress;
use crate::assets::{Asset, Purpose, url};
use graph_api::media::AttachmentKind;
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use testkit::media::{Served, files};

const IMAGE: AttachmentKind = AttachmentKind::Image;

fn link(world: &World, asset: &Asset) -> String {
    url::for_webhook(&world.platform, asset.account, asset.id, (testkit::START, None))
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn bytes(answer: Response<Body>) -> bytes::Bytes {
    answer.into_body().collect().await.unwrap().to_bytes()
}

#[tokio::test]
async fn a_file_is_served_as_what_it_is() {
    let world = World::start().await;
    world.media.serve("/photo.html", Served::File(files::png(640, 480)));
    let asset = world.stored("/photo.html", IMAGE, Purpose::Message).await;
    let url = link(&world, &asset);
    assert!(
        url.starts_with(&format!("http://127.0.0.1:8430/ig_messaging_cdn/?asset_id={}&", asset.id)),
        "{url}"
    );
    assert!(url.contains("&signature="), "{url}");
    let answer = world.get("GET", &url, &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "content-type"), "image/png");
    assert_eq!(header(&answer, "content-length"), asset.size.to_string());
    assert_eq!(header(&answer, "accept-ranges"), "bytes");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(header(&answer, "content-disposition"), "inline; filename=\"photo.html\"");
    assert_eq!(http_body::Body::size_hint(answer.body()).exact(), Some(asset.size));
    assert_eq!(bytes(answer).await, files::png(640, 480));

    let head = world.get("HEAD", &url, &[]).await;
    assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::OK, &*asset.size.to_string()));
    assert_eq!(bytes(head).await, "");
    // With and without the slash, as some clients normalise paths.
    let plain = url.replace("_cdn/?", "_cdn?");
    assert_eq!(world.get("GET", &plain, &[]).await.status(), StatusCode::OK);
    let posted = world.get("POST", &url, &[]).await;
    assert_eq!((posted.status(), header(&posted, "allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
}

#[tokio::test]
async fn parts_of_a_file_can_be_had() {
    let world = World::start().await;
    let file = files::sized(&files::mp4(b"isom"), 300_000);
    world.media.serve("/film", Served::File(file.clone()));
    let asset = world.stored("/film", AttachmentKind::Video, Purpose::Message).await;
    let url = link(&world, &asset);
    for (range, told, part) in [
        ("bytes=0-99", "bytes 0-99/300000", 0..100),
        ("bytes=299000-", "bytes 299000-299999/300000", 299_000..300_000),
        ("bytes=-1", "bytes 299999-299999/300000", 299_999..300_000),
        ("bytes=7-900000", "bytes 7-299999/300000", 7..300_000),
    ] {
        let answer = world.get("GET", &url, &[("range", range)]).await;
        assert_eq!((answer.status(), header(&answer, "content-range")), (StatusCode::PARTIAL_CONTENT, told));
        assert_eq!(header(&answer, "content-length"), part.len().to_string());
        assert_eq!(bytes(answer).await, file.slice(part), "{range}");
    }
    let head = world.get("HEAD", &url, &[("range", "bytes=0-99")]).await;
    assert_eq!((head.status(), header(&head, "content-length")), (StatusCode::PARTIAL_CONTENT, "100"));
    let outside = world.get("GET", &url, &[("range", "bytes=300000-")]).await;
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(header(&outside, "content-range"), "bytes */300000");
    let several = world.get("GET", &url, &[("range", "bytes=0-1,5-6")]).await;
    assert_eq!((several.status(), bytes(several).await.len()), (StatusCode::OK, 300_000));

    let etag = header(&world.get("HEAD", &url, &[]).await, "etag").to_owned();
    assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let same = world.get("GET", &url, &[("range", "bytes=0-0"), ("if-range", &etag)]).await;
    assert_eq!(same.status(), StatusCode::PARTIAL_CONTENT);
    let other = world.get("GET", &url, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
    for known in [etag.as_str(), "*", &format!("\"x\", W/{etag}")] {
        let unchanged = world.get("GET", &url, &[("if-none-match", known)]).await;
        assert_eq!((unchanged.status(), header(&unchanged, "etag")), (StatusCode::NOT_MODIFIED, &*etag));
        assert_eq!(bytes(unchanged).await, "");
    }
    let changed = world.get("GET", &url, &[("if-none-match", "\"x\"")]).await;
    assert_eq!(changed.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_url_ends_after_two_days() {
    let world = World::start().await;
    let asset = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let url = link(&world, &asset);
    let hour = std::time::Duration::from_secs(3600);
    clock::MovableClock::advance(&*world.clock, hour * 48 - std::time::Duration::from_secs(1));
    assert_eq!(world.get("GET", &url, &[]).await.status(), StatusCode::OK);
    clock::MovableClock::advance(&*world.clock, std::time::Duration::from_secs(1));
    assert_eq!(world.get("GET", &url, &[]).await.status(), StatusCode::FORBIDDEN);
    let anew =
        url::for_webhook(&world.platform, asset.account, asset.id, (clock::Clock::now(&*world.clock), None));
    assert_eq!(world.get("GET", &anew, &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_url_cannot_be_made_by_others() {
    let world = World::start().await;
    let asset = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let other = world.stored("/a.gif", IMAGE, Purpose::Message).await;
    let url = link(&world, &asset);
    let expires = testkit::START.secs() + 48 * 3600;
    let signature = url.split("signature=").nth(1).unwrap();
    for (from, to) in [
        (asset.id.to_string(), other.id.to_string()),
        (OWNER.account.to_string(), (OWNER.account + 1).to_string()),
        (expires.to_string(), (expires + 1).to_string()),
        (signature.to_owned(), signature[1..].to_owned()),
        (signature.to_owned(), String::new()),
        (format!("&signature={signature}"), String::new()),
        (format!("asset_id={}", asset.id), "asset_id=".to_owned()),
        (format!("expires={expires}"), format!("expires=+{expires}")),
    ] {
        let forged = url.replace(&from, &to);
        assert_ne!(forged, url);
        assert_eq!(world.get("GET", &forged, &[]).await.status(), StatusCode::FORBIDDEN, "{forged}");
    }
    assert_eq!(world.get("GET", "/ig_messaging_cdn/", &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(world.get("GET", &url, &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_unsent_file_is_not_found() {
    let world = World::start().await;
    let asset = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let kept = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let url = link(&world, &asset);
    world.delete(&asset).await;
    assert_eq!(world.get("GET", &url, &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.get("GET", &link(&world, &kept), &[]).await.status(), StatusCode::OK);
}

/// In an answer, a URL leads to where the caller came from; it is the same file.
#[tokio::test]
async fn a_url_leads_to_the_address_that_the_caller_used() {
    let world = World::start().await;
    let asset = world.stored("/a.png", IMAGE, Purpose::Message).await;
    let for_host = |host: &'static str| {
        let headers = [(http::header::HOST, http::HeaderValue::from_static(host))];
        let address = CallerAddress::of(&headers.into_iter().collect());
        url::Links::new(&world.platform, &address).asset(asset.account, asset.id, None)
    };
    let local = for_host("localhost:9000");
    assert!(local.starts_with("http://localhost:9000/ig_messaging_cdn/?asset_id="), "{local}");
    let path = local.strip_prefix("http://localhost:9000").unwrap();
    assert_eq!(world.get("GET", path, &[]).await.status(), StatusCode::OK);
    assert_eq!(for_host("graph.instagram.com"), link(&world, &asset));
}

/// Whoever removes files by hand gets an answer, and not a hanging connection.
#[tokio::test]
async fn a_file_whose_bytes_are_missing_is_not_found() {
    let world = World::start().await;
    let asset = world.stored("/a.png", IMAGE, Purpose::Message).await;
    world.platform.files.blobs().delete(&asset.blob_key).await.unwrap();
    assert_eq!(world.get("GET", &link(&world, &asset), &[]).await.status(), StatusCode::NOT_FOUND);
}
