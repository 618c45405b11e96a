//! Resumable upload: offsets, going on, what is refused, and the dialect of its errors.

use super::Author;
use bytes::Bytes;
use graph_api::Host;
use serde_json::{Value, json};
use testkit::Answer;
use testkit::media::Served;
use testkit::media::movies::{Movie, padding};

struct Uploader {
    author: Author,
    uri: String,
    container: String,
}

impl Uploader {
    async fn of(author: Author, kind: &str) -> Self {
        let body = json!({"media_type": kind, "upload_type": "resumable", "caption": "Uploaded"});
        let made = author.create(body).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let made = made.json();
        let container = made["id"].as_str().unwrap().to_owned();
        let uri = made["uri"].as_str().unwrap().to_owned();
        assert_eq!(uri, format!("http://127.0.0.1:8430/ig-api-upload/v25.0/{container}"));
        let uri = uri.strip_prefix("http://127.0.0.1:8430").unwrap().to_owned();
        Self { author, uri, container }
    }

    async fn new() -> Self {
        Self::of(Author::new(Host::Facebook).await, "REELS").await
    }

    fn call(&self, method: &str) -> testkit::Call {
        let token = format!("OAuth {}", self.author.token());
        self.author.sandbox.call(method, &self.uri).header("authorization", &token)
    }

    async fn send(&self, offset: u64, size: u64, bytes: Bytes) -> Answer {
        let call =
            self.call("POST").header("offset", &offset.to_string()).header("file_size", &size.to_string());
        call.body("application/octet-stream", bytes).send().await
    }

    async fn offset(&self) -> Value {
        self.call("GET").ok().await.json()["offset"].clone()
    }
}

/// The inner message of an error: the dialect is checked.
fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["debug_info"]["type"], "ProcessingFailedError");
    assert!(body.get("error").is_none());
    let inner: Value = serde_json::from_str(body["debug_info"]["message"].as_str().unwrap()).unwrap();
    assert_eq!(inner["success"], false);
    inner["error"]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_video_in_one_go() {
    let uploader = Uploader::new().await;
    assert_eq!(uploader.author.status(&uploader.container).await.0, "IN_PROGRESS");
    uploader.author.sandbox.advance("1h").await;
    assert_eq!(uploader.author.status(&uploader.container).await.0, "IN_PROGRESS", "it awaits its bytes");
    let early = uploader.author.publish(&uploader.container).await;
    assert_eq!(early.error(), (400, 9007, 2_207_027));
    let file = Movie::default().file();
    let answer = uploader.send(0, file.len() as u64, file.clone()).await;
    assert_eq!(answer.json(), json!({"success": true, "message": "Upload successful."}));
    assert_eq!(uploader.author.status(&uploader.container).await.0, "IN_PROGRESS");
    uploader.author.sandbox.advance("3s").await;
    let media = uploader.author.publish(&uploader.container).await.json();
    let path = format!("{}?fields=media_url,caption", media["id"].as_str().unwrap());
    let shown = uploader.author.read(&path).await;
    assert_eq!(shown["caption"], "Uploaded");
    let url = shown["media_url"].as_str().unwrap();
    let kept = uploader.author.sandbox.get(&url[url.find("/ig_messaging_cdn").unwrap()..]).ok().await;
    assert_eq!(kept.body, file);
    assert_eq!(
        refused(&uploader.send(0, 10, Bytes::new()).await),
        "The upload of this container is complete"
    );
}

