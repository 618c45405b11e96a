//! The Conversations API.

use super::{get, thread};
use serde_json::{Value, json};
use testkit::Sandbox;

/// As many people as asked, each of whom has written to the shop, a minute apart; answers their conversations' ids, the
/// newest first.
async fn crowd(sandbox: &Sandbox, count: usize) -> Vec<Value> {
    let mut ids = Vec::new();
    for n in 0..count {
        let name = format!("person{n}");
        sandbox.sim("people", json!({"username": name})).await;
        sandbox.advance("25s").await;
        let sent =
            sandbox.sim(&format!("people/{name}/send"), json!({"to": "posthaste.shop", "text": "Hi"})).await;
        ids.insert(0, sent["conversation_id"].clone());
    }
    ids.push(thread(sandbox).await["id"].clone());
    ids
}

fn ids(page: &Value) -> Vec<Value> {
    page["data"].as_array().unwrap().iter().map(|entry| entry["id"].clone()).collect()
}

/// Follows a link of an answer, as it is given.
async fn follow(sandbox: &Sandbox, link: &Value) -> Value {
    let path = link.as_str().unwrap().strip_prefix("http://127.0.0.1:8430").unwrap();
    sandbox.get(path).ok().await.json()
}

#[tokio::test]
async fn conversations_come_newest_first_and_pages_lead_on_and_back() {
    let sandbox = Sandbox::start().await;
    let all = crowd(&sandbox, 6).await;
    let first = get(&sandbox, "/v25.0/me/conversations?platform=instagram&limit=3").await.json();
    assert_eq!(ids(&first), all[..3]);
    assert_eq!(first["paging"].get("previous"), None);
    assert!(
        first["paging"]["next"]
            .as_str()
            .unwrap()
            .contains("/v25.0/17841400000000001/conversations?platform=instagram&")
    );
    let second = follow(&sandbox, &first["paging"]["next"]).await;
    assert_eq!(ids(&second), all[3..6]);
    let third = follow(&sandbox, &second["paging"]["next"]).await;
    assert_eq!(ids(&third), all[6..]);
    assert_eq!(third["paging"].get("next"), None);
    let back = follow(&sandbox, &second["paging"]["previous"]).await;
    assert_eq!(ids(&back), all[..3]);
    assert_eq!(back["paging"].get("previous"), None);
    // A message moves its conversation to the top.
    sandbox.advance("1s").await;
    sandbox.person_writes("IG_USERNAME", "Me again").await;
    let now = get(&sandbox, "/me/conversations").await.json();
    assert_eq!(now["data"][0]["id"], all[6]);
    assert_eq!(now["data"][0]["updated_time"], "2026-03-02T09:02:31+0000");
}

#[tokio::test]
async fn one_person_is_looked_up_without_paging() {
    let sandbox = Sandbox::start().await;
    let path = format!(
        "/me/conversations?user_id={}&fields=participants,messages.limit(1){{message,from}}",
        sandbox.env("IGSID")
    );
    let id = thread(&sandbox).await["id"].clone();
    let person = json!({"username": "ana.customer", "id": sandbox.env("IGSID")});
    let mid = thread(&sandbox).await["messages"][0]["mid"].clone();
    let answer = get(&sandbox, &path).await.json();
    let messages = answer["data"][0]["messages"].clone();
    assert_eq!(messages["data"], json!([{"message": "Hi! Are you open today?", "from": person, "id": mid}]));
    assert_eq!(
        answer,
        json!({"data": [{"participants": {"data": [
            {"username": "posthaste.shop", "id": sandbox.env("IG_ID")}, person]}, "messages": messages, "id": id}]})
    );
    for nobody in ["1000000000000001", "shoes"] {
        let answer = get(&sandbox, &format!("/me/conversations?user_id={nobody}")).await.json();
        assert_eq!(answer, json!({"data": []}), "{nobody}");
    }
}

