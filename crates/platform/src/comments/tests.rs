//! Comments through the public interface: what scenarios cannot say.

use serde_json::{Value, json};
use testkit::{Receiver, START, Sandbox};

async fn heard() -> (Sandbox, Receiver) {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    (sandbox, receiver)
}

async fn comment(sandbox: &Sandbox, who: &str, text: &str) -> String {
    let body = json!({"media_id": sandbox.env("IG_MEDIA_ID"), "text": text});
    let answer = sandbox.sim(&format!("people/{who}/comment"), body).await;
    answer["id"].as_str().unwrap().to_owned()
}

async fn refused(sandbox: &Sandbox, act: &str, body: Value) -> (u16, String) {
    let answer = sandbox.post(&format!("/sim/people/ana.customer/{act}")).json(&body).send().await;
    let parameter = answer.json()["error"]["parameter"].as_str().unwrap_or_default().to_owned();
    (answer.status, parameter)
}

/// Byte for byte as the sender of changes writes: spaces, seconds, `entry` first, `value` before `field`.
#[tokio::test]
async fn the_bytes_of_a_comment() {
    let (sandbox, receiver) = heard().await;
    let id = comment(&sandbox, "ana.customer", "olá a/b").await;
    let received = receiver.next().await;
    let expected = format!(
        r#"{{"entry": [{{"id": "{account}", "time": {time}, "changes": [{{"value": {{"from": {{"id": "{igsid}", "username": "ana.customer"}}, "media": {{"id": "{media}", "media_product_type": "FEED"}}, "id": "{id}", "text": "ol\u00e1 a/b"}}, "field": "comments"}}]}}], "object": "instagram"}}"#,
        account = sandbox.env("IG_ID"),
        igsid = sandbox.env("IGSID"),
        media = sandbox.env("IG_MEDIA_ID"),
        time = START.secs(),
    );
    assert_eq!(String::from_utf8_lossy(&received.body), expected);
    // The feed leads to its delivery, and to the call that caused it.
    sandbox.deliver().await;
    let events = sandbox.get("/sim/events?type=comment,act").ok().await.json();
    let of = |kind: &str| {
        events["events"].as_array().unwrap().iter().rfind(|event| event["type"] == kind).unwrap().clone()
    };
    assert_eq!(of("comment")["cause"], of("act")["cause"]);
    let path = format!("/sim/deliveries?event={}", of("comment")["event"].as_str().unwrap());
    let found = sandbox.get(&path).ok().await.json();
    assert_eq!(found["deliveries"][0]["topic"], "comments", "{found}");
}

/// Batches hold the events of one sender.
#[tokio::test]
async fn messages_and_comments_are_never_in_one_request() {
    let (sandbox, receiver) = heard().await;
    sandbox.call("PATCH", "/sim/settings").json(&json!({"webhook_batch": 100})).ok().await;
    // However quickly they go, three wait for each other.
    sandbox.sim("faults", json!({"on": "webhook", "batch": 3})).await;
    for n in 0..5 {
        sandbox.person_writes("IG_USERNAME", &format!("message {n}")).await;
        comment(&sandbox, "ana.customer", &format!("comment {n}")).await;
    }
    sandbox.call("DELETE", "/sim/faults").ok().await;
    sandbox.deliver().await;
    let (mut texts, mut largest) = (std::collections::BTreeSet::new(), 0);
    for received in receiver.rest().await {
        let is_changes = received.header("user-agent").starts_with("Webhooks/1.0");
        let body = received.json();
        let entries = body["entry"].as_array().unwrap();
        largest = largest.max(entries.len());
        for entry in entries {
            assert_eq!(entry.get("changes").is_some(), is_changes, "{entry}");
            assert_eq!(entry.get("messaging").is_some(), !is_changes, "{entry}");
            let text = match is_changes {
                true => &entry["changes"][0]["value"]["text"],
                false => &entry["messaging"][0]["message"]["text"],
            };
            texts.insert(text.as_str().unwrap().to_owned());
        }
    }
    assert!(largest > 1, "nothing was batched");
    for n in 0..5 {
        assert!(texts.contains(&format!("message {n}")) && texts.contains(&format!("comment {n}")));
    }
}

