//! Files: uploaded ones, and those at Instagram.

use super::{World, error};
use bytes::Bytes;
use serde_json::{Value, json};
use testkit::{Answer, media};

fn png() -> Bytes {
    media::files::png(20, 20)
}

async fn upload(world: &World, query: &str, bytes: &Bytes) -> Answer {
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"my file.png\"\r\n\
                     Content-Type: image/png\r\n\r\n"
        .to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let path = world.path(&format!("attachments?{query}"));
    world.call("POST", &path).body("multipart/form-data; boundary=b", body).send().await
}

async fn fetch(world: &World, url: &str) -> Answer {
    let path = url.strip_prefix(&format!("{}/sc", world.base)).expect("the gateway's own address");
    world.bare("GET", path).send().await
}

#[tokio::test]
async fn an_uploaded_file_is_served_sent_and_removed_with_its_message() {
    let world = World::start().await;
    let (conversation, _) = world.met().await;
    let bytes = png();
    let query = format!("access=public&for=message&conversationId={conversation}");
    let made = upload(&world, &query, &bytes).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let attachment = made.json()["attachment"].clone();
    let url = attachment["mediaUrl"].as_str().unwrap();
    assert_eq!(attachment["mediaType"], "image/png");
    assert!(url.ends_with("/my%20file.png"), "{url}");
    let served = fetch(&world, url).await;
    assert_eq!((served.status, served.header("content-type"), &served.body), (200, "image/png", &bytes));
    let message = world.posts(&conversation, json!({"type": "image", "mediaUrl": url})).await;
    let heard = world.heard().await;
    assert!(heard.iter().any(|(kind, _)| kind == "conversation:message:delivery:channel"), "{heard:?}");
    let path =
        world.path(&format!("conversations/{conversation}/messages/{}", message["id"].as_str().unwrap()));
    world.call("DELETE", &path).ok().await;
    assert_eq!(fetch(&world, url).await.status, 404);
}

#[tokio::test]
async fn uploads_are_checked_and_can_be_removed() {
    let world = World::start().await;
    assert_eq!(upload(&world, "for=message", &png()).await.status, 400, "access is needed");
    assert_eq!(upload(&world, "access=public&for=message", &png()).await.status, 400);
    let nowhere = "access=public&for=message&conversationId=000000000000000000000000";
    assert_eq!(error(&upload(&world, nowhere, &png()).await).1, "conversation_not_found");
    let path = world.path("attachments?access=public");
    assert_eq!(world.call("POST", &path).json(&json!({})).send().await.status, 400, "no multipart");
    let url = upload(&world, "access=public", &png()).await.json()["attachment"]["mediaUrl"].clone();
    let remove = async |url: &Value| {
        world.call("POST", &world.path("attachments/remove")).json(&json!({"mediaUrl": url})).send().await
    };
    let bad = remove(&json!("https://badhost.com/image.png")).await;
    let title = "Unsupported media URL for attachment deletion: https://badhost.com/image.png";
    assert_eq!(error(&bad), (400, "bad_request".to_owned(), title.to_owned()));
    assert_eq!(remove(&url).await.json(), json!({}));
    assert_eq!(error(&remove(&url).await).2, "Attachment not found");
}

#[tokio::test]
async fn what_a_person_sends_streams_from_instagram_until_it_is_gone() {
    let world = World::start().await;
    let files = media::MediaServer::start().await;
    let (account, person) = (world.sandbox.env("PAGE_IG_ID"), world.sandbox.env("PAGE_IGSID"));
    let image = |url: &str| json!({"type": "image", "payload": {"url": url}});
    let event = json!({
        "sender": {"id": person}, "recipient": {"id": account}, "timestamp": 1_772_442_000_000_i64,
        "message": {"mid": "A", "attachments": [image(&files.url("/a.png")), image(&files.url("/gone.png"))]},
    });
    let body = json!({"object": "instagram", "entry": [{"time": 1, "id": account, "messaging": [event]}]})
        .to_string();
    let signed = graph_api::signature::sha256(world.sandbox.env("APP_SECRET"), body.as_bytes());
    let call = world.bare("POST", "/instagram/webhook").body("application/json", body);
    assert_eq!(call.header("x-hub-signature-256", &signed).send().await.status, 200);
    let heard = world.heard().await;
    let messages = heard.iter().filter(|(kind, _)| kind == "conversation:message");
    let urls: Vec<&str> =
        messages.map(|(_, payload)| payload["message"]["content"]["mediaUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), 2, "a message for each attachment");
    let served = fetch(&world, urls[0]).await;
    assert_eq!((served.status, served.header("cache-control")), (200, "private, no-store"));
    assert_eq!(served.body, media::files::named("a.png").unwrap());
    let gone = fetch(&world, urls[1]).await;
    assert_eq!(
        error(&gone),
        (410, "gone".to_owned(), "The media is no longer available on Instagram".to_owned())
    );
}
