//! Media: by URL, by upload, by the id of what was sent before.

use super::{heard, seen, send, sent};
use serde_json::{Value, json};
use testkit::media::{MediaServer, files};
use testkit::{Answer, Sandbox};

/// What a URL of the platform answers: status, type, bytes.
async fn file(sandbox: &Sandbox, url: &Value) -> (u16, String, usize) {
    let path = url.as_str().unwrap().strip_prefix("http://127.0.0.1:8430").unwrap();
    let answer = sandbox.get(path).send().await;
    (answer.status, answer.header("content-type").to_owned(), answer.body.len())
}

fn by_url(kind: &str, url: &str) -> Value {
    json!({"attachment": {"type": kind, "payload": {"url": url}}})
}

/// A multipart send: `filedata` first, then the texts, as some programs write it.
async fn upload(sandbox: &Sandbox, name: &str, message: &Value) -> Answer {
    upload_bytes(sandbox, name, &files::named(name).unwrap(), message).await
}

async fn upload_bytes(sandbox: &Sandbox, name: &str, bytes: &[u8], message: &Value) -> Answer {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    let recipient = json!({"id": sandbox.env("IGSID")});
    for (part, value) in [("recipient", &recipient), ("message", message)] {
        body.extend_from_slice(
            format!("\r\n--b\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n{value}").as_bytes(),
        );
    }
    body.extend_from_slice(b"\r\n--b--\r\n");
    let call = sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN"));
    call.body("multipart/form-data; boundary=b", body).send().await
}

#[tokio::test]
async fn each_kind_by_url_is_fetched_kept_and_shown() {
    let (sandbox, receiver) = heard().await;
    let media = MediaServer::start().await;
    for (kind, name, mime) in [
        ("image", "a.png", "image/png"),
        ("image", "a.gif", "image/gif"),
        ("audio", "a.wav", "audio/wav"),
        ("VIDEO", "a.mp4", "video/mp4"),
        ("file", "a.pdf", "application/pdf"),
    ] {
        let mid = sent(&sandbox, &by_url(kind, &media.url(&format!("/{name}")))).await;
        let kind = kind.to_lowercase();
        let size = files::named(name).unwrap().len();
        let shown = seen(&sandbox, &mid).await["attachments"][0].clone();
        assert_eq!(shown["type"], kind);
        assert_eq!(file(&sandbox, &shown["url"]).await, (200, mime.to_owned(), size));
        let echo = receiver.next().await.event()["message"].clone();
        assert_eq!((&echo["mid"], &echo["is_echo"], echo.get("text")), (&json!(mid), &json!(true), None));
        assert_eq!(echo["attachments"][0]["type"], kind);
        assert_eq!(file(&sandbox, &echo["attachments"][0]["payload"]["url"]).await.0, 200);
        // The node of the message.
        let path = format!("/{mid}?fields=attachments");
        let node = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
        let node = &node["attachments"]["data"][0];
        assert_eq!(
            (&node["mime_type"], &node["name"], &node["size"]),
            (&json!(mime), &json!(name), &json!(size))
        );
        let url = match kind.as_str() {
            "image" => &node["image_data"]["url"],
            "video" => &node["video_data"]["url"],
            _ => &node["file_url"],
        };
        assert_eq!(file(&sandbox, url).await.0, 200);
    }
    // Its URLs die after two days, the message does not.
    let mid = sent(&sandbox, &by_url("image", &media.url("/a.png"))).await;
    let url = seen(&sandbox, &mid).await["attachments"][0]["url"].clone();
    sandbox.advance("49h").await;
    assert_eq!(file(&sandbox, &url).await.0, 403);
    let url = seen(&sandbox, &mid).await["attachments"][0]["url"].clone();
    assert_eq!(file(&sandbox, &url).await.0, 200);
}