/// As at the app: what is not offered is refused by name.
#[tokio::test]
async fn what_the_app_does_not_offer() {
    let sandbox = Sandbox::start().await;
    let (media, story) = (sandbox.env("IG_MEDIA_ID"), sandbox.env("STORY_ID"));
    let id = comment(&sandbox, "ben.customer", "nice").await;
    for (act, body, status, parameter) in [
        ("comment", json!({"media_id": media}), 400, "text"),
        ("comment", json!({"media_id": media, "text": " "}), 400, "text"),
        ("comment", json!({"media_id": media, "text": "x".repeat(2201)}), 400, "text"),
        ("comment", json!({"media_id": media, "text": "x", "live": true}), 400, "live"),
        ("comment", json!({"media_id": "17900000000999999", "text": "x"}), 404, "media_id"),
        (
            "comment",
            json!({"media_id": media, "text": "x", "parent_id": "18100000000999999"}),
            404,
            "parent_id",
        ),
        ("comment", json!({"media_id": story, "text": "x", "parent_id": id}), 404, "parent_id"),
        ("comment", json!({"media_id": media, "text": "x", "ad": "120230000000000001"}), 404, "ad"),
        ("comment", json!({"media_id": media, "text": "x", "ad": "1", "parent_id": id}), 400, "ad"),
        ("uncomment", json!({"comment_id": id}), 409, "comment_id"),
        ("uncomment", json!({"comment_id": "1"}), 404, "comment_id"),
        ("like", json!({"comment_id": "18100000000999999"}), 404, "comment_id"),
        ("mention", json!({"to": "nobody"}), 400, "to"),
        ("mention", json!({"to": "posthaste.shop", "story": true, "text": "x"}), 400, "story"),
        ("mention", json!({"to": "posthaste.shop", "media_id": media, "url": "http://x.test"}), 400, "url"),
    ] {
        let found = refused(&sandbox, act, body.clone()).await;
        assert_eq!(found, (status, parameter.to_owned()), "{act} {body}");
    }
    sandbox.sim("people/ana.customer/block", json!({"to": "posthaste.shop"})).await;
    let body = json!({"media_id": media, "text": "x"});
    assert_eq!(refused(&sandbox, "comment", body).await, (409, "media_id".to_owned()));
    // A story takes comments as long as it lasts.
    sandbox.sim("people/ana.customer/unblock", json!({"to": "posthaste.shop"})).await;
    sandbox.sim("people/ana.customer/comment", json!({"media_id": story, "text": "wow"})).await;
    sandbox.advance("24h").await;
    let body = json!({"media_id": story, "text": "late"});
    assert_eq!(refused(&sandbox, "comment", body).await, (404, "media_id".to_owned()));
}

/// The owner in the app, and the author, do what apps do; counts follow.
#[tokio::test]
async fn likes_and_counts_follow_what_happens() {
    let sandbox = Sandbox::start().await;
    let id = comment(&sandbox, "ana.customer", "nice").await;
    let reply = json!({"media_id": sandbox.env("IG_MEDIA_ID"), "text": "too", "parent_id": id});
    sandbox.sim("people/ben.customer/comment", reply).await;
    for who in ["ana.customer", "ben.customer", "ben.customer"] {
        sandbox.sim(&format!("people/{who}/like"), json!({"comment_id": id})).await;
    }
    sandbox.sim("people/ana.customer/unlike", json!({"comment_id": id})).await;
    let list = format!("/sim/media/{}/comments", sandbox.env("IG_MEDIA_ID"));
    let shown = sandbox.get(&list).ok().await.json();
    assert_eq!(
        (&shown["comments"][0]["like_count"], &shown["comments"][0]["replies"][0]["text"]),
        (&json!(1), &json!("too"))
    );
    sandbox.sim(&format!("accounts/posthaste.shop/comments/{id}/hide"), json!({})).await;
    assert_eq!(sandbox.get(&list).ok().await.json()["comments"][0]["hidden"], true);
    // Nobody but its author sees it now.
    let like = sandbox.post("/sim/people/cleo.customer/like").json(&json!({"comment_id": id})).send().await;
    assert_eq!(like.status, 404, "{}", like.text());
    sandbox.sim(&format!("accounts/posthaste.shop/comments/{id}/delete"), json!({})).await;
    assert_eq!(sandbox.get(&list).ok().await.json(), json!({"comments": []}));
    let again = format!("/sim/accounts/posthaste.shop/comments/{id}/delete");
    assert_eq!(sandbox.post(&again).send().await.status, 404);
    let path = format!("/v25.0/{}?fields=comments_count", sandbox.env("IG_MEDIA_ID"));
    let node = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
    assert_eq!(node["comments_count"], 0);
    let events = sandbox.get("/sim/events?type=comment").ok().await.json();
    let happened: Vec<&str> =
        events["events"].as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(happened, ["written", "written", "liked", "liked", "unliked", "hidden", "deleted"]);
}

