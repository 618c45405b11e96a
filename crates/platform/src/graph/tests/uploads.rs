//! Multipart bodies: texts and a file in any order, streamed, within what a stranger may cost.

use super::super::decode::{self, Decoded};
use crate::assets::{self, tests::World};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use graph_api::ErrorName;
use graph_api::media::AttachmentKind;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Request};
use http_body_util::StreamBody;
use hyper::body::Frame;
use net::BodyError;
use std::convert::Infallible;
use std::sync::Arc;
use testkit::media::files;
use tokio::sync::mpsc;

const BOUNDARY: &str = "------------------------d74496d66958873e";

/// A part: a text, or a file.
fn part(name: &str, file_name: Option<&str>, kind: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file_name = file_name.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
    let kind = kind.map(|kind| format!("Content-Type: {kind}\r\n")).unwrap_or_default();
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\n{kind}\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    part(name, None, None, value.as_bytes())
}

fn file(content: &[u8]) -> Vec<u8> {
    part("filedata", Some("photo.png"), Some("image/png"), content)
}

fn body(parts: &[Vec<u8>]) -> Bytes {
    [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat().into()
}

fn head(target: &str, header_token: Option<&str>) -> Parts {
    let mut request = Request::post(target)
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(())
        .unwrap();
    if let Some(token) = header_token {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    request.into_parts().0
}

async fn read_stream(
    world: &World,
    head: &Parts,
    pieces: impl Stream<Item = Bytes> + Send,
) -> Result<Decoded, BodyError> {
    let edge = head.uri.path().rsplit('/').next();
    let body = StreamBody::new(pieces.map(|piece| Ok::<_, Infallible>(Frame::data(piece))));
    decode::read(&world.platform, "A", head, edge, Box::pin(body)).await
}

/// Reads a body that comes in pieces of the given size, its length unknown.
async fn read(world: &World, head: &Parts, body: &Bytes, piece: usize) -> Result<Decoded, BodyError> {
    let pieces = (0..body.len()).step_by(piece).map(|at| body.slice(at..body.len().min(at + piece)));
    read_stream(world, head, stream::iter(pieces)).await
}

async fn token(world: &World) -> String {
    let env = world.platform.sandbox_env().await.unwrap();
    env.into_iter().find(|(name, _)| *name == "IG_ACCESS_TOKEN").unwrap().1
}

/// The decoded file's bytes.
async fn content(world: &World, decoded: &Decoded) -> Bytes {
    let upload = decoded.upload.as_ref().unwrap();
    let file = assets::uploaded(upload, AttachmentKind::Image).unwrap();
    let asset = world.add(&file, assets::Purpose::Message).await;
    let bytes = world.platform.files.blobs().read(&asset.blob_key).await.unwrap().unwrap();
    world.delete(&asset).await;
    bytes
}

#[tokio::test]
async fn parts_come_in_any_order_and_size() {
    let world = World::start().await;
    let token = token(&world).await;
    let png = files::png(300, 200);
    let texts = [
        text("recipient", "{\"id\":\"1\"}"),
        text("messaging_type", "RESPONSE"),
        text("access_token", &token),
    ];
    let [a, b, c] = &texts;
    for parts in [
        vec![a.clone(), b.clone(), c.clone(), file(&png)],
        vec![file(&png), a.clone(), b.clone(), c.clone()],
        vec![a.clone(), file(&png), c.clone(), b.clone()],
    ] {
        let body = body(&parts);
        for piece in [1, 7, 1000, 1 << 20] {
            let decoded = read(&world, &head("/v25.0/me/messages", None), &body, piece).await.unwrap();
            assert_eq!(decoded.params.1, Ok(()));
            let params = &decoded.params.0;
            assert_eq!(params.object("recipient").unwrap().unwrap()["id"], "1");
            assert_eq!(params.text("access_token").unwrap().unwrap(), token);
            let described = params.file().unwrap();
            assert_eq!((described.name.as_str(), described.file_name.as_str()), ("filedata", "photo.png"));
            assert_eq!(described.size, png.len() as u64);
            assert_eq!(content(&world, &decoded).await, png);
        }
    }
    assert_eq!(world.total().await, 0, "what was not taken is gone");
}

/// curl, browsers and libraries differ in what they say of a file.
#[tokio::test]
async fn a_file_is_known_by_its_name_or_its_type() {
    let world = World::start().await;
    let head = head("/me/messages", Some(&token(&world).await));
    let png = files::png(3, 2);
    for (file, name) in [
        (part("filedata", Some("a.png"), None, &png), "a.png"),
        (part("filedata", None, Some("image/png"), &png), ""),
        (part("filedata", Some(""), Some("application/octet-stream"), &png), ""),
        (part("source", Some("b.png"), Some("text/plain"), &png), "b.png"),
    ] {
        let decoded = read(&world, &head, &body(&[file]), 1000).await.unwrap();
        assert_eq!(decoded.params.0.file().unwrap().file_name, name);
        assert_eq!(content(&world, &decoded).await, png);
    }
    // The line of a documented sample that is a file only in its author's mind.
    for kind in [None, Some("text/plain; charset=utf-8"), Some("application/json")] {
        let decoded =
            read(&world, &head, &body(&[part("filedata", None, kind, b"@/a.mp4")]), 1000).await.unwrap();
        assert!(decoded.upload.is_none() && decoded.params.0.file().is_none());
        assert_eq!(decoded.params.0.text("filedata").unwrap().unwrap(), "@/a.mp4");
    }
}

#[tokio::test]
async fn a_file_may_have_25_mb_and_no_byte_more() {
    let world = World::start().await;
    let token = token(&world).await;
    let most = 25 << 20;
    let fits =
        body(&[file(&files::sized(&files::png(3, 2), most)), text("access_token", &token), text("x", "1")]);
    let decoded = read(&world, &head("/me/messages", None), &fits, 100_000).await.unwrap();
    assert_eq!((decoded.params.1.clone(), decoded.params.0.file().unwrap().size), (Ok(()), most as u64));
    // Larger than an image may be, which is known only when somebody wants it as one.
    let too_large = assets::uploaded(decoded.upload.as_ref().unwrap(), AttachmentKind::Image);
    assert_eq!(assets::tests::told(too_large).name, ErrorName::MediaTooLarge);
    drop(decoded);

    let over = body(&[file(&files::sized(&files::png(3, 2), most + 1)), text("access_token", &token)]);
    let decoded = read(&world, &head("/me/messages", None), &over, 100_000).await.unwrap();
    assert_eq!(decoded.params.1.clone().unwrap_err().name, ErrorName::MediaTooLarge);
    assert!(decoded.upload.is_none());
    assert_eq!(decoded.params.0.text("access_token").unwrap().unwrap(), token, "read on, to know who calls");
    assert_eq!(world.total().await, 0);
}

/// Everything but the file is as small as any other body; and where no file is taken, so is the file.
#[tokio::test]
async fn other_bodies_stay_small() {
    let world = World::start().await;
    let token = token(&world).await;
    let head_of = |path: &str| head(path, Some(&token));
    let long = "x".repeat(200 << 10);
    let long_texts = body(&[text("a", &long), text("b", &long)]);
    for path in ["/me/messages", "/me/subscribed_apps", "/me"] {
        let refused = read(&world, &head_of(path), &long_texts, 10_000).await.err();
        assert_eq!(refused, Some(BodyError::TooLarge), "{path}");
    }
    let png = files::sized(&files::png(3, 2), 300 << 10);
    let with_file = body(&[text("a", "1"), file(&png)]);
    assert!(read(&world, &head_of("/me/messages"), &with_file, 10_000).await.unwrap().upload.is_some());
    for path in ["/me/subscribed_apps", "/me"] {
        let refused = read(&world, &head_of(path), &with_file, 10_000).await.err();
        assert_eq!(refused, Some(BodyError::TooLarge), "{path}");
        // A small file is passed over, as a stray part.
        let small = body(&[file(&files::png(3, 2)), text("a", "1")]);
        let decoded = read(&world, &head_of(path), &small, 10_000).await.unwrap();
        assert!(decoded.upload.is_none() && decoded.params.0.has("a"));
    }
    // Headers of parts without end are no way round it.
    let endless =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"a\"\r\nX: {}", "x".repeat(400 << 10));
    let refused = read(&world, &head_of("/me/messages"), &endless.into(), 10_000).await.err();
    assert_eq!(refused, Some(BodyError::TooLarge));
    assert_eq!(world.total().await, 0);
}

/// The token that wins decides whether a file is written: the query's, then the body's, then the header's.
#[tokio::test]
async fn nothing_is_written_for_a_bad_token() {
    let world = World::start().await;
    let good = token(&world).await;
    let (bad, png) = ("IGAAbad", files::png(3, 2));
    let after = |token: &str| body(&[file(&png), text("access_token", token)]);
    let before = |token: &str| body(&[text("access_token", token), file(&png)]);
    let none = body(&[file(&png)]);
    let query = |token: &str| head(&format!("/me/messages?access_token={token}"), None);
    for (head, body, written) in [
        (query(&good), none.clone(), true),
        (query(bad), none.clone(), false),
        (query(bad), before(&good), false),
        (query(&good), before(bad), true),
        (head("/me/messages", Some(&good)), none.clone(), true),
        (head("/me/messages", Some(bad)), none.clone(), false),
        (head("/me/messages", Some(bad)), before(&good), true),
        (head("/me/messages", Some(&good)), before(bad), false),
        (head("/me/messages", Some("")), after(&good), true),
        (head("/me/messages", None), before(&good), true),
        (head("/me/messages", None), before(bad), false),
        // Nobody knows yet whose it is.
        (head("/me/messages", None), after(bad), true),
    ] {
        let decoded = read(&world, &head, &body, 1000).await.unwrap();
        assert_eq!(decoded.upload.is_some(), written, "{} {:?}", head.uri, head.headers.get(AUTHORIZATION));
        assert_eq!(decoded.params.1, Ok(()));
    }
    clock::MovableClock::advance(&*world.clock, graph_api::limits::LONG_LIVED_TOKEN);
    assert!(read(&world, &query(&good), &none, 1000).await.unwrap().upload.is_none(), "expired");
    assert_eq!(world.total().await, 0);
}

/// Of uploads by callers without a token so far, a few are written at a time: the next waits until one has ended.
#[tokio::test]
async fn strangers_wait_for_each_other() {
    let world = Arc::new(World::start().await);
    let png = files::sized(&files::png(3, 2), 100_000);
    let mut open = Vec::new();
    for _ in 0..4 {
        let (sender, pieces) = mpsc::unbounded_channel::<Bytes>();
        let world = Arc::clone(&world);
        let reading = tokio::spawn(async move {
            let pieces =
                stream::unfold(pieces, |mut pieces| async move { Some((pieces.recv().await?, pieces)) });
            read_stream(&world, &head("/me/messages", None), pieces).await
        });
        sender.send(file(&png).into()).unwrap();
        open.push((sender, reading));
    }
    while world.platform.files.uploads(true).available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let next = body(&[file(&png)]);
    let fifth_head = head("/me/messages", None);
    let mut fifth = Box::pin(read(&world, &fifth_head, &next, 1000));
    for _ in 0..1000 {
        assert!(futures_util::poll!(&mut fifth).is_pending());
        tokio::task::yield_now().await;
    }
    // Callers who are known do not wait for strangers.
    let known = head("/me/messages", Some(&token(&world).await));
    assert!(read(&world, &known, &next, 1000).await.unwrap().upload.is_some());
    let (first, reading) = open.swap_remove(0);
    first.send(format!("--{BOUNDARY}--\r\n").into()).unwrap();
    drop(first);
    assert!(reading.await.unwrap().unwrap().upload.is_some());
    assert!(fifth.await.unwrap().upload.is_some());
    // Who goes away takes everything along.
    for (_, reading) in &open {
        reading.abort();
    }
    for (_, reading) in open {
        assert!(reading.await.is_err_and(|e| e.is_cancelled()));
    }
    assert_eq!(world.platform.files.uploads(true).available_permits(), 4);
    assert_eq!(world.total().await, 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_leaves_nothing() {
    let world = World::start().await;
    let good = head("/me/messages", Some(&token(&world).await));
    let png = files::png(3, 2);
    let two = body(&[file(&png), text("a", "1"), part("second", Some("b.png"), None, &png)]);
    let decoded = read(&world, &good, &two, 1000).await.unwrap();
    let error = decoded.params.1.clone().unwrap_err();
    assert_eq!(error.name, ErrorName::ParameterInvalid);
    assert!(error.message(graph_api::Host::Instagram).contains("second"));
    drop(decoded);
    let not_text = body(&[part("a", None, None, b"\xff"), file(&png)]);
    let decoded = read(&world, &good, &not_text, 1000).await.unwrap();
    assert_eq!(decoded.params.1.clone().unwrap_err().name, ErrorName::ParameterInvalid);
    assert!(decoded.upload.is_none());
    // The end is missing: in the file, and after it.
    let whole = body(&[text("a", "1"), file(&png)]);
    for end in [whole.len() - 4, whole.len() - BOUNDARY.len() - 10] {
        let decoded = read(&world, &good, &whole.slice(..end), 10).await.unwrap();
        assert_eq!(decoded.params.1.clone().unwrap_err().name, ErrorName::MalformedRequest);
        assert!(decoded.params.0.has("a"));
    }
    let mut no_boundary = good.clone();
    no_boundary.headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data"));
    let decoded = read(&world, &no_boundary, &whole, 1000).await.unwrap();
    assert_eq!(decoded.params.1.clone().unwrap_err().name, ErrorName::MalformedRequest);
    drop(decoded);

    let broken = stream::iter([Ok(whole.slice(..200)), Err("reset")]);
    let broken = StreamBody::new(broken.map(|piece| piece.map(Frame::data)));
    let refused = decode::read(&world.platform, "A", &good, Some("messages"), Box::pin(broken)).await.err();
    assert_eq!(refused, Some(BodyError::Broken));

    let slow = stream::iter([whole.slice(..200)]).chain(stream::pending());
    tokio::time::pause();
    assert_eq!(read_stream(&world, &good, slow).await.err(), Some(BodyError::TimedOut));
    tokio::time::resume();
    assert_eq!(world.total().await, 0);
}

/// The log shows the texts, and of the file that it was there.
#[tokio::test]
async fn the_log_does_not_hold_files() {
    let world = World::start().await;
    let good = head("/me/messages", Some(&token(&world).await));
    let whole = body(&[text("recipient", "{\"id\":\"1\"}"), file(&files::sized(&files::png(3, 2), 100_000))]);
    let decoded = read(&world, &good, &whole, 1000).await.unwrap();
    assert_eq!(decoded.logged, "recipient={\"id\":\"1\"}\nfiledata=@photo.png (100000 bytes)\n");
}