#[tokio::test]
async fn several_images_are_one_message() {
    let (sandbox, receiver) = heard().await;
    let media = MediaServer::start().await;
    let reusable = json!({"attachment": {"type": "image", "payload": {"url": media.url("/a.gif"), "is_reusable": true}}});
    let answer = send(&sandbox, &json!({ "message": reusable })).await.json();
    let id = answer["attachment_id"].as_str().unwrap();
    receiver.next().await;
    let images = json!({"attachments": [
        {"type": "image", "payload": {"url": media.url("/a.png")}},
        {"type": "image", "payload": {"attachment_id": id}},
        {"type": "image", "payload": {"url": media.url("/a.jpg")}}]});
    let mid = sent(&sandbox, &images).await;
    let echo = receiver.next().await.event()["message"].clone();
    assert_eq!((&echo["mid"], echo["attachments"].as_array().unwrap().len()), (&json!(mid), 3));
    assert_eq!(seen(&sandbox, &mid).await["attachments"].as_array().unwrap().len(), 3);
    // One that cannot be had: nothing is sent.
    let broken = json!({"attachments": [
        {"type": "image", "payload": {"url": media.url("/a.png")}},
        {"type": "image", "payload": {"url": media.url("/missing.png")}}]});
    assert_eq!(send(&sandbox, &json!({ "message": broken })).await.error(), (400, 100, 2_018_008));
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
}

#[tokio::test]
async fn a_file_in_the_request_and_its_id_for_later() {
    let sandbox = Sandbox::start().await;
    let message = json!({"attachment": {"type": "image", "payload": {"is_reusable": "true"}}});
    let answer = upload(&sandbox, "a.png", &message).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let mid = answer["message_id"].as_str().unwrap();
    assert_eq!(file(&sandbox, &seen(&sandbox, mid).await["attachments"][0]["url"]).await.1, "image/png");
    let id = answer["attachment_id"].clone();
    // Under its type, or as MEDIA_SHARE as the upload page has it; again and again.
    for kind in ["image", "MEDIA_SHARE", "image"] {
        sent(&sandbox, &json!({"attachment": {"type": kind, "payload": {"attachment_id": id}}})).await;
    }
    let wrong = |kind: &str, id: Value| json!({"message": {"attachment": {"type": kind, "payload": {"attachment_id": id}}}});
    assert_eq!(send(&sandbox, &wrong("video", id.clone())).await.error(), (400, 100, 2_018_047));
    for nobodys in [json!("1900000000099999"), json!("shoes")] {
        assert_eq!(send(&sandbox, &wrong("image", nobodys)).await.error(), (400, 100, 2_018_074));
    }
    // Another app's token for the same account.
    let app = sandbox.sim("apps", json!({"name": "Other"})).await;
    let token = app["tokens"]["posthaste.shop"]["instagram"].as_str().unwrap();
    let mut body = wrong("image", id);
    body["recipient"] = json!({"id": sandbox.env("IGSID")});
    let answer = sandbox.post("/me/messages").token(token).json(&body).send().await;
    assert_eq!(answer.error(), (400, 100, 2_018_074));
    // Not kept where nobody asked for it.
    let once = upload(&sandbox, "a.pdf", &json!({"attachment": {"type": "file"}})).await;
    assert_eq!((once.status, once.json().get("attachment_id")), (200, None));
    assert_eq!(
        upload(&sandbox, "a.pdf", &json!({"attachment": {"type": "image"}})).await.error(),
        (400, 100, 2_018_047)
    );
    let nothing = json!({"message": {"attachment": {"type": "image"}}});
    assert_eq!(send(&sandbox, &nothing).await.error(), (400, 100, 0));
}

