//! Credentials, apps, keys, integrations, webhooks, users, conversations: requests and answers.

use super::{World, basic, error};
use serde_json::{Value, json};
use sunco_api::credentials::sign;

fn refused(status: u16, code: &str, title: &str) -> (u16, String, String) {
    (status, code.to_owned(), title.to_owned())
}

#[tokio::test]
async fn who_may_call_what() {
    let world = World::start().await;
    let app = format!("/v2/apps/{}", world.app);
    let unauthorized = refused(401, "unauthorized", "Authorization is required");
    let forbidden = refused(403, "forbidden", "Forbidden");
    assert_eq!(error(&world.bare("GET", &app).send().await), unauthorized);
    let (id, secret) = world.key().clone();
    let wrong = (id.clone(), "wrong".to_owned());
    assert_eq!(error(&world.call_as(&wrong, "GET", &app).send().await), unauthorized);
    let nobody = ("app_000000000000000000000000".to_owned(), secret.clone());
    assert_eq!(error(&world.call_as(&nobody, "GET", &app).send().await), unauthorized);
    // An app's key: its own app, and nothing of the account's.
    assert_eq!(world.call("GET", &app).send().await.status, 200);
    assert_eq!(error(&world.call("GET", "/v2/apps").send().await), forbidden);
    assert_eq!(error(&world.call("GET", "/v2/apps/000000000000000000000000").send().await), forbidden);
    // The account's: all apps, but no webhooks (spec).
    assert_eq!(world.call_as_account("GET", "/v2/apps").send().await.status, 200);
    let none = world.call_as_account("GET", "/v2/apps/000000000000000000000000").send().await;
    assert_eq!(error(&none), refused(404, "app_not_found", "App not found"));
    let hooks = format!("{app}/integrations/{}/webhooks", world.custom);
    assert_eq!(error(&world.call_as_account("GET", &hooks).send().await), forbidden);
    // An integration's: its own webhooks, also as `me`; conversations, but no integrations.
    let made =
        world.made(&format!("{app}/integrations/{}/keys", world.custom), &json!({"displayName": "k"})).await;
    let text = |name: &str| made["key"][name].as_str().unwrap().to_owned();
    let own = (text("id"), text("secret"));
    assert!(own.0.starts_with("int_"));
    for path in [hooks.clone(), format!("{app}/integrations/me/webhooks")] {
        assert_eq!(
            world.call_as(&own, "GET", &path).ok().await.json()["webhooks"].as_array().map(Vec::len),
            Some(1)
        );
    }
    assert_eq!(error(&world.call_as(&own, "GET", &format!("{app}/integrations")).send().await), forbidden);
    let other = format!("{app}/integrations/{}/webhooks", world.page);
    assert_eq!(error(&world.call_as(&own, "GET", &other).send().await), forbidden);

    // Tokens that the keys sign.
    let bearer = |key: &(String, String), payload: Value| {
        world.bare("GET", &app).header("authorization", &format!("Bearer {}", sign(&key.0, &key.1, &payload)))
    };
    let key = (id, secret);
    assert_eq!(bearer(&key, json!({"scope": "app"})).send().await.status, 200);
    let now = testkit::START.secs();
    assert_eq!(bearer(&key, json!({"scope": "app", "exp": now + 60})).send().await.status, 200);
    for payload in [
        json!({"scope": "app", "exp": now - 1}),
        json!({"scope": "integration"}),
        json!({"scope": "user"}),
        json!({}),
    ] {
        assert_eq!(error(&bearer(&key, payload).send().await), unauthorized);
    }
    assert_eq!(
        error(&bearer(&(key.0.clone(), "x".to_owned()), json!({"scope": "app"})).send().await),
        unauthorized
    );
    let info = world.bare("GET", "/v2/tokenInfo").header("authorization", &basic(&key)).ok().await.json();
    assert_eq!(info["app"]["id"], world.app.as_str());
}

