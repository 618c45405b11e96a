//! Files from URLs: what each type of attachment takes, sizes, and whatever goes wrong on the way.

use super::{World, told};
use crate::assets::{Purpose, fetch};
use bytes::Bytes;
use graph_api::ErrorName;
use graph_api::media::{AttachmentKind, ImageSize, MediaFormat};
use net::AddressPolicy;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use testkit::media::{Served, files};

#[tokio::test]
async fn each_type_takes_the_files_that_are_documented() {
    let world = World::start().await;
    for name in files::NAMES {
        let format = MediaFormat::of(&files::named(name).unwrap());
        for kind in AttachmentKind::ALL {
            let fetched = fetch(&world.platform, &world.media.url(&format!("/{name}")), *kind).await;
            if format.is_some_and(|format| kind.takes(format)) {
                let asset = world.add(&fetched.unwrap(), Purpose::Message).await;
                assert_eq!((asset.file_name.as_str(), asset.kind), (*name, *kind));
            } else {
                assert_eq!(told(fetched).name, ErrorName::MediaTypeMismatch, "{name} as {kind:?}");
            }
        }
    }
    let stored = world.total().await;
    assert!(stored > 0);
    let taken = files::NAMES.iter().flat_map(|name| {
        let file = files::named(name).unwrap();
        let kinds =
            AttachmentKind::ALL.iter().filter(move |k| MediaFormat::of(&file).is_some_and(|f| k.takes(f)));
        kinds.map(|_| files::named(name).unwrap().len() as u64)
    });
    assert_eq!(stored, taken.sum::<u64>(), "what was refused is not there");
}

#[tokio::test]
async fn a_file_is_described_by_its_bytes_and_asked_for_as_meta_does() {
    let world = World::start().await;
    world.media.serve("/pictures/my%20photo.jpg", Served::File(files::png(640, 480)));
    let photo = world.stored("/pictures/my%20photo.jpg", AttachmentKind::Image, Purpose::Message).await;
    assert_eq!((photo.mime.as_str(), photo.file_name.as_str()), ("image/png", "my photo.jpg"));
    assert_eq!(photo.image, Some(ImageSize { width: 640, height: 480 }));
    assert_eq!(photo.size, files::png(640, 480).len() as u64);
    assert_eq!(photo.created_at, testkit::START);
    let asked = &world.media.asked()[0];
    assert_eq!(asked.headers["user-agent"], "facebookexternalua");

    // Far behind a preview.
    let long = files::jpeg_with(30, 40, &[(0xe1, vec![0; 65_000]), (0xe2, vec![0xff; 65_000])]);
    world.media.serve("/long.jpg", Served::Chunked(long));
    let long = world.stored("/long.jpg", AttachmentKind::Image, Purpose::Message).await;
    assert_eq!(long.image, Some(ImageSize { width: 30, height: 40 }));

    let film = world.stored("/a.mp4", AttachmentKind::Audio, Purpose::Message).await;
    assert_eq!((film.mime.as_str(), film.image), ("audio/mp4", None));
    assert!(film.id > long.id && long.id > photo.id, "ids only grow");

    world.media.serve("/moved", Served::Redirect("/a.gif".to_owned()));
    let moved = world.stored("/moved", AttachmentKind::Image, Purpose::Message).await;
    assert_eq!((moved.mime.as_str(), moved.file_name.as_str()), ("image/gif", "a.gif"));
    let found =
        world.platform.db.read(move |db| crate::assets::store::find(db, moved.account, moved.id)).await;
    assert_eq!(found.unwrap().unwrap().file_name, "a.gif");
}

#[tokio::test]
async fn a_file_may_be_as_large_as_documented_and_no_byte_more() {
    let world = World::start().await;
    let mut kept = 0;
    for (kind, file) in [(AttachmentKind::Image, files::png(3, 2)), (AttachmentKind::File, files::pdf())] {
        let most = usize::try_from(kind.max_bytes()).unwrap();
        for served in [Served::File, Served::Chunked] {
            let fits = world.media.serve("/large", served(files::sized(&file, most)));
            let asset =
                world.add(&fetch(&world.platform, &fits, kind).await.unwrap(), Purpose::Message).await;
            assert_eq!(asset.size, kind.max_bytes());
            kept += asset.size;
            let over = world.media.serve("/large", served(files::sized(&file, most + 1)));
            let error = told(fetch(&world.platform, &over, kind).await);
            assert_eq!(error.name, ErrorName::MediaTooLarge, "{kind:?}");
        }
    }
    assert_eq!(world.total().await, kept);
}

