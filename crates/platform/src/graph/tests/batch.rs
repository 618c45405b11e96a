//! Batches and `ids=`, through the public interface.

use serde_json::{Value, json};
use testkit::{Answer, Receiver, Sandbox};

async fn batch(sandbox: &Sandbox, entries: Value) -> Answer {
    let body = json!({"batch": entries, "include_headers": false});
    sandbox.post("/v25.0/").token(sandbox.env("IG_ACCESS_TOKEN")).json(&body).send().await
}

/// Codes and bodies of the requests of a batch; null for those that are left out.
async fn answers(sandbox: &Sandbox, entries: Value) -> Vec<(Value, Value)> {
    let answer = batch(sandbox, entries).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let parsed = |body: &Value| body.as_str().map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    answer.json().as_array().unwrap().iter().map(|one| (one["code"].clone(), parsed(&one["body"]))).collect()
}

fn get(url: &str) -> Value {
    json!({"method": "GET", "relative_url": url})
}

#[tokio::test]
async fn each_request_has_its_own_answer_and_failure() {
    let sandbox = Sandbox::start().await;
    let (igsid, id) = (sandbox.env("IGSID").to_owned(), sandbox.env("IG_ID").to_owned());
    let message = format!(r#"recipient={{"id":"{igsid}"}}&message={{"text":"a %26 b"}}"#);
    let done = answers(
        &sandbox,
        json!([
            get("me?fields=user_id"),
            get("/v21.0/me?fields=shoes"),
            {"method": "POST", "relative_url": "me/messages", "body": message},
            {"method": "POST", "relative_url": "me/messages",
             "body": {"recipient": {"id": igsid}, "message": {"text": "object"}}},
            {"method": "POST", "relative_url": "me/messages", "headers": ["Content-Type: application/json"],
             "body": json!({"recipient": {"id": igsid}, "message": {"text": "json"}}).to_string()},
            get("me/messages/a/b"),
            get("v99.0/me"),
            {"method": "DELETE", "relative_url": "me"},
            {"method": "BREW", "relative_url": "me"},
            get("me?access_token=nonsense"),
            {"method": "POST", "relative_url": "", "body": {"batch": "[]"}},
            get("a b\u{1}"),
        ]),
    )
    .await;
    assert_eq!(done[0].1["user_id"], id.as_str());
    let error = |at: usize| (done[at].0.as_i64().unwrap(), done[at].1["error"]["code"].as_i64().unwrap());
    assert_eq!(error(1), (400, 100));
    assert_eq!((&done[2].0, &done[2].1["recipient_id"]), (&json!(200), &json!(igsid)));
    assert_eq!((&done[3].0, &done[4].0), (&json!(200), &json!(200)));
    let codes: Vec<_> = (5..=11).map(error).collect();
    assert_eq!(codes, [(400, 2500), (400, 2500), (400, 100), (400, 100), (400, 190), (400, 100), (400, 100)]);
    let texts: Vec<String> = sandbox.inbox("IG_USERNAME").await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts[1..], ["a & b", "object", "json"]);
    // Each is in the log, the batch last.
    let log = sandbox.get("/sim/requests?limit=20").ok().await.json();
    let paths: Vec<_> = log["requests"].as_array().unwrap().iter().map(|r| r["path"].clone()).collect();
    assert_eq!(paths.len(), 13);
    assert_eq!((&paths[0], &paths[12]), (&json!("/v25.0/"), &json!("/me")));
}

#[tokio::test]
async fn later_requests_use_what_earlier_ones_answered() {
    let sandbox = Sandbox::start().await;
    let done = answers(
        &sandbox,
        json!([
            {"method": "GET", "name": "list", "relative_url": "me/conversations?fields=participants"},
            {"method": "POST", "name": "sent", "omit_response_on_success": false, "relative_url": "me/messages",
             "body": "recipient={\"id\":\"{result=list:$.data[0].participants.data[1].id}\"}&message={\"text\":\"hi\"}"},
            get("{result=sent:$.message_id}?fields=message"),
            get("?ids={result=sent:$.message_id}&fields=message"),
        ]),
    )
    .await;
    // Nobody needs the answer that only another request needs.
    assert_eq!(done[0], (Value::Null, Value::Null));
    let mid = done[1].1["message_id"].as_str().unwrap().to_owned();
    assert_eq!(done[2].1, json!({"message": "hi", "id": mid}));
    assert_eq!(done[3].1[&mid]["message"], "hi");
}