#[tokio::test]
async fn apps_and_their_keys() {
    let world = World::start().await;
    let post = |body: Value| world.call_as_account("POST", "/v2/apps").json(&body);
    let answer = post(json!({})).send().await;
    assert_eq!(error(&answer), refused(400, "bad_request", "should have required property 'displayName'"));
    let big = json!({"displayName": "x", "metadata": {"k": "v".repeat(5000)}});
    assert_eq!(error(&post(big).send().await).2, "App metadata is limited to 4096 bytes in size.");
    let made = post(json!({"displayName": "Second", "settings": {"echoPostback": true}, "metadata": null}))
        .send()
        .await;
    assert_eq!(made.status, 201);
    let app = made.json()["app"].clone();
    assert_eq!((&app["settings"]["echoPostback"], &app["metadata"]), (&json!(true), &json!({})));
    let path = format!("/v2/apps/{}", app["id"].as_str().unwrap());

    let list = world.call_as_account("GET", "/v2/apps?page[size]=1").ok().await.json();
    assert_eq!((list["apps"].as_array().unwrap().len(), &list["meta"]["hasMore"]), (1, &json!(true)));
    let next = list["links"]["next"].as_str().unwrap();
    // At the address that the caller used; these callers say that they are at 8430.
    let next = next.strip_prefix("http://127.0.0.1:8430/sc").unwrap();
    assert!(next.starts_with("/v2/apps?page[after]="), "{next}");
    let list = world.call_as_account("GET", next).ok().await.json();
    assert_eq!((&list["apps"][0]["id"], &list["meta"]["hasMore"]), (&app["id"], &json!(false)));
    assert!(list["links"]["prev"].is_string() && list["links"].get("next").is_none());
    let both = format!("/v2/apps?page[after]={0}&page[before]={0}", app["id"].as_str().unwrap());
    let answer = world.call_as_account("GET", &both).send().await;
    assert_eq!(error(&answer), refused(400, "bad_request", "Invalid page query parameters"));

    let changed =
        world.call_as_account("PATCH", &path).json(&json!({"displayName": "New"})).ok().await.json();
    assert_eq!(changed["app"]["displayName"], "New");
    let keys = format!("{path}/keys");
    for n in 0..10 {
        let answer =
            world.call_as_account("POST", &keys).json(&json!({"displayName": n.to_string()})).send().await;
        assert_eq!(answer.status, 201);
    }
    let answer = world.call_as_account("POST", &keys).json(&json!({"displayName": "eleventh"})).send().await;
    assert_eq!(answer.status, 400);
    let all = world.call_as_account("GET", &keys).ok().await.json();
    let first = all["keys"][0].clone();
    assert_eq!(first["secret"].as_str().map(str::len), Some(86));
    let one = format!("{keys}/{}", first["id"].as_str().unwrap());
    assert_eq!(world.call_as_account("GET", &one).ok().await.json()["key"], first);
    assert_eq!(world.call_as_account("DELETE", &one).ok().await.json(), json!({}));
    assert_eq!(
        error(&world.call_as_account("GET", &one).send().await),
        refused(404, "not_found", "Resource not found")
    );
    assert_eq!(world.call_as_account("DELETE", &path).ok().await.json(), json!({}));
    assert_eq!(error(&world.call_as_account("GET", &path).send().await).0, 404);
}