/// A picture may have 8 MB and no byte more; everything beside the file has little room.
#[tokio::test]
async fn large_files_in_the_request() {
    let sandbox = Sandbox::start().await;
    let message = json!({"attachment": {"type": "image"}});
    let picture = |size: usize| files::sized(&files::named("a.png").unwrap(), size);
    for (size, error) in [(1_000_000, None), (8 << 20, None), ((8 << 20) + 1, Some((400, 100, 2_018_109)))] {
        let answer = upload_bytes(&sandbox, "a.png", &picture(size), &message).await;
        match error {
            None => assert_eq!(answer.status, 200, "{size}: {}", answer.text()),
            Some(error) => assert_eq!(answer.error(), error, "{size}"),
        }
    }
    // The file last, after the texts.
    let mut body = Vec::new();
    for (part, value) in [("recipient", json!({"id": sandbox.env("IGSID")})), ("message", message)] {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    body.extend_from_slice(
        b"--b\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"a.png\"\r\n\r\n",
    );
    body.extend_from_slice(&picture(1_000_000));
    body.extend_from_slice(b"\r\n--b--\r\n");
    let call = sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN"));
    let answer = call.body("multipart/form-data; boundary=b", body).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn what_a_person_sends_and_takes_back() {
    let (sandbox, receiver) = heard().await;
    let media = MediaServer::start().await;
    let attachments = json!([
        {"type": "image", "url": media.url("/a.png")}, {"type": "audio", "url": media.url("/a.wav")},
        {"type": "image", "url": media.url("/a.jpg")}]);
    let body = json!({"to": "posthaste.shop", "text": "Look", "attachments": attachments});
    let answer = sandbox.sim("people/ana.customer/send", body).await;
    let mids = answer["mids"].as_array().unwrap().clone();
    assert_eq!((mids.len(), &answer["mid"]), (3, &mids[2]));
    let pictures = receiver.next().await.event()["message"].clone();
    assert_eq!((&pictures["mid"], pictures["attachments"].as_array().unwrap().len()), (&mids[0], 2));
    assert_eq!(receiver.next().await.event()["message"]["attachments"][0]["type"], "audio");
    assert_eq!(receiver.next().await.event()["message"], json!({"mid": mids[2], "text": "Look"}));
    let url = &pictures["attachments"][0]["payload"]["url"];
    assert_eq!(file(&sandbox, url).await.0, 200);
    sandbox.sim("people/ana.customer/unsend", json!({"mid": mids[0]})).await;
    assert_eq!(file(&sandbox, url).await.0, 404);
    // As a file of the call.
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\nposthaste.shop\r\n--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nvideo\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n".to_vec();
    body.extend_from_slice(&files::named("a.mp4").unwrap());
    body.extend_from_slice(b"\r\n--b--\r\n");
    receiver.next().await;
    sandbox.post("/sim/people/ana.customer/send").body("multipart/form-data; boundary=b", body).ok().await;
    assert_eq!(receiver.next().await.event()["message"]["attachments"][0]["type"], "video");
    // What cannot be had is told by its parameter.
    let wrong =
        json!({"to": "posthaste.shop", "attachments": [{"type": "video", "url": media.url("/a.png")}]});
    let answer = sandbox.post("/sim/people/ana.customer/send").json(&wrong).send().await;
    assert_eq!((answer.status, &answer.json()["error"]["parameter"]), (400, &json!("attachments")));
}

/// Doc: the guide of a gateway; a private person's mention is heard of only by an account that follows them.
#[tokio::test]
async fn a_mention_in_a_story() {
    let (sandbox, receiver) = heard().await;
    let media = MediaServer::start().await;
    let mention = json!({"to": "posthaste.shop", "story_mention": {"url": media.url("/a.jpg")}});
    sandbox.sim("people/ana.customer/send", mention.clone()).await;
    let told = receiver.next().await.event()["message"].clone();
    assert_eq!((&told["attachments"][0]["type"], told.get("text")), (&json!("story_mention"), None));
    assert_eq!(file(&sandbox, &told["attachments"][0]["payload"]["url"]).await.0, 200);
    let path = format!("/{}?fields=story", told["mid"].as_str().unwrap());
    let node = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
    assert!(node["story"]["mention"]["id"].is_string() && node["story"]["mention"]["link"].is_string());
    sandbox.advance("24h").await;
    let node = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
    assert_eq!(node["story"]["mention"].get("link"), None, "it dies with the story");
    assert_eq!(file(&sandbox, &told["attachments"][0]["payload"]["url"]).await.0, 403);
    sandbox.call("PATCH", "/sim/people/ana.customer").json(&json!({"private": true})).ok().await;
    let unheard = sandbox.sim("people/ana.customer/send", mention.clone()).await;
    assert_eq!((&unheard["mid"], unheard["unheard"].is_string()), (&Value::Null, true));
    sandbox.deliver().await;
    assert_eq!(receiver.rest().await.len(), 0);
    sandbox.sim("accounts/posthaste.shop/follow", json!({"person": "ana.customer"})).await;
    sandbox.sim("people/ana.customer/send", mention).await;
    assert_eq!(receiver.next().await.event()["message"]["attachments"][0]["type"], "story_mention");
}