#[tokio::test]
async fn the_facebook_host_needs_to_be_told_which_platform() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("PAGE_ACCESS_TOKEN");
    let list =
        |query: &str| sandbox.get(&format!("/{}/conversations{query}", sandbox.env("PAGE_ID"))).token(token);
    assert_eq!(list("").ok().await.json(), json!({"data": []}));
    assert_eq!(list("?platform=messenger").ok().await.json(), json!({"data": []}));
    let found =
        list("?platform=instagram&folder=inbox&fields=id,updated_time,unread_count").ok().await.json();
    assert_eq!(found["data"][0].get("unread_count"), None);
    assert_eq!(ids(&found).len(), 1);
    assert_eq!(list("?platform=telegram").send().await.error(), (400, 100, 0));
    let id = found["data"][0]["id"].as_str().unwrap();
    let messages = sandbox.get(&format!("/{id}?fields=messages")).token(token).ok().await.json();
    assert_eq!(messages["messages"]["data"][0].get("is_unsupported"), None);
    assert_eq!(list("?platform=instagram&fields=shoes").send().await.error(), (400, 100, 0));
}

/// Doc: the details of the twenty newest only.
#[tokio::test]
async fn older_messages_than_the_twentieth_are_listed_and_not_told() {
    let sandbox = Sandbox::start().await;
    let mut mids = vec![thread(&sandbox).await["messages"][0]["mid"].as_str().unwrap().to_owned()];
    for n in 0..21 {
        mids.push(sandbox.person_writes("IG_USERNAME", &n.to_string()).await);
    }
    let id = thread(&sandbox).await["id"].as_str().unwrap().to_owned();
    let page = get(&sandbox, &format!("/{id}/messages?fields=message&limit=100")).await.json();
    let listed: Vec<&str> =
        page["data"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert!(listed.iter().rev().eq(&mids));
    assert_eq!(page["data"][19]["message"], "1");
    assert_eq!(page["data"][20].get("message"), None);
    assert!(page["data"][20]["created_time"].is_string());
    assert_eq!(get(&sandbox, &format!("/{}?fields=message", mids[2])).await.json()["message"], "1");
    assert_eq!(get(&sandbox, &format!("/{}?fields=message", mids[1])).await.error(), (400, 9_000_001, 0));
    // One that is taken back makes room for an older one.
    sandbox.sim("people/ana.customer/unsend", json!({"mid": mids[21]})).await;
    assert_eq!(get(&sandbox, &format!("/{}", mids[21])).await.error(), (400, 9_000_001, 0));
    assert_eq!(get(&sandbox, &format!("/{}?fields=message", mids[1])).await.json()["message"], "0");
    let nested = get(&sandbox, &format!("/{id}?fields=messages.limit(2){{message}}")).await.json();
    assert_eq!(nested["messages"]["data"][0]["message"], "19");
    let next = follow(&sandbox, &nested["messages"]["paging"]["next"]).await;
    assert_eq!(next["data"][0]["message"], "17");
}

#[tokio::test]
async fn a_message_tells_all_of_its_fields() {
    let sandbox = Sandbox::start().await;
    let asked = sandbox.person_writes("IG_USERNAME", "Which?").await;
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "Blue"}, "reply_to": {"mid": asked}});
    let sent =
        sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await.json();
    let mid = sent["message_id"].as_str().unwrap();
    sandbox.sim("people/ana.customer/react", json!({"mid": mid, "reaction": "love"})).await;
    let fields =
        "id,created_time,from,to{id},message,attachments,shares,story,reactions,reply_to,is_unsupported,tags";
    let shop = json!({"username": "posthaste.shop", "id": sandbox.env("IG_ID")});
    let ana = json!({"username": "ana.customer", "id": sandbox.env("IGSID")});
    assert_eq!(
        get(&sandbox, &format!("/{mid}?fields={fields}")).await.json(),
        json!({"created_time": "2026-03-02T09:00:00+0000", "from": shop, "to": {"data": [{"id": sandbox.env("IGSID")}]},
            "message": "Blue", "reactions": {"data": [{"reaction": "❤\u{fe0f}", "users": [ana]}]},
            "reply_to": {"mid": asked, "is_self_reply": false}, "is_unsupported": false, "id": mid})
    );
    assert_eq!(
        get(&sandbox, &format!("/{mid}")).await.json(),
        json!({"created_time": "2026-03-02T09:00:00+0000", "id": mid})
    );
    let template = json!({"template_type": "generic", "elements": [{"title": "Mug", "subtitle": "Blue",
        "buttons": [{"type": "web_url", "url": "https://shop.test/", "title": "Shop"}]}]});
    let body = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"attachment": {"type": "template", "payload": template}}});
    let sent =
        sandbox.post("/me/messages").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).ok().await.json();
    let told =
        get(&sandbox, &format!("/{}?fields=message,attachments", sent["message_id"].as_str().unwrap()))
            .await
            .json();
    assert_eq!(told["message"], "");
    assert_eq!(
        told["attachments"]["data"],
        json!([{"generic_template": {"title": "Mug", "subtitle": "Blue",
            "cta": {"title": "Shop", "type": "web_url", "url": "https://shop.test/"}}}])
    );
    let story =
        json!({"to": "posthaste.shop", "text": "Nice", "reply_to": {"story": sandbox.env("STORY_ID")}});
    let sent = sandbox.sim("people/ana.customer/send", story).await;
    let told = get(&sandbox, &format!("/{}?fields=story", sent["mid"].as_str().unwrap())).await.json();
    assert_eq!(told["story"]["reply_to"]["id"], sandbox.env("STORY_ID"));
    let share = json!({"to": "posthaste.shop", "share": {"media_id": sandbox.env("IG_MEDIA_ID")}});
    let sent = sandbox.sim("people/ana.customer/send", share).await;
    let path = format!("/{}?fields=shares,story", sent["mid"].as_str().unwrap());
    assert_eq!(get(&sandbox, &path).await.json().get("shares"), None, "only if its fields are asked for");
    let told = get(&sandbox, &path.replace("shares", "shares{link,id}")).await.json();
    assert!(told["shares"]["data"][0]["link"].as_str().unwrap().contains("/ig_messaging_cdn/"));
}