#[tokio::test]
async fn integrations() {
    let world = World::start().await;
    let path = world.path("integrations");
    let shown = world.call("GET", &format!("{path}/{}", world.page)).ok().await.json()["integration"].clone();
    assert_eq!(shown["businessId"], world.sandbox.env("PAGE_IG_ID"));
    assert_eq!(shown["pageId"], world.sandbox.env("PAGE_ID"));
    assert_eq!((&shown["status"], &shown["storyRepliesEnabled"]), (&json!("active"), &json!(true)));
    for secret in ["pageAccessToken", "appSecret"] {
        assert!(shown.get(secret).is_none(), "{secret} is write-only");
    }
    let other =
        world.call("GET", &format!("{path}/{}", world.instagram)).ok().await.json()["integration"].clone();
    assert!(other.get("pageId").is_none());

    let post = async |body: Value| error(&world.call("POST", &path).json(&body).send().await);
    assert_eq!(
        post(json!({"type": "pigeon"})).await,
        refused(400, "bad_request", "Invalid integration type")
    );
    assert_eq!(post(json!({})).await.2, "should have required property 'type'");
    assert_eq!(post(json!({"type": "instagram"})).await.2, "should have required property 'pageAccessToken'");
    let wrong = json!({"type": "instagram", "pageAccessToken": "EAAwrong", "appId": "1", "appSecret": "s"});
    let (status, code, title) = post(wrong).await;
    assert_eq!((status, code.as_str()), (400, "bad_request"));
    assert!(title.starts_with("Invalid pageAccessToken: "), "{title}");
    let hook = json!({"target": "https://example.com", "triggers": ["conversation:message"]});
    let two = json!({"type": "custom", "webhooks": [hook, hook]});
    assert_eq!(post(two).await.2, "webhooks should NOT have more than 1 items");
    let unknown = json!({"type": "custom", "webhooks": [{"target": "https://example.com", "triggers": ["Conversation:message"]}]});
    assert_eq!(post(unknown).await.0, 400, "names mind the case");

    for query in ["filter[types]=custom", "filter=%7B%22types%22%3A%22custom%22%7D"] {
        let list = world.call("GET", &format!("{path}?{query}")).ok().await.json();
        assert_eq!(list["integrations"].as_array().map(Vec::len), Some(1), "{query}");
        assert_eq!(list["integrations"][0]["webhooks"].as_array().map(Vec::len), Some(1));
    }
    let answer = world.call("GET", &format!("{path}?filter[types]=pigeon")).send().await;
    assert_eq!(error(&answer), refused(400, "bad_request", "Invalid query parameters"));
    let none = world.call("GET", &format!("{path}/000000000000000000000000")).send().await;
    assert_eq!(error(&none), refused(404, "integration_not_found", "Integration not found"));
    let keys = world.call("GET", &format!("{path}/{}/keys", world.page)).send().await;
    assert_eq!(error(&keys).2, "API keys are available only for custom integrations");
    assert_eq!(world.call("DELETE", &format!("{path}/{}", world.instagram)).ok().await.json(), json!({}));
    world.sandbox.person_writes("IG_USERNAME", "Hello").await;
    assert_eq!(world.heard_kinds().await, Vec::<String>::new(), "nobody hears of it any more");
}

#[tokio::test]
async fn webhooks_of_an_integration() {
    let world = World::start().await;
    let path = world.path(&format!("integrations/{}/webhooks", world.custom));
    let hook = json!({"target": "https://example.com/callback", "triggers": ["conversation:message"]});
    let made = world.made(&path, &hook).await["webhook"].clone();
    assert_eq!((&made["version"], made["secret"].as_str().map(str::len)), (&json!("v2"), Some(32)));
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.call("GET", &one).ok().await.json()["webhook"], made);
    let body = json!({"triggers": ["conversation:read"], "includeFullUser": true});
    let changed = world.call("PATCH", &one).json(&body).ok().await.json()["webhook"].clone();
    assert_eq!(
        (&changed["triggers"], &changed["includeFullUser"]),
        (&json!(["conversation:read"]), &json!(true))
    );
    assert_eq!(changed["secret"], made["secret"]);
    for n in 0..8 {
        let _ = n;
        world.made(&path, &hook).await;
    }
    assert_eq!(world.call("POST", &path).json(&hook).send().await.status, 400, "ten of an app");
    assert_eq!(world.call("DELETE", &one).ok().await.json(), json!({}));
    assert_eq!(error(&world.call("GET", &one).send().await), refused(404, "not_found", "Resource not found"));
}

#[tokio::test]
async fn the_bot_hears_as_it_asked_for() {
    let world = World::start().await;
    let hooks = world.path(&format!("integrations/{}/webhooks", world.custom));
    let own = world.call("GET", &hooks).ok().await.json()["webhooks"][0].clone();
    let body =
        json!({"triggers": ["conversation:message"], "includeFullUser": true, "includeFullSource": true});
    world.call("PATCH", &format!("{hooks}/{}", own["id"].as_str().unwrap())).json(&body).ok().await;
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    world.settle().await;
    let received = world.bot.next().await;
    assert_eq!(received.header("x-api-key"), own["secret"].as_str().unwrap());
    let body = received.json();
    assert_eq!(body["app"], json!({"id": world.app}));
    assert_eq!(body["webhook"], json!({"id": own["id"], "version": "v2"}));
    let message = &body["events"][0]["payload"]["message"];
    assert_eq!(message["author"]["user"]["profile"]["givenName"], "Ana");
    assert_eq!(message["source"]["client"]["externalId"], world.sandbox.env("PAGE_IGSID"));
    assert!(world.bot.rest().await.is_empty(), "only what it asked for");
}