#[tokio::test]
async fn what_depends_on_a_failure_is_not_done() {
    let sandbox = Sandbox::start().await;
    let send = json!({"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "after all"}});
    let done = answers(
        &sandbox,
        json!([
            {"method": "GET", "name": "a", "relative_url": "me?fields=shoes"},
            {"method": "POST", "name": "b", "depends_on": "a", "relative_url": "me/messages", "body": send},
            get("{result=b:$.message_id}"),
            {"method": "GET", "name": "c", "omit_response_on_success": true, "relative_url": "me"},
        ]),
    )
    .await;
    assert_eq!(done[0].0, 400, "a failure is shown, whoever depends on it");
    for (at, name) in [(1, "a"), (2, "b")] {
        let error = &done[at].1["error"];
        assert_eq!((&done[at].0, &error["type"]), (&json!(424), &json!("GraphBatchException")));
        assert_eq!(error["message"], format!("The request depends on the request {name}, which failed"));
    }
    assert_eq!(done[3].0, Value::Null);
    assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), 1);
}

#[tokio::test]
async fn a_batch_that_is_wrong_as_a_whole_does_nothing() {
    let sandbox = Sandbox::start().await;
    let send = json!({"method": "POST", "relative_url": "me/messages",
        "body": {"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": "hi"}}});
    for (entries, kind) in [
        (json!([send, {"method": "GET"}]), "IGApiException"),
        (json!([send, {"method": "GET", "relative_url": "me", "depends_on": "x"}]), "GraphBatchException"),
        (json!(vec![&send; 51]), "GraphBatchException"),
        (json!([send, 5]), "IGApiException"),
        (json!("nothing"), "IGApiException"),
    ] {
        let answer = batch(&sandbox, entries).await;
        assert_eq!(answer.error().0, 400, "{}", answer.text());
        assert_eq!(answer.json()["error"]["type"], kind);
    }
    assert_eq!(sandbox.inbox("IG_USERNAME").await.len(), 1);
    // The batch's own token is looked at first, even if every request has one.
    let body = json!({"batch": [get(&format!("me?access_token={}", sandbox.env("IG_ACCESS_TOKEN")))]});
    assert_eq!(sandbox.post("/v25.0").json(&body).send().await.error(), (400, 190, 0));
}

/// The documented form: everything in the query of `POST /me`; headers are shown unless they are unwanted.
#[tokio::test]
async fn headers_tags_and_versions_are_each_requests_own() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.env("PAGE_ACCESS_TOKEN");
    let entries = json!([get("v23.0/me?fields=id"), get("me?fields=id")]);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("batch", entries.to_string().as_str()), ("access_token", token)])
        .finish();
    let done = sandbox.post(&format!("/v25.0/me?{query}")).ok().await.json();
    let header = |at: usize, name: &str| {
        let headers = done[at]["headers"].as_array().unwrap();
        headers.iter().find(|header| header["name"] == name).map(|header| header["value"].clone())
    };
    assert_eq!(header(0, "Content-Type"), Some(json!("text/javascript; charset=UTF-8")));
    assert_eq!(header(0, "Facebook-API-Version"), Some(json!("v23.0")));
    assert_eq!(header(1, "Facebook-API-Version"), Some(json!("v25.0")));
    let tag = header(0, "ETag").unwrap();
    let known = json!([{"method": "GET", "relative_url": "v23.0/me?fields=id",
        "headers": [{"name": "If-None-Match", "value": tag}]}]);
    let again = sandbox.post("/").token(token).json(&json!({"batch": known})).ok().await.json();
    assert_eq!((&again[0]["code"], &again[0]["body"]), (&json!(304), &Value::Null));
}

/// Tokens of single requests are as secret as others: the log shows none.
#[tokio::test]
async fn the_log_shows_no_token_of_a_batch() {
    let sandbox = Sandbox::start().await;
    let (own, page) =
        (sandbox.env("IG_ACCESS_TOKEN").to_owned(), sandbox.env("PAGE_ACCESS_TOKEN").to_owned());
    let entries = json!([
        get(&format!("me?access_token={page}")),
        {"method": "POST", "relative_url": "me/messages", "body": format!("access_token={own}&message=x")},
        {"method": "POST", "relative_url": "me/messages", "body": {"access_token": own}},
    ]);
    batch(&sandbox, entries.clone()).await;
    let query = form_urlencoded::byte_serialize(entries.to_string().as_bytes()).collect::<String>();
    sandbox.post(&format!("/?batch={query}&access_token={own}")).send().await;
    let log = sandbox.get("/sim/requests?limit=20").ok().await.text();
    assert!(log.contains("relative_url") && !log.contains(&own) && !log.contains(&page), "{log}");
}