/// Doc: requests that have been idle for 30 days are not returned.
#[tokio::test]
async fn an_idle_request_is_not_listed() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("PAGE_ACCESS_TOKEN");
    let path = format!("/{}/conversations?platform=instagram", sandbox.env("PAGE_ID"));
    let id = ids(&sandbox.get(&path).token(token).ok().await.json()).remove(0);
    sandbox.advance("720h").await;
    assert_eq!(ids(&sandbox.get(&path).token(token).ok().await.json()).len(), 1);
    sandbox.advance("1s").await;
    assert_eq!(ids(&sandbox.get(&path).token(token).ok().await.json()), Vec::<Value>::new());
    let one = format!("/{}", id.as_str().unwrap());
    assert_eq!(sandbox.get(&one).token(token).send().await.error(), (400, 100, 33));
    // An accepted one stays.
    let accept = format!("/sim/accounts/posthaste.cafe/inbox/{}/accept", id.as_str().unwrap());
    sandbox.post(&accept).json(&json!({})).ok().await;
    assert_eq!(ids(&sandbox.get(&path).token(token).ok().await.json()), [id]);
}

#[tokio::test]
async fn wrong_pages_are_refused() {
    let sandbox = Sandbox::start().await;
    for query in ["after=x", "before=y", "limit=0", "limit=x", "limit=-1", "fields=messages.limit(x)"] {
        assert_eq!(
            get(&sandbox, &format!("/me/conversations?{query}")).await.error(),
            (400, 100, 0),
            "{query}"
        );
    }
    let id = thread(&sandbox).await["id"].as_str().unwrap().to_owned();
    for path in [format!("/{id}?fields=shoes"), format!("/{id}/shoes"), format!("/{id}/messages?after=x")] {
        assert_eq!(get(&sandbox, &path).await.error(), (400, 100, 0), "{path}");
    }
}