#[tokio::test]
async fn what_cannot_be_had_says_why() {
    let world = World::start().await;
    let serve = |path: &str, what: Served| world.media.serve(path, what);
    let png = files::sized(&files::png(3, 2), 100_000);
    for (url, why) in [
        (serve("/none", Served::Status(404)), "404 Not Found"),
        (serve("/error", Served::Status(500)), "500"),
        (serve("/loop", Served::Redirect("/loop".to_owned())), "redirects"),
        (serve("/broken", Served::BreaksOff(png)), "broke off"),
        ("http://127.0.0.1:1/a.png".to_owned(), "connection refused"),
        ("http://no-such-host.invalid/a.png".to_owned(), "cannot be resolved"),
        (world.media.url("/a.png").replace("http:", "https:"), "TLS"),
        ("ftp://example.com/a.png".to_owned(), "neither http nor https"),
        ("a.png".to_owned(), "cannot be read"),
        (String::new(), "cannot be read"),
    ] {
        let error = told(fetch(&world.platform, &url, AttachmentKind::Image).await);
        assert_eq!(error.name, ErrorName::MediaFetchFailed, "{url}");
        let told = error.render(graph_api::Host::Instagram, "A")["error"]["error_user_msg"].to_string();
        assert!(told.contains(why) && told.contains(&url), "{url}: {told}");
    }
    assert_eq!(world.total().await, 0);
}

#[tokio::test]
async fn an_empty_file_is_of_no_type() {
    let world = World::start().await;
    let url = world.media.serve("/empty.png", Served::File(Bytes::new()));
    let error = told(fetch(&world.platform, &url, AttachmentKind::Image).await);
    assert_eq!(error.name, ErrorName::MediaTypeMismatch);
    assert_eq!(world.total().await, 0);
}

/// What is no picture after its first bytes is not read to its end.
#[tokio::test]
async fn a_file_of_another_type_is_left_at_once() {
    let world = World::start().await;
    let html = files::sized(&files::named("a.html").unwrap(), 100_000);
    let url = world.media.serve("/page", Served::Stalls(html));
    let error = told(fetch(&world.platform, &url, AttachmentKind::Image).await);
    assert_eq!(error.name, ErrorName::MediaTypeMismatch);
    assert_eq!(world.total().await, 0);
}

/// A video has 75 seconds, and an error of its own.
#[tokio::test]
async fn a_slow_file_is_not_waited_for() {
    for (kind, file, seconds, name) in [
        (AttachmentKind::Video, "a.mp4", 75, ErrorName::VideoTimedOut),
        (AttachmentKind::Image, "a.png", 30, ErrorName::MediaFetchFailed),
    ] {
        let world = World::start().await;
        let bytes = files::sized(&files::named(file).unwrap(), 100_000);
        let url = world.media.serve("/slow", Served::Stalls(bytes));
        let platform = Arc::clone(&world.platform);
        let begun = tokio::time::Instant::now();
        let fetching = tokio::spawn(async move { fetch(&platform, &url, kind).await });
        world.media.stalled().await;
        tokio::time::pause();
        let error = told(fetching.await.unwrap());
        assert_eq!(error.name, name);
        let took = begun.elapsed().as_secs();
        assert!((seconds - 1..=seconds + 1).contains(&took), "{took} s");
        tokio::time::resume();
        assert_eq!(world.total().await, 0);
    }
}

#[tokio::test]
async fn a_redirect_does_not_lead_inside() {
    let world = World::start_with(AddressPolicy::PublicAnd(IpAddr::V4(Ipv4Addr::LOCALHOST))).await;
    world.stored("/a.png", AttachmentKind::Image, Purpose::Message).await;
    for inside in ["http://127.0.0.2:1/a.png", "http://10.0.0.1/a.png", "http://[::1]:1/a.png"] {
        let url = world.media.serve("/moved", Served::Redirect(inside.to_owned()));
        let error = told(fetch(&world.platform, &url, AttachmentKind::Image).await);
        assert_eq!(error.name, ErrorName::MediaFetchFailed);
        let told = error.render(graph_api::Host::Instagram, "A")["error"]["error_user_msg"].to_string();
        assert!(told.contains("not a public address"), "{told}");
    }
}