/// A fault strikes the requests of a batch as it strikes others; a lost answer is null.
#[tokio::test]
async fn faults_strike_single_requests() {
    let sandbox = Sandbox::start().await;
    sandbox.sim("faults", json!({"on": "GET /*", "error": 2, "times": 1})).await;
    sandbox.sim("faults", json!({"on": "GET /*/conversations", "drop": 1})).await;
    let done = answers(&sandbox, json!([get("me"), get("me"), get("me/conversations")])).await;
    assert_eq!((&done[0].0, &done[1].0, &done[2].0), (&json!(500), &json!(200), &Value::Null));
}

#[tokio::test]
async fn limits_count_each_request_and_each_id() {
    let sandbox = Sandbox::start().await;
    sandbox.call("PATCH", "/sim/settings").json(&json!({"rate_limits": true})).ok().await;
    let done = answers(&sandbox, json!(vec![get("me/conversations"); 3])).await;
    let codes: Vec<_> = done.iter().map(|(code, _)| code.clone()).collect();
    assert_eq!(codes, [json!(200), json!(200), json!(400)], "two a second (doc)");
    assert_eq!(done[2].1["error"]["code"], 613);
}

#[tokio::test]
async fn several_objects_in_one_request() {
    let sandbox = Sandbox::start().await;
    let (token, id, igsid) =
        (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("IG_ID").to_owned(), sandbox.env("IGSID").to_owned());
    let ids = async |path: String| sandbox.get(&path).token(token).send().await;
    let found = ids(format!("/v25.0/?ids=me,{id},{id},{igsid}&fields=username")).await.json();
    assert_eq!(found.as_object().unwrap().len(), 3);
    assert_eq!(
        (&found["me"]["username"], &found[&igsid]["username"]),
        (&json!("posthaste.shop"), &json!("ana.customer"))
    );
    let edge = ids(format!("/conversations?ids={id}&fields=id&limit=1")).await.json();
    assert_eq!(edge[&id]["data"].as_array().unwrap().len(), 1);
    // One bad one fails the whole.
    for (path, code) in [
        (format!("/v25.0/?ids={id},123"), 100),
        (format!("/v25.0/?ids={id},nobody"), 803),
        (format!("/v25.0/?ids={id}&fields=shoes"), 100),
        ("/v25.0/?ids=".to_owned(), 100),
        ("/v25.0/?ids=,".to_owned(), 100),
        (format!("/v25.0/?ids={}", (0..51).map(|n| n.to_string()).collect::<Vec<_>>().join(",")), 100),
    ] {
        let answer = ids(path.clone()).await;
        assert_eq!((answer.error().0, answer.error().1), (400, code), "{path}: {}", answer.text());
    }
    let many = ids(format!("/?ids={}", (0..60).map(|n| n.to_string()).collect::<Vec<_>>().join(","))).await;
    assert_eq!(many.message(), "Too many IDs. Maximum: 50. Provided: 60.");
    // Where the path names an object, ids are not asked for.
    assert!(ids(format!("/me?ids={igsid}")).await.json().get("id").is_some());
}

/// Links of pages lead on, also from an answer for several objects.
#[tokio::test]
async fn pages_of_several_objects_lead_on() {
    let sandbox = Sandbox::start().await;
    for person in ["ben.customer", "chloe.customer"] {
        let body = json!({"to": "posthaste.shop", "text": "hi"});
        sandbox.sim(&format!("people/{person}/send"), body).await;
    }
    let (token, id) = (sandbox.env("IG_ACCESS_TOKEN"), sandbox.env("IG_ID"));
    let first = sandbox.get(&format!("/conversations?ids={id}&limit=2")).token(token).ok().await.json();
    let next = first[id]["paging"]["next"].as_str().unwrap();
    let path = next.strip_prefix("http://127.0.0.1:8430").unwrap();
    let second = sandbox.get(path).ok().await.json();
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert!(!next.contains("ids="));
}

/// What a batch sends is told like everything else, in order.
#[tokio::test]
async fn sends_of_a_batch_are_echoed() {
    let sandbox = Sandbox::start().await;
    let receiver = Receiver::start(sandbox.env("VERIFY_TOKEN")).await;
    sandbox.set_callback("IG", &receiver.url).await;
    let send = |text: &str| {
        json!({"method": "POST", "relative_url": "me/messages",
            "body": {"recipient": {"id": sandbox.env("IGSID")}, "message": {"text": text}}})
    };
    batch(&sandbox, json!([send("one"), send("two")])).await;
    for text in ["one", "two"] {
        assert_eq!(receiver.next().await.event()["message"]["text"], text);
    }
}
