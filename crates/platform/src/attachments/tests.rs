//! Uploads, through the public interface. Kinds, limits and ownership have their scenarios, the room on disk its tests with
//! the assets.

use serde_json::{Value, json};
use testkit::media::MediaServer;
use testkit::{Answer, Sandbox};

async fn upload(sandbox: &Sandbox, url: &str, is_reusable: bool) -> String {
    let payload = json!({"url": url, "is_reusable": is_reusable});
    let body = json!({"message": {"attachment": {"type": "image", "payload": payload}}});
    let call = sandbox.post("/v25.0/me/message_attachments").token(sandbox.env("IG_ACCESS_TOKEN"));
    call.json(&body).ok().await.json()["attachment_id"].as_str().unwrap().to_owned()
}

async fn send(sandbox: &Sandbox, id: &str) -> Answer {
    let message = json!({"attachment": {"type": "image", "payload": {"attachment_id": id}}});
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": message});
    sandbox.post("/v25.0/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await
}

/// Two sends of an upload for one send, at the same moment: one of them gets it.
#[tokio::test]
async fn one_send_is_one_send() {
    let (sandbox, media) = (Sandbox::start().await, MediaServer::start().await);
    for _ in 0..10 {
        let id = upload(&sandbox, &media.url("/a.png"), false).await;
        let (one, other) = tokio::join!(send(&sandbox, &id), send(&sandbox, &id));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}

/// A send that is refused does not use the upload up.
#[tokio::test]
async fn a_refused_send_leaves_the_upload() {
    let (sandbox, media) = (Sandbox::start().await, MediaServer::start().await);
    let id = upload(&sandbox, &media.url("/a.png"), false).await;
    sandbox.advance("25h").await;
    assert_eq!(send(&sandbox, &id).await.error(), (403, 10, 2_534_022));
    sandbox.person_writes("IG_USERNAME", "Still there?").await;
    assert_eq!(send(&sandbox, &id).await.status, 200);
}

/// The message has the file for itself: unsending is the other side's, and neither takes the upload.
#[tokio::test]
async fn messages_and_upload_do_not_take_from_each_other() {
    let (sandbox, media) = (Sandbox::start().await, MediaServer::start().await);
    let id = upload(&sandbox, &media.url("/a.png"), true).await;
    let sent: Vec<Value> = vec![send(&sandbox, &id).await.json(), send(&sandbox, &id).await.json()];
    let mut shown = Vec::new();
    for message in &sent {
        let path = format!("/v25.0/{}?fields=attachments", message["message_id"].as_str().unwrap());
        let node = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
        let file = &node["attachments"]["data"][0];
        assert_ne!(file["id"], id, "its own id");
        shown.push(file["image_data"]["url"].as_str().unwrap().to_owned());
    }
    assert_ne!(shown[0], shown[1]);
    for url in shown {
        sandbox.get(url.strip_prefix("http://127.0.0.1:8430").unwrap()).ok().await;
    }
}