#[tokio::test]
async fn a_webhook_is_tried_five_times_unless_it_refuses() {
    let world = World::start().await;
    world.bot.answer_with(500);
    world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
    let first = world.heard().await.len();
    assert_eq!(first, 2);
    for span in ["15s", "60s", "180s", "600s"] {
        world.advance(span).await;
        assert_eq!(world.heard().await.len(), 2, "after {span}");
    }
    world.advance("24h").await;
    let later = world.heard_kinds().await;
    assert!(!later.contains(&"conversation:message".to_owned()), "given up: {later:?}");

    for status in [400, 401, 403, 404, 406] {
        let world = World::start().await;
        world.bot.answer_with(status);
        world.sandbox.person_writes("PAGE_IG_USERNAME", "Hello").await;
        assert_eq!(world.heard().await.len(), 2);
        world.advance("20m").await;
        assert_eq!(world.heard().await.len(), 0, "{status} is never tried again");
        // It stays to be looked at, and can be sent once more.
        let hooks = world.path(&format!("integrations/{}/webhooks", world.custom));
        let hook =
            world.call("GET", &hooks).ok().await.json()["webhooks"][0]["id"].as_str().unwrap().to_owned();
        let log = format!("{hooks}/{hook}/deliveries");
        let dead = world.call("GET", &format!("{log}?state=dead")).ok().await.json()["deliveries"].clone();
        assert_eq!((dead.as_array().map(Vec::len), &dead[0]["attempts"]), (Some(2), &json!(1)));
        assert_eq!(dead[0]["event"]["type"], "conversation:message");
        let replay = format!("{log}/{}/replay", dead[0]["id"].as_str().unwrap());
        world.bot.answer_with(200);
        assert_eq!(world.call("POST", &replay).ok().await.json()["accepted"], true);
        assert_eq!(world.heard_kinds().await, ["conversation:message"]);
        assert_eq!(world.call("POST", &replay).send().await.status, 404, "it is delivered now");
        assert_eq!(world.call("GET", &log).ok().await.json()["deliveries"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn users() {
    let world = World::start().await;
    let path = world.path("users");
    let body = json!({"externalId": "me@x/y", "profile": {"givenName": "Jo", "email": null}, "metadata": {"vip": true}});
    let made = world.made(&path, &body).await["user"].clone();
    assert_eq!((&made["authenticated"], &made["metadata"]), (&json!(false), &json!({"vip": true})));
    let again = world.call("POST", &path).json(&body).send().await;
    assert_eq!(error(&again), refused(409, "conflict", "User already exists"));
    let by_external = format!("{path}/me%40x%2Fy");
    assert_eq!(world.call("GET", &by_external).ok().await.json()["user"]["id"], made["id"]);
    let body = json!({"profile": {"surname": "Doe"}});
    let changed = world.call("PATCH", &by_external).json(&body).ok().await.json();
    assert_eq!(changed["user"]["profile"], json!({"givenName": "Jo", "surname": "Doe"}));
    assert_eq!(
        world.call("GET", &format!("{by_external}/devices")).ok().await.json(),
        json!({"devices": []})
    );
    let body = json!({"type": "personal", "participants": [{"userExternalId": "me@x/y"}]});
    let conversation = world.made(&world.path("conversations"), &body).await["conversation"].clone();
    assert_eq!(conversation["isDefault"], true);
    assert_eq!(world.heard_kinds().await, ["conversation:create"]);
    let cleared = world.call("DELETE", &format!("{by_external}/personalinformation")).ok().await.json();
    assert_eq!(cleared["user"]["profile"], json!({}));
    assert_eq!(world.call("DELETE", &by_external).ok().await.json(), json!({}));
    assert_eq!(world.heard_kinds().await, ["user:remove"]);
    assert_eq!(
        error(&world.call("GET", &by_external).send().await),
        refused(404, "user_not_found", "User not found")
    );
    let gone = world.path(&format!("conversations/{}", conversation["id"].as_str().unwrap()));
    assert_eq!(error(&world.call("GET", &gone).send().await).1, "conversation_not_found");
}

#[tokio::test]
async fn conversations_and_participants() {
    let world = World::start().await;
    let (id, user) = world.met().await;
    let path = world.path(&format!("conversations/{id}"));
    let body = json!({"displayName": "Ana", "metadata": {"ticket": 7}});
    let changed = world.call("PATCH", &path).json(&body).ok().await.json()["conversation"].clone();
    assert_eq!((&changed["displayName"], &changed["metadata"]), (&json!("Ana"), &json!({"ticket": 7})));
    world.says(&id, "Hi").await;
    let heard = world.heard().await;
    assert_eq!(heard[0].1["conversation"]["metadata"], json!({"ticket": 7}), "events show it");
    let participants = world.call("GET", &format!("{path}/participants")).ok().await.json();
    let one = &participants["participants"][0];
    assert_eq!((&one["userId"], &one["unreadCount"]), (&json!(user), &json!(1)));
    assert_eq!(one["clientAssociations"][0]["type"], "instagram");
    assert_eq!(participants["meta"]["hasMore"], false);
    let answer = world.call("DELETE", &path).send().await;
    let title = format!("Conversation {id} cannot be deleted because it is the default.");
    assert_eq!(error(&answer), refused(400, "bad_request", &title));
    let without = world.call("GET", &world.path("conversations")).send().await;
    assert_eq!(error(&without).2, "Invalid query parameters");
    let leave = world.call("POST", &format!("{path}/leave")).json(&json!({"userId": "x"})).send().await;
    assert_eq!(error(&leave), refused(404, "not_found", "User is not a member of the conversation"));
}

#[tokio::test]
async fn messages_are_paged_backwards_by_a_hundred() {
    let world = World::start().await;
    let (id, _) = world.met().await;
    let path = world.path(&format!("conversations/{id}/messages"));
    for n in 0..119 {
        let body = json!({
            "author": {"type": "business"}, "content": {"type": "text", "text": n.to_string()},
            "destination": {"integrationType": "none"}, "metadata": null,
        });
        world.made(&path, &body).await;
    }
    let first = world.call("GET", &path).ok().await.json();
    let messages = first["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &first["meta"]["hasMore"]), (100, &json!(true)));
    assert_eq!(
        (&messages[0]["content"]["text"], &messages[99]["content"]["text"]),
        (&json!("19"), &json!("118"))
    );
    assert!(first["links"].get("next").is_none());
    let prev = first["links"]["prev"].as_str().unwrap().strip_prefix("http://127.0.0.1:8430/sc").unwrap();
    let second = world.call("GET", prev).ok().await.json();
    let messages = second["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &second["meta"]["hasMore"]), (20, &json!(false)));
    assert_eq!(messages[0]["content"]["text"], "Hello");
    // As the Python client asks for it.
    let before = first["meta"]["beforeCursor"].as_str().unwrap();
    let blob = format!("{path}?page=%7B%22before%22%3A%20%22{before}%22%2C%20%22size%22%3A%2025%7D");
    assert_eq!(world.call("GET", &blob).ok().await.json()["messages"], second["messages"]);
    let one = format!("{path}/{before}");
    assert_eq!(world.call("DELETE", &one).ok().await.json(), json!({}));
    assert_eq!(error(&world.call("DELETE", &one).send().await).1, "not_found");
    assert_eq!(world.call("DELETE", &path).ok().await.json(), json!({}));
    assert_eq!(world.listed(&id).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_named() {
    let world = World::start().await;
    let (id, _) = world.met().await;
    let path = world.path(&format!("conversations/{id}/messages"));
    for (body, title) in [
        (json!({}), "should have required property 'author'"),
        (json!({"author": {"type": "business"}, "content": null}), "should have required property 'content'"),
        (
            json!({"author": {"type": "business"}, "content": {"type": "text"}}),
            "content should have required property 'text'",
        ),
    ] {
        assert_eq!(
            error(&world.call("POST", &path).json(&body).send().await),
            refused(400, "bad_request", title)
        );
    }
    let broken = world.call("POST", &path).body("application/json", "{").send().await;
    assert_eq!(error(&broken).0, 400);
    let large = world.call("POST", &path).body("application/json", "x".repeat(110_000)).send().await;
    assert_eq!(error(&large), refused(413, "payload_too_large", "Payload too large"));
    let nowhere = world.path("conversations/000000000000000000000000/messages");
    let body = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "x"}});
    let answer = world.call("POST", &nowhere).json(&body).send().await;
    assert_eq!(error(&answer), refused(404, "conversation_not_found", "Conversation not found"));
    assert_eq!(
        error(&world.call("GET", "/v2/apps/x/y/z").send().await),
        refused(404, "not_found", "Resource not found")
    );
}
