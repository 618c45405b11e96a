//! Meta's own Postman collection, run through newman as it is. It is no part of this repository: `REFERENCE_DATA` names
//! the folder in which it lies. `./test` says so where it is not at hand.

use crate::process::{Folder, Running};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::media::MediaServer;

const COLLECTION: &str = "instagram-platform-api.postman_collection.json";

/// The collection and newman, if both are there.
fn at_hand() -> Option<(PathBuf, PathBuf)> {
    let collection = Path::new(&std::env::var_os("REFERENCE_DATA")?).join(COLLECTION);
    if !collection.exists() {
        return None;
    }
    let newman = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/newman/node_modules/newman");
    let is_there = newman.exists();
    assert!(
        is_there || std::env::var_os("POSTHASTE_TEST_ALL").is_none(),
        "newman is missing: ./test installs it"
    );
    is_there.then_some((collection, newman))
}

/// Each request is answered 200 with the true shape, also where the collection's example shows another (reference,
/// recording mistakes), and the person sees what was sent.
#[tokio::test]
async fn the_send_api_of_metas_collection_passes() {
    let Some((collection, newman)) = at_hand() else { return };
    let folder = Folder::new();
    let sandbox = Running::start(&folder.0, &[]);
    let media = MediaServer::start().await;
    let (account, person) = (sandbox.env("IG_USERNAME"), sandbox.env("PERSON_USERNAME"));
    let ask = json!({"to": account, "text": "Do you like it?"});
    let asked = sandbox.call("POST", &format!("/sim/people/{person}/send")).json(&ask).ok().await.json();
    let wanted = json!({
        "newman": newman.canonicalize().unwrap(),
        "collection": collection,
        "folder": "Send API",
        "base": sandbox.env("POSTHASTE_URL"),
        "values": {
            "api_version": "v25.0",
            "api-version": "v25.0",
            "access_token": sandbox.env("IG_ACCESS_TOKEN"),
            "ig_account_id": sandbox.env("IG_ID"),
            "instagram_scoped_id": sandbox.env("IGSID"),
        },
        "placeholders": {
            "Media Message (Photo)": {"MEDIA_URL": media.url("/a.png")},
            "Media Message (GIF)": {"MEDIA_URL": media.url("/a.gif")},
            "Media Message (Audio or Video)": {"ACTUAL_AUDIO_OR_VIDEO_FILE_URL": media.url("/a.m4a")},
            "React or Unreact to a message": {"MESSAGE_ID": asked["mid"]},
            "Published Post": {"POST_ID": sandbox.env("IG_MEDIA_ID")},
        },
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/product/postman.js");
    let mut node = Command::new("node");
    node.arg(script).arg(wanted.to_string());
    // The media server answers on this thread.
    let output = tokio::task::spawn_blocking(move || node.output().unwrap()).await.unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    let answers: Vec<Value> = serde_json::from_str(&out).unwrap();
    let names: Vec<&str> = answers.iter().map(|answer| answer["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "Text Message",
            "Media Message (Photo)",
            "Media Message (GIF)",
            "Media Message (Audio or Video)",
            "Send a Sticker",
            "React or Unreact to a message",
            "Published Post",
        ]
    );
    for answer in &answers {
        assert_eq!(answer["status"], 200, "{answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["recipient_id"], sandbox.env("IGSID"), "{answer}");
        let keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        match answer["name"] == "React or Unreact to a message" {
            true => assert_eq!(keys, ["recipient_id"], "{answer}"),
            false => assert_eq!(keys, ["recipient_id", "message_id"], "{answer}"),
        }
    }

    let inbox = sandbox.call("GET", &format!("/sim/people/{person}/inbox")).ok().await.json();
    let messages = inbox["conversations"][0]["messages"].as_array().unwrap();
    let of_account = messages.iter().filter(|message| message["from"] == account);
    let seen: Vec<&str> = of_account
        .map(|message| message["attachments"][0]["type"].as_str().or(message["text"].as_str()).unwrap())
        .collect();
    assert_eq!(seen, ["Hello World!", "image", "image", "audio", "like_heart", "share"]);
    let reacted = messages.iter().find(|message| message["mid"] == asked["mid"]).unwrap();
    assert_eq!(reacted["reactions"][0]["reaction"], "love");
    let hosts = sandbox.call("GET", "/sim/requests").ok().await.json();
    for request in hosts["requests"].as_array().unwrap() {
        assert_eq!(request["headers"]["host"], "graph.instagram.com", "newman names the real host");
    }
}