#[tokio::test]
async fn a_video_in_several_goes() {
    let uploader = Uploader::new().await;
    let file = Movie::default().file();
    let (size, third) = (file.len() as u64, file.len() / 3);
    assert_eq!(uploader.offset().await, 0);
    let first = uploader.send(0, size, file.slice(..third)).await;
    assert_eq!(first.json(), json!({"success": true, "offset": third}));
    // What begins elsewhere is refused, and nothing of it stays.
    for wrong in [0, 1, third as u64 - 1, size] {
        let told = refused(&uploader.send(wrong, size, file.slice(third..)).await);
        assert_eq!(told, format!("offset must be {third}"));
    }
    assert_eq!(uploader.offset().await, third);
    let more = refused(&uploader.send(third as u64, third as u64 + 1, file.slice(third..)).await);
    assert_eq!(more, "there are more bytes than file_size says");
    assert_eq!(uploader.offset().await, third);
    // Without a length that tells before.
    let chunked = uploader
        .call("POST")
        .header("offset", &third.to_string())
        .header("file_size", &(third + 1).to_string());
    let chunked = chunked.body("application/octet-stream", file.slice(third..)).chunked().send().await;
    assert_eq!(refused(&chunked), "there are more bytes than file_size says");
    assert_eq!(uploader.offset().await, third);
    uploader.send(third as u64, size, file.slice(third..2 * third)).await;
    assert_eq!(uploader.offset().await, 2 * third);
    let last = uploader.send(2 * third as u64, size, file.slice(2 * third..)).await;
    assert_eq!(last.json()["message"], "Upload successful.");
    assert_eq!(uploader.offset().await, 0, "the parts are one file now");
    uploader.author.sandbox.advance("3s").await;
    let media = uploader.author.publish(&uploader.container).await.json();
    let path = format!("{}?fields=media_url", media["id"].as_str().unwrap());
    let url = uploader.author.read(&path).await["media_url"].as_str().unwrap().to_owned();
    let kept = uploader.author.sandbox.get(&url[url.find("/ig_messaging_cdn").unwrap()..]).ok().await;
    assert_eq!(kept.body, file);
}

#[tokio::test]
async fn a_video_from_an_address() {
    let uploader = Uploader::new().await;
    let url = uploader.author.movie();
    let answer = uploader.call("POST").header("file_url", &url).send().await;
    assert_eq!(answer.json()["success"], true, "{}", answer.text());
    uploader.author.sandbox.advance("3s").await;
    assert_eq!(uploader.author.status(&uploader.container).await.0, "FINISHED");
    let broken = Uploader::of(uploader.author, "STORIES").await;
    let url = broken.author.media.serve("/no.mp4", Served::Status(404));
    broken.call("POST").header("file_url", &url).ok().await;
    broken.author.sandbox.advance("3s").await;
    let (_, text) = broken.author.status(&broken.container).await;
    assert_eq!(text, "Error: Media upload has failed with error code 2207076");
}

#[tokio::test]
async fn what_is_no_video_the_container_tells() {
    let uploader = Uploader::new().await;
    let answer = uploader.send(0, 5, Bytes::from_static(b"hello")).await;
    assert_eq!(answer.json()["success"], true);
    uploader.author.sandbox.advance("3s").await;
    let (code, text) = uploader.author.status(&uploader.container).await;
    assert_eq!(
        (code.as_str(), text.as_str()),
        ("ERROR", "Error: Media upload has failed with error code 2207026")
    );
    let body = json!({"media_type": "REELS", "upload_type": "resumable", "thumb_offset": 10_000});
    let container = uploader.author.container(body).await;
    let late = Uploader { uri: format!("/ig-api-upload/{container}"), container, author: uploader.author };
    let file = Movie::default().file();
    late.send(0, file.len() as u64, file).await;
    late.author.sandbox.advance("3s").await;
    let (_, text) = late.author.status(&late.container).await;
    assert_eq!(text, "Error: Media upload has failed with error code 2207057");
}