/// A page of the sim's list leads on to the next.
#[tokio::test]
async fn the_sims_list_has_pages() {
    let sandbox = Sandbox::start().await;
    for n in 0..5 {
        comment(&sandbox, "ana.customer", &n.to_string()).await;
    }
    let (mut texts, mut before) = (Vec::new(), String::new());
    loop {
        let path = format!("/sim/media/{}/comments?limit=2{before}", sandbox.env("IG_MEDIA_ID"));
        let page = sandbox.get(&path).ok().await.json();
        let found = page["comments"].as_array().unwrap().clone();
        texts.extend(found.iter().map(|comment| comment["text"].as_str().unwrap().to_owned()));
        match page["before"].as_str() {
            Some(id) => before = format!("&before={id}"),
            None => break,
        }
    }
    assert_eq!(texts, ["4", "3", "2", "1", "0"]);
}

/// A user's token reaches the comments of the accounts that it was given for.
#[tokio::test]
async fn a_users_token_moderates_too() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("USER_ACCESS_TOKEN");
    let path = format!("/v25.0/{}/comments?message=hello", sandbox.env("PAGE_MEDIA_ID"));
    let written = sandbox.post(&path).token(token).ok().await.json();
    let path = format!("/v25.0/{}", written["id"].as_str().unwrap());
    assert_eq!(sandbox.get(&path).token(token).ok().await.json()["text"], "hello");
    let other = sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).send().await;
    assert_eq!(other.error(), (400, 100, 33));
}

/// A fault leaves keys of comments out, and the rest stays as its sender writes it.
#[tokio::test]
async fn a_comment_without_its_author() {
    let (sandbox, receiver) = heard().await;
    sandbox.sim("faults", json!({"on": "webhook", "missing": ["from"], "field": "comments"})).await;
    let id = comment(&sandbox, "ana.customer", "nice").await;
    let body = String::from_utf8(receiver.next().await.body.to_vec()).unwrap();
    let value = format!(
        r#"{{"value": {{"media": {{"id": "{}", "media_product_type": "FEED"}}, "id": "{id}", "text": "nice"}}"#,
        sandbox.env("IG_MEDIA_ID")
    );
    assert!(body.contains(&value), "{body}");
}

/// A comment on an ad is told with the ad, and is in no list and no count of the post.
#[tokio::test]
async fn a_comment_on_an_ad() {
    let (sandbox, receiver) = heard().await;
    let media = sandbox.env("IG_MEDIA_ID");
    let ad = sandbox.sim("ads", json!({"account": "posthaste.shop", "title": "Mugs"})).await;
    let body = json!({"media_id": media, "text": "how much?", "ad": ad["id"]});
    let id = sandbox.sim("people/ana.customer/comment", body).await["id"].clone();
    let value = receiver.next().await.json()["entry"][0]["changes"][0]["value"].clone();
    let of_ad = json!({
        "id": media, "media_product_type": "AD", "ad_id": ad["id"], "ad_title": "Mugs", "original_media_id": media,
    });
    assert_eq!((&value["id"], &value["media"]), (&id, &of_ad));
    let get = async |path: String| sandbox.get(&path).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await.json();
    assert_eq!(get(format!("/v25.0/{media}/comments")).await, json!({"data": []}));
    assert_eq!(get(format!("/v25.0/{media}?fields=comments_count")).await["comments_count"], 0);
    let node = get(format!("/v25.0/{}?fields=media", id.as_str().unwrap())).await;
    assert_eq!(node["media"], json!({"id": media, "media_product_type": "AD"}));
    // Replies to it are found there, and go with it.
    let reply = format!("/v25.0/{}/replies?message=ten", id.as_str().unwrap());
    sandbox.post(&reply).token(sandbox.env("IG_ACCESS_TOKEN")).ok().await;
    assert_eq!(receiver.next().await.json()["entry"][0]["changes"][0]["value"]["media"], of_ad);
    let replies = get(format!("/v25.0/{}/replies?fields=text", id.as_str().unwrap())).await;
    assert_eq!(replies["data"][0]["text"], "ten");
    let shown = sandbox.get(&format!("/sim/media/{media}/comments")).ok().await.json();
    assert_eq!(shown["comments"][0]["ad_id"], ad["id"]);
    sandbox.sim("people/ana.customer/uncomment", json!({"comment_id": id})).await;
    assert_eq!(get(format!("/v25.0/{media}?fields=comments_count")).await["comments_count"], 0);
}