#[tokio::test]
async fn who_may_not_is_told_no_more() {
    let uploader = Uploader::new().await;
    let sandbox = &uploader.author.sandbox;
    let call = |token: &str, uri: &str| {
        let call = sandbox.post(uri).header("offset", "0").header("file_size", "5");
        call.header("authorization", token).body("application/octet-stream", "hello")
    };
    let instagram = format!("OAuth {}", sandbox.env("IG_ACCESS_TOKEN"));
    let page = format!("OAuth {}", uploader.author.token());
    let bearer = format!("Bearer {}", uploader.author.token());
    for (token, uri) in [
        ("OAuth EAAgarbage", uploader.uri.as_str()),
        ("nothing", &uploader.uri),
        (&instagram, &uploader.uri),
        (&page, "/ig-api-upload/v25.0/18000000000000999"),
        (&page, "/ig-api-upload/v25.0/me"),
    ] {
        assert_eq!(refused(&call(token, uri).send().await), "unauthorized user request", "{token} {uri}");
    }
    let app = sandbox.sim("apps", json!({"name": "Second"})).await;
    let other = app["tokens"][uploader.author.username()]["page"].as_str().unwrap();
    let answer = call(&format!("OAuth {other}"), &uploader.uri).send().await;
    assert_eq!(refused(&answer), "unauthorized user request");
    let picture = uploader.author.container(json!({"image_url": uploader.author.picture()})).await;
    let answer = call(&page, &format!("/ig-api-upload/v25.0/{picture}")).send().await;
    assert_eq!(refused(&answer), "unauthorized user request");
    let answer = sandbox.post(&uploader.uri).header("authorization", &page).send().await;
    assert_eq!(refused(&answer), "the header offset must be a number of bytes");
    assert_eq!(refused(&uploader.call("DELETE").send().await), "method not allowed");
    assert_eq!(call(&bearer, &uploader.uri).send().await.json()["success"], true, "either scheme");
    sandbox.advance("25h").await;
    let late = Uploader::of(uploader.author, "REELS").await;
    late.author.sandbox.advance("24h").await;
    assert_eq!(refused(&late.send(0, 5, Bytes::from_static(b"hello")).await), "The container has expired");
}

/// The limits of sizes are looked at before the first byte.
#[tokio::test]
async fn sizes() {
    let mut author = Author::new(Host::Facebook).await;
    for (kind, most) in [("REELS", 300_000_000_u64), ("STORIES", 100_000_000)] {
        let uploader = Uploader::of(author, kind).await;
        for wrong in [0, most + 1, 1_073_741_824] {
            let told = refused(&uploader.send(0, wrong, Bytes::new()).await);
            assert_eq!(told, format!("file_size must be 1 to {most} bytes"));
        }
        let first = uploader.send(0, most, Bytes::from_static(b"hello")).await;
        assert_eq!(first.json()["offset"], 5);
        author = uploader.author;
    }
    // From an address as well: a story of a little more than it may have.
    let movie = Movie::default().file();
    let more = u32::try_from(100_000_001 - movie.len()).unwrap();
    let large: Bytes = [&movie[..], &padding(more)].concat().into();
    let url = author.media.serve("/large.mp4", Served::File(large));
    let story = author.container(json!({"media_type": "STORIES", "video_url": url})).await;
    let reel = author.container(json!({"media_type": "REELS", "video_url": url})).await;
    author.sandbox.advance("3s").await;
    assert_eq!(author.status(&story).await.0, "ERROR");
    assert_eq!(author.status(&reel).await.0, "FINISHED");
}

/// Real answers were of failure while the bytes were there: a fault plays that.
#[tokio::test]
async fn a_failure_that_was_none() {
    let uploader = Uploader::new().await;
    let fault = json!({"on": "POST /ig-api-upload/*", "error": 1, "apply": "after", "times": 1});
    uploader.author.sandbox.sim("faults", fault).await;
    let file = Movie::default().file();
    let told = refused(&uploader.send(0, file.len() as u64, file.clone()).await);
    assert_eq!(told, "Request processing failed");
    uploader.author.sandbox.advance("3s").await;
    assert_eq!(uploader.author.status(&uploader.container).await.0, "FINISHED");
    let before = json!({"on": "POST /ig-api-upload/*", "error": 1, "times": 1});
    uploader.author.sandbox.sim("faults", before).await;
    let second = Uploader::of(uploader.author, "REELS").await;
    refused(&second.send(0, file.len() as u64, file.clone()).await);
    assert_eq!(second.offset().await, 0, "nothing was looked at");
    assert_eq!(second.send(0, file.len() as u64, file).await.status, 200);
}

#[tokio::test]
async fn over_instagram_login_by_a_setting() {
    let author = Author::new(Host::Instagram).await;
    let body = json!({"media_type": "REELS", "upload_type": "resumable"});
    assert_eq!(author.create(body).await.error(), (400, 100, 0), "video_url is missing");
    author.set(json!({"resumable_on_instagram_host": true})).await;
    let uploader = Uploader::of(author, "REELS").await;
    let file = Movie::default().file();
    assert_eq!(uploader.send(0, file.len() as u64, file).await.status, 200);
}
